import { describe, expect, it } from 'vitest';
import { loadKey, loadSize, sameLoad } from '../../src/measurement/loads.js';
import type { TrialLoad } from '../../src/measurement/record.js';

const ramp = { from: 0, stages: [{ duration: 1000, target: 50 }] };
const LOADS: TrialLoad[] = [
  { model: 'closed', users: 50 },
  { model: 'closed', users: 50, ramp },
  { model: 'closed', users: 50, ramp: { ...ramp, from: 5 } },
  { model: 'open', rate: 50 },
  { model: 'open', rate: 50, arrivals: 'poisson' },
  { model: 'open', rate: 50, ramp },
];

describe('loads', () => {
  it('are the same only when they are the same in every respect', () => {
    expect(new Set(LOADS.map(loadKey)).size).toBe(LOADS.length);
    for (const [i, a] of LOADS.entries()) LOADS.forEach((b, j) => expect(sameLoad(a, structuredClone(b))).toBe(i === j));
    expect(sameLoad({ model: 'open', rate: 50, arrivals: 'even' }, { model: 'open', rate: 50 })).toBe(true);
  });

  it('have a size', () => {
    expect(LOADS.map(loadSize)).toEqual([50, 50, 50, 50, 50, 50]);
  });
});
