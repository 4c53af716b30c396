import { describe, expect, it } from 'vitest';
import { drawsOf, latencyMean, latencyQuantile, LatencyQuantile, shareBeyond, Z99, type Draws } from '../../src/scenarios/draw.js';
import type { Latency } from '../../src/scenarios/scenario.js';
import { jStat } from './jstat.js';

const DRAWS = 100_000;
/** Largest distance of an empirical distribution from the true one that chance exceeds once in 1000 times. */
const KOLMOGOROV_01_PERCENT = Math.sqrt(-Math.log(0.001 / 2) / 2) / Math.sqrt(DRAWS);

function sampleOf(latency: Latency, seed = 1): Float64Array {
  const draws = drawsOf(seed, 'email');
  return Float64Array.from({ length: DRAWS }, (_, request) => latencyQuantile(latency, draws(request, 0, 'latency')));
}

/** Kolmogorov-Smirnov distance of a sample from a continuous distribution function. */
function distance(sample: Float64Array, cdf: (x: number) => number): number {
  return sample.toSorted().reduce((worst, x, i) => {
    const truth = cdf(x);
    return Math.max(worst, truth - i / sample.length, (i + 1) / sample.length - truth);
  }, 0);
}

function correlation(a: Float64Array, b: Float64Array): number {
  return jStat.corrcoeff([...a], [...b]);
}

function stream(draw: (request: number) => number): Float64Array {
  return Float64Array.from({ length: DRAWS }, (_, request) => draw(request));
}

describe('100,000 draws follow their distribution', () => {
  it('lognormal', () => {
    const sigma = Math.log(5) / Z99;
    const sample = sampleOf({ kind: 'lognormal', p50: 40, p99: 200 });
    expect(distance(sample, (x) => jStat.lognormal.cdf(x, Math.log(40), sigma))).toBeLessThan(KOLMOGOROV_01_PERCENT);
  });

  it('exponential', () => {
    const sample = sampleOf({ kind: 'exponential', mean: 50 });
    expect(distance(sample, (x) => jStat.exponential.cdf(x, 1 / 50))).toBeLessThan(KOLMOGOROV_01_PERCENT);
  });

  it('uniform', () => {
    const sample = sampleOf({ kind: 'uniform', min: 10, max: 30 });
    expect(distance(sample, (x) => (x - 10) / 20)).toBeLessThan(KOLMOGOROV_01_PERCENT);
  });

  it('measured values, each as often as the others', () => {
    const values = [12, 15, 15, 90];
    const sample = sampleOf({ kind: 'values', values });
    const share = (ms: number): number => sample.filter((value) => value <= ms).length / DRAWS;
    expect(Math.abs(share(12) - 0.25)).toBeLessThan(KOLMOGOROV_01_PERCENT);
    expect(Math.abs(share(15) - 0.75)).toBeLessThan(KOLMOGOROV_01_PERCENT);
    expect(share(90)).toBe(1);
  });

  it('constant', () => {
    expect(new Set(sampleOf({ kind: 'constant', ms: 300 }))).toEqual(new Set([300]));
  });

  it('for other seeds, steps, attempts and purposes, and while warming up', () => {
    const others: Draws[] = [drawsOf(2 ** 31 - 1, 'email'), drawsOf(0, 'email'), drawsOf(1, 'a'), drawsOf(1, 'read8')];
    for (const draws of others) {
      expect(distance(stream((i) => draws(i, 0, 'latency')), (x) => x)).toBeLessThan(KOLMOGOROV_01_PERCENT);
    }
    const email = drawsOf(1, 'email');
    for (const draw of [
      (i: number) => email(i, 3, 'latency'),
      (i: number) => email(i, 0, 'error'),
      (i: number) => email(i, 0, 'jitter'),
      (i: number) => email(-1 - i, 0, 'latency'),
    ]) {
      expect(distance(stream(draw), (x) => x)).toBeLessThan(KOLMOGOROV_01_PERCENT);
    }
  });

  it('would be found out if they did not', () => {
    const sample = sampleOf({ kind: 'exponential', mean: 51 });
    expect(distance(sample, (x) => jStat.exponential.cdf(x, 1 / 50))).toBeGreaterThan(KOLMOGOROV_01_PERCENT);
  });
});

