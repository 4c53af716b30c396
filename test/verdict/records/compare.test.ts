import { describe, expect, it } from 'vitest';
import { compareRecords } from '../../../src/verdict/records/compare.js';
import { RECORD_RULES } from '../../../src/verdict/records/rules.js';
import { percentileLower, percentileUpper } from '../../../src/verdict/statistics/percentile-intervals.js';
import { measured, unmeasured } from '../../support/measured.js';
import { checkout } from '../../support/record.js';
import { normals } from '../chance.js';
import { compared, elsewhere, pair, rowOf, saved, timed, USERS_100 } from './saved.js';

const base = saved(pair());

describe('compareRecords', () => {
  it('passes a run that repeats another, row by row', () => {
    const { verdict, comparisons } = compared(base, base);
    expect(verdict).toBe('pass');
    expect(comparisons.map(({ subject, metric, state }) => `${subject} ${metric} ${state}`)).toEqual([
      'hybrid/sync p50 pass', 'hybrid/sync p95 pass', 'hybrid/sync throughput pass',
      'sync failure_rate pass', 'sync p50 pass', 'sync p95 pass', 'sync throughput pass',
      'hybrid failure_rate pass', 'hybrid p50 pass', 'hybrid p95 pass', 'hybrid throughput pass',
    ]);
    for (const row of comparisons) expect(row).toMatchObject({ kind: 'records', load: USERS_100, gate: true, pairs: null, why: '' });
  });

  it('knows that a run has not changed against itself, however little it knows of its numbers', () => {
    const short = saved([timed(measured({ subject: 'sync', ms: 1000 }), [900, 1000, 1100]), measured({ subject: 'hybrid', ms: 500 })]);
    expect(compared(short, short).verdict).toBe('inconclusive');
    const same = compareRecords(short, structuredClone(short));
    expect(same).toMatchObject({ state: 'compared', verdict: 'pass' });
    for (const row of same.state === 'compared' ? same.comparisons : []) expect(row).toMatchObject({ change: 0, low: 0, high: 0, reading: 'unsure', why: 'base and head are one and the same run' });
  });

  it('says nothing good of a run against itself where it measured nothing', () => {
    const errored = saved([...pair(), unmeasured('parallel', 100, 'no port')]);
    const same = compareRecords(errored, errored);
    expect(same).toMatchObject({ state: 'compared', verdict: 'inconclusive' });
    expect(same.state === 'compared' && same.comparisons.filter(({ subject }) => subject.includes('parallel')).map(({ state }) => state)).not.toContain('pass');
  });

  it('is not fooled by a machine that is 30 % slower in everything', () => {
    const slower = elsewhere(saved(pair({ sync: 1.3, hybrid: 1.3 })), { cpu: 'slow' });
    expect(rowOf(base, slower, 'hybrid/sync', 'p95')).toMatchObject({ state: 'pass', change: 0 });
  });

  it('finds a change in one design whatever the machine', () => {
    const row = rowOf(base, saved(pair({ sync: 0.7, hybrid: 0.84 })), 'hybrid/sync', 'p50');
    expect(row).toMatchObject({ state: 'fail', reading: 'slower', base: expect.closeTo(0.5), limits: RECORD_RULES.ratios, confidence: 0.95 });
    expect(row?.head).toBeCloseTo(0.6, 9);
    expect(row?.change).toBeCloseTo(0.2, 6);
  });

  it('cannot tell which of two designs has moved when their ratio falls', () => {
    expect(rowOf(base, saved(pair({ sync: 1.2 })), 'hybrid/sync', 'p50')).toMatchObject({
      reading: 'faster', state: 'inconclusive', why: 'either hybrid became better or sync became worse',
    });
  });

  it('compares times themselves with a wide tolerance', () => {
    const state = (factor: number) => rowOf(base, saved(pair({ sync: factor, hybrid: factor })), 'sync', 'p95')?.state;
    expect(state(1.24)).toBe('pass');
    expect(state(1.27)).toBe('fail');
    expect(state(0.5)).toBe('pass');
    expect(rowOf(base, base, 'sync', 'p95')?.limits).toEqual({ margin: 0.25, tolerance: 0.5 });
  });

  it('does not call a head faster that answers errors quickly', () => {
    const quick = (failureRate: number) => saved([measured({ subject: 'sync', ms: 500, failureRate }), measured({ subject: 'hybrid', ms: 500 })]);
    expect(rowOf(base, quick(0), 'sync', 'p50')).toMatchObject({ reading: 'faster', state: 'pass' });
    expect(rowOf(base, quick(0.2), 'sync', 'failure_rate')).toMatchObject({ reading: 'slower', state: 'fail' });
    for (const metric of ['p50', 'p95']) {
      expect(rowOf(base, quick(0.2), 'sync', metric)).toMatchObject({
        reading: 'unsure', state: 'inconclusive', why: 'not judged: the head fails 20 points more, and failing is quick',
      });
    }
    expect(rowOf(base, quick(0.2), 'hybrid', 'p50')?.state).toBe('pass');
  });

  it('knows that throughput is the other way round', () => {
    const half = saved([measured({ subject: 'sync', ms: 1000, sent: 500 }), measured({ subject: 'hybrid', ms: 500 })]);
    expect(rowOf(base, half, 'sync', 'throughput')).toMatchObject({ reading: 'slower', state: 'fail', base: expect.closeTo(100), head: expect.closeTo(50) });
    expect(rowOf(base, half, 'sync', 'throughput')?.change).toBeCloseTo(-0.5, 9);
    const less = saved([measured({ subject: 'sync', ms: 1000, sent: 850 }), measured({ subject: 'hybrid', ms: 500 })]);
    expect(rowOf(base, less, 'sync', 'throughput')).toMatchObject({ reading: 'unsure', state: 'pass' });
    expect(rowOf(half, base, 'sync', 'throughput')).toMatchObject({ reading: 'faster', state: 'pass' });
    expect(rowOf(half, base, 'hybrid/sync', 'throughput')).toMatchObject({ reading: 'slower', state: 'fail' });
  });

  it('has the run-to-run noise of machines in times and not in ratios', () => {
    const absolute = rowOf(base, base, 'sync', 'p50');
    expect(absolute?.high).toBeCloseTo(Math.expm1(1.96 * Math.SQRT2 * 0.027), 4);
    expect(absolute?.low).toBeCloseTo(Math.expm1(-1.96 * Math.SQRT2 * 0.027), 4);
    expect(absolute?.smallest).toBeCloseTo(Math.expm1(3.97 * Math.SQRT2 * 0.027), 6);
    expect(rowOf(base, base, 'hybrid/sync', 'p50')).toMatchObject({ low: 0, high: 0, smallest: 0 });
  });

  it('takes several loads, each with its subjects', () => {
    const at = (users: number) => pair().map((trial) => ({ ...trial, load: { model: 'closed' as const, users } }));
    const { comparisons } = compared(saved([...at(10), ...at(100)]), saved([...at(10), ...at(100)]));
    expect(comparisons).toHaveLength(22);
    expect(comparisons[11]?.load).toEqual({ model: 'closed', users: 100 });
    const rates = [measured({ subject: 'sync', ms: 1, rate: 5 }), measured({ subject: 'sync', ms: 1, rate: 9 })];
    expect(compared(saved(rates), saved(rates)).comparisons).toHaveLength(8);
  });

  it('compares every subject with the first', () => {
    const trials = ['sync', 'parallel', 'hybrid'].map((subject) => measured({ subject, ms: 500 }));
    const subjects = compared(saved(trials), saved(trials)).comparisons.map(({ subject }) => subject);
    expect([...new Set(subjects)]).toEqual(['parallel/sync', 'hybrid/sync', 'sync', 'parallel', 'hybrid']);
  });

  it('takes records whose subjects have different numbers of rounds', () => {
    const [sync, hybrid] = pair();
    if (!sync || !hybrid) throw new Error('no trial');
    const uneven = saved([sync, hybrid, { ...sync, round: 2 }]);
    expect(compared(uneven, uneven).verdict).toBe('pass');
  });

  it('refuses for a single reason', () => {
    expect(compareRecords(base, saved(pair(), { scenario: checkout({ name: 'other' }) }))).toMatchObject({ state: 'refused' });
  });

  it('does not judge what only the head has', () => {
    const [sync] = pair();
    if (!sync) throw new Error('no trial');
    expect(compared(saved([sync]), base).comparisons.every(({ subject }) => subject === 'sync')).toBe(true);
  });
});

