import { describe, expect, it } from 'vitest';
import { Z99 } from '../../src/scenarios/draw.js';
import { normalQuantile } from '../../src/scenarios/normal.js';
import { jStat } from './jstat.js';

describe('normalQuantile', () => {
  it('agrees with jstat to 1e-12 where jstat is exact', () => {
    for (let p = 0.0001; p < 0.9999; p += 0.0007) {
      expect(Math.abs(normalQuantile(p) - jStat.normal.inv(p, 0, 1))).toBeLessThan(1e-12);
    }
  });

  it('has the check values of algorithm AS 241', () => {
    expect(normalQuantile(0.25)).toBeCloseTo(-0.6744897501960817, 15);
    expect(normalQuantile(0.001)).toBeCloseTo(-3.090232306167814, 14);
    expect(normalQuantile(1e-20)).toBeCloseTo(-9.26234008979841, 13);
  });

  it('is odd around a half', () => {
    expect(normalQuantile(0.5)).toBe(0);
    for (const p of [0.001, 0.07, 0.3]) expect(normalQuantile(p)).toBeCloseTo(-normalQuantile(1 - p), 12);
  });

  it('is where Z99 comes from', () => {
    expect(normalQuantile(0.99)).toBeCloseTo(Z99, 14);
  });
});
