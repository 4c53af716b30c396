import { describe, expect, it } from 'vitest';
import { csvLatencies } from '../../src/scenarios/csv.js';
import { MOST_VALUES } from '../../src/scenarios/format/latency.js';

describe('csvLatencies', () => {
  it('sorts one latency per line, with or without a heading', () => {
    expect(csvLatencies('30\n10\n20.5\n', {})).toEqual([10, 20.5, 30]);
    expect(csvLatencies('ms\r\n30\r\n10\r\n\r\n', {})).toEqual([10, 30]);
  });

  it('takes the column asked for', () => {
    const text = 'time;"duration";status\nx;12;200\ny;"7.5";500\n';
    expect(csvLatencies(text, { column: 'duration' })).toEqual([7.5, 12]);
    expect(csvLatencies('when\tms\na\t1e2\n', { column: 'ms' })).toEqual([100]);
  });

  it.each([
    ['', {}, 'it holds no latencies'],
    ['ms\n', {}, 'it holds no latencies'],
    ['ms\n1\nfast\n', {}, 'line 3: expected a latency in ms from 0 to 600000, got "fast"'],
    ['1\n-2\n', {}, 'line 2: expected a latency in ms from 0 to 600000, got "-2"'],
    ['ms,x\n1\n', { column: 'x' }, 'line 2: expected a latency in ms from 0 to 600000, got nothing'],
    ['when,ms\na,1\n', { column: 'sm' }, 'it has no column "sm"; did you mean "ms"?'],
    ['9999999\n', {}, 'line 1: expected a latency in ms from 0 to 600000, got "9999999"'],
  ])('says what is wrong with %j', (text, options, message) => {
    expect(() => csvLatencies(text, options)).toThrow(message);
  });

  it('thins very many to quantiles', () => {
    const many = Array.from({ length: 200_000 }, (_, i) => 199_999 - i).join('\n');
    const values = csvLatencies(many, {});
    expect(values).toHaveLength(MOST_VALUES);
    expect(values[0]).toBe(20);
    expect(values[MOST_VALUES / 2]).toBe(100_020);
    expect(values.at(-1)).toBe(199_980);
  });
});
