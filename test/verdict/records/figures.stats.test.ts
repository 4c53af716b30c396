import { describe, expect, it } from 'vitest';
import type { MeasuredTrial } from '../../../src/measurement/record.js';
import { figureOf, type Figure } from '../../../src/verdict/records/figures.js';
import { recordRow } from '../../../src/verdict/records/row.js';
import { measured } from '../../support/measured.js';
import { coverage, LEEWAY, normals, uniforms } from '../chance.js';
import { timed, USERS_100 } from './saved.js';

const TRIAL = measured({ subject: 'sync', ms: 100 });

/** Whether the interval of a comparison of two runs, alike in truth, contains no change. */
function holds(metric: string, run: () => MeasuredTrial): boolean {
  const [base, head] = [figureOf([run()], metric), figureOf([run()], metric)] as [Figure, Figure];
  const about = { subject: 'sync', load: USERS_100, metric, scale: 'ratio' as const };
  const { low, high } = recordRow(about, { limits: { margin: 0, tolerance: 0 }, confidence: 0.95 }, base, head);
  return (low ?? NaN) <= 0 && 0 <= (high ?? NaN);
}

describe('the interval of a comparison of records', () => {
  it('contains the truth of a percentile in 95 +- 1 % of simulated runs', () => {
    const normal = normals(11);
    const held = coverage(() => holds('p50', () => timed(TRIAL, Array.from({ length: 120 }, () => 100 * Math.exp(0.5 * normal())))));
    expect(Math.abs(held - 0.95)).toBeLessThan(0.01 * LEEWAY);
  });

  it('contains the truth of a throughput in 95 +- 1 % of simulated runs whose answers are a Poisson process', () => {
    const chance = uniforms(12);
    const run = (): MeasuredTrial => {
      let ok = 0;
      for (let at = -Math.log(chance()); at < 200; at -= Math.log(chance())) ok++;
      return { ...TRIAL, throughput: ok / 10, outcomes: { ...TRIAL.outcomes, sent: ok, ok } };
    };
    const held = coverage(() => holds('throughput', run));
    expect(Math.abs(held - 0.95)).toBeLessThan(0.01 * LEEWAY);
  });
});
