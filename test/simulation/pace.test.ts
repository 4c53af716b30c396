import { describe, expect, it } from 'vitest';
import { machineAt, paceOf } from '../../src/simulation/pace.js';
import { simulateTrial } from '../../src/simulation/trial.js';
import { service, step, subject, trialOf } from './worlds.js';

const BUSY = { reply: [0.4], call: [1], publish: [], delivery: [] };
const MACHINE = { ...BUSY, rate: 160, slower: { rate: 10, reply: [1.2], call: [2], publish: [], delivery: [] } };

describe('the pace of a trial', () => {
  const world = trialOf(subject([service('pay', 180)], [step('pay')]), {});

  it('is its rate, or that of its users while nothing waits', () => {
    expect(paceOf({ ...world, load: { model: 'open', rate: 7 } })).toBe(7);
    expect(paceOf({ ...world, load: { model: 'closed', users: 10 }, think: 20 })).toBeCloseTo(50, 9);
  });

  it('says what the machine adds: what was measured at it, or between the two measured', () => {
    for (const [pace, reply] of [[500, 0.4], [160, 0.4], [40, 0.8], [10, 1.2], [1, 1.2]] as const) {
      const [first, ...others] = machineAt(MACHINE, pace).reply;
      expect(first).toBeCloseTo(reply, 9);
      expect(others.every((time) => time === first)).toBe(true);
    }
    expect(machineAt(BUSY, 1)).toEqual(BUSY);
  });

  it('keeps the spread of both', () => {
    const spread = machineAt({ ...BUSY, reply: [1, 2], rate: 100, slower: { ...MACHINE.slower, reply: [3, 6] } }, 1).reply;
    expect([spread[0], spread.at(-1)]).toEqual([3, 6]);
  });

  it('is heeded in a trial', () => {
    const at = (rate: number): number => simulateTrial({ ...world, load: { model: 'open', rate }, duration: 1000, machine: MACHINE }).responseTime.p50!;
    expect(at(10)).toBeCloseTo(180 + 2 + 1.2, 6);
    expect(at(200)).toBeCloseTo(180 + 1 + 0.4, 6);
  });
});