describe('a record with something missing', () => {
  it('never passes for it', () => {
    const [sync, hybrid] = pair();
    if (!sync || !hybrid) throw new Error('no trial');
    const cases = [
      [saved([sync]), 'the head has no such trial'],
      [saved([sync, unmeasured('hybrid', 100, 'port in use')]), 'the head has a trial that was errored: port in use'],
      [saved([sync, unmeasured('hybrid', 100, 'interrupted', 'aborted')]), 'the head has a trial that was aborted: interrupted'],
      [
        saved([sync, { ...hybrid, validity: { valid: false, problems: ['books do not balance.', 'late.'], notes: [] } }]),
        'the head has an invalid trial: books do not balance. late.',
      ],
      [saved([sync, hybrid], { plan: saved([...pair(), ...pair({ round: 2 })]).plan }), 'the head has 1 of 2 rounds'],
    ] as const;
    for (const [head, why] of cases) {
      expect(compared(base, head).verdict).toBe('inconclusive');
      expect(rowOf(base, head, 'hybrid', 'failure_rate')).toEqual({
        kind: 'records', subject: 'hybrid', load: USERS_100, metric: 'failure_rate', scale: 'points', base: null, head: null,
        change: null, low: null, high: null, confidence: 0.95, limits: RECORD_RULES.failures, reading: 'unsure',
        state: 'inconclusive', gate: true, pairs: null, smallest: null, why,
      });
      expect(rowOf(base, head, 'hybrid/sync', 'p50')).toMatchObject({ state: 'inconclusive', why });
    }
    const broken = saved([sync, unmeasured('hybrid', 100, 'port in use')]);
    expect(rowOf(broken, base, 'hybrid', 'failure_rate')).toMatchObject({ why: 'the base has a trial that was errored: port in use' });
    expect(rowOf(broken, base, 'hybrid/sync', 'p95')).toMatchObject({ why: 'the base has a trial that was errored: port in use' });
  });

  it('says when the answers are too few', () => {
    const few = saved([measured({ subject: 'sync', ms: 1000, sent: 40 }), measured({ subject: 'hybrid', ms: 500 })]);
    const why = 'p95 has no bound: 40 samples, and it takes 59 to bound it';
    expect(rowOf(base, few, 'sync', 'p95')).toMatchObject({ state: 'inconclusive', why, head: null });
    expect(rowOf(few, base, 'sync', 'p95')).toMatchObject({ state: 'inconclusive', why });
    expect(rowOf(few, base, 'hybrid/sync', 'p95')).toMatchObject({ state: 'inconclusive', why });
    expect(rowOf(base, few, 'sync', 'p50')?.state).toBe('pass');
    const none = saved([measured({ subject: 'sync', ms: 1000, failureRate: 1 }), measured({ subject: 'hybrid', ms: 500 })]);
    expect(rowOf(base, none, 'sync', 'throughput')).toMatchObject({ state: 'inconclusive', why: 'no good answer' });
    const silent = saved([measured({ subject: 'sync', ms: 1000, sent: 0 }), measured({ subject: 'hybrid', ms: 500 })]);
    expect(rowOf(base, silent, 'sync', 'p50')).toMatchObject({ state: 'inconclusive', why: 'no samples of p50' });
    expect(rowOf(base, silent, 'sync', 'failure_rate')).toMatchObject({ state: 'inconclusive', why: 'nothing was counted' });
  });
});

