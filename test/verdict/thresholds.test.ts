import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/base/errors.js';
import { OPERATORS } from '../../src/verdict/limits.js';
import { describeMetrics, metricNames, stepMetricNames, metricNamed } from '../../src/verdict/metrics.js';
import { doubtfulLimits, parseThreshold, parseThresholds, type Threshold } from '../../src/verdict/thresholds.js';
import { cases } from '../support/properties.js';

const KNOWN = { subjects: ['sync', 'hybrid', 'event-driven', 'warn', 'a/b', 'c@2'] };
const parse = (text: string): Threshold => parseThreshold(text, KNOWN);

function complaint(text: string, known: Parameters<typeof parseThreshold>[1] = KNOWN): string {
  const outcome = attempt(() => parseThreshold(text, known));
  if (!(outcome instanceof UserError)) throw new Error(`Expected a complaint about ${text}, got ${String(outcome)}`);
  return outcome.message.replace(`Threshold ${JSON.stringify(text)}, `, '');
}

function attempt(action: () => unknown): unknown {
  try {
    return action();
  } catch (error) {
    return error;
  }
}

describe('doubtfulLimits', () => {
  it.each([
    ['hybrid: failure_rate < 1', true],
    ['hybrid: failure_rate <= 100%', true],
    ['hybrid: failure_rate < 1%', false],
    ['hybrid: failure_rate < 0.99', false],
    ['hybrid: failure_rate >= 1', false],
    ['sync/hybrid: failure_rate < 1', false],
    ['hybrid: lost < 1', false],
  ])('of %s: %s', (text, doubtful) => {
    expect(doubtfulLimits([parse(text)]).length).toBe(doubtful ? 1 : 0);
  });
});

