import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatBytes,
  formatCount,
  formatFactor,
  formatList,
  formatLoad,
  formatRate,
  formatShare,
  formatTime,
  oneLine,
} from '../../src/report/format.js';

describe('formatTime', () => {
  it.each([
    [null, '-'],
    [0, '0 ms'],
    [0.04, '<0.1 ms'],
    [0.05, '0.1 ms'],
    [9.94, '9.9 ms'],
    [9.96, '10 ms'],
    [512.4, '512 ms'],
    [999.4, '999 ms'],
    [999.6, '1.00 s'],
    [1049.6, '1.05 s'],
    [9996, '10.0 s'],
    [12_340, '12.3 s'],
    [156_400, '156 s'],
    [600_000, '10.0 min'],
    [7_200_000, '2.00 h'],
  ])('%d ms is %s', (ms, text) => {
    expect(formatTime(ms)).toBe(text);
  });

  it('never shows a longer time as a shorter one', () => {
    const inMs = (text: string): number => {
      const [, number = '0', unit = 'ms'] = /([\d.,]+) (\w+)/.exec(text.replace('<', '')) ?? [];
      return Number(number.replace(',', '')) * { ms: 1, s: 1000, min: 60_000, h: 3_600_000 }[unit as 'ms'];
    };
    const time = fc.double({ min: 0.05, max: 1e8, noNaN: true });
    fc.assert(
      fc.property(time, (ms) => {
        expect(Math.abs(inMs(formatTime(ms)) - ms)).toBeLessThan(Math.max(0.051, ms * 0.051));
      }),
    );
    fc.assert(fc.property(time, time, (a, b) => inMs(formatTime(Math.min(a, b))) <= inMs(formatTime(Math.max(a, b)))));
  });
});

describe('formatShare', () => {
  it.each([
    [null, '-'],
    [0, '0%'],
    [1, '100%'],
    [0.00001, '<0.01%'],
    [0.0004, '0.04%'],
    [0.0521, '5.2%'],
    [0.9412, '94.1%'],
    [0.9996, '>99.9%'],
  ])('%d is %s', (ratio, text) => {
    expect(formatShare(ratio)).toBe(text);
  });

  it('says none and all only when that is exact', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, minExcluded: true, maxExcluded: true, noNaN: true }), (ratio) => {
        expect(['0%', '0.0%', '0.00%', '100%', '100.0%']).not.toContain(formatShare(ratio));
      }),
    );
  });
});

describe('other numbers', () => {
  it.each([
    [null, '-'],
    [0, '0'],
    [0.049, '<0.1'],
    [0.05, '0.1'],
    [9.5, '9.5'],
    [20, '20'],
    [95.24, '95.2'],
    [832.4, '832'],
    [12_345.6, '12,346'],
  ])('a rate of %d is %s', (rate, text) => {
    expect(formatRate(rate)).toBe(text);
  });

  it.each([
    [1.0777, '1.08'],
    [2.1, '2.1'],
    [9.96, '10'],
    [1234, '1,234'],
  ])('a factor of %d is %s', (factor, text) => {
    expect(formatFactor(factor)).toBe(text);
  });

  it('are written out', () => {
    expect(formatCount(1_234_567)).toBe('1,234,567');
    expect(formatCount(null)).toBe('-');
    expect(formatBytes(8 * 2 ** 30)).toBe('8 GiB');
    expect(formatBytes(0)).toBe('0 B');
    expect(formatLoad({ model: 'closed', users: 1 })).toBe('1 user');
    expect(formatLoad({ model: 'closed', users: 2000 })).toBe('2,000 users');
    expect(formatLoad({ model: 'open', rate: 50 })).toBe('50 requests/s');
    expect(formatLoad({ model: 'open', rate: 1 })).toBe('1 request/s');
    expect(formatList([])).toBe('');
    expect(formatList(['a'])).toBe('a');
    expect(formatList(['a', 'b', 'c'])).toBe('a, b and c');
  });
});

describe('oneLine', () => {
  it('leaves nothing that moves a cursor, colours a screen or turns the writing round', () => {
    expect(oneLine('a\u001b[31mred\r\nb\u202ec\u2028d')).toBe('a [31mred b c d');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(oneLine(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      }),
    );
  });
});
