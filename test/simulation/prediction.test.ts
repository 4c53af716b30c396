import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { MEMORY } from '../../src/events/settings.js';
import type { FaultMark, MeasuredTrial, Predicted } from '../../src/measurement/record.js';
import { foldSamples } from '../../src/measurement/outcomes.js';
import { encodeSamples } from '../../src/measurement/samples.js';
import { builtIn } from '../../src/scenarios/library/library.js';
import type { ProcessFault } from '../../src/scenarios/fault.js';
import { subjectOf } from '../../src/scenarios/subject.js';
import { compareWith, predict, withPrediction, rangesOf } from '../../src/simulation/prediction.js';
import type { SimulationInput } from '../../src/simulation/simulate.js';
import { figuresOf } from '../../src/simulation/tolerance.js';
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

/** A trial held against what the model says of an input. */
async function predicted(trial: MeasuredTrial, of: TrialInput): Promise<NonNullable<MeasuredTrial['predicted']>> {
  return withPrediction(trial, await predict(of, simulate), of).predicted!;
}

/** The reason given for a trial so changed. */
async function reasonOf(change: Parameters<typeof measuredAs>[0]): Promise<string | null | undefined> {
  return (await predicted(measuredAs(change), input)).breaks;
}

describe('compareWith', () => {
  it('holds within 5 % of the times, 3 % of the throughput and 2 points of failures', () => {
    expect(compareWith(measuredAs({ factor: 1.049, throughput: 0.971 }), figuresOf(simulated))).toMatchObject({ breaks: null });
    for (const beyond of [{ factor: 1.06 }, { throughput: 0.96 }, { failureRate: 0.021 }]) {
      expect(compareWith(measuredAs(beyond), figuresOf(simulated)).breaks).not.toBeNull();
    }
  });

  it('tells the largest error of times and throughput', () => {
    expect(compareWith(measuredAs({ factor: 1.02, throughput: 0.95 }), figuresOf(simulated)).errorPercent).toBeCloseTo(5, 6);
  });
});