describe('parseThreshold', () => {
  it('reads a limit', () => {
    expect(parse('hybrid: p95 < 600ms')).toEqual({
      expression: 'hybrid: p95 < 600ms', level: 'error', subject: 'hybrid', against: null, load: null,
      metric: 'p95', operator: '<', limit: 600,
    });
  });

  it.each<[string, Partial<Threshold>]>([
    ['hybrid@500: failure_rate < 1%', { load: 500, metric: 'failure_rate', limit: 0.01 }],
    ['sync/hybrid: p95 >= 1.5', { subject: 'sync', against: 'hybrid', operator: '>=', limit: 1.5 }],
    ['sync/hybrid@12.5: p95 > 2', { subject: 'sync', against: 'hybrid', load: 12.5 }],
    ['hybrid: lost == 0', { metric: 'lost', operator: '==', limit: 0 }],
    ['hybrid: lost != 1', { operator: '!=', limit: 1 }],
    ['hybrid: completion_p95 <= 5s', { operator: '<=', limit: 5000 }],
    ['hybrid: failure_rate < 0.01', { limit: 0.01 }],
    ['hybrid: failure_rate <= 1', { limit: 1 }],
    ['hybrid: prediction_error < 150%', { limit: 1.5 }],
    ['hybrid: throughput > 80/s', { limit: 80 }],
    ['hybrid: throughput > 80', { limit: 80 }],
    ['hybrid: backlog_slope <= -0.5', { limit: -0.5 }],
    ['hybrid: email.queue_p95 < 1s', { metric: 'email.queue_p95', limit: 1000 }],
    ['hybrid: v1.email.calls < .5', { metric: 'v1.email.calls', limit: 0.5 }],
    ['warn: hybrid: p95 < 1s', { level: 'warn', subject: 'hybrid' }],
    ['abort: hybrid: p95 < 1s', { level: 'error', abortAfter: 0, subject: 'hybrid' }],
    ['abort 5s: hybrid@7: failure_rate <= 10%', { abortAfter: 5000, load: 7, limit: 0.1 }],
    ['warn: p95 < 1s', { level: 'error', subject: 'warn' }],
    ['warn: warn: p95 < 1s', { level: 'warn', subject: 'warn' }],
    ['a/b: p95 < 1s', { subject: 'a/b', against: null }],
    ['a/b/sync: p95 < 1', { subject: 'a/b', against: 'sync' }],
    ['sync/a/b: p95 < 1', { subject: 'sync', against: 'a/b' }],
    ['c@2: p95 < 1s', { subject: 'c@2', load: null }],
    ['c@2@7: p95 < 1s', { subject: 'c@2', load: 7 }],
    ['hybrid@123456789.125: p95 < 1s', { load: 123456789.125 }],
  ])('%s', (text, expected) => {
    expect(parse(text)).toMatchObject({ ...expected, expression: text });
  });

  it.each([
    ['abort soon: sync: p95 < 1s', 'column 1: expected a delay after abort, such as 5s, got "soon".'],
    ['abort: sync/hybrid: p95 < 2', 'abort takes an upper limit on p50 to p999 or failure_rate of one subject'],
    ['abort: hybrid: lost <= 0', 'column 15: abort takes an upper limit'],
    ['hybrid@1234567890: p95 < 1s', 'column 8: expected users or a rate after @'],
    ['hybrid@1.2345: p95 < 1s', 'column 8: expected users or a rate after @'],
    ['abort: hybrid: p95 > 1s', 'abort takes an upper limit'],
  ])('%s is refused', (text, message) => {
    expect(complaint(text)).toContain(message);
  });

  it('takes any white space and puts it in order', () => {
    expect(parse('\t error :hybrid @ 500 :p95<600 ms ')).toEqual(parse('hybrid@500: p95 < 600ms'));
    expect(parse('abort 5s:hybrid:p95<1s')).toEqual(parse('abort 5s: hybrid: p95 < 1s'));
    expect(parseThreshold('x//y: p95 > 1', { subjects: ['x/', 'y'] })).toMatchObject({ subject: 'x/', against: 'y' });
    expect(parse(' warn:sync / hybrid@5:p95>=1.5')).toEqual(parse('warn: sync/hybrid@5: p95 >= 1.5'));
  });

  it('finds the slash that divides two subjects among others', () => {
    const known = { subjects: ['x', 'x/y', 'z'] };
    expect(parseThreshold('x/y/z: p95 < 1', known)).toMatchObject({ subject: 'x/y', against: 'z' });
    expect(parseThreshold('z/x/y: p95 < 1', known)).toMatchObject({ subject: 'z', against: 'x/y' });
  });

  it('reads what it has written', () => {
    const threshold = fc
      .record({
        level: fc.constantFrom('', 'warn: '),
        who: fc.constantFrom('sync', 'hybrid', 'event-driven', 'warn', 'a/b', 'sync/hybrid', 'a/b/sync'),
        load: fc.option(fc.integer({ min: 1, max: 1e9 - 1 })),
        metric: fc.constantFrom(...metricNames(), ...stepMetricNames().map((name) => `email.${name}`)),
        operator: fc.constantFrom(...OPERATORS),
        amount: fc.integer({ min: 0, max: 1e6 }).map((amount) => amount / 1000),
        space: fc.constantFrom('', ' ', '  ', '\t'),
      })
      .map(({ level, who, load, metric, operator, amount, space }) => {
        const isRatio = ['sync/hybrid', 'a/b/sync'].includes(who);
        const suffix = isRatio ? '' : { time: 'ms', share: '%', count: '', rate: '/s' }[metricNamed(metric)!.unit];
        const at = load === null ? '' : `@${load}`;
        const compact = `${level}${who}${at}: ${metric} ${operator} ${amount}${suffix}`;
        return { compact, spaced: compact.replaceAll(' ', space), isRatio, load, metric, operator };
      });
    fc.assert(
      fc.property(threshold, ({ compact, spaced, isRatio, load, metric, operator }) => {
        const read = parse(spaced);
        expect(read).toMatchObject({ expression: compact, load, metric, operator });
        expect(read.against !== null).toBe(isRatio);
        expect(parse(read.expression)).toEqual(read);
      }),
      { numRuns: cases(500) },
    );
  });

  it('never throws anything but a UserError', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 8 }),
      fc.constantFrom('sync', 'hybrid', '/', '@', ':', ' ', 'p95', 'lost', 'email.', '<', '>=', '==', '1', '%', '600ms', 'warn', 'abort', '.'),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const outcome = attempt(() => parse(pieces.join('')));
        expect(outcome instanceof UserError || !(outcome instanceof Error)).toBe(true);
      }),
      { numRuns: cases(2000) },
    );
  });
});

