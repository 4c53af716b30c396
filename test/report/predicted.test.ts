import { describe, expect, it } from 'vitest';
import { chaosSentence, predictedCell } from '../../src/report/predicted.js';

const users = { model: 'closed', users: 100 } as const;
const calm = { p50: 500, p95: 600, throughput: 80, failureRate: 0 };
const ranges = { p50: { low: 495, high: 510 }, p95: { low: 600, high: 612 }, throughput: { low: 79, high: 81 }, failureRate: { low: 0, high: 0.01 } };
const chaotic = { ...calm, failureRate: 0.52, ranges: { ...ranges, p95: { low: 580, high: 3100 }, failureRate: { low: 0.38, high: 0.76 } } };

describe('a prediction', () => {
  it('is a figure where its range says no more', () => {
    expect(predictedCell('p95', [calm])).toBe('600 ms');
    expect(predictedCell('p95', [{ ...calm, ranges }])).toBe('600 ms');
    expect(chaosSentence({ ...calm, ranges }, users)).toBeNull();
    expect(predictedCell('p95', [])).toBe('-');
  });

  it('says between what it lies where small differences decide', () => {
    expect(predictedCell('p95', [chaotic])).toBe('600 ms (580 ms to 3.10 s)');
    expect(predictedCell('p50', [chaotic])).toBe('500 ms');
    expect(chaosSentence(chaotic, users)).toBe(
      'Small differences decide here: the model says p95 600 ms (580 ms to 3.10 s) and 52.0% (38.0% to 76.0%) failed.',
    );
  });

  it('does not call chance in the arrivals a small difference that decides', () => {
    const wide = { ...chaotic, ranges: { ...chaotic.ranges, throughput: { low: 40, high: 120 } } };
    expect(chaosSentence(wide, users)).toContain('good answers a second');
    expect(chaosSentence(wide, { model: 'open', rate: 80, arrivals: 'poisson' })).not.toContain('good answers a second');
    expect(chaosSentence(wide, { model: 'open', rate: 80 })).toContain('good answers a second');
  });

  it('does not call it one that one request more is much of few', () => {
    expect(chaosSentence({ ...calm, throughput: 9.6, ranges: { ...ranges, throughput: { low: 9.2, high: 9.9 } } }, users)).toBeNull();
  });
});
