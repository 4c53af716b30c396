import { describe, expect, it } from 'vitest';
import { OUTCOMES } from '../../src/load/load.js';
import { foldSamples, goodAnswersWithin } from '../../src/measurement/outcomes.js';
import { refold } from '../support/refold.js';
import { samplesOf } from '../../src/measurement/samples.js';
import { measureTrial } from '../../src/measurement/trial.js';
import { observationsOf, rawTrial, type Request } from './fixtures.js';

const columns = (rows: readonly Request[]) => samplesOf(observationsOf(rows), 10_000);
const fold = (rows: readonly Request[]) => foldSamples(columns(rows), 1);

describe('foldSamples', () => {
  it('puts every measured request in exactly one outcome', () => {
    const rows = OUTCOMES.map((outcome, index) => ({ index, intendedAt: 10_000, endedAt: 10_100, outcome }));
    const { outcomes, failureRate } = fold([{ index: -1, intendedAt: 9900, endedAt: 9950, outcome: 'http5xx' }, ...rows]);
    expect(outcomes).toEqual({
      sent: 9, ok: 1, http4xx: 1, http5xx: 1, timeout: 1, connection: 1, hangup: 1, cutOff: 1, mismatch: 1, stale: 1,
    });
    expect(failureRate).toBe(8 / 9);
  });

  it('has throughput, failures and times of the same requests: those begun in the window, whenever they were answered', () => {
    const rows: Request[] = [
      { index: -2, intendedAt: 9000, endedAt: 9999 },
      { index: -1, intendedAt: 9900, endedAt: 10_000 },
      { index: 0, intendedAt: 10_100, endedAt: 10_999 },
      { index: 1, intendedAt: 10_100, endedAt: 10_500, outcome: 'http5xx' },
      { index: 2, intendedAt: 10_900, endedAt: 11_000 },
      { index: 3, intendedAt: 10_999, endedAt: 19_000 },
    ];
    expect(fold(rows)).toMatchObject({ throughput: 3, failureRate: 1 / 4, responseTime: { count: 4 }, responseTimeOk: { count: 3 } });
    expect(foldSamples(columns(rows), 2)).toMatchObject({ throughput: 1.5, outcomes: { sent: 4 } });
    // What flows out within the window is another question.
    expect(goodAnswersWithin(columns(rows), 1000)).toBe(2);
  });

  it('does not tell of good answers where all that it measured failed', () => {
    const late = [-2, -1].map((index) => ({ index, intendedAt: 9500, endedAt: 10_500 }));
    const failed = [0, 1].map((index) => ({ index, intendedAt: 10_100, endedAt: 10_600, outcome: 'timeout' as const }));
    expect(fold([...late, ...failed])).toMatchObject({ throughput: 0, failureRate: 1, responseTimeOk: { count: 0 } });
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