describe('how far a figure is known', () => {
  const [sync, hybrid] = pair();
  const normal = normals(9);
  const spreadOut = (n: number) => Array.from({ length: n }, () => 1000 * Math.exp(0.5 * normal()));

  it('follows from the samples: wide ratios are inconclusive', () => {
    if (!sync || !hybrid) throw new Error('no trial');
    const wide = saved([timed(sync, spreadOut(40)), hybrid]);
    expect(rowOf(wide, wide, 'hybrid/sync', 'p50')).toMatchObject({ state: 'inconclusive', change: 0 });
    const narrow = saved([timed(sync, spreadOut(4000)), hybrid]);
    const row = rowOf(narrow, narrow, 'hybrid/sync', 'p50');
    expect(row?.state).toBe('pass');
    // Median of a lognormal: standard error of its log is sd sqrt(pi/2 / n), twice over.
    expect(row?.high).toBeCloseTo(Math.expm1(1.96 * Math.SQRT2 * 0.5 * Math.sqrt(Math.PI / 2 / 4000)), 1);
    expect(row?.high).toBeGreaterThan(0.02);
    expect(row?.high).toBeLessThan(0.04);
  });

  it('is the width of the bounds of the percentile, in standard errors', () => {
    if (!sync || !hybrid) throw new Error('no trial');
    const samples = Array.from({ length: 400 }, (_, i) => 1000 * Math.exp(i / 1000));
    const record = saved([timed(sync, samples), hybrid]);
    const ranks = (percentileUpper(samples, 0.5, 0.95) ?? 0) / (percentileLower(samples, 0.5, 0.95) ?? 1);
    const error = Math.log(ranks) / 2 / 1.6448536;
    const row = rowOf(record, record, 'hybrid/sync', 'p50');
    expect(Math.log1p(row?.high ?? 0)).toBeCloseTo(1.959964 * Math.SQRT2 * error, 6);
    expect(Math.log1p(row?.low ?? 0)).toBeCloseTo(-1.959964 * Math.SQRT2 * error, 6);
  });

  it('is that of a count for throughput, however small', () => {
    const row = rowOf(base, base, 'hybrid/sync', 'throughput');
    expect(Math.log1p(row?.high ?? 0)).toBeCloseTo(1.959964 * Math.sqrt(4 / 1000), 6);
    const slow = saved([measured({ subject: 'sync', ms: 1000, change: { throughput: 0.5 } })]);
    expect(rowOf(slow, slow, 'sync', 'throughput')).toMatchObject({ base: expect.closeTo(0.5), state: 'pass' });
  });

  it('is better known from several rounds', () => {
    if (!sync || !hybrid) throw new Error('no trial');
    const samples = spreadOut(400);
    const rounds = (n: number) => saved(Array.from({ length: n }, (_, i) => [
      { ...timed(sync, samples), round: i + 1 }, { ...hybrid, round: i + 1 },
    ]).flat());
    const high = (n: number) => Math.log1p(rowOf(rounds(n), rounds(n), 'hybrid/sync', 'p50')?.high ?? 0);
    expect(high(4)).toBeCloseTo(high(1) / 2, 9);
  });

  it('is no better than the rounds agree', () => {
    const apart = saved([...pair({ sync: 0.8 }), ...pair({ sync: 1.25, round: 2 })]);
    expect(rowOf(apart, apart, 'hybrid/sync', 'p50')).toMatchObject({ state: 'inconclusive', change: 0 });
    expect(rowOf(base, apart, 'sync', 'p50')?.head).toBeCloseTo(1000, 6);
    const high = Math.log1p(rowOf(base, apart, 'hybrid/sync', 'p50')?.high ?? 0);
    expect(high).toBeCloseTo(1.959964 * Math.log(1.25), 5);
    const slowerPerhaps = saved([...pair({ sync: 0.8, hybrid: 1.2 }), ...pair({ sync: 1.25, hybrid: 1.2, round: 2 })]);
    expect(rowOf(base, slowerPerhaps, 'hybrid/sync', 'p50')).toMatchObject({ reading: 'unsure', state: 'inconclusive' });
  });

  it('has to leave no room for the tolerance, which is a ratio', () => {
    const apart = (factor: number) => saved([...pair({ sync: 1 / factor }), ...pair({ sync: factor, round: 2 })]);
    // 1.96 ln 1.102 is more than ln 1.2, and 1.96 ln 1.095 is less.
    expect(rowOf(base, apart(1.102), 'hybrid/sync', 'p50')?.state).toBe('inconclusive');
    expect(rowOf(base, apart(1.095), 'hybrid/sync', 'p50')?.state).toBe('pass');
  });
});
