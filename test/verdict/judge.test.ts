import { describe, expect, it } from 'vitest';
import type { MeasuredTrial, Trial, TrialHead } from '../../src/measurement/record.js';
import { describeMeasured } from '../../src/verdict/detail.js';
import { judge } from '../../src/verdict/judge.js';
import { erroredTrial, headOf, invalid, steadyTrial, threshold, trialOf, users } from './fixtures.js';

const check = (text: string, trials: readonly Trial[], planned?: readonly TrialHead[]) =>
  judge([threshold(text)], trials, planned).checks;
const states = (text: string, trials: readonly Trial[], planned?: readonly TrialHead[]) =>
  check(text, trials, planned).map(({ state }) => state);

const HYBRID = steadyTrial(headOf('hybrid'), 500);
const SYNC = steadyTrial(headOf('sync'), 1050);

describe('a check', () => {
  it('says a share with three digits where they show on which side of the limit it is', () => {
    const detail = (limit: number): string => describeMeasured({ value: 0.11881, low: 0.020041, high: 0.18538, why: '' }, 'share', 'fail', limit);
    expect(detail(0.01)).toBe('11.9 % (2 % to 18.5 % with 95 % confidence)');
    expect(detail(0.02)).toBe('11.9 % (2.0041 % to 18.5 % with 95 % confidence)');
  });

  it('passes, fails, and says what was found', () => {
    expect(check('hybrid: p95 < 600ms', [HYBRID])).toEqual([
      {
        expression: 'hybrid: p95 < 600ms', level: 'error', state: 'pass',
        observed: HYBRID.responseTime.p95,
        detail: 'at 100 users: 500.94 ms (500.93 ms to 500.96 ms with 95 % confidence)',
      },
    ]);
    expect(check('warn: hybrid: p95 < 400ms', [HYBRID])).toMatchObject([{ level: 'warn', state: 'fail' }]);
    expect(check('hybrid: lost == 0', [HYBRID])).toMatchObject([{ state: 'pass', detail: 'at 100 users: 0', observed: 0 }]);
  });

  it('is unknown when the limit lies within the interval', () => {
    const wide = trialOf(headOf('hybrid'), Array.from({ length: 100 }, (_, i) => 500 + i));
    expect(check('hybrid: p95 < 595ms', [wide])).toEqual([
      {
        expression: 'hybrid: p95 < 595ms', level: 'error', state: 'unknown', observed: 594,
        detail: 'at 100 users: 594 ms (590 ms to 598 ms with 95 % confidence); too near the limit to tell',
      },
    ]);
    expect(states('hybrid: p95 < 599ms', [wide])).toEqual(['pass']);
    expect(states('hybrid: p95 < 590ms', [wide])).toEqual(['fail']);
  });

  it('is unknown with too few samples, and says how many it takes', () => {
    const few = trialOf(headOf('hybrid'), Array.from({ length: 58 }, () => 500));
    const [found] = check('hybrid: p95 < 600ms', [few]);
    expect(found).toMatchObject({ state: 'unknown', observed: 500 });
    expect(found?.detail).toBe('at 100 users: 500 ms (at least 500 ms); 58 samples, and it takes 59 to bound it');
    expect(states('hybrid: p95 > 400ms', [few])).toEqual(['pass']);
    const [one] = check('hybrid: p50 < 600ms', [trialOf(headOf('hybrid'), [500])]);
    expect(one?.detail).toBe('at 100 users: 500 ms (its bounds are not known); 1 sample, and it takes 5 to bound it');
  });

  it('judges a failure rate by its bound: none in 100 may still be one in 50', () => {
    const good = (n: number): MeasuredTrial => trialOf(headOf('hybrid'), Array.from({ length: n }, () => 500));
    const [few] = check('hybrid: failure_rate < 1%', [good(100)]);
    expect(few).toMatchObject({ state: 'unknown', observed: 0 });
    expect(few?.detail).toBe(
      'at 100 users: 0 % (0 % to 2.95 % with 95 % confidence); none so far, and it takes none in 299 to tell',
    );
    expect(states('hybrid: failure_rate < 1%', [good(298)])).toEqual(['unknown']);
    expect(states('hybrid: failure_rate < 1%', [good(299)])).toEqual(['pass']);
    const bad = trialOf(headOf('hybrid'), Array.from({ length: 100 }, () => 500), 10);
    expect(check('hybrid: failure_rate < 1%', [bad])).toMatchObject([{ state: 'fail', observed: 0.1 }]);
    expect(check('hybrid: failure_rate < 12%', [bad])[0]?.detail).toMatch(/; too near the limit to tell$/);
  });

  it('judges a share of nothing by the count', () => {
    const good = trialOf(headOf('hybrid'), [500, 500]);
    const bad = trialOf(headOf('hybrid'), Array.from({ length: 100 }, () => 500), 1);
    for (const text of ['hybrid: failure_rate <= 0', 'hybrid: failure_rate == 0%']) {
      expect(states(text, [good])).toEqual(['pass']);
      expect(states(text, [bad])).toEqual(['fail']);
    }
    expect(states('hybrid: failure_rate <= 1%', [good])).toEqual(['unknown']);
    expect(check('hybrid: failure_rate > 0', [good])[0]).toMatchObject({ state: 'unknown', detail: expect.stringMatching(/too near/) });
    expect(states('hybrid: backlog_slope <= 0', [HYBRID])).toEqual(['pass']);
  });

  it('never passes what was not over: the time is at least so long', () => {
    const pending = { ...HYBRID, events: { ...HYBRID.events!, completionTime: { ...HYBRID.responseTime, censored: 900 } } };
    delete (pending.events as { samples?: unknown }).samples;
    expect(states('hybrid: completion_p95 < 5s', [pending])).toEqual(['unknown']);
    expect(states('hybrid: completion_p95 < 100ms', [pending])).toEqual(['fail']);
    expect(states('hybrid: completion_p95 > 100ms', [pending])).toEqual(['pass']);
    expect(check('hybrid: completion_p95 < 5s', [pending])[0]?.detail).toMatch(/; 900 of 1000 were not over yet$/);
  });

  it('is unknown without samples', () => {
    expect(check('sync: lost == 0', [SYNC])).toEqual([
      {
        expression: 'sync: lost == 0', level: 'error', state: 'unknown', observed: null,
        detail: 'at 100 users: no samples of lost for sync',
      },
    ]);
    const failed = trialOf(headOf('hybrid'), [1, 2, 3], 3);
    expect(states('hybrid: ok_p95 < 600ms', [failed])).toEqual(['unknown']);
    expect(states('hybrid: email.queue_p95 < 600ms', [HYBRID])).toEqual(['unknown']);
  });

  it('is unknown, not passed, of a trial that cannot be judged', () => {
    expect(check('hybrid: p95 < 600ms', [erroredTrial(headOf('hybrid'))])).toMatchObject([
      { state: 'unknown', detail: 'at 100 users: hybrid was errored: the server ended' },
    ]);
    expect(check('hybrid: p95 < 600ms', [invalid(HYBRID)])).toMatchObject([
      { state: 'unknown', detail: 'at 100 users: hybrid is invalid: The server was busy.' },
    ]);
    expect(states('hybrid: p95 < 400ms', [invalid(HYBRID)])).toEqual(['unknown']);
  });

  it('says "never" of what has no end, and fails it', () => {
    const growing = { ...HYBRID, events: { ...HYBRID.events!, backlog: { ...HYBRID.events!.backlog, drainSeconds: null } } };
    expect(check('hybrid: backlog_drain < 1h', [growing])).toMatchObject([
      { state: 'fail', detail: 'at 100 users: never', observed: null },
    ]);
  });

  it('does not know a metric that its program does not know', () => {
    const foreign = { ...threshold('hybrid: p95 < 1s'), metric: 'p42' };
    expect(judge([foreign], [HYBRID]).checks).toMatchObject([
      { state: 'unknown', detail: 'at 100 users: there is no metric p42' },
    ]);
  });

  it.each([
    ['hybrid: throughput > 1', 'at 100 users: 500/s'],
    ['hybrid: sent > 1', 'at 100 users: 1000'],
    ['hybrid: ideal_p50 == 500ms', 'at 100 users: 500 ms'],
    ['hybrid: failure_rate < 50%', 'at 100 users: 0 % (0 % to 0.299 % with 95 % confidence)'],
  ])('%s: %s', (text, detail) => {
    expect(check(text, [{ ...HYBRID, throughput: 500 }])).toMatchObject([{ state: 'pass', detail }]);
  });
});

