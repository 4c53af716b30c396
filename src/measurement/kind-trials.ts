/** Each kind of request of a trial as a trial of its own, to be judged and shown like any other: `hybrid[book]`. Pure. */
import type { MeasuredTrial, Trial, TrialKey } from './record.js';
import { decodeSamples, encodeSamples, rowsOfSamples } from './samples.js';
import { stageResults } from './stages.js';

/** The subject of one kind. */
export function subjectOfKind(subject: string, kind: string): string {
  return `${subject}[${kind}]`;
}

/** The subject within, and the kind if it is of one. */
export function splitKind(subject: string): { subject: string; kind: string | null } {
  const [, whole = subject, kind = null] = /^(.*)\[([^\]]+)\]$/.exec(subject) ?? [];
  return { subject: whole, kind };
}

/** Trials with those of their kinds behind each. */
export function withKinds(trials: readonly Trial[]): Trial[] {
  return trials.flatMap((trial) => [trial, ...kindTrials(trial)]);
}

/** Heads with those of the kinds behind each. @param kinds of the scenario; none where there is one */
export function headsOfKinds<T extends TrialKey>(heads: readonly T[], kinds: readonly string[]): T[] {
  return heads.flatMap((head) => [head, ...(head.base === null ? [] : kinds.map((kind) => ({ ...head, architecture: subjectOfKind(head.architecture, kind) })))]);
}

/** One for each kind, with what is known of it by itself. */
function kindTrials(trial: Trial): MeasuredTrial[] {
  if (!('kinds' in trial) || !trial.kinds) return [];
  return Object.entries(trial.kinds).map(([kind, { completionTime, ...figures }], position) => {
    const { kinds: _kinds, predicted: _predicted, attempts: _attempts, repeatedEffects: _repeated, stages: all, ...rest } = trial;
    const name = subjectOfKind(trial.subject, kind);
    const samples = samplesOfKind(trial, position);
    const stages = all && stageResults({ ramp: trial.load.ramp, samples: decodeSamples(samples), backlog: null });
    return { ...rest, ...figures, subject: name, architecture: name, ideal: null, events: null, ...(completionTime && { completionTime }), ...(stages && { stages }), samples };
  });
}

function samplesOfKind({ samples }: MeasuredTrial, position: number): MeasuredTrial['samples'] {
  const columns = decodeSamples(samples);
  const { kind } = columns;
  if (!kind) return samples;
  return encodeSamples(rowsOfSamples(columns, [...kind.keys()].filter((row) => kind[row] === position)));
}
