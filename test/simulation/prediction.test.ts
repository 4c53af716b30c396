import { describe, expect, it } from 'vitest';
import type { FaultMark, MeasuredTrial } from '../../src/measurement/record.js';
import type { Architecture } from '../../src/scenarios/architectures.js';
import type { Latency } from '../../src/scenarios/scenario.js';
import { whyTheyPart } from '../../src/simulation/parting.js';
import { compareWith, withPrediction } from '../../src/simulation/prediction.js';
import { simulateTrial, type TrialInput } from '../../src/simulation/trial.js';
import { simulate } from '../support/simulations.js';
import { service, step, subject, trialOf } from './worlds.js';

const world = subject([service('pay', 100, { workers: 50 })], [step('pay')]);
const input = trialOf(world, { load: { model: 'closed', users: 20 }, duration: 10_000 });
const simulated = simulateTrial(input);

/** What a machine would have measured of the same trial: its times so much longer, its throughput so much less. */
function measuredAs(change: { ms?: number; factor?: number; throughput?: number } & Partial<MeasuredTrial>): MeasuredTrial {
  const { ms = 0, factor = 1, throughput = 1, ...more } = change;
  const stretch = (value: number | null): number | null => (value === null ? null : value * factor + ms);
  const { responseTime: times } = simulated;
  const responseTime = { ...times, p50: stretch(times.p50), p95: stretch(times.p95) };
  return { ...simulated, state: 'measured', responseTime, throughput: simulated.throughput * throughput, ...more };
}

const busy = { eventLoop: 0.99, delayP99: 1, cpu: 1, elapsed: 1, rss: 1 };
const PAUSE: FaultMark = { fault: 'pause consumer at 2s for 900ms', kind: 'pause', process: 'consumer', at: 2000, until: 2900 };
const unsent = (count: number): NonNullable<MeasuredTrial['schedule']> => ({ late: 0, unsent: count, lateness: { p99: 0, max: 0 } });
const noting = (...notes: string[]): MeasuredTrial['validity'] => ({ valid: true, problems: [], notes });

/** With its prediction; what its p95 lies within is not known. */
const predict = (trial: MeasuredTrial, of: TrialInput): Promise<MeasuredTrial> => withPrediction(trial, of, () => null, simulate);

/** The reason given for a trial so changed. */
async function reasonOf(change: Parameters<typeof measuredAs>[0]): Promise<string | null | undefined> {
  return (await predict(measuredAs(change), input)).predicted?.breaks;
}

describe('compareWith', () => {
  it('holds within 5 % of the times, 3 % of the throughput and 2 points of failures', () => {
    expect(compareWith(measuredAs({ factor: 1.049, throughput: 0.971 }), simulated)).toMatchObject({ breaks: null });
    for (const beyond of [{ factor: 1.06 }, { throughput: 0.96 }, { failureRate: 0.021 }]) {
      expect(compareWith(measuredAs(beyond), simulated).breaks).not.toBeNull();
    }
  });

  it('tells the largest error of times and throughput', () => {
    expect(compareWith(measuredAs({ factor: 1.02, throughput: 0.95 }), simulated).errorPercent).toBeCloseTo(5, 6);
  });
});

