/** A trial of a server of one's own, folded into the same result: what nobody but the server knows stays unknown. */
import { OUTCOMES, type Observations } from '../load/load.js';
import { attemptFigures, countAttempts, countUnreached } from './attempts.js';
import { causeNotes, mergeCauses } from './causes.js';
import { foldSamples } from './outcomes.js';
import type { Usage } from '../processes/usage.js';
import type { MeasuredTrial, TrialHead } from './record.js';
import { encodeSamples, samplesOf } from './samples.js';
import { stageResults } from './stages.js';
import { summarise } from './times.js';
import type { RawTrial } from './trial.js';
import { flowOf, judgeValidity } from './validity.js';
import type { Window } from './window.js';

/** A trial as the load generator and the server's own counter saw it. */
export interface RawTargetTrial {
  head: TrialHead;
  window: Window;
  load: RawTrial['load'];
  /** Requests that the server has counted during the load, the warm-up included; null when it does not tell. */
  received: number | null;
}

export function measureTarget({ head, window, load, received }: RawTargetTrial): MeasuredTrial {
  const { observations, schedule, retried } = load;
  const samples = samplesOf(observations, window.startAt);
  const figures = foldSamples(samples, window.duration / 1000);
  const stages = stageResults({ ramp: head.load.ramp, samples, backlog: null });
  const server = {
    received: received === null ? null : received - (countAttempts(observations, false) - countUnreached(observations, false)),
    unreached: countUnreached(observations),
  };
  const processes: Record<string, Usage> = load.usage ? { load: load.usage } : {};
  const flow = flowOf(observations, window);
  const { outcomes } = figures;
  const causes = mergeCauses([load.causes]);
  const validity = judgeValidity({ outcomes, attempts: countAttempts(observations), server, processes, load: head.load, schedule, flow, retried, events: null });
  return {
    ...head,
    state: 'measured',
    window: { startedAt: window.startedAt, seconds: window.duration / 1000, warmupSeconds: window.warmup / 1000 },
    ...figures,
    ...attemptFigures(observations, null),
    ...(stages ? { stages } : {}),
    ...(causes.length > 0 ? { causes } : {}),
    timeToFirstByte: summarise(timesToFirstByte(observations)),
    retried,
    ideal: null,
    server,
    schedule,
    orphaned: 0,
    failedLater: 0,
    steps: {},
    events: null,
    processes,
    validity: { ...validity, notes: [...causeNotes(causes), ...answerNotes(observations), ...staleNotes(outcomes.stale, retried), ...validity.notes] },
    samples: encodeSamples(samples),
  };
}

/** Of the measured requests that got an answer, ms. */
function timesToFirstByte({ index, intendedAt, firstByteAt }: Observations): Float32Array {
  const answered = Array.from(index.keys()).filter((row) => (index[row] ?? -1) >= 0 && (firstByteAt[row] ?? 0) > 0);
  return Float32Array.from(answered, (row) => (firstByteAt[row] ?? 0) - (intendedAt[row] ?? 0));
}

/** What keep-alive did: no fault of the server's work, and none of the generator's. */
function staleNotes(stale: number, retried: number): string[] {
  const [was, were] = ['was', 'were'];
  return [
    ...(retried > 0
      ? [`${retried} ${retried === 1 ? `request ${was}` : `requests ${were}`} sent again over a new connection: the server had closed the idle one meanwhile.`]
      : []),
    ...(stale > 0
      ? [
          `${stale} ${stale === 1 ? 'request met a connection' : 'requests met connections'} that the server had closed for being idle, and may not be sent twice (\`stale\`): ` +
            "pause for less time than the server's keep-alive allows, or let it allow more.",
        ]
      : []),
  ];
}

/** 300 and 304 lead nowhere (RFC 9110, 15.4). */
const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];

/** What became of answers that were not those expected. */
function answerNotes({ index, outcome, status }: Observations): string[] {
  const mismatch = OUTCOMES.indexOf('mismatch');
  const rows = Array.from(index.keys()).filter((row) => (index[row] ?? -1) >= 0 && outcome[row] === mismatch);
  const redirects = rows.filter((row) => REDIRECTS.includes(status[row] ?? 0)).length;
  const others = rows.length - redirects;
  return [
    ...(redirects > 0
      ? [`${redirects} answers were redirects: they are not followed, and count as failures unless their status is expected.`]
      : []),
    ...(others > 0 ? [`${others} answers had a status or a body that was not expected: they count as failures.`] : []),
  ];
}