describe('at which load', () => {
  const at = (count: number, time: number): MeasuredTrial => steadyTrial(headOf('hybrid', users(count)), time);

  it('every one at which the subject was measured, smallest first', () => {
    const checks = check('hybrid: p95 < 600ms', [at(500, 900), at(10, 500), SYNC]);
    expect(checks.map(({ state, detail }) => `${state} ${detail.split(':')[0] ?? ''}`)).toEqual([
      'pass at 10 users',
      'fail at 500 users',
    ]);
  });

  it('the one that the threshold names', () => {
    expect(states('hybrid@10: p95 < 600ms', [at(500, 900), at(10, 500)])).toEqual(['pass']);
    expect(check('hybrid@50: p95 < 600ms', [at(500, 900), at(10, 500)])).toMatchObject([
      { state: 'unknown', detail: 'hybrid was not measured at 50', observed: null },
    ]);
  });

  it('a rate in the open model', () => {
    const open = steadyTrial(headOf('hybrid', { model: 'open', rate: 50 }), 500);
    expect(check('hybrid@50: p95 < 600ms', [open, at(10, 900)])).toMatchObject([{ state: 'pass' }]);
    expect(check('hybrid: p95 < 600ms', [open])[0]?.detail).toMatch(/^at 50\/s: /);
    expect(states('hybrid: p95 < 600ms', [open, at(50, 500)])).toEqual(['pass', 'pass']);
  });

  it('none: the subject was not measured at all', () => {
    expect(check('hybrid: p95 < 600ms', [SYNC])).toMatchObject([{ state: 'unknown', detail: 'hybrid was not measured' }]);
    expect(check('parallel/hybrid: p95 < 2', [SYNC])).toMatchObject([
      { state: 'unknown', detail: 'parallel or hybrid was not measured' },
    ]);
  });

  it('one that was planned and not measured', () => {
    const planned = [HYBRID, headOf('hybrid', users(500))];
    expect(check('hybrid: p95 < 600ms', [HYBRID], planned)).toMatchObject([
      { state: 'pass' },
      { state: 'unknown', detail: 'at 500 users: hybrid was not measured' },
    ]);
  });
});

