import { describe, expect, it } from 'vitest';
import type { Check, RunRecord } from '../../src/measurement/record.js';
import { verdictSentence } from '../../src/report/verdict.js';
import { comparison } from '../support/comparison.js';
import { recordOf } from '../support/record.js';

const check = (state: Check['state'], level: Check['level'] = 'error'): Check => ({
  expression: 'hybrid: p95 < 600ms',
  state,
  level,
  detail: '',
  observed: null,
});

const said = (verdict: RunRecord['verdict'], checks: Check[], comparisons: RunRecord['comparisons'] = []): string =>
  verdictSentence(recordOf([], { verdict, checks, comparisons }));

describe('verdictSentence', () => {
  it('is empty when nothing was asked and nothing is wrong', () => {
    expect(said('pass', [])).toBe('');
  });

  it.each<[RunRecord['verdict'], Check[], string]>([
    ['unknown', [], 'UNKNOWN: see the problems.'],
    ['pass', [check('pass')], 'PASS: the check passed.'],
    ['pass', [check('pass'), check('pass')], 'PASS: all 2 checks passed.'],
    ['pass', [check('pass'), check('fail', 'warn')], 'PASS: the check passed, 1 warning.'],
    ['pass', [check('fail', 'warn'), check('unknown', 'warn')], 'PASS: 2 warnings.'],
    ['fail', [check('fail'), check('pass'), check('unknown')], 'FAIL: 1 of 3 checks failed, 1 of 3 checks unknown.'],
    ['unknown', [check('unknown')], 'UNKNOWN: 1 of 1 check unknown.'],
  ])('%s of %j', (verdict, checks, sentence) => {
    expect(said(verdict, checks)).toBe(sentence);
  });

  it('counts the comparisons that the verdict hangs on', () => {
    const comparisons = [comparison({ state: 'fail' }), comparison({ state: 'fail', gate: false })];
    expect(said('fail', [], comparisons)).toBe('FAIL: 1 of 1 check failed.');
    expect(said('unknown', [], [comparison({ state: 'inconclusive' })])).toBe('UNKNOWN: 1 of 1 check unknown.');
  });
});
