/** A trial of a server of one's own, folded into the same result: what nobody but the server knows stays unknown. */
import { OUTCOMES, type LoadResult, type Observations } from '../load/load.js';
import { foldSamples } from './outcomes.js';
import type { MeasuredTrial, TrialHead } from './record.js';
import { encodeSamples, samplesOf } from './samples.js';
import { countUnreached } from './trial.js';
import { flowOf, judgeValidity } from './validity.js';
import type { Window } from './window.js';

/** A trial as the load generator and the server's own counter saw it. */
export interface RawTargetTrial {
  head: TrialHead;
  window: Window;
  load: LoadResult;
  /** Requests that the server has counted during the load, the warm-up included; null when it does not tell. */
  received: number | null;
}

export function measureTarget({ head, window, load, received }: RawTargetTrial): MeasuredTrial {
  const { observations, schedule } = load;
  const samples = samplesOf(observations, window.startAt);
  const figures = foldSamples(samples, window.duration / 1000);
  const server = {
    received: received === null ? null : received - countWarmup(observations),
    unreached: countUnreached(observations),
  };
  const processes = { load: load.usage };
  const flow = flowOf(observations, window);
  const { outcomes } = figures;
  const validity = judgeValidity({ outcomes, server, processes, load: head.load, schedule, flow, events: null });
  return {
    ...head,
    state: 'measured',
    window: { startedAt: window.startedAt, seconds: window.duration / 1000, warmupSeconds: window.warmup / 1000 },
    ...figures,
    ideal: null,
    server,
    schedule,
    orphaned: 0,
    failedLater: 0,
    steps: {},
    events: null,
    processes,
    validity: { ...validity, notes: [...answerNotes(observations), ...validity.notes] },
    samples: encodeSamples(samples),
  };
}

/** Requests of the warm-up that the server can have seen. */
function countWarmup({ index, unreached }: Observations): number {
  return index.reduce((count, request, row) => (request < 0 && unreached[row] === 0 ? count + 1 : count), 0);
}

/** What became of answers that were not those expected. */
function answerNotes({ index, outcome, status }: Observations): string[] {
  const mismatch = OUTCOMES.indexOf('mismatch');
  const rows = Array.from(index.keys()).filter((row) => (index[row] ?? -1) >= 0 && outcome[row] === mismatch);
  const redirects = rows.filter((row) => Math.floor((status[row] ?? 0) / 100) === 3).length;
  const others = rows.length - redirects;
  return [
    ...(redirects > 0
      ? [`${redirects} answers were redirects: they are not followed, and count as failures unless their status is expected.`]
      : []),
    ...(others > 0 ? [`${others} answers had a status or a body that was not expected: they count as failures.`] : []),
  ];
}
