import { describe, expect, it } from 'vitest';
import { measureCapacity, type CapacityQuestion, type RunProbe } from '../../src/experiment/capacity.js';
import type { MeasuredTrial, Trial, TrialLoad } from '../../src/measurement/record.js';
import { loadSize } from '../../src/measurement/loads.js';
import { encodeSamples } from '../../src/measurement/samples.js';
import { summarise } from '../../src/measurement/times.js';
import { measured } from '../support/measured.js';

/** Email: 20 workers of 400 ms serve 50 a second; a request takes 1050 ms when nobody waits. */
const SERVED = 50;
const UNLOADED = 1050;
const LIMITS = { p95: 2 * UNLOADED, failureRate: 0.01, backlogGrowth: 0.02 };

function question(change: Partial<CapacityQuestion> = {}): CapacityQuestion {
  const range = { from: 10, most: 5000, precision: 0.03 };
  return { architecture: 'sync', model: 'closed', range, unloaded: { p95: UNLOADED, cycle: UNLOADED }, limits: LIMITS, ...change };
}

/** A trial of the chain as arithmetic has it. */
function trialAt(load: TrialLoad, round: number, change: Partial<MeasuredTrial> = {}): MeasuredTrial {
  const size = loadSize(load);
  const time = load.model === 'closed' ? Math.max(UNLOADED, (size * 1000) / SERVED) : UNLOADED;
  const throughput = load.model === 'closed' ? (size * 1000) / time : Math.min(size, SERVED);
  const responseTime = summarise(Array.from({ length: 300 }, () => time));
  // What is sent in ten seconds: by the schedule, or as users come back.
  const sent = load.model === 'open' ? size * 10 : Math.round(throughput * 10);
  const trial = measured({ subject: 'sync', ms: time, sent, change: { load, round, responseTime, throughput, failureRate: 0 } });
  return { ...trial, samples: load.model === 'open' ? answersOf(sent, Math.min(size, SERVED)) : trial.samples, ...change };
}

/** As many requests in ten seconds, of which so many a second are answered. */
function answersOf(sent: number, perSecond: number): MeasuredTrial['samples'] {
  const start = Float32Array.from({ length: sent }, (_, i) => (i * 10_000) / sent);
  return encodeSamples({ start, time: start.map((at, i) => Math.max(0, (i * 1000) / perSecond - at)), outcome: new Uint8Array(sent) });
}

const exact: RunProbe = async (load, round) => trialAt(load, round);
const BUSY = { eventLoop: 0.99, delayP99: 1, cpu: 1, elapsed: 1, rss: 1 };
const never = new AbortController().signal;
const within = (value: number, expected: number): boolean => Math.abs(value / expected - 1) <= 0.1;

