import { describe, expect, it } from 'vitest';
import { findings } from '../../src/advice/findings.js';
import { nextSteps } from '../../src/advice/next-steps.js';
import type { Check, Trial } from '../../src/measurement/record.js';
import { nextSentences } from '../../src/report/next-steps.js';
import { comparison } from '../support/comparison.js';
import { consumer, events, measured, step, times, unmeasured } from '../support/measured.js';
import { checkout } from '../support/record.js';

const shown = (...trials: Trial[]) => ({ trials, advice: findings(trials, checkout()), checks: [] as Check[], comparisons: [] });
const check = (state: Check['state'], expression = 'hybrid: p95 < 600ms', level: Check['level'] = 'error'): Check => ({ expression, state, level, detail: '616 ms at 500 users', observed: 616 });
const NOTHING = shown();

describe('what to do next', () => {
  it('is nothing where nothing was shown', () => {
    expect(nextSteps(NOTHING)).toEqual([]);
  });

  it('is to take what comes closest to the goals, after the workers that it lacks, of each consumer', () => {
    const one = consumer('email', { arrivalRate: 200 });
    const late = { events: events({ email: { ...one, backlog: { ...one.backlog, end: 1500, slopePerSecond: 150, drainSeconds: 30 } } }, { completionTime: times(90_000, 1000, 900) }) };
    const trials = [measured({ subject: 'sync', ms: 3500, failureRate: 0.94 }), measured({ subject: 'hybrid', ms: 501, change: late })];
    expect(nextSentences(shown(...trials))).toEqual([
      'Give email in hybrid 81 workers where there are 20: so many keep up at 100 users.',
      'Take hybrid: p95 501 ms with 0% failed at worst, where sync has p95 3.50 s with 94.0% failed; goal: 1.00 s; as run, work is not done in time.',
    ]);
  });

  it('is to stay, to change nothing, or to call side by side', () => {
    const at = (subject: string, ms: number, users = 100) => measured({ subject, ms, users });
    expect(nextSentences(shown(at('sync', 100), at('hybrid', 101)))).toEqual(['Stay with requests: hybrid gains nothing over sync at this load.']);
    expect(nextSentences(shown(at('sync', 900), at('hybrid', 400)))).toEqual(['Change nothing for speed: p95 of sync is 900 ms at worst, and the goal is 1.00 s.']);
    expect(nextSentences(shown(at('sync', 1500), at('parallel', 410), at('hybrid', 505)))).toEqual(['Call side by side, without events: parallel answers in 410 ms at 100 users, hybrid in 505 ms.']);
  });

  it('is to buy workers for what limits, where nothing was compared', () => {
    const saturated = { steps: { email: step('email', { utilisation: 1, queueTime: times(950) }) } };
    expect(nextSentences(shown(measured({ subject: 'sync', ms: 2004, change: saturated })))).toEqual(['Give email in sync 39 workers where there are 20: so many keep up at 100 users.']);
  });

  it('begins with what cannot be used, and what was asked for and is not so', () => {
    const trials = [unmeasured('sync', 100, 'died'), measured({ subject: 'hybrid', ms: 1 })];
    const checks = [check('pass'), check('fail'), check('fail', 'sync: p95 < 1s'), check('unknown'), check('fail', 'warned', 'warn')];
    expect(nextSentences({ ...shown(...trials), checks })).toEqual([
      'Measure again, or elsewhere: 1 of 2 trials cannot be used, and the problems say why.',
      'Mend what failed: hybrid: p95 < 600ms found 616 ms at 500 users; 1 more failed.',
    ]);
    expect(nextSentences({ ...NOTHING, checks: [check('unknown')] })).toEqual(['Let it be known: hybrid: p95 < 600ms found 616 ms at 500 users.']);
  });

  it('tells the largest change of a comparison that failed, is not known, or passed', () => {
    const one = comparison({ base: 100, head: 105 });
    const larger = comparison({ metric: 'p50', base: 50, head: 60, change: 0.2 });
    const noGate = comparison({ change: 3, gate: false });
    const told = (...comparisons: (typeof one)[]) => nextSentences({ ...NOTHING, comparisons });
    expect(told(one, larger, noGate)).toEqual(['Find what made it slower: head/base p50 at 100 users went from 50 ms to 60 ms (+20.0%); 1 more failed.']);
    expect(told({ ...one, state: 'inconclusive' })).toEqual(['Compare again where it is calmer: head/base p95 at 100 users is not known, changes from +3.0% on could be seen.']);
    expect(told({ ...one, state: 'pass', change: 0.001, head: 100.1 })).toEqual(['Nothing has to be mended: the largest change is that of head/base p95 at 100 users, from 100 ms to 100 ms (+0.1%).']);
  });
});
