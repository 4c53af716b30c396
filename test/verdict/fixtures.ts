/** Trials with the numbers that a test is about. */
import { measureTrial } from '../../src/measurement/trial.js';
import type { MeasuredTrial, TrialHead, TrialLoad, UnmeasuredTrial } from '../../src/measurement/record.js';
import { parseThreshold, type Threshold } from '../../src/verdict/thresholds.js';
import { checkout, rawTrial } from '../measurement/fixtures.js';

export const SUBJECTS = ['sync', 'parallel', 'hybrid', 'event-driven'];

export function users(count: number): TrialLoad {
  return { model: 'closed', users: count };
}

export function headOf(architecture: string, load: TrialLoad = users(100), round = 1): TrialHead {
  return { subject: architecture, architecture, base: null, round, load };
}

/**
 * A valid trial with these response times, evenly spread over the window; the last `failed` of them were not good.
 * On the event side every order is done at once.
 */
export function trialOf(head: TrialHead, times: readonly number[], failed = 0): MeasuredTrial {
  const architecture = head.architecture === 'hybrid' ? 'hybrid' : 'sync';
  const rows = times.map((time, index) => {
    const intendedAt = 10_000 + (index * 1000) / times.length;
    const outcome = index >= times.length - failed ? ('http5xx' as const) : ('ok' as const);
    return { index, intendedAt, endedAt: intendedAt + time, outcome };
  });
  const trial = measureTrial(rawTrial(rows, { head, subject: checkout(architecture) }));
  return { ...trial, validity: { valid: true, problems: [], notes: [] } };
}

/** 1000 requests around a response time, of which p50 and p95 are known within a few ms. */
export function steadyTrial(head: TrialHead, time: number): MeasuredTrial {
  return trialOf(head, Array.from({ length: 1000 }, (_, i) => time + (i % 100) / 100));
}

export function erroredTrial(head: TrialHead, message = 'the server ended'): UnmeasuredTrial {
  return { ...head, state: 'errored', message };
}

export function invalid(trial: MeasuredTrial, problem = 'The server was busy.'): MeasuredTrial {
  return { ...trial, validity: { valid: false, problems: [problem], notes: [] } };
}

export function threshold(text: string): Threshold {
  return parseThreshold(text, { subjects: SUBJECTS });
}
