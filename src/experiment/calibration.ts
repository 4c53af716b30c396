/** What a request takes when nothing waits for anything, measured before the load: the machine against arithmetic. */
import { setTimeout as sleep } from 'node:timers/promises';
import { now } from '../base/clock.js';
import { OUTCOMES, type LoadRemote, type Observations } from '../load/load.js';
import { idealResponseTime } from '../measurement/ideal.js';
import type { Calibration, MeasuredTrial } from '../measurement/record.js';
import { calibrationProblem } from '../measurement/validity.js';
import type { Child } from '../processes/child.js';
import { limitOf } from '../scenarios/scenario.js';
import type { Subject } from '../scenarios/subject.js';
import { answersWithin, jobOf, unloadedResponse } from './job.js';
import type { System } from './system.js';

/** Requests; the first finds code that was never run. */
export const CALIBRATION_REQUESTS = 2;
/** Time between two requests, ms; after the end of the first where a service has no room for both. */
const GAP = 100;
const POLL = 10;
/** Users who pause for so long send one request each, ms. */
const FOREVER = 3_600_000;

/** Time from the start of the first request to that of the last, and a gap, ms. */
export function calibrationEntry(subject: Subject, seed: number): number {
  const limits = [...subject.services.map(({ workers }) => workers), ...subject.steps.map(({ connections, pool }) => pool?.connections ?? connections)];
  const hasRoom = limits.every((limit) => limitOf(limit) >= CALIBRATION_REQUESTS);
  return CALIBRATION_REQUESTS * (GAP + (hasRoom ? 0 : unloadedResponse(subject, seed)));
}

/** Sends a few requests that need not wait for each other, as warm-up; null when none of them got a good answer in time. */
export async function calibrate(
  system: System,
  load: Child<LoadRemote>,
  subject: Subject,
  { seed, timeout }: { seed: number; timeout: number },
): Promise<Calibration | null> {
  const entry = calibrationEntry(subject, seed);
  const alone = { load: { model: 'closed', users: CALIBRATION_REQUESTS } as const, entry, think: FOREVER, timeout, seed };
  const job = jobOf(system.request, { ...alone, warmup: FOREVER, duration: 1 });
  const running = load.calls.run(job, answersWithin({ ...job, warmup: entry }));
  // When the process dies, whoever asks it next is told first.
  running.catch(() => {});
  const until = now() + entry + timeout;
  for (let ended = 0; now() < until; ) {
    ended += (await load.calls.newRows(undefined)).index.length;
    if (ended >= CALIBRATION_REQUESTS) break;
    await sleep(POLL);
  }
  await load.calls.stop(undefined);
  const { observations } = await running;
  return calibrationOf(observations, idealResponseTime(subject, seed));
}

/** The request that came nearest to arithmetic: what slowed down another may have been anything. */
export function calibrationOf(observations: Observations, ideal: (request: number) => number): Calibration | null {
  const { index, intendedAt, endedAt, outcome } = observations;
  const good = OUTCOMES.indexOf('ok');
  const requests = Array.from(index, (request, row) => ({ measured: (endedAt[row] ?? 0) - (intendedAt[row] ?? 0), ideal: ideal(request), row }))
    .filter(({ row }) => outcome[row] === good)
    .toSorted((a, b) => Math.abs(a.measured - a.ideal) - Math.abs(b.measured - b.ideal));
  const [best] = requests;
  return best ? { measured: best.measured, ideal: best.ideal } : null;
}

/** The trial with its calibration, which it is judged by. @param calibration undefined: it has none */
export function withCalibration(trial: MeasuredTrial, calibration: Calibration | null | undefined): MeasuredTrial {
  if (calibration === undefined) return trial;
  const problem = calibration && calibrationProblem(calibration);
  const problems = [...trial.validity.problems, ...(problem ? [problem] : [])];
  const notes = calibration ? [] : ['Unloaded requests got no good answer: what the machine adds to them is not known.'];
  const validity = { valid: problems.length === 0, problems, notes: [...notes, ...trial.validity.notes] };
  return { ...trial, calibration, validity };
}
