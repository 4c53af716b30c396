import { describe, expect, it } from 'vitest';
import type { MeasuredTrial } from '../../src/measurement/record.js';
import { compareWith, withPrediction } from '../../src/simulation/prediction.js';
import { simulateTrial } from '../../src/simulation/trial.js';
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
  it('says what the validity guard has found', () => {
    const validity = { valid: true, problems: [], notes: ['The server reacted 30 ms late.'] };
    const { predicted } = withPrediction(measuredAs({ factor: 2, validity }), input);
    expect(predicted).toMatchObject({ breaks: 'The server reacted 30 ms late.' });
    expect(predicted?.unexplained).toBeUndefined();
  });

  it('knows the work of a machine by its size', () => {
    expect(withPrediction(measuredAs({ ms: 5.5, throughput: 0.95 }), input).predicted?.breaks).toBe(
      'The machine\'s own work, 5.5 ms for one call and the reply, is more than 5 % of so short a time.',
    );
  });

  it('leaves unexplained what nothing explains, and does not invent a reason', () => {
    for (const strange of [{ ms: 50 }, { ms: -20 }, { ms: 5.5, throughput: 0.5 }, { failureRate: 0.3 }]) {
      const { predicted } = withPrediction(measuredAs(strange), input);
      expect(predicted?.unexplained).toBe(true);
      expect(predicted?.breaks).toMatch(/^Nothing in the trial tells why/);
    }
  });

  it('does not speak of a p95 that too few requests tell', () => {
    const responseTime = { ...simulated.responseTime, count: 58, p95: 500 };
    expect(withPrediction(measuredAs({ responseTime }), input).predicted?.breaks).toBe('Only 58 requests ended: their p95 is not known.');
  });

  it('sees the edge of a limit: a timeout that services 2 % slower would meet', () => {
    const edge = trialOf(subject([service('pay', 100)], [step('pay', { timeout: 101 })]), { load: { model: 'open', rate: 100 }, duration: 10_000 });
    const late = simulateTrial({ ...edge, subject: subject([service('pay', 102)], [step('pay', { timeout: 101 })]) });
    expect(simulateTrial(edge).failureRate).toBe(0);
    expect(late.failureRate).toBe(1);
    expect(withPrediction({ ...late, state: 'measured' }, edge).predicted?.breaks).toMatch(/^On the edge of a limit/);
  });
});
