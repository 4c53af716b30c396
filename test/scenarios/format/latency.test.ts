import { describe, expect, it } from 'vitest';
import { latencyMean, latencyQuantile } from '../../../src/scenarios/draw.js';
import { lognormalOf } from '../../../src/scenarios/format/latency.js';
import type { Latency } from '../../../src/scenarios/scenario.js';
import { mistakes, parse } from '../support.js';

function latencyOf(written: string): Latency | undefined {
  return parse(`services: { a: { latency: ${written} } }\nsteps: [a!]`).services[0]?.latency;
}

function mistakesOf(written: string): string[] {
  return mistakes(`services:\n  a:\n    latency: ${written}\nsteps: [a!]`).map((line) => line.replace('my.yaml:3:', ''));
}

describe('latency', () => {
  it.each([
    ['300ms', { kind: 'constant', ms: 300 }],
    ['0ms', { kind: 'constant', ms: 0 }],
    ['{ p50: 40ms, p99: 0.2s }', { kind: 'lognormal', p50: 40, p99: 200 }],
    ['{ exponential: 50ms }', { kind: 'exponential', mean: 50 }],
    ['{ uniform: [10ms, 30ms] }', { kind: 'uniform', min: 10, max: 30 }],
    ['{ values: [30ms, 10ms] }', { kind: 'values', values: [10, 30] }],
  ])('%s', (written, latency) => {
    expect(latencyOf(written)).toEqual(latency);
  });

  it('by mean and variation is the lognormal distribution that has both', () => {
    const latency = latencyOf('{ mean: 100ms, cv: 0.5 }') ?? { kind: 'constant', ms: 0 };
    expect(latencyMean(latency)).toBeCloseTo(100, 10);
    // Second moment by the midpoint rule over the quantiles.
    const steps = 200_000;
    let square = 0;
    for (let i = 0; i < steps; i++) square += latencyQuantile(latency, (i + 0.5) / steps) ** 2 / steps;
    expect(Math.sqrt(square - 100 ** 2) / 100).toBeCloseTo(0.5, 3);
  });

  it('without variation is the mean', () => {
    expect(lognormalOf(70, 0)).toEqual({ kind: 'lognormal', p50: 70, p99: 70 });
  });

  it.each(['{ mean: 40s, cv: 10 }', '{ mean: 40s, cv: 2.3 }', '{ mean: 0.1ms, cv: 10 }'])('%s can be written by its quantiles', (written) => {
    const latency = latencyOf(written);
    if (latency?.kind !== 'lognormal') throw new Error('not lognormal');
    expect(latencyOf(`{ p50: ${latency.p50}ms, p99: ${latency.p99}ms }`)).toEqual(latency);
  });

  it.each([
    ['{ p50: 200ms, p99: 40ms }', ['14: services.a.latency: expected p99 to be at least p50']],
    ['{ uniform: [30ms, 10ms] }', ['14: services.a.latency: expected the least before the most']],
    ['{ p50: 0ms, p99: 40ms }', ['21: services.a.latency.p50: expected a duration from 0.001ms to 10m, such as 300ms or 2s, got "0ms"']],
    ['{ meen: 3ms, cv: 1 }', [
      '5: services.a.latency.mean: is missing in a latency by mean and variation',
      '16: services.a.latency.meen: unknown in a latency by mean and variation, which has mean, cv; did you mean "mean"?',
    ]],
    ['{ zzzzzzz: 3ms }', ['14: services.a.latency: expected a latency: 300ms, {p50, p99}, {mean, cv}, {exponential}, {uniform: [least, most]}, {values} or {column}, got a mapping']],
    ['-5ms', ['14: services.a.latency: expected a duration from 0ms to 10m, such as 300ms or 2s, got "-5ms"']],
    ['300 MS', ['14: services.a.latency: expected a duration from 0ms to 10m, such as 300ms or 2s, got "300 MS"; did you mean "300ms"?']],
    ['2 seconds', ['14: services.a.latency: expected a duration from 0ms to 10m, such as 300ms or 2s, got "2 seconds"; did you mean "2s"?']],
    ['3', ['14: services.a.latency: expected a duration from 0ms to 10m, such as 300ms or 2s, got 3; did you mean "3s"?']],
    ['.nan', ['14: services.a.latency: expected a duration from 0ms to 10m, such as 300ms or 2s, got NaN']],
    ['1e5ms', ['14: services.a.latency: expected a duration from 0ms to 10m, such as 300ms or 2s, got "1e5ms"']],
  ])('%s is a mistake', (written, lines) => {
    expect(mistakesOf(written)).toEqual(lines);
  });
});
