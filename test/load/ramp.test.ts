import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dueAt, presentFrom } from '../../src/load/ramp.js';
import type { Ramp } from '../../src/scenarios/load.js';
import { cases } from '../support/properties.js';

/** The level at a moment, stage by stage: that of the beginning before the start, that of the last stage after the end. */
function levelAt({ from, stages }: Ramp, elapsed: number): number {
  let [level, begin] = [from, 0];
  for (const { duration, target } of stages) {
    if (elapsed < begin + duration) return elapsed < begin ? level : level + ((target - level) * (elapsed - begin)) / duration;
    [level, begin] = [target, begin + duration];
  }
  return level;
}

/** 10s:50,30s:200,20s:200,10s:0 */
const RAMP: Ramp = {
  from: 0,
  stages: [
    { duration: 10_000, target: 50 },
    { duration: 30_000, target: 200 },
    { duration: 20_000, target: 200 },
    { duration: 10_000, target: 0 },
  ],
};
/** 0s:20,10s:20 */
const JUMP: Ramp = { from: 5, stages: [{ duration: 0, target: 20 }, { duration: 10_000, target: 20 }] };

describe('the level of a ramp', () => {
  it.each([
    [-1000, 0, 0],
    [0, 0, 0],
    [100, 0.5, 1],
    [200, 1, 1],
    [5000, 25, 25],
    [9990, 49.95, 50],
    [10_000, 50, 50],
    [25_000, 125, 125],
    [40_000, 200, 200],
    [59_999, 200, 200],
    [65_000, 100, 100],
    [69_950, 1, 1],
    [70_000, 0, 0],
    [99_000, 0, 0],
  ])('after %d ms: %d, and %d users', (elapsed, level, users) => {
    expect(levelAt(RAMP, elapsed)).toBeCloseTo(level, 9);
    expect(Math.ceil(levelAt(RAMP, elapsed))).toBe(users);
  });

  it.each([[-1, 5], [0, 20], [10_000, 20], [20_000, 20]])('jumps where a stage takes no time: after %d ms %d', (elapsed, level) => {
    expect(levelAt(JUMP, elapsed)).toBe(level);
  });
});

describe('a user of a ramp', () => {
  it.each([
    // user, asked at, there from
    [0, -500, 0],
    [0, 3, 3],
    [49, 0, 9800],
    [50, 0, 10_000],
    [199, 0, 39_800],
    [199, 45_000, 45_000],
    [199, 60_000, 60_000],
    [199, 60_100, Infinity],
    [100, 64_000, 64_000],
    [100, 65_000, Infinity],
    [0, 69_999, 69_999],
    [200, 0, Infinity],
  ])('%d, asked at %d ms, is there from %d', (user, elapsed, from) => {
    expect(presentFrom(RAMP, user, elapsed)).toBeCloseTo(from, 6);
  });

  it.each([[4, -100, -100], [5, -100, 0], [19, 3, 3], [20, 0, Infinity]])('of a ramp that jumps: %d at %d, from %d', (user, elapsed, from) => {
    expect(presentFrom(JUMP, user, elapsed)).toBe(from);
  });

  it('comes back when the level rises again', () => {
    const ramp = { from: 10, stages: [{ duration: 1000, target: 0 }, { duration: 1000, target: 10 }] };
    expect(presentFrom(ramp, 4, 500)).toBe(500);
    expect(presentFrom(ramp, 4, 700)).toBe(1400);
  });

  it('is there exactly when the number of users says so', () => {
    fc.assert(
      fc.property(ramps(), fc.integer({ min: -1000, max: 40_000 }), (ramp, elapsed) => {
        const users = Math.ceil(levelAt(ramp, elapsed));
        fc.pre(users > 0);
        expect(presentFrom(ramp, users - 1, elapsed)).toBe(elapsed);
        // The next one is there only if the level is just passing it.
        const isPassing = Math.abs(levelAt(ramp, elapsed) - users) < 1e-6;
        expect(presentFrom(ramp, users, elapsed) > elapsed || isPassing).toBe(true);
      }),
    );
  });
});

describe('a request of a ramp of rates', () => {
  // 10 s from 0 to 50/s: 250 requests, the n-th due after sqrt(n / 2.5) s; then 30 s to 200/s: 3750 more.
  it.each([
    [0, 0],
    [10, 2000],
    [90, 6000],
    [250, 10_000],
    [4000, 40_000],
    [4200, 41_000],
    [8000, 60_000],
    [9000, Infinity],
  ])('%d is due after %d ms', (before, at) => {
    expect(dueAt(RAMP, before)).toBeCloseTo(at, 6);
  });

  it('is never due while the rate is 0', () => {
    const late = { from: 0, stages: [{ duration: 5000, target: 0 }, { duration: 0, target: 10 }, { duration: 1000, target: 10 }] };
    expect(dueAt(late, 0)).toBe(5000);
    expect(dueAt({ from: 0, stages: [{ duration: 5000, target: 0 }] }, 0)).toBe(Infinity);
  });

  it('is due when the integral of the level has grown to its number', () => {
    fc.assert(
      fc.property(ramps(), fc.double({ min: 0, max: 5000, noNaN: true }), (ramp, before) => {
        const at = dueAt(ramp, before);
        fc.pre(at < 100_000);
        const steps = 2000;
        let integral = 0;
        for (let i = 0; i < steps; i++) integral += (levelAt(ramp, ((i + 0.5) * at) / steps) * at) / steps / 1000;
        expect(Math.abs(integral - before)).toBeLessThan(0.01 * before + 1);
      }),
      { numRuns: cases(50) },
    );
  });
});

function ramps(): fc.Arbitrary<Ramp> {
  const stage = fc.record({ duration: fc.integer({ min: 0, max: 10_000 }), target: fc.integer({ min: 0, max: 300 }) });
  return fc.record({ from: fc.integer({ min: 0, max: 50 }), stages: fc.array(stage, { minLength: 1, maxLength: 4 }) });
}
