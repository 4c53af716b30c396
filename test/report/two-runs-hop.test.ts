import { describe, expect, it } from 'vitest';
import { runLines } from '../../src/report/two-runs.js';
import { checkoutRecord } from '../support/record.js';
import { twoRuns } from '../support/two-runs.js';

describe('the lines of two runs', () => {
  it('tell which of them had no hops to its services', () => {
    const [a, b] = [checkoutRecord(), checkoutRecord()];
    const [first, second] = runLines(twoRuns(a, { ...b, plan: { ...b.plan, hop: 'in-process' } }));
    expect(first).not.toContain('hops');
    expect(second).toMatch(/services answered within the server's process, without HTTP hops$/);
  });
});
