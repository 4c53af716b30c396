import * as fc from 'fast-check';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import type { RunRecord } from '../../src/measurement/record.js';
import { junitReport } from '../../src/report/junit.js';
import { markdownReport } from '../../src/report/markdown.js';
import { comparePairs } from '../../src/verdict/pairs/comparison.js';
import { comparison } from '../support/comparison.js';
import { pairsOf, runOf, spreadOf } from '../verdict/pairs/blocks.js';
import { measured } from '../support/measured.js';
import { checkoutRecord, HOSTILE, hostileRecord, recordOf, troubledRecord } from '../support/record.js';

interface Case {
  name: string;
  classname: string;
  time: string;
  failure?: { message: string };
  error?: { message: string };
  skipped?: { message: string };
  'system-out'?: string;
}

interface Suite {
  name: string;
  tests: string;
  failures: string;
  errors: string;
  skipped: string;
  testcase: Case[];
}

function parse(record: RunRecord): Suite[] {
  const text = junitReport(record);
  expect(XMLValidator.validate(text)).toBe(true);
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '',
    parseAttributeValue: false,
    isArray: (name) => name === 'testsuite' || name === 'testcase',
  });
  return (parser.parse(text) as { testsuites: { testsuite: Suite[] } }).testsuites.testsuite;
}

describe('junitReport', () => {
  it('has a test case for each trial and each check', () => {
    const [trials, checks] = parse(checkoutRecord());
    expect(trials).toMatchObject({ name: 'trials', tests: '6', failures: '0', errors: '0', skipped: '0' });
    expect(trials?.testcase.map(({ name }) => name)).toContain('hybrid at 500 users, round 1');
    expect(trials?.testcase[0]).toMatchObject({ classname: 'sync-vs-events.trials', time: '10' });
    expect(checks).toMatchObject({ name: 'checks', tests: '3', failures: '1', errors: '0', skipped: '1' });
    expect(checks?.testcase).toMatchObject([
      { name: 'hybrid: p95 < 600ms', failure: { message: '616 ms at 500 users' } },
      { name: 'hybrid: lost == 0' },
      { name: 'sync@10: p99 < 1.2s', skipped: { message: 'warning: 95 samples at 10 users, 299 needed' } },
    ]);
    expect(checks?.testcase[1]).not.toHaveProperty('failure');
  });

  it('knows no failure rate of no requests', () => {
    const silent = measured({ subject: 'sync', ms: 1, sent: 0, change: { validity: { valid: false, problems: ['No request was sent.'], notes: [] } } });
    const [trials] = parse({ ...checkoutRecord(), trials: [silent] });
    expect(trials?.testcase[0]).toMatchObject({ error: { message: 'No request was sent.' }, 'system-out': 'p50 -, p95 -, failed -' });
  });

  it('never lets anything unknown pass', () => {
    const unknown = {
      expression: 'x',
      state: 'unknown',
      level: 'error',
      detail: 'no samples',
      observed: null,
    } as const;
    const [checks, comparisons] = parse(
      recordOf([], {
        checks: [unknown],
        comparisons: [comparison({ state: 'inconclusive' }), comparison({ gate: false })],
      }),
    );
    expect(checks).toMatchObject({ errors: '1', testcase: [{ error: { message: 'no samples' } }] });
    expect(comparisons).toMatchObject({ tests: '1', errors: '1', testcase: [{ name: 'head/base p95 at 100 users' }] });
    const [trials] = parse(troubledRecord());
    expect(trials).toMatchObject({ tests: '5', errors: '3' });
    expect(trials?.testcase[1]?.error?.message).toBe('errored: The server process was killed by SIGKILL');
    expect(trials?.testcase[3]?.error?.message).toMatch(/busy 97%/);
  });

  it('has an error, and not a pass, for the times of a head that answers errors quickly', () => {
    const pairs = pairsOf(spreadOf(8, -0.3, 0.01)).map((pair) => ({ ...pair, head: { ...pair.head, failed: 60 } }));
    const record = recordOf([], { comparisons: comparePairs(runOf(pairs)) });
    const [comparisons] = parse(record);
    expect(comparisons).toMatchObject({ tests: '4', failures: '1', errors: '2' });
    const told = /^unsure, -30\.0% .*, not judged: the head fails [\d.]+ points more, and failing is quick$/;
    expect(comparisons?.testcase[0]?.error?.message).toMatch(told);
    expect(markdownReport(record)).toMatch(/^\| ❔ unknown \| pr\/main p50 at 20 users \| unsure, -30\.0% .*not judged: the head fails/m);
  });

  it('keeps hostile names as text', () => {
    const suites = parse(hostileRecord());
    expect(suites.map(({ name }) => name)).toEqual(['trials', 'checks', 'comparisons']);
    expect(suites[1]?.testcase[0]?.name).toContain('<script>alert(1)</script> ::error::d%0A');
    expect(HOSTILE).toContain('\u0000');
  });

  it('is well formed whatever the names', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        const text = junitReport(recordOf([measured({ subject: name, ms: 1, sent: 1 })]));
        expect(XMLValidator.validate(text)).toBe(true);
        // oxlint-disable-next-line no-control-regex
        expect(text).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/);
      }),
    );
  });
});
