import { describe, expect, it } from 'vitest';
import { OUTCOMES } from '../../src/load/load.js';
import { foldSamples } from '../../src/measurement/outcomes.js';
import { refold } from '../support/refold.js';
import { samplesOf } from '../../src/measurement/samples.js';
import { measureTrial } from '../../src/measurement/trial.js';
import { observationsOf, rawTrial, type Request } from './fixtures.js';

const fold = (rows: readonly Request[]) => foldSamples(samplesOf(observationsOf(rows), 10_000), 1);

describe('foldSamples', () => {
  it('puts every measured request in exactly one outcome', () => {
    const rows = OUTCOMES.map((outcome, index) => ({ index, intendedAt: 10_000, endedAt: 10_100, outcome }));
    const { outcomes, failureRate } = fold([{ index: -1, intendedAt: 9900, endedAt: 9950, outcome: 'http5xx' }, ...rows]);
    expect(outcomes).toEqual({
      sent: 9, ok: 1, http4xx: 1, http5xx: 1, timeout: 1, connection: 1, hangup: 1, cutOff: 1, mismatch: 1, stale: 1,
    });
    expect(failureRate).toBe(8 / 9);
  });

  it('counts the good answers that arrived within the window, begun before it or not', () => {
    const { throughput } = fold([
      { index: -2, intendedAt: 9000, endedAt: 9999 },
      { index: -1, intendedAt: 9900, endedAt: 10_000 },
      { index: 0, intendedAt: 10_100, endedAt: 10_999 },
      { index: 1, intendedAt: 10_100, endedAt: 10_500, outcome: 'http5xx' },
      { index: 2, intendedAt: 10_900, endedAt: 11_000 },
    ]);
    expect(throughput).toBe(2);
    const samples = samplesOf(observationsOf([{ index: 0, intendedAt: 10_000, endedAt: 11_500 }]), 10_000);
    expect(foldSamples(samples, 2)).toMatchObject({ throughput: 0.5, outcomes: { sent: 1 } });
  });

  it('times what was answered or timed out, timeouts as "at least"', () => {
    const { responseTime, responseTimeOk } = fold([
      { index: -1, intendedAt: 9000, endedAt: 9999 },
      { index: 0, intendedAt: 10_000, endedAt: 10_100 },
      { index: 1, intendedAt: 10_000, endedAt: 10_200, outcome: 'http4xx' },
      { index: 2, intendedAt: 10_000, endedAt: 10_300, outcome: 'http5xx' },
      { index: 3, intendedAt: 10_000, endedAt: 10_400, outcome: 'timeout' },
      { index: 4, intendedAt: 10_000, endedAt: 10_001, outcome: 'connection' },
      { index: 5, intendedAt: 10_000, endedAt: 10_002, outcome: 'hangup' },
      { index: 6, intendedAt: 10_000, endedAt: 10_003, outcome: 'cutOff' },
    ]);
    expect(responseTime).toMatchObject({ count: 4, min: 100, p50: 200, max: 400, censored: 1 });
    expect(responseTimeOk).toMatchObject({ count: 1, min: 100, max: 100, censored: 0 });
  });

  it('has no rate of failure without requests, and no times', () => {
    expect(fold([])).toMatchObject({ failureRate: 0, throughput: 0, responseTime: { count: 0, p95: null } });
  });
});

describe('refold', () => {
  it('computes from a saved record what was stored in it', () => {
    const rows = Array.from({ length: 500 }, (_, index) => ({
      index: index - 20,
      intendedAt: 9950 + index * 2.0001,
      endedAt: 10_000 + index * 2.1234567 + (index % 7) * 1.1,
      outcome: OUTCOMES[index % 40] ?? 'ok',
    }));
    const trial = measureTrial(rawTrial(rows));
    const saved = JSON.parse(JSON.stringify(trial)) as typeof trial;
    const { outcomes, failureRate, throughput, responseTime, responseTimeOk } = trial;
    expect(refold(saved)).toEqual({ outcomes, failureRate, throughput, responseTime, responseTimeOk });
    expect(outcomes.sent).toBe(480);
  });
});