describe('a ratio', () => {
  it('divides the one by the other at the same load', () => {
    const [found] = check('sync/hybrid: p95 >= 1.5', [SYNC, HYBRID]);
    expect(found).toMatchObject({ state: 'pass', expression: 'sync/hybrid: p95 >= 1.5' });
    expect(found?.observed).toBeCloseTo(1050.94 / 500.94, 6);
    expect(found?.detail).toBe(
      'at 100 users: 2.0979 (2.0978 to 2.098 with 95 % confidence), sync 1050.9 ms and hybrid 500.94 ms',
    );
    expect(states('hybrid/sync: p95 >= 1.5', [SYNC, HYBRID])).toEqual(['fail']);
  });

  it('is unknown when one side is missing', () => {
    expect(check('sync/hybrid: p95 >= 1.5', [SYNC])).toMatchObject([
      { state: 'unknown', detail: 'at 100 users: hybrid was not measured' },
    ]);
    expect(states('sync/hybrid: p95 >= 1.5', [HYBRID])).toEqual(['unknown']);
    expect(states('sync/hybrid: p95 >= 1.5', [HYBRID, erroredTrial(headOf('sync'))])).toEqual(['unknown']);
    expect(states('sync/hybrid: p95 >= 1.5', [SYNC, invalid(HYBRID)])).toEqual(['unknown']);
  });

  it('is unknown when it would divide by nothing', () => {
    expect(check('sync/hybrid: timeout < 2', [SYNC, HYBRID])).toMatchObject([
      { state: 'unknown', detail: 'at 100 users: timeout of hybrid is 0: there is no ratio' },
    ]);
  });
});

