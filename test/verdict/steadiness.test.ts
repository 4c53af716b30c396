import { describe, expect, it } from 'vitest';
import { encodeSamples } from '../../src/measurement/samples.js';
import { steadinessOf } from '../../src/verdict/steadiness.js';

const trial = (times: number[], outcomeOf: (i: number) => number = () => 0) => ({
  samples: encodeSamples({
    start: Float32Array.from(times, (_, i) => i),
    time: Float32Array.from(times),
    outcome: Uint8Array.from(times, (_, i) => outcomeOf(i)),
  }),
});
const level = (n: number, ms: number) => Array.from({ length: n }, () => ms);

describe('steadinessOf', () => {
  it('finds the part of the window that was still warming up', () => {
    expect(steadinessOf(trial(level(200, 100)))).toEqual({ steady: true, warmingUp: 0 });
    expect(steadinessOf(trial([...level(50, 300), ...level(150, 100)]))).toEqual({ steady: true, warmingUp: 0.25 });
  });

  it('says when it never settled, or nobody can know', () => {
    expect(steadinessOf(trial(Array.from({ length: 500 }, (_, i) => i))).steady).toBe(false);
    expect(steadinessOf(trial([]))).toEqual({ steady: false, warmingUp: 0 });
  });

  it('takes a timeout for as long as it was waited for', () => {
    const timeouts = trial([...level(100, 100), ...level(100, 5000)], (i) => (i < 100 ? 0 : 3));
    expect(steadinessOf(timeouts)).toEqual({ steady: true, warmingUp: 0.5 });
  });
});
