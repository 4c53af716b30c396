import { describe, expect, it } from 'vitest';
import { selfCheckLines } from '../../src/report/comparisons.js';
import type { SelfCheck } from '../../src/verdict/pairs/aa.js';

const CHECK: SelfCheck = {
  comparisons: 20,
  alarms: 1,
  rate: 0.05,
  interval: { low: 0.0089, high: 0.2361 },
  upper: 0.2161,
  inconclusive: 2,
  meanPairs: 11.25,
  noise: [
    { metric: 'p50', floor: 0.0312, smallest: 0.018 },
    { metric: 'failure_rate', floor: null, smallest: null },
  ],
  drift: { reading: 'unsure', change: 0.004, low: -0.012, high: 0.021 },
};
const linesOf = (change: Partial<SelfCheck> = {}) => selfCheckLines({ ...CHECK, ...change }, 'hybrid', { model: 'closed', users: 50 });

describe('selfCheckLines', () => {
  it('says what comparing a thing with itself came to', () => {
    expect(linesOf()).toEqual([
      'hybrid at 50 users compared with itself 20 times',
      '  false alarms       1 of 20 (95 % interval 0.89% to 23.6%, at most 21.6%)',
      '  could not tell     2',
      '  pairs to a verdict 11.3 on average',
      '  p50                noise 3.12 % between blocks, smallest change that can be seen 1.80 %',
      '  failure_rate       noise - between blocks, smallest change that can be seen -',
      '  drift              none beyond noise: p50 +0.4% from the first pair of blocks to the last (-1.2% to +2.1% with 99 % confidence)',
    ]);
  });

  it('says that the machine drifted, by how much, and what that spoils', () => {
    expect(linesOf({ drift: { reading: 'slower', change: 0.123, low: 0.081, high: 0.166 } }).at(-1)).toBe(
      '  drift              the machine became slower: p50 +12.3% from the first pair of blocks to the last (+8.1% to +16.6% with ' +
        '99 % confidence); comparisons in pairs survive that, milliseconds that are stored or limited do not',
    );
    expect(linesOf({ drift: { reading: 'faster', change: -0.1, low: -0.12, high: -0.08 } }).at(-1)).toContain('the machine became faster: p50 -10.0%');
  });

  it('has a dash for what is not known', () => {
    expect(linesOf({ drift: null, meanPairs: null }).slice(-1)).toEqual(['  drift              -']);
    expect(linesOf({ meanPairs: null })[3]).toBe('  pairs to a verdict - on average');
  });
});
