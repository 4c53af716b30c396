import { describe, expect, it } from 'vitest';
import type { ConsumerResult, EventsResult, MeasuredTrial, StepResult } from '../../src/measurement/record.js';
import { encodeFloats } from '../../src/measurement/samples.js';
import { summarise } from '../../src/measurement/times.js';
import { describeMetrics, metricNamed, metricNames, splitStep, stepMetricNames } from '../../src/verdict/metrics.js';
import { headOf, trialOf } from './fixtures.js';

const times = (offset: number) => summarise(Array.from({ length: 3000 }, (_, i) => offset + i));
const backlog = { peak: 31, end: 32, slopePerSecond: 33, drainSeconds: 34, series: { at: [], waiting: [] } };
const ledger = {
  attempted: 11, acknowledged: 12, processed: 13, lost: 14, duplicated: 15, unexpected: 16, recovered: 17,
  deadLettered: 18, outOfOrder: 19, pending: 20, appliedTwice: 21,
};
const consumer: ConsumerResult = {
  ...ledger, service: 'email', workers: 5, lag: times(600), backlog, arrivalRate: 35, processingRate: 36, lost: 99,
};
const step: StepResult = {
  service: 'email', calls: 41, ok: 42, failed: 43, timeouts: 44, errors: 45, rejected: 46, connection: 47,
  shortCircuited: 48, budgetExhausted: 49, breakerOpened: 50, utilisation: 0.5, workers: 9, scaled: { most: 8, mean: 6.5, coldStarts: 53 }, peakInProgress: 51,
  peakConnections: 52, queueTime: times(700), serviceTime: times(800),
};
const events: EventsResult = {
  ...ledger, lag: times(300), completionTime: times(400), backlog, consumers: { email: consumer },
};
const TRIAL: MeasuredTrial = {
  ...trialOf(headOf('sync'), [100, 200, 300, 400], 1),
  outcomes: { sent: 28, ok: 1, http4xx: 2, http5xx: 3, timeout: 4, connection: 5, hangup: 6, cutOff: 7, mismatch: 0, stale: 0 },
  schedule: { late: 73, unsent: 74, lateness: { p99: 75, max: 76 } },
  timeToFirstByte: times(1000), retried: 77,
  throughput: 60, server: { received: 61, unreached: 62 }, orphaned: 63, failedLater: 64,
  responseTime: times(100), responseTimeOk: times(200), ideal: { mean: 65, p50: 66, p95: 67 },
  steps: { email: step }, events,
  predicted: { p50: 68, p95: 69, throughput: 70, failureRate: 0.71, errorPercent: 72, breaks: null },
};
const valueOf = (name: string, trial = TRIAL): number | undefined => metricNamed(name)?.read(trial)?.value;