describe('withPrediction', () => {
  it('says what the validity guard has found', async () => {
    expect(await reasonOf({ factor: 2, validity: { valid: false, problems: ['The books do not balance.'], notes: [] } })).toBe('The books do not balance.');
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
    const because = 'The consumer was stopped 2 s into the window, and was back 900 ms later. In the model it did not happen.';
    expect(await reasonOf({ factor: 2, faults: [PAUSE], processes: { consumers: busy }, validity })).toBe(because);
  });

  it('believes that a process was late where the trial is no later than it', async () => {
    const processes = { server: { ...busy, eventLoop: 0.2, delayP99: 30 } };
    expect(await reasonOf({ ms: 40, throughput: 0.75, processes })).toBe('The server reacted 30 ms late (99th percentile).');
    for (const change of [{ ms: 70, throughput: 0.6 }, { ms: -20 }, { failureRate: 0.3 }]) {
      expect(await reasonOf({ ...change, processes })).toMatch(/^Nothing/);
    }
  });

  it('believes so of a short delay as well', async () => {
    const processes = { services: { ...busy, eventLoop: 0.2, delayP99: 8 } };
    expect(await reasonOf({ ms: 15, throughput: 0.87, processes })).toBe('The process of the simulated services reacted 8 ms late (99th percentile).');
    expect(await reasonOf({ ms: 18, throughput: 0.87, processes })).toMatch(/^Nothing/);
  });

  it('knows processors that others had by what is later, and by no more than that time', async () => {
    // 6 % of a second.
    const processes = { server: { ...busy, eventLoop: 0.2, elapsed: 1000, stolen: 0.06 } };
    expect(await reasonOf({ ms: 55, throughput: 0.7, processes })).toMatch(/^Other machines on the same host took 6 %/);
    for (const beyond of [{ ms: 65, throughput: 0.7 }, { ms: -20 }, { ms: 55, throughput: 0.7, failureRate: 0.3 }]) expect(await reasonOf({ ...beyond, processes })).toMatch(/^Nothing/);
    expect(await reasonOf({ ms: 8, throughput: 0.95, processes: { server: { ...processes.server, stolen: 0.009 } } })).toMatch(/^Nothing/);
  });

  it('knows requests that found no connection by the failures', async () => {
    expect(await reasonOf({ failureRate: 0.3, schedule: unsent(40) })).toBe('40 requests were due and not sent, because every connection was taken.');
  });

  describe('of a bus that takes another time under load than idle', () => {
    const accepting = { ...trialOf(subject([service('note', 1)], [step('note', { critical: false })], { architecture: 'event-driven' }), { load: { model: 'open', rate: 100 }, duration: 10_000 }) };
    const idle = { ...accepting, bus: { ...MEMORY, name: 'nats' as const }, machine: { reply: [1], call: [], publish: [1], rate: 100 } };
    const seen = simulateTrial(idle);
    /** The reply takes so much longer at p50 and p95, and a publish as well. */
    const underLoad = (reply: number, publish: number, more: Partial<MeasuredTrial> = {}, ranges?: Predicted['ranges']): string | null => {
      const { responseTime, events } = seen;
      const longer = { ...responseTime, p50: responseTime.p50! + reply, p95: responseTime.p95! + 2 * reply };
      const latency = { ...responseTime, p50: 1 + publish, p95: 1 + 2 * publish };
      const publishing = { messagesPerOrder: 1, bytesPerOrder: 286, largestBytes: 286, latency };
      return withPrediction({ ...seen, state: 'measured', responseTime: longer, events: { ...events!, publishing }, ...more }, { ...figuresOf(seen), ...(ranges && { ranges }) }, idle).predicted!.breaks;
    };

    it('knows so by the publishes, later and sooner', () => {
      expect(seen.responseTime.p50).toBe(2);
      const said = 'A publish took 1.5 ms (p95 2 ms), and 1 ms (p95 1 ms) when the bus had little else to do: what it takes under load is not in the model.';
      expect(underLoad(0.5, 0.5)).toBe(said);
      expect(underLoad(0.54, 0.5)).toBe(said);
      expect(underLoad(-0.4, -0.4)).toMatch(/^A publish took 0\.6 ms \(p95 0\.2 ms\)/);
    });

    it('has to tell only what is beyond the range that is predicted', () => {
      const ranges = { p50: { low: 1.5, high: 2.6 }, p95: { low: 1.5, high: 3 }, throughput: null, failureRate: null };
      expect(underLoad(0.8, 0.3, {}, ranges)).toMatch(/^A publish took/);
      expect(underLoad(0.8, 0.3)).toMatch(/^Nothing/);
    });

    it('blames it for no more than it took, and for nothing else', () => {
      for (const [reply, publish] of [[0.8, 0.5], [0.5, -0.5], [0.5, 0]] as const) expect(underLoad(reply, publish)).toMatch(/^Nothing/);
      expect(underLoad(0.5, 0.5, { failureRate: 0.3 })).toMatch(/^Nothing/);
    });

    it('does not call a process late where nothing is later than predicted', () => {
      const processes = { load: { ...busy, eventLoop: 0.2, delayP99: 0.4 } };
      expect(underLoad(0.4, 0, { processes })).toMatch(/^The load generator reacted 0\.4 ms late/);
      expect(underLoad(-0.4, 0, { processes })).toMatch(/^Nothing/);
    });
  });

  it('leaves unexplained what nothing explains, and does not invent a reason', async () => {
    for (const strange of [{ ms: 50 }, { ms: -20 }, { ms: 5.5, throughput: 0.5 }, { failureRate: 0.3 }]) {
      const found = await predicted(measuredAs(strange), input);
      expect(found.unexplained).toBe(true);
      expect(found.breaks).toMatch(/^Nothing in the trial tells why/);
    }
  });

  it('does not speak of a p95 that too few requests tell', async () => {
    const responseTime = { ...simulated.responseTime, count: 58, p95: 500 };
    expect(await predicted(measuredAs({ responseTime }), input)).toMatchObject({ breaks: null });
    expect(await predicted(measuredAs({ responseTime: { ...responseTime, count: 59 } }), input)).toMatchObject({ unexplained: true });
  });

  it('holds where the measurement lies in the range that is predicted, and not beside it', async () => {
    // A timeout that services 2 % slower would meet.
    const edge = trialOf(subject([service('pay', 100)], [step('pay', { timeout: 101 })]), { load: { model: 'open', rate: 100 }, duration: 10_000 });
    const late = simulateTrial({ ...edge, subject: subject([service('pay', 102)], [step('pay', { timeout: 101 })]) });
    expect(late.failureRate).toBe(1);
    const found = await predicted({ ...late, state: 'measured' }, edge);
    expect(found).toMatchObject({ failureRate: 0, ranges: { failureRate: { low: 0, high: 1 } }, breaks: null });
    const slow = { ...late, responseTime: { ...late.responseTime, p95: 150 } };
    expect(await predicted({ ...slow, state: 'measured' }, edge)).toMatchObject({ unexplained: true });
  });
});

