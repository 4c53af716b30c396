/** What is told of each kind of request by itself, where a scenario has several. Pure. */
import type { Observations, Outcome } from '../load/load.js';
import { callGraphOf } from '../scenarios/architectures.js';
import { publishesFor } from '../scenarios/call-graph.js';
import { kindDraws, kindPositions } from '../scenarios/kinds.js';
import type { Subject } from '../scenarios/subject.js';
import type { ServiceReport } from '../services/services.js';
import { attemptFigures, lastAttempts } from './attempts.js';
import { countFailedLater, countOrphaned, countRepeatedEffects } from './false-replies.js';
import { completionTimes } from './events.js';
import type { Ledger } from './ledger.js';
import { foldSamples } from './outcomes.js';
import type { KindResult } from './record.js';
import { rowsOfSamples, type SampleColumns } from './samples.js';
import { summariseSigned } from './times.js';
import type { Window } from './window.js';

/** Whether a request of a subject publishes an event: a kind that nobody hears of does not. */
export function publisherOf(subject: Subject, seed: number): (request: number) => boolean {
  if (!subject.kinds) return () => true;
  const graph = callGraphOf(subject);
  const draw = kindDraws(seed);
  return (request) => publishesFor(graph, draw(request));
}

/** The position of each request's kind, in the order sent; undefined where there is only one. */
export function kindColumn({ kinds }: Subject, seed: number, { index }: Observations): Uint8Array | undefined {
  return kinds && Uint8Array.from(index, kindPositions(kinds, seed));
}

/** What the kinds are folded from. */
export interface KindSources {
  subject: Subject;
  seed: number;
  window: Window;
  observations: Observations;
  samples: SampleColumns;
  outcomes: ReadonlyMap<number, Outcome>;
  services: readonly ServiceReport[];
  /** Null where nothing is published. */
  ledger: Ledger | null;
  publishes: (request: number) => boolean;
}

/** By name; undefined where there is only one kind. */
export function kindResults(sources: KindSources): Record<string, KindResult> | undefined {
  const { kinds } = sources.subject;
  if (!kinds) return undefined;
  const positionOf = kindPositions(kinds, sources.seed);
  return Object.fromEntries(kinds.map(({ name }, position) => [name, kindResult(sources, (request) => positionOf(request) === position)]));
}

function kindResult(sources: KindSources, isMine: (request: number) => boolean): KindResult {
  const { subject, window, samples, services, ledger, publishes } = sources;
  const rows = [...sources.observations.index.keys()].filter((row) => isMine(sources.observations.index[row]!));
  const mine = observationsOf(sources.observations, rows);
  const outcomes = new Map([...sources.outcomes].filter(([request]) => isMine(request)));
  const published = new Map([...outcomes].filter(([request]) => publishes(request)));
  return {
    ...foldSamples(rowsOfSamples(samples, rows), window.duration / 1000),
    orphaned: countOrphaned(outcomes, subject, services),
    failedLater: ledger ? countFailedLater(published, ledger.requests, lastAttempts(sources.observations)) : 0,
    completionTime: ledger ? summariseSigned(completionTimes(mine, ledger, window.endedAt, publishes)) : null,
    ...attemptFigures(mine, countRepeatedEffects(mine, subject, services)),
  };
}

/** The columns that completion times and attempts are made of. */
function observationsOf(all: Observations, rows: readonly number[]): Observations {
  return {
    ...all,
    index: Int32Array.from(rows, (row) => all.index[row]!),
    intendedAt: Float64Array.from(rows, (row) => all.intendedAt[row]!),
    endedAt: Float64Array.from(rows, (row) => all.endedAt[row]!),
    outcome: Uint8Array.from(rows, (row) => all.outcome[row]!),
    ...(all.attempts && { attempts: Uint8Array.from(rows, (row) => all.attempts![row]!) }),
  };
}
