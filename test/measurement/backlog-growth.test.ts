import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { growthOf, type Growth } from '../../src/measurement/backlog-growth.js';
import { normals } from '../verdict/chance.js';

const SECONDS = 10;
const POINTS = 200;

/** The growth of a backlog that was so large at even moments of the window, with 100 arrivals a second. */
function growthOfCurve(waiting: readonly number[], arrivalRate = 100): Growth {
  const step = (SECONDS * 1000) / (waiting.length - 1);
  const middle = (waiting.length - 1) / 2;
  const seconds = waiting.map((_, i) => ((i - middle) * step) / 1000);
  const slopePerSecond = seconds.reduce((sum, at, i) => sum + at * (waiting[i] ?? 0), 0) / seconds.reduce((sum, at) => sum + at * at, 0);
  const series = { at: waiting.map((_, i) => i * step), waiting: [...waiting] };
  return growthOf({ backlog: { peak: 0, end: 0, slopePerSecond, drainSeconds: null, series }, arrivalRate }, SECONDS);
}

/** A backlog that in each second gains `drift`, and `noise` more or less (one standard deviation). */
function walk(drift: number, noise: number, normal: () => number): number[] {
  const parts = POINTS / SECONDS;
  let waiting = 1000;
  return Array.from({ length: POINTS + 1 }, (_, i) => (i === 0 ? waiting : (waiting += drift / parts + (noise * normal()) / Math.sqrt(parts))));
}

const curve = fc.array(fc.integer({ min: 0, max: 500 }), { minLength: 11, maxLength: 200 });

describe('growthOf', () => {
  it('is sure of a line that rises, and of none that is level or falls', () => {
    const line = (slope: number) => growthOfCurve(Array.from({ length: POINTS + 1 }, (_, i) => 1000 + (slope * i * SECONDS) / POINTS));
    expect(line(30)).toEqual({ share: expect.closeTo(0.3, 9), isSure: true });
    expect(line(1).isSure).toBe(true);
    expect(line(0)).toEqual({ share: 0, isSure: false });
    expect(line(-30).isSure).toBe(false);
  });

  it('is not sure of one burst, however much is left of it', () => {
    const burst = Array.from({ length: POINTS + 1 }, (_, i) => (i > 150 ? 40 : 0));
    expect(growthOfCurve(burst)).toMatchObject({ isSure: false, share: expect.closeTo(0.045, 2) });
  });

  it('goes by the count where the curve was not looked at often enough, or is of no window', () => {
    const few = { peak: 9, end: 9, slopePerSecond: 3, drainSeconds: 1, series: { at: [0, 5000, 10_000], waiting: [0, 9, 3] } };
    expect(growthOf({ backlog: few, arrivalRate: 100 }, SECONDS)).toEqual({ share: 0.03, isSure: true });
  });

  it('looks at the window only, not at the drain', () => {
    const rising = Array.from({ length: POINTS + 1 }, (_, i) => 10 * i);
    const series = { at: rising.map((_, i) => (i * SECONDS * 1000) / POINTS), waiting: rising };
    const drained = { at: [...series.at, 11_000, 12_000], waiting: [...rising, 900, 0] };
    const backlog = { peak: 2000, end: 2000, slopePerSecond: 200, drainSeconds: 2, series: drained };
    expect(growthOf({ backlog, arrivalRate: 100 }, SECONDS).isSure).toBe(true);
  });

  it('grows by nothing where nothing arrives', () => {
    expect(growthOfCurve([...Array(POINTS).keys()], 0).share).toBe(0);
  });

  it('calls noise growth in one window of twenty, and seldom misses what grows', () => {
    const normal = normals(7);
    const share = (drift: number): number => Array.from({ length: 2000 }, () => growthOfCurve(walk(drift, 10, normal)).isSure).filter(Boolean).length / 2000;
    // The slope of ten seconds of such noise is known to 10 sqrt(1.2 / 10) = 3.5 a second.
    expect(share(0)).toBeGreaterThan(0.03);
    expect(share(0)).toBeLessThan(0.07);
    expect(share(3.5)).toBeLessThan(0.4);
    expect(share(17)).toBeGreaterThan(0.99);
  });

  it('calls hardly ever growth what comes back to its level', () => {
    const normal = normals(8);
    const level = (): number[] => {
      let waiting = 0;
      return Array.from({ length: POINTS + 1 }, () => 100 + (waiting = 0.8 * waiting + 10 * normal()));
    };
    const sure = Array.from({ length: 2000 }, () => growthOfCurve(level()).isSure).filter(Boolean).length;
    expect(sure / 2000).toBeLessThan(0.05);
  });

  it('never finds that a curve grows both forwards and backwards', () => {
    fc.assert(
      fc.property(curve, (waiting) => {
        const forwards = growthOfCurve(waiting);
        const backwards = growthOfCurve(waiting.toReversed());
        expect(forwards.isSure && backwards.isSure).toBe(false);
        expect(forwards.share).toBeCloseTo(-backwards.share, 9);
      }),
    );
  });

  it('is the same however much waits below it, and in whatever unit it is counted', () => {
    fc.assert(
      fc.property(curve, fc.integer({ min: 1, max: 1000 }), fc.constantFrom(2, 4, 8), (waiting, base, unit) => {
        const plain = growthOfCurve(waiting);
        expect(growthOfCurve(waiting.map((count) => count * unit), 100 * unit)).toEqual(plain);
        expect(growthOfCurve(waiting.map((count) => count + base)).share).toBeCloseTo(plain.share, 9);
      }),
    );
  });
});