/** The ranges of a trial, and what was simulated for them. */
async function rangesAndAsked(of: SimulationInput) {
  const asked: SimulationInput[] = [];
  const counting = async (another: SimulationInput) => {
    asked.push(another);
    return simulateTrial(another);
  };
  return { ranges: await rangesOf(of, simulateTrial(of), counting), asked };
}

describe('the ranges of a prediction', () => {
  it('hold the prediction itself, and services 2 % slower', async () => {
    const calm = trialOf(subject([service('pay', 100)], [step('pay')]), { load: { model: 'open', rate: 50 }, duration: 10_000 });
    const { ranges, asked } = await rangesAndAsked(calm);
    expect(ranges.p50).toEqual({ low: 100, high: 102 });
    expect(ranges.failureRate).toEqual({ low: 0, high: 0 });
    // Where all is near the prediction, a few tell.
    expect(asked.map(({ seed }) => seed)).toEqual([2, 3, 4, 5]);
    expect(asked.every(({ subject: { services } }) => services[0]!.latency.kind === 'constant')).toBe(true);
  });

  it('are those of many more draws where a few part: with probability 0.9 another one lies within', async () => {
    const breaker = { trip: 0.3, minimum: 5, window: 500, reset: 2000 };
    const flaky = subject([service('pay', 20, { errors: 0.25 })], [step('pay', { breaker })]);
    const { ranges, asked } = await rangesAndAsked(trialOf(flaky, { load: { model: 'open', rate: 40 }, duration: 8000 }));
    expect(asked).toHaveLength(20);
    const { low, high } = ranges.failureRate!;
    expect(high - low).toBeGreaterThan(0.2);
    const rates = Array.from({ length: 200 }, (_, i) => simulateTrial(trialOf(flaky, { load: { model: 'open', rate: 40 }, duration: 8000, seed: 100 + i })).failureRate);
    expect(rates.filter((rate) => rate >= low && rate <= high).length).toBeGreaterThan(160);
  });

  it('are those of still more where few requests tell: some meet a worker that has to be started', async () => {
    const scaled = subjectOf(builtIn('image-upload')!, 'scaled-sync')!;
    const load = { model: 'open', rate: 2, arrivals: 'poisson' } as const;
    const shape = { load, warmup: 1000, duration: 4000, timeout: 10_000 };
    const { ranges: { p50 }, asked } = await rangesAndAsked(trialOf(scaled, shape));
    expect(asked).toHaveLength(99);
    // A machine may be no slower at all.
    expect(asked.filter((of) => isDeepStrictEqual(of.subject.services, scaled.services))).toHaveLength(19);
    expect(p50!.high).toBeGreaterThan(p50!.low * 1.5);
    const others = Array.from({ length: 200 }, (_, i) => simulateTrial(trialOf(scaled, { ...shape, seed: 1000 + i })).responseTime.p50!);
    expect(others.filter((time) => time >= p50!.low && time <= p50!.high).length).toBeGreaterThan(185);
  });

  it('know that some dozens of requests say roughly what the machine adds', async () => {
    const reply = [...Array.from({ length: 38 }, () => 1), 8, 9];
    const quick = trialOf(subject([service('pay', 20)], [step('pay')]), { load: { model: 'open', rate: 50 }, duration: 10_000 });
    const sure = await rangesAndAsked({ ...quick, machine: { reply: [1], call: [], publish: [] } });
    // As another probe might tell it, and the service up to 2 % slower.
    expect(sure.ranges.p95).toEqual({ low: expect.closeTo(20.75), high: expect.closeTo(21.95) });
    const { ranges, asked } = await rangesAndAsked({ ...quick, machine: { reply, call: [], publish: [], rate: 150, slower: { rate: 20, reply, call: [], publish: [] } } });
    expect(ranges.p50!.high).toBeLessThan(22);
    expect(ranges.p95!.low).toBeLessThan(22);
    expect(ranges.p95!.high).toBeGreaterThan(28);
    const machines = asked.map(({ machine }) => machine!);
    const factors = [0.65, 0.8, 1.25, 1.55, 1];
    for (const [i, { reply: again, slower }] of machines.entries()) {
      const told = reply.map((ms) => ms * factors[i % 5]!);
      expect([again.length, slower?.reply.length]).toEqual([40, 40]);
      expect(again).toEqual(again.filter((ms) => told.includes(ms)).toSorted((a, b) => a - b));
    }
    expect(new Set(machines.map((machine) => JSON.stringify(machine.reply.slice(-6)))).size).toBeGreaterThan(1);
  });

  it('know that a process which is stopped may be back a little sooner or later', async () => {
    const paused = subject([service('pay', 100)], [step('pay')], { faults: [{ kind: 'pause', process: 'server', at: 1000, for: 500 }] });
    const plan = trialOf(paused, { load: { model: 'open', rate: 60 }, duration: 3000 });
    const { low, high } = (await rangesAndAsked(plan)).ranges.p95!;
    const backAfter = (ms: number): number => simulateTrial({ ...plan, subject: { ...paused, faults: [{ ...(paused.faults[0] as ProcessFault), for: ms }] } }).responseTime.p95!;
    expect(low).toBeLessThanOrEqual(backAfter(400) + 1e-6);
    expect(high).toBeGreaterThanOrEqual(backAfter(600) - 1e-6);
  });

  it.each([[189, { low: 100, high: 500 }], [190, { low: 100, high: 500 }], [191, { low: 100, high: 102 }]])('reach over a gap that one request decides on: %i of 200 are quick', async (quick, p95) => {
    const calm = trialOf(subject([service('pay', 100)], [step('pay')]), { load: { model: 'open', rate: 50 }, duration: 4000 });
    const time = Float32Array.from({ length: 200 }, (_, i) => (i < quick ? 100 : 500));
    const samples = { start: Float32Array.from(time, (_, i) => 20 * i), time, outcome: new Uint8Array(200) };
    const seen = { ...simulateTrial(calm), ...foldSamples(samples, 4), samples: encodeSamples(samples) };
    const { p95: range, p50 } = await rangesOf(calm, seen, async (another) => simulateTrial(another));
    expect({ p95: range, p50 }).toEqual({ p95, p50: { low: 100, high: 102 } });
  });

  it('reach to whatever is beyond the gap in any of the draws', async () => {
    const calm = trialOf(subject([service('pay', 100)], [step('pay')]), { load: { model: 'open', rate: 50 }, duration: 4000 });
    const seen = (quick: number): MeasuredTrial => {
      const time = Float32Array.from({ length: 200 }, (_, i) => (i < 189 ? quick : 500));
      const samples = { start: Float32Array.from(time, (_, i) => 20 * i), time, outcome: new Uint8Array(200) };
      return { ...simulateTrial(calm), ...foldSamples(samples, 4), samples: encodeSamples(samples) };
    };
    const { p95 } = await rangesOf(calm, seen(100), async ({ seed }) => seen(90 + seed));
    expect(p95).toEqual({ low: 92, high: 500 });
  });

  it('are null for what no trial has', async () => {
    // Its one request is under way all the while.
    const nobody = trialOf(subject([service('pay', 1e6)], [step('pay')]), { load: { model: 'closed', users: 1 }, duration: 50, entry: 1000, warmup: 200 });
    expect((await rangesAndAsked(nobody)).ranges.p95).toBeNull();
  });
});
