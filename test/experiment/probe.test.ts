import { describe, expect, it } from 'vitest';
import { MOST_ROUNDS, readProbe, verdictOf, type Reading } from '../../src/experiment/probe.js';
import type { MeasuredTrial } from '../../src/measurement/record.js';
import { decodeSamples, encodeSamples } from '../../src/measurement/samples.js';
import { consumer, events, measured, unmeasured } from '../support/measured.js';

const LIMITS = { p95: 100, failureRate: 0.01, backlogGrowth: 0.02 };
const CALM = { ms: 50, failureRate: 0, growth: 0 };

/** A trial at 100 users or requests per second; the backlog of its one consumer grows by a share of what arrives, and so many are answered after the window. */
function trialOf(what: Partial<typeof CALM> & { late?: number; rate?: number }): MeasuredTrial {
  const { ms, failureRate, growth, rate, late = 0 } = { ...CALM, ...what };
  const one = consumer('email');
  const growing = { ...one, arrivalRate: 50, backlog: { ...one.backlog, slopePerSecond: 50 * growth } };
  const change = { events: events({ email: growing }) };
  const trial = measured({ subject: 'sync', ms, failureRate, ...(rate === undefined ? {} : { rate }), change });
  const { start, time, outcome } = decodeSamples(trial.samples);
  return { ...trial, samples: encodeSamples({ start, outcome, time: time.map((each, row) => (row >= start.length - late ? 10_001 : each === ms ? 0 : each)) }) };
}
const read = (what: Parameters<typeof trialOf>[0]) => {
  const { doubt, passed, close } = readProbe(trialOf(what), LIMITS);
  return { doubt, passed, close };
};

describe('readProbe', () => {
  it.each([
    ['far below every limit', {}, null, false],
    ['just below the limit of p95', { ms: 91 }, null, true],
    ['a tenth below it', { ms: 90 }, null, false],
    ['just above it', { ms: 109 }, 'p95', true],
    ['a tenth above it, which is not far', { ms: 110 }, 'p95', true],
    ['far above it', { ms: 112 }, 'p95', false],
    ['above half of the failures', { failureRate: 0.006 }, null, true],
    ['at half of the failures', { failureRate: 0.005 }, null, false],
    ['above the failures', { failureRate: 0.015 }, 'failureRate', true],
    ['at twice the failures', { failureRate: 0.02 }, 'failureRate', true],
    ['far above the failures', { failureRate: 0.025 }, 'failureRate', false],
    ['above half of the growth', { growth: 0.015 }, null, true],
    ['at half of the growth', { growth: 0.01 }, null, false],
    ['above the growth', { growth: 0.03 }, 'backlogGrowth', true],
    ['far above the growth', { growth: 0.05 }, 'backlogGrowth', false],
    ['keeping up with a rate, but for a little', { rate: 100, late: 20 }, null, false],
    ['not keeping up with a rate', { rate: 100, late: 21 }, 'throughput', true],
    ['keeping up but for what failed', { rate: 100, failureRate: 0.005, late: 19 }, null, false],
  ] as const)('of a trial %s', (_, what, passed, close) => {
    expect(read(what)).toEqual({ doubt: null, passed, close });
  });

  it('is sure of a growth within its noise where the model has foretold it, and only there', () => {
    const one = consumer('email');
    const waiting = [0, 60, 10, 70, 5, 90, 20, 100, 10, 80, 60];
    const backlog = { ...one.backlog, slopePerSecond: 2, series: { at: waiting.map((_, i) => i * 1000), waiting } };
    const trial = measured({ subject: 'hybrid', ms: 50, change: { events: events({ email: { ...one, arrivalRate: 50, backlog } }) } });
    expect(readProbe(trial, LIMITS)).toMatchObject({ passed: null, close: true });
    expect(readProbe(trial, LIMITS, 'carried')).toMatchObject({ passed: null, close: true });
    const foretold = readProbe(trial, LIMITS, 'passed');
    expect(foretold).toMatchObject({ passed: 'backlogGrowth', close: true });
    expect(verdictOf([foretold], 'passed')).toBe('passed');
  });

  it('holds answers against what was sent: by chance Poisson arrivals are fewer than the rate says', () => {
    const few = measured({ subject: 'sync', rate: 100, ms: 50, sent: 900 });
    expect(readProbe({ ...few, load: { model: 'open', rate: 100, arrivals: 'poisson' } }, LIMITS)).toMatchObject({ doubt: null, passed: null });
  });

  it('does not know that a load is carried of too few requests to know p95', () => {
    expect(readProbe(measured({ subject: 'sync', ms: 50, sent: 58 }), LIMITS)).toMatchObject({
      doubt: { machine: false, reason: '58 requests were answered in 10 s, and it takes 59 to know their p95; a longer --duration has more.' },
      passed: null,
    });
    expect(readProbe(measured({ subject: 'sync', ms: 50, sent: 59 }), LIMITS)).toMatchObject({ doubt: null, passed: null });
  });

  it('knows nothing of a trial that was not measured or is not valid', () => {
    const invalid = { ...trialOf({}), validity: { valid: false, problems: ['The books do not balance.'], notes: [] } };
    for (const [trial, reason] of [[unmeasured('sync', 100, 'port in use'), 'port in use'], [invalid, 'The books do not balance.']] as const) {
      expect(readProbe(trial, LIMITS)).toEqual({ trial, doubt: { reason, machine: false }, passed: null, close: true });
    }
  });

  it.each([
    ['an event loop that was always busy', { processes: { load: { eventLoop: 0.99, delayP99: 1, cpu: 1, elapsed: 1, rss: 1 } } }],
    ['a schedule that was not kept', { load: { model: 'open', rate: 100 }, schedule: { late: 9, unsent: 0, lateness: { p99: 999, max: 999 } } }],
  ] as [string, Partial<MeasuredTrial>][])('blames the machine for %s, and for nothing else', (_, change) => {
    const validity = { valid: false, problems: ['too late.'], notes: [] };
    expect(readProbe({ ...trialOf({}), ...change, validity }, LIMITS).doubt).toEqual({ reason: 'too late.', machine: true });
    expect(readProbe({ ...trialOf({}), validity }, LIMITS).doubt).toEqual({ reason: 'too late.', machine: false });
  });
});

describe('verdictOf', () => {
  const trial = trialOf({});
  const readings: Record<string, Reading> = {
    C: { trial, doubt: null, passed: null, close: false },
    c: { trial, doubt: null, passed: null, close: true },
    P: { trial, doubt: null, passed: 'p95', close: false },
    p: { trial, doubt: null, passed: 'p95', close: true },
    '?': { trial, doubt: { reason: 'too late.', machine: true }, passed: null, close: true },
  };

  it.each([
    // Far from every limit one trial is enough; close to one it takes two that agree.
    ['', undefined], ['C', 'carried'], ['P', 'passed'], ['c', undefined], ['p', undefined], ['?', undefined],
    ['cc', 'carried'], ['pp', 'passed'], ['cp', undefined], ['pC', undefined], ['?C', 'carried'], ['?p', undefined],
    ['cpc', 'carried'], ['cpp', 'passed'],
    // Once said and by none denied; said and denied once each; never said.
    ['??c', 'carried'], ['?p?', 'passed'], ['?cp', 'unknown'], ['???', 'unknown'],
  ])('of %j is %s', (text, expected) => {
    expect(text.length).toBeLessThanOrEqual(MOST_ROUNDS);
    expect(verdictOf(Array.from(text, (sign) => readings[sign] as Reading))).toBe(expected);
  });
});