describe('a mistake', () => {
  it.each([
    ['', 'column 1: expected SUBJECT: METRIC OP VALUE, as in `hybrid: p95 < 600ms`.'],
    ['p95 < 600ms', 'column 1: expected SUBJECT: METRIC OP VALUE, as in `hybrid: p95 < 600ms`.'],
    [
      'hybird: p95 < 600ms',
      'column 1: unknown subject "hybird". Did you mean "hybrid"? Subjects: sync, hybrid, event-driven, warn, a/b, c@2.',
    ],
    [
      '  : p95 < 600ms',
      'column 3: a subject is missing. Subjects: sync, hybrid, event-driven, warn, a/b, c@2.',
    ],
    [
      'sync/ nothing-like-it: p95 < 2',
      'column 7: unknown subject "nothing-like-it". Subjects: sync, hybrid, event-driven, warn, a/b, c@2.',
    ],
    [
      'warn: syn: p95 < 1s',
      'column 7: unknown subject "syn". Did you mean "sync"? Subjects: sync, hybrid, event-driven, warn, a/b, c@2.',
    ],
    ['@5: p95 < 1s', 'column 1: a subject is missing. Subjects: sync, hybrid, event-driven, warn, a/b, c@2.'],
    [
      'nothing-like-it: throughput > 80/s',
      'column 1: unknown subject "nothing-like-it". Subjects: sync, hybrid, event-driven, warn, a/b, c@2.',
    ],
    ['hybrid@: p95 < 1s', 'column 8: expected users or a rate after @, got "", as in `hybrid@500: p95 < 600ms`.'],
    ['hybrid@0: p95 < 1s', 'column 8: expected users or a rate after @, got "0", as in `hybrid@500: p95 < 600ms`.'],
    ['hybrid@-5: p95 < 1s', 'column 8: expected users or a rate after @, got "-5", as in `hybrid@500: p95 < 600ms`.'],
    [
      'sync@5/hybrid: p95 < 1',
      'column 6: expected users or a rate after @, got "5/hybrid": it stands once, after both subjects.',
    ],
    ['hybrid: p95', 'column 12: expected one of < <= > >= == !=, as in `hybrid: p95 < 600ms`.'],
    ['hybrid: p95 = 600ms', 'column 13: expected one of < <= > >= == !=, got =, as in `hybrid: p95 < 600ms`.'],
    ['hybrid: p95 =< 600ms', 'column 13: expected one of < <= > >= == !=, got =<, as in `hybrid: p95 < 600ms`.'],
    ['hybrid: p95 < 600', 'column 15: expected a duration, such as 600ms or 5s, got "600". Did you mean 600ms?'],
    ['hybrid: p95 < fast', 'column 15: expected a duration, such as 600ms or 5s, got "fast".'],
    ['hybrid: p95 <', 'column 14: expected a duration, such as 600ms or 5s, got nothing.'],
    ['hybrid: failure_rate < 1.01', 'column 24: expected a share, such as 1% or 0.01, got "1.01". Did you mean 1.01%?'],
    ['hybrid: failure_rate < 5', 'column 24: expected a share, such as 1% or 0.01, got "5". Did you mean 5%?'],
    ['hybrid: lost < 600ms', 'column 16: expected a number, got "600ms".'],
    ['hybrid: throughput > 5ms', 'column 22: expected a number per second, got "5ms".'],
    ['sync/hybrid: p95 > 600ms', 'column 20: expected a plain number, the ratio of the two, got "600ms".'],
    [`hybrid: lost < 1${'0'.repeat(400)}`, `column 16: expected a number, got "1${'0'.repeat(400)}".`],
  ])('%s', (text, expected) => {
    expect(complaint(text)).toBe(expected);
  });

  it.each([
    ['hybrid: p59 < 600ms', 'column 9: unknown metric "p59". Did you mean "p50"?'],
    ['hybrid: losst == 0', 'column 9: unknown metric "losst". Did you mean "lost"?'],
    ['hybrid: nothing_like_it == 0', 'column 9: unknown metric "nothing_like_it".'],
    ['hybrid: == 0', 'column 9: a metric is missing.'],
    ['hybrid: email.queue_p59 < 1s', 'column 9: unknown metric "email.queue_p59". Did you mean "email.queue_p50"?'],
    ['hybrid: toString < 1s', 'column 9: unknown metric "toString".'],
  ])('%s lists the metrics', (text, expected) => {
    expect(complaint(text)).toBe(`${expected}\n${describeMetrics()}`);
  });

  it('in the name of a step is found when the steps are known', () => {
    const known = { ...KNOWN, steps: ['email', 'payment'] };
    expect(parseThreshold('hybrid: email.calls < 5', known).metric).toBe('email.calls');
    expect(complaint('hybrid: emial.calls < 5', known)).toBe(
      'column 9: unknown step "emial". Did you mean "email"? Steps: email, payment.',
    );
  });

  it('never prints what a terminal would act on', () => {
    expect(complaint('\u001b[31m: p95 < 1s')).toContain('unknown subject "\\u001b[31m"');
  });
});

describe('parseThresholds', () => {
  it('reads all', () => {
    expect(parseThresholds(['hybrid: lost == 0', 'sync: p95 < 1s'], KNOWN).map(({ subject }) => subject)).toEqual([
      'hybrid',
      'sync',
    ]);
    expect(parseThresholds([], { subjects: [] })).toEqual([]);
  });

  it('tells all mistakes at once', () => {
    const outcome = attempt(() => parseThresholds(['hybrid: p95 < 5', 'sync: p95 < 1s', 'nope'], { ...KNOWN, steps: ['email'] }));
    expect(outcome).toBeInstanceOf(UserError);
    expect((outcome as Error).message.split('\n')).toEqual([
      'Threshold "hybrid: p95 < 5", column 15: expected a duration, such as 600ms or 5s, got "5". Did you mean 5ms?',
      'Threshold "nope", column 1: expected SUBJECT: METRIC OP VALUE, as in `hybrid: p95 < 600ms`.',
    ]);
  });

  it('knows the steps it is told', () => {
    expect(() => parseThresholds(['hybrid: mail.calls < 5'], { ...KNOWN, steps: ['email'] })).toThrow(/unknown step "mail"/);
  });
});
