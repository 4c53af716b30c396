import { describe, expect, it } from 'vitest';
import type { Check } from '../../src/measurement/record.js';
import { githubAnnotations, githubPicture, githubSummary, LARGEST_SUMMARY } from '../../src/report/github.js';
import { markdownReport } from '../../src/report/markdown.js';
import { comparison } from '../support/comparison.js';
import { measured, unmeasured } from '../support/measured.js';
import { checkoutRecord, recordOf } from '../support/record.js';

const ok = [measured({ subject: 'sync', ms: 1050 })];
const check = (change: Partial<Check>): Check => ({
  expression: 'hybrid: p95 < 600ms', state: 'fail', level: 'error', detail: 'at 500 users: 616 ms', observed: 616, ...change,
});

/** What the runner makes of the lines it sees: its own rules (actions/runner, ActionCommand.cs) of taking commands apart. */
function readByRunner(text: string) {
  return text.split('\n').slice(0, -1).map((line) => {
    const [, level = '', properties = '', message = ''] = /^::(\w+) (.*?)::(.*)$/.exec(line) ?? [];
    const undo = (value: string) => value.replaceAll('%0D', '\r').replaceAll('%0A', '\n');
    const title = undo(properties.split(',').map((property) => property.split('='))[0]?.slice(1).join('=') ?? '')
      .replaceAll('%3A', ':').replaceAll('%2C', ',').replaceAll('%25', '%');
    return { level, title, message: undo(message).replaceAll('%25', '%'), line };
  });
}

describe('githubAnnotations', () => {
  it('says nothing when everything passed', () => {
    expect(githubAnnotations(recordOf(ok, { checks: [check({ state: 'pass' })], comparisons: [comparison({ state: 'pass' })] }))).toBe('');
  });

  it('makes a failed check an error, and what only warns or is not known a warning, the worst first', () => {
    const checks = [check({ state: 'unknown', detail: 'no samples' }), check({ level: 'warn' }), check({})];
    expect(githubAnnotations(recordOf(ok, { checks }))).toBe(
      '::error title=hybrid%3A p95 < 600ms::fail: at 500 users: 616 ms\n' +
        '::warning title=hybrid%3A p95 < 600ms::unknown: no samples\n' +
        '::warning title=hybrid%3A p95 < 600ms::fail: at 500 users: 616 ms\n',
    );
  });

  it('tells of comparisons that the verdict hangs on', () => {
    const comparisons = [comparison({}), comparison({ gate: false }), comparison({ state: 'inconclusive', reading: 'unsure' })];
    const read = readByRunner(githubAnnotations(recordOf(ok, { comparisons })));
    expect(read.map(({ level, title }) => `${level} ${title}`)).toEqual([
      'error head/base p95 at 100 users', 'warning head/base p95 at 100 users',
    ]);
    expect(read[0]?.message).toContain('fail: slower, +5.0% (+3.2% to +7.0%), 12 pairs');
  });

  it('warns of trials that were not measured, are not valid or are missing', () => {
    const trials = [unmeasured('sync', 100, 'port in use'), measured({ subject: 'hybrid', ms: 5, change: { validity: { valid: false, problems: ['Books do not balance.'], notes: [] } } })];
    const text = githubAnnotations(recordOf(trials, { plan: { trials: Array.from({ length: 3 }, () => ({}) as never), estimatedSeconds: 1 } }));
    expect(readByRunner(text).map(({ level, title, message }) => [level, title, message])).toEqual([
      ['warning', 'sync-vs-events', '1 of 3 trials were not run.'],
      ['warning', 'sync-vs-events', 'sync at 100 users: errored: port in use'],
      ['warning', 'sync-vs-events', 'hybrid at 100 users: Books do not balance.'],
    ]);
  });

  it('gives no more than GitHub shows, and counts the rest', () => {
    const some = (n: number) => readByRunner(githubAnnotations(recordOf(ok, { checks: Array.from({ length: n }, (_, i) => check({ detail: `${i}`, level: i === n - 1 ? 'error' : 'warn' })) })));
    expect(some(10)).toHaveLength(10);
    expect(some(10)[0]).toMatchObject({ level: 'error', message: 'fail: 9' });
    expect(some(11)).toHaveLength(10);
    expect(some(11)[0]).toMatchObject({ level: 'error', message: 'fail: 10' });
    expect(some(11)[9]?.message).toBe('2 more did not pass: see the summary of the job');
    expect(some(40)[9]?.message).toBe('31 more did not pass: see the summary of the job');
  });

  it.each([
    'a\n::error::injected', 'a\r\n::set-output name=x::y', '%0A::error::injected', '100% sure', ',file=/etc/passwd,line=1', 'x::y',
    '\u2028::error::z', '##[error]a', '%25%0D%3A', '::stop-commands::x',
  ])('keeps %j within its annotation', (hostile) => {
    const text = githubAnnotations(recordOf(ok, { checks: [check({ expression: hostile, detail: hostile })] }));
    const read = readByRunner(text);
    expect(read).toHaveLength(1);
    const shown = hostile.replace(/[\r\n\u2028]+/g, ' ');
    expect(read[0]).toMatchObject({ level: 'error', title: shown.trim(), message: `fail: ${shown}` });
    expect(text.split(/[\r\n\u2028]/)).toHaveLength(2);
  });
});

describe('githubSummary', () => {
  it('is the Markdown report, with a picture', () => {
    expect(githubSummary(checkoutRecord())).toBe(markdownReport(checkoutRecord(), githubPicture(checkoutRecord())));
  });

  it('is cut after a whole line when it is too large, and says so', () => {
    const checks = Array.from({ length: 30_000 }, (_, i) => check({ detail: `at ${i} Nutzern ⏱ 616 ms` }));
    const summary = githubSummary(recordOf(ok, { checks }));
    const bytes = Buffer.byteLength(summary);
    expect(bytes).toBeLessThanOrEqual(LARGEST_SUMMARY);
    expect(bytes).toBeGreaterThan(LARGEST_SUMMARY - 1000);
    expect(summary).toMatch(/\| ❌ fail \| `hybrid: p95 < 600ms` \| at \d+ Nutzern ⏱ 616 ms \|\n\n\*This summary was cut: GitHub takes 1 MiB of a step.\*\n$/);
    expect(summary.startsWith('## checkout')).toBe(true);
  });

  it('is no larger even when a single line is', () => {
    const summary = githubSummary(recordOf(ok, { checks: [check({ detail: 'x'.repeat(2 ** 21) })] }));
    expect(Buffer.byteLength(summary)).toBeLessThan(LARGEST_SUMMARY);
    expect(summary).toContain('This summary was cut');
  });
});