describe('several rounds', () => {
  const round = (number: number, time: number): MeasuredTrial => steadyTrial(headOf('hybrid', users(100), number), time);

  it('are judged together, on their median', () => {
    const rounds = [round(1, 500), round(2, 900), round(3, 520)];
    expect(states('hybrid: p95 < 600ms', rounds)).toEqual(['pass']);
    expect(states('hybrid: p95 < 510ms', rounds)).toEqual(['fail']);
    expect(check('hybrid: p95 < 600ms', rounds)[0]?.observed).toBeCloseTo(520.94, 2);
  });

  it('are unknown when one of them is', () => {
    expect(states('hybrid: p95 < 600ms', [round(1, 500), invalid(round(2, 500))])).toEqual(['unknown']);
    expect(states('hybrid: p95 < 600ms', [erroredTrial(headOf('hybrid')), round(2, 500)])).toEqual(['unknown']);
    expect(check('hybrid: p95 < 600ms', [round(1, 500)], [headOf('hybrid'), headOf('hybrid', users(100), 2)])).toMatchObject([
      { state: 'unknown', detail: 'at 100 users: 1 of 2 rounds of hybrid were measured' },
    ]);
    const silent = trialOf(headOf('hybrid', users(100), 2), [1], 1);
    expect(states('hybrid: ok_p50 < 600ms', [round(1, 500), silent])).toEqual(['unknown']);
  });
});

describe('the verdict', () => {
  const verdict = (texts: string[], trials: readonly Trial[], planned?: readonly TrialHead[]) =>
    judge(texts.map(threshold), trials, planned).verdict;

  it('passes when every threshold does, and when there is none', () => {
    expect(verdict(['hybrid: p95 < 600ms', 'hybrid: lost == 0'], [HYBRID])).toBe('pass');
    expect(verdict([], [HYBRID, SYNC])).toBe('pass');
  });

  it('fails when one threshold does, whatever else is unknown', () => {
    expect(verdict(['hybrid: p95 < 600ms', 'hybrid: p95 < 400ms'], [HYBRID])).toBe('fail');
    expect(verdict(['hybrid: p95 < 400ms', 'sync: lost == 0'], [HYBRID, invalid(SYNC)])).toBe('fail');
  });

  it('is unknown when a threshold is', () => {
    expect(verdict(['hybrid: p95 < 600ms', 'sync: lost == 0'], [HYBRID, SYNC])).toBe('unknown');
  });

  it('leaves warnings without a say', () => {
    expect(verdict(['warn: hybrid: p95 < 400ms'], [HYBRID])).toBe('pass');
    expect(verdict(['warn: sync: lost == 0'], [SYNC])).toBe('pass');
    expect(verdict(['warn: hybrid: p95 < 600ms', 'hybrid: p95 < 400ms'], [HYBRID])).toBe('fail');
  });

  it('is unknown when a trial is invalid, errored, aborted or missing, or nothing was measured', () => {
    expect(verdict([], [HYBRID, invalid(SYNC)])).toBe('unknown');
    expect(verdict([], [HYBRID, erroredTrial(headOf('sync'))])).toBe('unknown');
    expect(verdict([], [HYBRID, { ...headOf('sync'), state: 'aborted', message: 'interrupted' }])).toBe('unknown');
    expect(verdict([], [HYBRID], [HYBRID, SYNC])).toBe('unknown');
    expect(verdict([], [])).toBe('unknown');
    expect(verdict(['hybrid: p95 < 600ms'], [HYBRID, invalid(SYNC)])).toBe('unknown');
  });
});

describe('a trial that a hopeless limit has ended', () => {
  const limit = threshold('abort: sync: p95 < 1ms');
  const ended: Trial = { ...headOf('sync'), state: 'aborted', message: 'Hopeless after 1 s', hopeless: limit.expression };

  it('has failed that limit at its load, whatever other rounds were, and nothing else is known of it', () => {
    const { checks, verdict } = judge([limit, threshold('sync: p95 < 9s')], [steadyTrial(headOf('sync', users(100), 2), 0.1), ended]);
    expect(checks.map(({ state, detail }) => `${state} ${detail}`)).toEqual([
      'fail at 100 users: Hopeless after 1 s', 'unknown at 100 users: sync was aborted: Hopeless after 1 s',
    ]);
    expect(verdict).toBe('fail');
  });

  it('says nothing of another load', () => {
    const planned = [headOf('sync'), headOf('sync', users(500))];
    expect(judge([limit], [ended], planned).checks.map(({ state }) => state)).toEqual(['fail', 'unknown']);
  });
});
