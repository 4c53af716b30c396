import { describe, expect, it } from 'vitest';
import { formatStage, lengthOf, meanOf, parseStage, peakOf } from '../../src/scenarios/load.js';

describe('a stage', () => {
  it.each([
    ['30s:200', { duration: 30_000, target: 200 }],
    ['0s:5', { duration: 0, target: 5 }],
    ['1.5s:0.5', { duration: 1500, target: 0.5 }],
    ['2m:0', { duration: 120_000, target: 0 }],
  ])('%s is read and written', (text, stage) => {
    expect(parseStage(text)).toEqual(stage);
    expect(parseStage(formatStage(stage))).toEqual(stage);
  });

  it.each(['', '30s', '30:200', ':200', '30s:', '30s:-1', '30s:1e3', '30s:9999999', '30s:200:1'])('%s is none', (text) => {
    expect(parseStage(text)).toBeUndefined();
  });

  it('has a length, and a ramp its peak and its mean', () => {
    const stages = [{ duration: 10, target: 5 }, { duration: 20, target: 3 }];
    expect(lengthOf(stages)).toBe(30);
    expect(peakOf({ from: 0, stages })).toBe(5);
    expect(peakOf({ from: 9, stages })).toBe(9);
    // (2.5 x 10 + 4 x 20) / 30
    expect(meanOf({ from: 0, stages })).toBeCloseTo(3.5, 12);
  });
});
