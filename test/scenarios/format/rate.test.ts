import { describe, expect, it } from 'vitest';
import { mistakeIn } from '../../../src/scenarios/format/field.js';
import { formatRateLimit, rateLimit } from '../../../src/scenarios/format/rate.js';
import { parse } from '../support.js';

const limitOf = (rate: string): unknown => parse(`services: { a: { latency: 1ms, rate: ${rate} } }\nsteps: [a!]`).services[0]!.rate;

describe('a rate limit', () => {
  it.each([
    ['10/s', { count: 10, per: 1000, burst: 10 }],
    ['600/m', { count: 600, per: 60_000, burst: 600 }],
    ['0.5/s', { count: 0.5, per: 1000, burst: 1 }],
    ['{ limit: 1000/h, burst: 5 }', { count: 1000, per: 3_600_000, burst: 5 }],
    ['unlimited', undefined],
  ])('%s', (written, limit) => expect(limitOf(written)).toEqual(limit));

  it.each([
    [10, 'expected a rate such as 10/s, 600/m or 0.5/s, or "unlimited", got 10; did you mean "10/s"?'],
    ['10/sec', 'expected a rate such as 10/s, 600/m or 0.5/s, or "unlimited", got "10/sec"; did you mean "10/s"?'],
    ['5 per minute', 'expected a rate such as 10/s, 600/m or 0.5/s, or "unlimited", got "5 per minute"; did you mean "5/m"?'],
    ['0/s', 'expected a rate such as 10/s, 600/m or 0.5/s, or "unlimited", got "0/s"'],
    [{ limit: '10/s', burst: 0 }, 'expected a whole number from 1 to 1000000, got 0'],
    [{ burst: 3 }, 'is missing in a rate limit'],
  ])('%j is none', (written, mistake) => expect(mistakeIn(rateLimit, written)).toBe(mistake));

  it('is written in its shortest form', () => {
    expect(formatRateLimit({ count: 10, per: 1000, burst: 10 })).toBe('10/s');
    expect(formatRateLimit({ count: 600, per: 60_000, burst: 1 })).toEqual({ limit: '600/m', burst: 1 });
  });

  it('of a step is that of its consumer, unless the consumer says otherwise; a variant takes it away', () => {
    const scenario = parse(`
services: { a: 1ms, b: 1ms, c: 1ms }
steps: [a!, { call: b, rate: 50/s }, { call: c, rate: 20/s }]
event: { consumers: { c: { rate: unlimited } } }
variants:
  fast: { architecture: hybrid, steps: { b: { rate: unlimited } } }
`);
    const rates = (consumers: readonly { rate?: { count: number } }[]): (number | undefined)[] => consumers.map(({ rate }) => rate?.count);
    expect(rates(scenario.event.consumers)).toEqual([50, undefined]);
    expect(rates(scenario.variants[0]!.event.consumers)).toEqual([undefined, undefined]);
  });
});
