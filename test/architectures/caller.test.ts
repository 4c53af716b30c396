import { describe, expect, it } from 'vitest';
import { Pool } from '../../src/architectures/pool.js';
import { Causes } from '../../src/base/causes.js';
import { calling } from './calling.js';
import { service } from './orders.js';

describe('calls of a step', () => {
  it('keep to the limit of connections; further calls wait their turn', async () => {
    const { clock, simulated, report, kinds } = calling(service('payment', 15), { pool: new Pool(10) });
    const answers = kinds(50);
    await clock.advance(75);
    expect(new Set(await answers)).toEqual(new Set(['ok']));
    const { peak, calls } = simulated.report(0);
    expect(peak.inProgress).toBe(10);
    expect(Array.from(calls.endedAt)).toEqual(Array.from({ length: 50 }, (_, i) => 15 * (1 + Math.floor(i / 10))));
    expect(Array.from(calls.request)).toEqual(Array.from({ length: 50 }, (_, i) => i));
    expect(report.calls).toBe(50);
  });

  it('that time out make room for others at once, and occupy the service to their end', async () => {
    const { clock, simulated, report, kinds } = calling(service('payment', 300), { pool: new Pool(10), timeout: 60 });
    for (let round = 0; round < 4; round++) {
      const answers = kinds(10);
      await clock.advance(60);
      expect(new Set(await answers)).toEqual(new Set(['timeout']));
    }
    await clock.advance(240);
    const { received, calls, peak, now } = simulated.report(0);
    expect([report.timeouts, received, peak.inProgress, now.inProgress]).toEqual([40, 40, 40, 0]);
    expect(Array.from(calls.abandoned)).toEqual(Array.from({ length: 40 }, () => 1));
    expect(Array.from(calls.serviceTime)).toEqual(Array.from({ length: 40 }, () => 300));
  });

  it('count the wait for a connection into their timeout', async () => {
    const { clock, simulated, kinds } = calling(service('payment', 300), { pool: new Pool(1), timeout: 500 });
    const answers = kinds(2);
    await clock.advance(500);
    // The second was sent at 300, and would have been answered at 600.
    expect(await answers).toEqual(['ok', 'timeout']);
    expect(Array.from(simulated.report(0).calls.endedAt)).toEqual([300]);
  });

  it.each([[59, 'ok'], [60, 'ok'], [61, 'timeout']] as const)('that take %d ms of 60 ms end as: %s', async (ms, end) => {
    const { clock, kinds } = calling(service('payment', ms), { timeout: 60 });
    const answers = kinds(1);
    await clock.advance(100);
    expect(await answers).toEqual([end]);
  });

  it('tell how they failed', async () => {
    const { clock, report, kinds } = calling(service('payment', 300, { workers: 1, queue: 0, errors: 1 }));
    const answers = kinds(3);
    await clock.advance(300);
    expect(await answers).toEqual(['error', 'rejected', 'rejected']);
    expect([report.calls, report.errors, report.rejected]).toEqual([3, 1, 2]);
  });

  it('tell why they failed, measured ones only', async () => {
    const causes = new Causes();
    const { clock, call, kinds } = calling(service('payment', 300, { workers: 1, queue: 0, errors: 1 }), { causes });
    const answers = Promise.all([call(-1), kinds(3)]);
    await clock.advance(300);
    await answers;
    const slow = calling(service('payment', 3000), { causes, timeout: 1500 });
    const late = slow.kinds(1);
    await slow.clock.advance(1500);
    await late;
    // The worker was taken by the request of the warm-up.
    expect(causes.report()).toEqual([
      { call: 'call', of: 'pay', reason: 'answered 503', count: 3 },
      { call: 'call', of: 'pay', reason: 'gave no answer in time', count: 1 },
    ]);
  });

  it('are counted for measured requests only', async () => {
    const { clock, call, report } = calling(service('payment', 1, { errors: 1 }));
    const answer = call(-1);
    await clock.advance(1);
    expect(await answer).toBe('error');
    expect(report).toMatchObject({ calls: 0, errors: 0 });
  });
});
