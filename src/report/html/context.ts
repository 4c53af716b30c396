/** What every part of the page is made from: the record, put in order once. */
import { ARCHITECTURES } from '../../scenarios/architectures.js';
import { loadKey, loadSize, type TrialGroup } from '../../advice/rounds.js';
import type { RunRecord, TrialLoad } from '../../measurement/record.js';
import { decodeSamples, type SampleColumns } from '../../measurement/samples.js';
import type { MeasuredTrial } from '../../measurement/record.js';
import { rowsOf } from '../columns.js';

export interface Context {
  record: RunRecord;
  rows: TrialGroup[];
  loads: TrialLoad[];
  subjects: Subject[];
  /** Whether there is more to come. */
  isLive: boolean;
  /** Raw samples of a trial, decoded once. */
  samplesOf(trial: MeasuredTrial): SampleColumns;
}

/** A subject as the page shows it. */
export interface Subject {
  name: string;
  /** Name of its colour. */
  colour: string;
  /** Its shape among the markers. */
  marker: number;
}

/** Colours that belong to an architecture wherever it appears. */
const OWN: readonly string[] = ARCHITECTURES;
/** Colours there are. */
const COLOURS = 8;

/** Puts a record in order. */
export function contextOf(record: RunRecord, isLive = false): Context {
  const rows = rowsOf(record.trials);
  const decoded = new Map<MeasuredTrial, SampleColumns>();
  return {
    record,
    isLive,
    rows,
    loads: [...new Map(rows.map(({ load }) => [loadKey(load), load])).values()],
    subjects: subjectsOf(rows),
    samplesOf: (trial) => {
      const samples = decoded.get(trial) ?? decodeSamples(trial.samples);
      decoded.set(trial, samples);
      return samples;
    },
  };
}

/** Each subject has a colour of its own: that of its architecture if it is the first of it. */
function subjectsOf(rows: readonly TrialGroup[]): Subject[] {
  const bases = new Map(rows.map(({ architecture, base }) => [architecture, base]));
  const taken = new Set<number>();
  return [...bases].map(([name, base]) => {
    const own = OWN.indexOf(base ?? '');
    const free = Array.from({ length: COLOURS }, (_, i) => i).find((i) => i >= OWN.length && !taken.has(i));
    const colour = own >= 0 && !taken.has(own) ? own : (free ?? COLOURS - 1);
    taken.add(colour);
    return { name, colour: `subject-${colour}`, marker: colour % 4 };
  });
}

/** The rows of one load. */
export function rowsAt({ rows }: Context, load: TrialLoad): TrialGroup[] {
  return rows.filter((row) => loadKey(row.load) === loadKey(load));
}

/** How a subject is shown. */
export function subjectNamed({ subjects }: Context, name: string): Subject {
  return subjects.find((subject) => subject.name === name) ?? { name, colour: 'subject-7', marker: 0 };
}

/** The round that is drawn where only one can be: the one whose p95 is in the middle. */
export function typicalRound({ measured }: TrialGroup): MeasuredTrial | undefined {
  const sorted = measured.toSorted((a, b) => (a.responseTime.p95 ?? 0) - (b.responseTime.p95 ?? 0));
  return sorted[Math.floor((sorted.length - 1) / 2)];
}

/** Whether the loads can stand on one axis. */
export function isOneAxis(loads: readonly TrialLoad[]): boolean {
  return loads.length > 0 && loads.every((load) => load.model === loads[0]?.model && !load.ramp);
}

/** Loads as positions on an axis. */
export function levels(loads: readonly TrialLoad[]): number[] {
  return loads.map(loadSize);
}