describe('the capacity of a system', () => {
  it.each([
    // So long may N users wait for 50 a second: N / 50 s.
    ['twice the unloaded response time', 2100, 105],
    ['hardly any waiting', 1.01 * UNLOADED, 53],
  ])('is what arithmetic says: %s', async (_, p95, expected) => {
    const answer = await measureCapacity(question({ limits: { ...LIMITS, p95 } }), exact, never);
    expect(within(answer.most, expected)).toBe(true);
    expect(answer).toMatchObject({ end: 'limit', limit: 'p95', knee: 52 });
  });

  it('is the rate that is kept up, where requests come on a schedule', async () => {
    const answer = await measureCapacity(question({ model: 'open' }), exact, never);
    expect(within(answer.most, SERVED)).toBe(true);
    expect(answer).toMatchObject({ limit: 'throughput', knee: null });
  });

  it('tries a level again where it is close, and goes by the majority', async () => {
    // At 100 users two of three trials are beyond the limit.
    const run: RunProbe = async (load, round) => {
      const trial = trialAt(load, round);
      const p95 = loadSize(load) === 80 ? [2000, 2200, 2150][round - 1] : trial.responseTime.p95;
      return { ...trial, responseTime: { ...trial.responseTime, p95: p95 ?? 0 } };
    };
    const { probes, beyond } = await measureCapacity(question(), run, never);
    expect(probes.filter(({ load }) => loadSize(load) === 80).map(({ passed }) => passed)).toEqual([null, 'p95', 'p95']);
    expect(probes.filter(({ load }) => loadSize(load) === 10)).toHaveLength(1);
    expect(beyond).toBeLessThanOrEqual(80);
  });

  it('ends where the machine, and not the system, is the limit', async () => {
    const run: RunProbe = async (load, round) =>
      trialAt(load, round, loadSize(load) > 30 ? { processes: { load: BUSY }, validity: { valid: false, problems: ['busy'], notes: [] } } : {});
    const answer = await measureCapacity(question(), run, never);
    expect(answer).toMatchObject({ most: 20, beyond: null, end: 'machine', reason: 'busy', limit: null });
    expect(answer.probes.filter(({ known }) => !known)).toHaveLength(3);
  });

  it.each([
    ['trials that fail', { state: 'errored', message: 'nothing accepts connections' }, 'nothing accepts connections'],
    ['books that do not balance', { validity: { valid: false, problems: ['1 are missing.'], notes: [] } }, '1 are missing.'],
    ['too few answers', { responseTime: summarise([1050]) }, expect.stringContaining('1 requests were answered in 10 s')],
  ])('blames no machine for %s', async (_, change, reason) => {
    const run = (async (load, round) => ({ ...trialAt(load, round), ...(loadSize(load) > 30 ? change : {}) })) as RunProbe;
    expect(await measureCapacity(question(), run, never)).toMatchObject({ most: 20, beyond: null, end: 'unknown', reason });
  });

  it('decides at a level that is asked about, however narrow the answer is', async () => {
    const { most, beyond } = await measureCapacity(question(), exact, never);
    expect(beyond! - most).toBeGreaterThan(1);
    const range = { from: 10, most: 5000, precision: 0.03, decide: [most + 1, beyond! + 1, 9000] };
    const answer = await measureCapacity(question({ range }), exact, never);
    expect(answer.probes.filter(({ load }) => range.decide.includes(loadSize(load))).map(({ load }) => loadSize(load))).toContain(most + 1);
    expect(answer.probes.some(({ load }) => loadSize(load) > 4000)).toBe(false);
  });

  it('forgives a trial that failed by accident', async () => {
    const run: RunProbe = async (load, round): Promise<Trial> => {
      if (loadSize(load) !== 20 || round > 1) return trialAt(load, round);
      const { subject, architecture, base } = trialAt(load, round);
      return { subject, architecture, base, load, round, state: 'errored', message: 'died' };
    };
    expect(within((await measureCapacity(question(), run, never)).most, 105)).toBe(true);
  });

  it('ends as far as was asked', async () => {
    const range = { from: 10, most: 40, precision: 0.03 };
    expect(await measureCapacity(question({ range }), exact, never)).toMatchObject({ most: 40, end: 'asked', limit: null });
  });

  it('is nothing when one user is too many', async () => {
    const failing: RunProbe = async (load, round) => trialAt(load, round, { failureRate: 0.5 });
    expect(await measureCapacity(question(), failing, never)).toMatchObject({ most: 0, beyond: 1, limit: 'failureRate' });
  });

  it('is no longer searched when nobody wants it', async () => {
    const controller = new AbortController();
    const run: RunProbe = async (load, round) => {
      if (loadSize(load) === 20) controller.abort();
      return trialAt(load, round);
    };
    const { probes, end } = await measureCapacity(question(), run, controller.signal);
    expect(probes).toHaveLength(2);
    // Nobody was at fault.
    expect(end).toBe('interrupted');
  });

  describe('where the model says where it lies', () => {
    const asked = async (expected: { carried: number; tooMuch: number }, run = exact) => {
      const { most, probes } = await measureCapacity(question({ range: { from: 10, most: 5000, precision: 0.03, expected } }), run, never);
      return { most, levels: probes.map(({ load }) => loadSize(load)) };
    };

    it('is confirmed by one trial on both sides', async () => {
      expect(await asked({ carried: 104, tooMuch: 107 })).toEqual({ most: 104, levels: [104, 107] });
    });

    it.each([[50, 52], [90, 93], [110, 113], [300, 309], [1, 2], [4000, 4100]])('is found all the same where it is wrong: between %i and %i', async (carried, tooMuch) => {
      const { most } = await asked({ carried, tooMuch });
      expect(within(most, 105)).toBe(true);
    });

    it('tells a probe that the model has said what will come of it, and nothing of levels between', async () => {
      const told: [number, boolean][] = [];
      const run: RunProbe = async (load, round, isExpected) => {
        told.push([loadSize(load), isExpected]);
        return trialAt(load, round);
      };
      const range = { from: 10, most: 5000, precision: 0.01 };
      await measureCapacity(question({ range: { ...range, expected: { carried: 100, tooMuch: 120 } } }), run, never);
      expect(told.slice(0, 3)).toEqual([[100, true], [120, true], [110, false]]);
      told.length = 0;
      await measureCapacity(question({ range }), run, never);
      expect(told.every(([, isExpected]) => !isExpected)).toBe(true);
    });

    it('is found from below where the machine does not get that far', async () => {
      const limited: RunProbe = async (load, round) => (loadSize(load) > 200 ? trialAt(load, round, { validity: { valid: false, problems: ['busy'], notes: [] }, processes: { load: BUSY } }) : trialAt(load, round));
      const { most, levels } = await asked({ carried: 3000, tooMuch: 3090 }, limited);
      expect(within(most, 105)).toBe(true);
      expect(levels.slice(0, 4)).toEqual([3000, 3000, 3000, 10]);
    });

    it('takes two trials where a close one says the opposite', async () => {
      const slower: RunProbe = async (load, round) => {
        const trial = trialAt(load, round);
        return { ...trial, responseTime: { ...trial.responseTime, p95: (trial.responseTime.p95 ?? 0) * 1.02 } };
      };
      const { levels } = await asked({ carried: 104, tooMuch: 107 }, slower);
      expect(levels.filter((level) => level === 104)).toHaveLength(2);
    });
  });
});
