import { describe, expect, it } from 'vitest';
import { COMMENT_MARK, githubComment } from '../../src/report/comment.js';
import { githubSummary } from '../../src/report/github.js';
import { comparePairs } from '../../src/verdict/pairs/comparison.js';
import { comparison } from '../support/comparison.js';
import { checkoutRecord, hostileRecord, recordOf } from '../support/record.js';
import { pairsOf, runOf, spreadOf } from '../verdict/pairs/blocks.js';

const run = runOf(pairsOf(spreadOf(3, 1, 0.001)));
const paired = recordOf([], { paired: [run], comparisons: comparePairs(run), verdict: 'fail' });

describe('the comment on a pull request', () => {
  it('has head against base in one table and one picture', () => {
    expect(githubComment(paired)).toBe(
      [
        COMMENT_MARK, '', '## checkout', '', '**FAIL: 3 of 4 checks failed, 1 of 4 checks unknown.**', '',
        '### What to do next', '', '- Find what made it slower: pr/main p50 at 20 users went from 100 ms to 200 ms (+100.0%); 2 more failed.', '',
        '|  | compared | base | head | change | interval |', '| --- | --- | --- | --- | --- | --- |',
        '| ❌ fail | pr/main p50 at 20 users | 100 ms | 200 ms | +100.0% | +97.1% to +103.0% |',
        '| ❌ fail | pr/main p95 at 20 users | 150 ms | 300 ms | +100.0% | +97.1% to +103.0% |',
        '| ❌ fail | pr/main throughput at 20 users | 100/s | 50/s | -50.0% | -50.7% to -49.3% |',
        '| ❔ unknown | pr/main failure\\_rate at 20 users | 0% | 0% | +0 points | -7.26 points to +6.77 points |', '',
        '```mermaid', 'xychart-beta', '  title "Head in percent of base (line: no change)"',
        '  x-axis ["p50 at 20 users", "p95 at 20 users", "throughput at 20 users"]', '  y-axis "%" 0 --> 221',
        '  bar [200, 200, 50]', '  line [100, 100, 100]', '```', '',
        'Repeat with `sync-vs-events bench checkout --seed 7` (sync-vs-events 0.1.0).', '',
      ].join('\n'),
    );
  });

  it('of records tells the subject with each metric', () => {
    const record = { ...checkoutRecord(), comparisons: [comparison({ kind: 'records', subject: 'hybrid', change: -0.25 })] };
    expect(githubComment(record)).toContain('x-axis ["hybrid p95 at 100 users"]');
    expect(githubComment(record)).toContain('bar [75]');
  });

  it('without a base has the table of the run, and its p95', () => {
    const text = githubComment(checkoutRecord());
    expect(text).toContain('| users | architecture | p50 |');
    expect(text).toContain('x-axis ["sync at 10 users", "hybrid at 10 users",');
    expect(githubComment(recordOf([]))).not.toContain('mermaid');
  });

  it('lets no name out of its quotes, its cell or the fence', () => {
    const text = githubComment(hostileRecord());
    const picture = text.split('```mermaid')[1]?.split('\n```')[0] ?? '';
    expect(picture.split('\n').find((line) => line.includes('x-axis'))).toMatch(/^ {2}x-axis \[("[^"`]*"(, )?)+\]$/);
    expect(text.match(/```/g)).toHaveLength(2);
  });

  it('shares its picture with the summary of the job', () => {
    expect(githubSummary(paired)).toContain('```mermaid\nxychart-beta');
  });
});
