import { describe, expect, it } from 'vitest';
import { WindowController, type IsKnown } from '../../src/experiment/window-controller.js';
import { planTrials, type TrialPlan } from '../../src/experiment/plan.js';
import { isKnownTo } from '../../src/experiment/series.js';
import type { MeasuredWindow, TimedJob } from '../../src/load/load.js';
import { subjectOf, type Subject } from '../../src/scenarios/subject.js';
import { fakeClock } from '../load/fake-clock.js';
import { checkout } from '../support/record.js';

/** Steady response times, and some that still rise. */
const STEADY = Float32Array.from({ length: 1000 }, (_, i) => 500 + (i % 7));
const RISING = Float32Array.from({ length: 1000 }, (_, i) => 500 + i);

interface Course {
  /** Response times at each moment. */
  warmup?: (at: number) => Float32Array;
  measured?: (at: number) => Float32Array;
  isKnown?: IsKnown;
}

const [PLANNED] = planTrials(checkout(), [subjectOf(checkout(), 'sync') as Subject], 1).trials;

/** Conducts a load that begins its warm-up at 0; what happened, and when. */
async function conduct(change: Partial<TrialPlan>, { warmup = () => STEADY, measured = () => STEADY, isKnown = (times) => isKnownTo(times, 0.02) }: Course = {}) {
  const plan = { ...PLANNED, warmup: 2000, maxWarmup: 2000, duration: 10_000, until: null, ...change } as TrialPlan;
  const clock = fakeClock();
  const duration = plan.until?.within ?? plan.duration;
  const job = { startAt: plan.maxWarmup, warmup: plan.maxWarmup, duration } as TimedJob;
  const window = { startAt: job.startAt, endAt: job.startAt + duration };
  const happened: string[] = [];
  const looks: number[] = [];
  const note = (what: string): void => void happened.push(`${what} ${clock.now()}`);
  const load = {
    look: async () => (looks.push(clock.now()), { warmup: warmup(clock.now()), measured: measured(clock.now()) }),
    begin: async (lead: number): Promise<MeasuredWindow> => {
      const earlier = Math.min(window.startAt, clock.now() + lead);
      return Object.assign(window, { startAt: earlier, endAt: earlier + duration });
    },
    finish: async (lead: number): Promise<MeasuredWindow> => Object.assign(window, { endAt: Math.min(window.endAt, clock.now() + lead) }),
  };
  const conductor = new WindowController(plan, job, load, async ({ startAt, endAt }) => note(`told ${startAt}-${endAt} at`), isKnown, clock);
  const done = conductor.conduct({
    warming: () => note('warming'),
    started: () => note('started'),
    ended: () => note('ended'),
  });
  for (let at = 0; at <= 70_000; at += 50) {
    // What is waited for at this very moment may be waited for only now.
    for (let i = 0; i < 20; i++) {
      clock.advanceTo(at);
      await Promise.resolve();
    }
  }
  await done;
  return { happened, looks, window: conductor.window };
}

describe('the conductor', () => {
  it('leaves a window alone that has a fixed place', async () => {
    const { happened } = await conduct({});
    expect(happened).toEqual(['told 2000-12000 at 0', 'warming 0', 'started 2000', 'ended 12000']);
  });

  it('lets the window begin when response times are steady, and not before the least warm-up', async () => {
    const { happened } = await conduct({ maxWarmup: 6000 });
    expect(happened).toEqual(['warming 0', 'told 2000-12000 at 1850', 'started 2000', 'ended 12000']);
  });

  it('warms up for longer while they are not', async () => {
    const { happened, window } = await conduct({ maxWarmup: 6000 }, { warmup: (at) => (at < 3500 ? RISING : STEADY) });
    expect(happened).toEqual(['warming 0', 'told 3750-13750 at 3600', 'started 3750', 'ended 13750']);
    expect(window).toEqual({ startAt: 3750, endAt: 13_750 });
  });

  it('begins all the same when they never are', async () => {
    const { window } = await conduct({ maxWarmup: 6000 }, { warmup: () => RISING });
    expect(window.startAt).toBeGreaterThan(5000);
    expect(window.startAt).toBeLessThanOrEqual(6000);
    expect(window.endAt - window.startAt).toBe(10_000);
  });

  it('does not wait for what few requests cannot tell', async () => {
    const { window } = await conduct({ maxWarmup: 6000 }, { warmup: () => RISING.subarray(0, 99) });
    expect(window.startAt).toBe(2000);
  });

  const until = { precision: 0.02, within: 60_000 };

  it('lets the window end when p95 is known, and not before the least window', async () => {
    const { happened } = await conduct({ until });
    expect(happened).toEqual([
      'told 2000-62000 at 0', 'warming 0', 'started 2000', 'told 2000-12000 at 11850', 'ended 12000',
    ]);
  });

  it('goes on while it is not', async () => {
    const { window } = await conduct({ until }, { measured: (at) => (at < 30_000 ? RISING : STEADY) });
    expect(window.endAt).toBeGreaterThan(30_000);
    expect(window.endAt).toBeLessThan(31_000);
  });

  it('looks less often the longer it goes on, so that what looks cost stays in proportion', async () => {
    const { looks } = await conduct({ until }, { measured: () => RISING });
    const gaps = looks.slice(1).map((at, i) => at - (looks[i] ?? 0));
    expect(gaps[0]).toBeCloseTo(500, -2);
    expect(gaps.at(-1)).toBeGreaterThan(0.045 * 58_000);
    expect(looks.length).toBeLessThan(45);
  });

  it('ends all the same after the longest window', async () => {
    expect((await conduct({ until }, { measured: () => RISING })).window.endAt).toBe(62_000);
    expect((await conduct({ until }, { measured: () => STEADY.subarray(0, 100) })).window.endAt).toBe(62_000);
  });

  it('ends a window before its time as soon as enough is known, and not before the shortest', async () => {
    const early = { precision: 0.02, within: 10_000, early: { shortest: 3000, slope: 0.05 } };
    expect((await conduct({ until: early }, { isKnown: () => true })).window).toEqual({ startAt: 2000, endAt: 5000 });
    expect((await conduct({ until: early }, { isKnown: () => false })).window).toEqual({ startAt: 2000, endAt: 12_000 });
    const { window } = await conduct({ until: early }, { isKnown: (_, elapsed) => elapsed >= 6000 });
    expect(window.endAt).toBeGreaterThanOrEqual(8000);
    expect(window.endAt).toBeLessThanOrEqual(8650);
  });
});
