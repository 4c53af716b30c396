import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CapacityAnswer } from '../../src/measurement/record.js';
import { capacityVerdict, decidingLevels, judgeCapacity, parseCapacityThresholds } from '../../src/verdict/capacity.js';
import { OPERATORS } from '../../src/verdict/limits.js';
import { levelsToTry } from '../../src/simulation/capacity.js';

function answer(change: Partial<CapacityAnswer> = {}): CapacityAnswer {
  const limits = { p95: 100, failureRate: 0.01, backlogGrowth: 0.02 };
  return { architecture: 'sync', model: 'closed', most: 200, beyond: 206, end: 'limit', limit: 'p95', step: null, knee: null, unloaded: 50, limits, probes: [], ...change };
}
const judged = (text: string, ...answers: CapacityAnswer[]) => {
  const [check] = judgeCapacity(parseCapacityThresholds([text], ['sync', 'hybrid'], 'closed'), answers);
  return [check?.state, check?.detail];
};

describe('judgeCapacity', () => {
  it.each([
    ['sync: users >= 200', answer(), 'pass', 'sync carries 200 users, 206 are too many'],
    ['sync: users >= 206', answer(), 'fail', 'sync carries 200 users, 206 are too many'],
    // Nobody tried: the search would have, had it been told.
    ['sync: users >= 203', answer(), 'unknown', 'sync carries 200 users, 206 are too many'],
    ['sync: users < 206', answer(), 'pass', 'sync carries 200 users, 206 are too many'],
    ['sync: users >= 1', answer({ most: 0, beyond: 1 }), 'fail', 'sync does not carry 1 users'],
    ['sync: users >= 100', answer({ beyond: null, end: 'asked' }), 'pass', 'sync carries 200 users; more than 200 were not tried (see --most)'],
    ['sync: users >= 300', answer({ beyond: null, end: 'asked' }), 'unknown', 'sync carries 200 users; more than 200 were not tried (see --most)'],
    ['sync: users >= 300', answer({ beyond: null, end: 'machine', reason: 'It was busy.' }), 'unknown', 'sync carries 200 users; It was busy'],
    ['sync: users >= 300', answer({ beyond: 250, end: 'unknown', reason: 'It is gone.' }), 'fail', 'sync carries 200 users, 250 are too many; It is gone'],
    ['sync: users >= 1', answer({ most: 0, beyond: null, end: 'interrupted' }), 'unknown', 'sync is not known to carry any load; the search was interrupted'],
    ['hybrid: users >= 1', answer(), 'unknown', 'hybrid was not searched'],
  ])('%s', (text, found, state, detail) => {
    expect(judged(text, found)).toEqual([state, detail]);
  });

  it('holds two subjects against each other, as far as both are known', () => {
    const hybrid = answer({ architecture: 'hybrid', most: 410, beyond: 420 });
    expect(judged('hybrid/sync: users >= 1.9', answer(), hybrid)[0]).toBe('pass');
    expect(judged('hybrid/sync: users >= 2', answer(), hybrid)[0]).toBe('pass');
    expect(judged('hybrid/sync: users >= 2.05', answer(), hybrid)[0]).toBe('unknown');
    expect(judged('hybrid/sync: users >= 3', answer(), hybrid)[0]).toBe('fail');
    expect(judged('hybrid/sync: users >= 2', answer({ most: 0, beyond: 1 }), hybrid)[0]).toBe('unknown');
  });

  it('comes to the worst of what is binding', () => {
    const check = (state: 'pass' | 'fail' | 'unknown', level: 'error' | 'warn' = 'error') => ({ expression: '', state, level, detail: '', observed: null });
    expect(capacityVerdict([check('pass'), check('fail', 'warn')])).toBe('pass');
    expect(capacityVerdict([check('pass'), check('unknown')])).toBe('unknown');
    expect(capacityVerdict([check('fail'), check('unknown')])).toBe('fail');
  });
});

describe('decidingLevels', () => {
  it('are those that a search has to try so that every threshold is decided, whatever the true answer is', () => {
    const operator = fc.constantFrom(...OPERATORS);
    fc.assert(
      fc.property(operator, fc.integer({ min: 2, max: 400 }), fc.integer({ min: 0, max: 600 }), (sign, limit, truth) => {
        const thresholds = parseCapacityThresholds([`sync: users ${sign} ${limit}`], ['sync'], 'closed');
        const levels = levelsToTry({ from: 10, most: 1000, precision: 0.1, decide: decidingLevels(thresholds, 'sync') });
        let next = levels.next();
        while (!next.done) next = levels.next(next.value <= truth);
        const { carried, tooMuch } = next.value;
        const [check] = judgeCapacity(thresholds, [answer({ most: carried, beyond: tooMuch })]);
        const holds = { '<': truth < limit, '<=': truth <= limit, '>': truth > limit, '>=': truth >= limit, '==': truth === limit, '!=': truth !== limit }[sign];
        expect(check?.state).toBe(holds ? 'pass' : 'fail');
      }),
    );
  });
});