describe('latencyMean', () => {
  const kinds: Latency[] = [
    { kind: 'constant', ms: 300 },
    { kind: 'lognormal', p50: 40, p99: 200 },
    { kind: 'exponential', mean: 50 },
    { kind: 'uniform', min: 10, max: 30 },
    { kind: 'values', values: [12, 15, 15, 90] },
  ];
  it.each(kinds)('is what 100,000 draws of $kind come to', (latency) => {
    const sample = sampleOf(latency);
    const mean = jStat.mean([...sample]);
    // Four standard errors.
    const error = (4 * jStat.stdev([...sample])) / Math.sqrt(DRAWS);
    expect(Math.abs(mean - latencyMean(latency))).toBeLessThanOrEqual(error + 1e-9);
  });
});

describe('draws are independent', () => {
  const draws = drawsOf(1, 'email');
  const first = stream((i) => draws(i, 0, 'latency'));
  // Under independence the correlation is normal with deviation 1/sqrt(n); 4 of them are exceeded once in 16,000 times.
  const LIMIT = 4 / Math.sqrt(DRAWS);
  it.each([
    ['neighbouring requests', (i: number) => draws(i + 1, 0, 'latency')],
    ['requests a power of two apart', (i: number) => draws(i + 1024, 0, 'latency')],
    ['measured and warm-up', (i: number) => draws(-1 - i, 0, 'latency')],
    ['attempts', (i: number) => draws(i, 1, 'latency')],
    ['latency and error', (i: number) => draws(i, 0, 'error')],
    ['error and jitter', (i: number) => draws(i, 0, 'jitter')],
    ['steps', (i: number) => drawsOf(1, 'analytics')(i, 0, 'latency')],
    ['steps with like names', (i: number) => drawsOf(1, 'emaik')(i, 0, 'latency')],
    ['neighbouring seeds', (i: number) => drawsOf(2, 'email')(i, 0, 'latency')],
  ])('%s', (_, other) => {
    expect(Math.abs(correlation(first, stream(other)))).toBeLessThan(LIMIT);
  });
});

describe('drawsOf', () => {
  it('gives the same digits on every machine', () => {
    const draws = drawsOf(7, 'email');
    expect([draws(0, 0, 'latency'), draws(4711, 0, 'latency'), draws(4711, 1, 'error'), draws(-1, 0, 'jitter')]).toEqual([
      0.9594973846457518, 0.6053806833208065, 0.18248224688729253, 0.09800379929871961,
    ]);
  });

  it('depends on nothing that was drawn before', () => {
    const draws = drawsOf(7, 'email');
    draws(1, 0, 'latency');
    expect(draws(4711, 0, 'latency')).toBe(drawsOf(7, 'email')(4711, 0, 'latency'));
  });

  it('stays within (0, 1), so that no quantile is infinite', () => {
    const draws = drawsOf(3, 'x');
    expect(stream((i) => draws(i, 0, 'latency')).every((u) => u > 0 && u < 1)).toBe(true);
  });
});

describe('LatencyQuantile', () => {
  it.each<Latency>([
    { kind: 'constant', ms: 300 },
    { kind: 'lognormal', p50: 300, p99: 3000 },
    { kind: 'lognormal', p50: 20, p99: 21 },
    { kind: 'exponential', mean: 150 },
    { kind: 'values', values: [1, 2, 3, 50] },
  ])('is latencyQuantile within a few millionths, also in both tails: %o', (latency) => {
    const quantile = new LatencyQuantile(latency);
    const near = Array.from({ length: 4000 }, (_, i) => (i + 0.5) / 4000);
    for (const u of [1e-12, 1e-6, 0.0024, 0.00245, 0.03, 0.0390625, 0.96, 0.9609375, 0.97, 0.9975, 0.9976, 1 - 1e-9, ...near]) {
      expect(Math.abs(quantile.at(u) / latencyQuantile(latency, u) - 1)).toBeLessThan(5e-6);
    }
  });
});

describe('shareBeyond', () => {
  it.each<[Latency, number, number]>([
    [{ kind: 'constant', ms: 300 }, 300, 0],
    [{ kind: 'constant', ms: 301 }, 300, 1],
    [{ kind: 'exponential', mean: 50 }, 100, Math.exp(-2)],
    [{ kind: 'uniform', min: 10, max: 30 }, 25, 0.25],
    [{ kind: 'lognormal', p50: 40, p99: 200 }, 200, 0.01],
    [{ kind: 'values', values: [1, 2, 3, 4] }, 2, 0.5],
    [{ kind: 'values', values: [1, 2, 3, 4] }, 0.5, 1],
  ])('%o beyond %s ms is %s', (latency, ms, share) => {
    expect(shareBeyond(latency, ms)).toBeCloseTo(share, 7);
  });
});
