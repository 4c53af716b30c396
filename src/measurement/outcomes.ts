/** Requests folded into outcomes, failure rate, throughput and response times, all of the same ones: those begun in the window. */
import { OUTCOMES, type Outcome } from '../load/load.js';
import type { MeasuredTrial, Outcomes } from './record.js';
import type { SampleColumns } from './samples.js';
import { atLeast, summariseSigned } from './times.js';

/** What a trial's samples come to. */
export type LoadFigures = Pick<
  MeasuredTrial,
  'outcomes' | 'failureRate' | 'throughput' | 'responseTime' | 'responseTimeOk'
>;

/** The share of a trial's requests without a good answer; of no requests, nobody knows one. */
export function knownFailureRate({ outcomes, failureRate }: Pick<MeasuredTrial, 'outcomes' | 'failureRate'>): number | null {
  return outcomes.sent > 0 ? failureRate : null;
}

/** Outcomes whose response time counts: the request was answered, or waited for until its timeout. */
const TIMED: ReadonlySet<Outcome> = new Set(['ok', 'http4xx', 'http5xx', 'timeout', 'mismatch']);
const GOOD: ReadonlySet<Outcome> = new Set(['ok']);

/** @param seconds length of the measured window */
export function foldSamples(samples: SampleColumns, seconds: number): LoadFigures {
  const outcomes = countOutcomes(samples);
  return {
    outcomes,
    failureRate: outcomes.sent === 0 ? 0 : (outcomes.sent - outcomes.ok) / outcomes.sent,
    throughput: outcomes.ok / seconds,
    responseTime: summariseSigned(responseTimes(samples)),
    responseTimeOk: summariseSigned(responseTimesOk(samples)),
  };
}

/**
 * Response times of the measured requests that were answered or timed out, ms. Below 0 for those that timed out: they
 * would have taken at least as long as they were waited for.
 */
export function responseTimes(samples: SampleColumns): Float32Array {
  return timesOf(samples, TIMED);
}

/** Response times of the measured requests that got a good answer, ms. */
export function responseTimesOk(samples: SampleColumns): Float32Array {
  return timesOf(samples, GOOD);
}

function timesOf(samples: SampleColumns, wanted: ReadonlySet<Outcome>): Float32Array {
  const times: number[] = [];
  for (const [row, time] of samples.time.entries()) {
    const outcome = outcomeAt(samples, row);
    if (isMeasured(samples, row) && wanted.has(outcome)) times.push(outcome === 'timeout' ? atLeast(time) : time);
  }
  return Float32Array.from(times);
}

function countOutcomes(samples: SampleColumns): Outcomes {
  const counts = { sent: 0, ...Object.fromEntries(OUTCOMES.map((outcome) => [outcome, 0])) } as Outcomes;
  for (let row = 0; row < samples.outcome.length; row++) {
    if (!isMeasured(samples, row)) continue;
    counts.sent++;
    counts[outcomeAt(samples, row)]++;
  }
  return counts;
}

/**
 * Good answers that arrived between the start and the end of the window, those to requests of the warm-up included: what
 * flows out of the server, to be held against what flows in. It is no figure of the requests begun in the window.
 * @param duration of the window, ms
 */
export function goodAnswersWithin(samples: SampleColumns, duration: number): number {
  let answers = 0;
  for (const [row, start] of samples.start.entries()) {
    const arrival = start + (samples.time[row] ?? 0);
    if (outcomeAt(samples, row) === 'ok' && arrival >= 0 && arrival < duration) answers++;
  }
  return answers;
}

function isMeasured(samples: SampleColumns, row: number): boolean {
  return (samples.start[row] ?? -1) >= 0;
}

function outcomeAt(samples: SampleColumns, row: number): Outcome {
  return OUTCOMES[samples.outcome[row] ?? 0] ?? 'ok';
}