describe('withPrediction', () => {
  it('says what the validity guard has found', async () => {
    expect(await reasonOf({ factor: 2, validity: { valid: false, problems: ['The books do not balance.'], notes: [] } })).toBe('The books do not balance.');
    expect(await reasonOf({ factor: 2, validity: noting('A remark.', 'Not steady: 3 in flight.') })).toBe('Not steady: 3 in flight.');
  });

  it('gives no remark as the reason that could not have caused the difference', async () => {
    const notes = noting('The server does not tell how many requests it received: the books have one side only.');
    expect(await reasonOf({ factor: 2, validity: notes })).toMatch(/^Nothing in the trial tells why/);
    // Asked for, and nothing came of it.
    expect(await reasonOf({ factor: 2, faults: [], validity: noting('The fault "crash server at 1m" did not happen.') })).toMatch(/^Nothing/);
    expect(await reasonOf({ factor: 2, validity: noting('3 requests were due and not sent.'), schedule: unsent(3) })).toMatch(/^Nothing/);
  });

  it('puts a machine without time before what followed from it', async () => {
    const validity = { valid: false, problems: ['The books do not balance.', 'The server was busy'], notes: ['Not steady: 3.'] };
    expect(await reasonOf({ factor: 2, processes: { server: busy }, faults: [PAUSE], validity })).toMatch(/^The server was busy 99 % of the time/);
  });

  it('puts a fault before what followed from it, and not what the process could not help', async () => {
    const validity = noting('Events are large.', 'Not steady: 3.');
    const because = 'The consumer was stopped 2 s into the window, and was back 900 ms later. The model has no processes that fail.';
    expect(await reasonOf({ factor: 2, faults: [PAUSE], processes: { consumers: busy }, validity })).toBe(because);
  });

  it('believes that a process was late where the trial is no later than it', async () => {
    const processes = { server: { ...busy, eventLoop: 0.2, delayP99: 30 } };
    expect(await reasonOf({ ms: 40, throughput: 0.75, processes })).toBe('The server reacted 30 ms late (99th percentile).');
    for (const change of [{ ms: 70, throughput: 0.6 }, { ms: -20 }, { failureRate: 0.3 }]) {
      expect(await reasonOf({ ...change, processes })).toMatch(/^Nothing/);
    }
  });

  it('believes so of a short delay as well, where the work of a machine alone does not explain the time', async () => {
    const processes = { services: { ...busy, eventLoop: 0.2, delayP99: 8 } };
    expect(await reasonOf({ ms: 15, throughput: 0.87, processes })).toBe('The process of the simulated services reacted 8 ms late (99th percentile).');
    expect(await reasonOf({ ms: 18, throughput: 0.87, processes })).toMatch(/^Nothing/);
  });

  it('is not surer of a p95 than its requests are, where all else is as predicted', async () => {
    const latency: Latency = { kind: 'exponential', mean: 100 };
    const drawn = trialOf(subject([service('pay', latency)], [step('pay')]), { load: { model: 'open', rate: 40 }, duration: 5000, seed: 3 });
    const trial = simulateTrial(drawn);
    const bounds = { low: 280, high: 360 };
    const whyOf = async (measured: MeasuredTrial, p95: number): Promise<string> =>
      String(await whyTheyPart(measured, { ...compareWith(trial, trial), p95 }, drawn, () => bounds, simulate));
    const why = /^The p95 of 200 requests is only known to lie between 280\.0 and 360\.0 ms\.$/;
    expect(await whyOf(trial, bounds.high * 0.99)).toMatch(why);
    expect(await whyOf(trial, bounds.low * 1.01)).toMatch(why);
    expect(await whyOf(trial, bounds.high * 1.06)).not.toMatch(why);
    const alsoFaster = { ...trial, throughput: 2 * trial.throughput };
    expect(await whyOf(alsoFaster, bounds.high)).not.toMatch(why);
  });

  it('sees the edge of the window: whether all users of a round are answered before it ends', async () => {
    // Rounds of 100 ms: the tenth ends as the window does.
    const rounds = trialOf(subject([service('pay', 100)], [step('pay')]), { load: { model: 'closed', users: 30 }, duration: 1001 });
    const one = simulateTrial(rounds);
    const other = simulateTrial({ ...rounds, subject: subject([service('pay', 101)], [step('pay')]) });
    expect(other.throughput / one.throughput).toBeCloseTo(0.9, 2);
    expect((await predict({ ...other, state: 'measured' }, rounds)).predicted?.breaks).toMatch(/^On the edge of a limit: services only 0\.5 % slower/);
  });

  it('knows requests that found no connection by the failures', async () => {
    expect(await reasonOf({ failureRate: 0.3, schedule: unsent(40) })).toBe('40 requests were due and not sent, because every connection was taken.');
  });

  it('thinks of faulty deliveries last, and only where there are deliveries', async () => {
    const faulty = (architecture: Architecture) => ({ ...input, subject: { ...world, architecture, faults: [{ kind: 'duplicate' as const, share: 0.05 }] } });
    expect((await predict(measuredAs({ factor: 2 }), faulty('hybrid'))).predicted?.breaks).toBe('Faults of deliveries are not in the model: duplicate 5%.');
    expect((await predict(measuredAs({ factor: 2 }), faulty('sync'))).predicted?.unexplained).toBe(true);
  });

  it('knows the work of a machine by its size', async () => {
    expect((await predict(measuredAs({ ms: 5.5, throughput: 0.95 }), input)).predicted?.breaks).toBe(
      'The machine\'s own work, 5.5 ms for one call and the reply, is more than 5 % of so short a time.',
    );
  });

  it('leaves unexplained what nothing explains, and does not invent a reason', async () => {
    for (const strange of [{ ms: 50 }, { ms: -20 }, { ms: 5.5, throughput: 0.5 }, { failureRate: 0.3 }]) {
      const { predicted } = await predict(measuredAs(strange), input);
      expect(predicted?.unexplained).toBe(true);
      expect(predicted?.breaks).toMatch(/^Nothing in the trial tells why/);
    }
  });

  it('does not speak of a p95 that too few requests tell', async () => {
    const responseTime = { ...simulated.responseTime, count: 58, p95: 500 };
    expect((await predict(measuredAs({ responseTime }), input)).predicted?.breaks).toBe('Only 58 requests ended: their p95 is not known.');
  });

  it('sees the edge of a limit: a timeout that services 2 % slower would meet', async () => {
    const edge = trialOf(subject([service('pay', 100)], [step('pay', { timeout: 101 })]), { load: { model: 'open', rate: 100 }, duration: 10_000 });
    const late = simulateTrial({ ...edge, subject: subject([service('pay', 102)], [step('pay', { timeout: 101 })]) });
    expect(simulateTrial(edge).failureRate).toBe(0);
    expect(late.failureRate).toBe(1);
    expect((await predict({ ...late, state: 'measured' }, edge)).predicted?.breaks).toMatch(/^On the edge of a limit/);
  });
});