describe('metricNamed', () => {
  it.each([
    ['sent', 28], ['ok', 1], ['http4xx', 2], ['http5xx', 3], ['timeout', 4], ['connection', 5], ['hangup', 6], ['cut_off', 7], ['mismatch', 0], ['stale', 0],
    ['failure_rate', 27 / 28], ['throughput', 60], ['received', 61], ['unreached', 62], ['late', 73], ['unsent', 74], ['lateness_p99', 75], ['orphaned', 63], ['failed_later', 64], ['retried', 77], ['ttfb_p95', 3849],
    ['mean', 1599.5], ['min', 100], ['p50', 1599], ['p75', 2349], ['p90', 2799], ['p95', 2949], ['p99', 3069], ['p999', 3096],
    ['max', 3099], ['ok_p95', 3049], ['ok_min', 200], ['lag_p95', 3149], ['lag_max', 3299], ['completion_p95', 3249],
    ['completion_mean', 1899.5], ['ideal_mean', 65], ['ideal_p50', 66], ['ideal_p95', 67],
    ['attempted', 11], ['acknowledged', 12], ['processed', 13], ['lost', 14], ['duplicated', 15], ['unexpected', 16],
    ['recovered', 17], ['dead_lettered', 18], ['out_of_order', 19], ['pending', 20], ['applied_twice', 21],
    ['backlog_peak', 31], ['backlog_end', 32], ['backlog_slope', 33], ['backlog_drain', 34_000],
    ['predicted_p50', 68], ['predicted_p95', 69], ['predicted_throughput', 70], ['predicted_failure_rate', 0.71],
    ['prediction_error', 0.72],
    ['email.calls', 41], ['email.ok', 42], ['email.failed', 43], ['email.timeouts', 44], ['email.errors', 45],
    ['email.rejected', 46], ['email.connection', 47], ['email.short_circuited', 48], ['email.budget_exhausted', 49],
    ['email.breaker_opened', 50], ['email.peak_in_progress', 51], ['email.peak_connections', 52], ['email.utilisation', 0.5],
    ['email.workers_peak', 8], ['email.cold_starts', 53],
    ['email.queue_p95', 3549], ['email.service_p95', 3649], ['email.lag_p95', 3449], ['email.lost', 99],
    ['email.pending', 20], ['email.backlog_end', 32], ['email.arrival_rate', 35], ['email.processing_rate', 36],
  ])('%s', (name, expected) => {
    expect(valueOf(name)).toBeCloseTo(expected, 9);
  });

  it('has one for every name it lists, and a unit', () => {
    const names = [...metricNames(), ...stepMetricNames().map((name) => `email.${name}`)];
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) {
      expect({ name, type: typeof valueOf(name) }).toEqual({ name, type: 'number' });
      expect(['time', 'share', 'count', 'rate']).toContain(metricNamed(name)?.unit);
    }
  });

  it.each(['', 'p42', 'email.', '.calls', 'email.p95', 'calls', 'constructor'])('has none named %j', (name) => {
    // `.calls` is the metric of a step without a name: it has no samples.
    expect(metricNamed(name)?.read(TRIAL) ?? null).toBeNull();
  });

  it('finds no samples where there are none', () => {
    const bare: MeasuredTrial = { ...TRIAL, events: null, steps: {} };
    delete bare.predicted;
    const missing = [...metricNames(), ...stepMetricNames().map((name) => `email.${name}`)].filter(
      (name) => valueOf(name, bare) === undefined,
    );
    expect(missing).toEqual(expect.arrayContaining(['lost', 'lag_p95', 'completion_max', 'backlog_drain', 'predicted_p95']));
    expect(missing).toEqual(expect.arrayContaining(stepMetricNames().map((name) => `email.${name}`)));
    expect(missing).not.toContain('p95');
    expect(valueOf('toString.calls', bare)).toBeUndefined();
    expect(valueOf('toString.lost')).toBeUndefined();
    const unmeasured = { ...TRIAL, predicted: { ...TRIAL.predicted!, errorPercent: null } };
    expect(valueOf('prediction_error', unmeasured)).toBeUndefined();
    const noneSent = { ...TRIAL, outcomes: { ...TRIAL.outcomes, sent: 0, ok: 0 } };
    expect(valueOf('failure_rate', noneSent)).toBeUndefined();
  });

  it('takes a backlog that never drains as endless', () => {
    const endless = { ...TRIAL, events: { ...events, backlog: { ...backlog, drainSeconds: null } } };
    expect(valueOf('backlog_drain', endless)).toBe(Infinity);
  });

  it('bounds percentiles by the samples they were made of', () => {
    const trial = trialOf(headOf('hybrid'), Array.from({ length: 1000 }, (_, i) => i + 1), 500);
    const signed = encodeFloats(Float32Array.from({ length: 1000 }, (_, i) => (i < 500 ? i + 1 : -i - 1)));
    const span = summarise(Array.from({ length: 1000 }, (_, i) => i + 1), 500);
    const withEvents = { ...trial, events: { ...events, lag: span, completionTime: span, samples: { lag: signed, completion: signed } } };
    const boundsOf = (name: string) => {
      const { low, high } = metricNamed(name)?.read(withEvents) ?? {};
      return [low, high].map((bound) => Math.round(bound ?? -1));
    };
    expect(boundsOf('p95')).toEqual([938, 962]);
    expect(boundsOf('ok_p50')).toEqual([232, 269]);
    expect(boundsOf('lag_p50')).toEqual([474, Infinity]);
    expect(boundsOf('lag_p75')).toEqual([727, Infinity]);
    expect(boundsOf('completion_p95')).toEqual([938, Infinity]);
  });
});

describe('splitStep', () => {
  it('takes the last dot', () => {
    expect(splitStep('p95')).toEqual({ step: undefined, rest: 'p95' });
    expect(splitStep('v1.email.calls')).toEqual({ step: 'v1.email', rest: 'calls' });
  });
});

describe('describeMetrics', () => {
  it('says each family once', () => {
    expect(describeMetrics()).toBe(
      [
        'Metrics: sent, attempts, ok, http4xx, http5xx, timeout, connection, hangup, cut_off, mismatch, stale, failure_rate, throughput, received, ' +
          'unreached, late, unsent, lateness_p99, orphaned, repeated_effects, failed_later, mean, min, max, p50, p75, p90, p95, p99, p999, retried, ideal_mean, ideal_p50, ideal_p95, ' +
          'attempted, acknowledged, processed, lost, duplicated, unexpected, recovered, dead_lettered, out_of_order, pending, ' +
          'applied_twice, backlog_peak, backlog_end, backlog_slope, backlog_drain, predicted_p50, predicted_p95, ' +
          'predicted_throughput, predicted_failure_rate, prediction_error;',
        'mean, min, max, p50, p75, p90, p95, p99, p999 also with ok_ (good answers), ttfb_ (to the first byte, of a server of your own), lag_ (events) or completion_ before them;',
        'of a step or consumer, as in email.queue_p95: calls, ok, failed, timeouts, errors, rejected, connection, ' +
          'short_circuited, limited, paced, pooled, budget_exhausted, breaker_opened, peak_in_progress, peak_connections, utilisation, workers_peak, cold_starts, attempted, ' +
          'acknowledged, processed, lost, duplicated, unexpected, recovered, dead_lettered, out_of_order, pending, ' +
          'applied_twice, backlog_peak, backlog_end, backlog_slope, backlog_drain, arrival_rate, processing_rate;',
        'and its times with queue_, service_ or lag_ before them.',
      ].join('\n'),
    );
  });
});
