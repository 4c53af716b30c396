import { describe, expect, it } from 'vitest';
import { Pool } from '../../src/architectures/pool.js';
import { calling } from './calling.js';
import { service } from './orders.js';

describe('calls to a service within the process', () => {
  it('are counted, worked on and logged as those over HTTP are', async () => {
    const { clock, simulated, report, kinds } = calling({ ...service('payment', 20), workers: 4 });
    const answers = kinds(10);
    expect(simulated.report(0).now).toEqual({ inProgress: 4, queue: 6 });
    await clock.advance(60);
    expect(await answers).toEqual(Array.from({ length: 10 }, () => 'ok'));
    const { received, peak, calls } = simulated.report(0);
    expect([received, report.calls]).toEqual([10, 10]);
    expect(peak).toEqual({ inProgress: 4, queue: 6, connections: 0 });
    expect(Array.from(calls.request)).toEqual(Array.from({ length: 10 }, (_, request) => request));
  });

  it('keep to the limit of connections; further calls wait their turn', async () => {
    const { clock, simulated, kinds } = calling(service('payment', 20), { pool: new Pool(3) });
    const answers = kinds(7);
    expect(simulated.report(0).now.inProgress).toBe(3);
    await clock.advance(60);
    expect(new Set(await answers)).toEqual(new Set(['ok']));
    expect(simulated.report(0).peak.inProgress).toBe(3);
  });

  it('that are turned away or fail say so, however many wait behind them', async () => {
    const full = calling({ ...service('payment', 20), workers: 1, queue: 0 }, { pool: new Pool(2) });
    const answers = full.kinds(20_000);
    await full.clock.advance(20);
    const counted = await answers;
    expect(counted.filter((kind) => kind === 'ok')).toHaveLength(1);
    expect(counted.filter((kind) => kind === 'rejected')).toHaveLength(19_999);
    expect(full.report.rejected).toBe(19_999);
    const failing = calling({ ...service('payment', 20), errors: 1 });
    const failed = failing.call(1);
    await failing.clock.advance(20);
    expect(await failed).toBe('error');
  });

  it.each([
    ['finish', 'ok'],
    ['drop', 'dropped'],
  ] as const)('that time out free their connection, and the service does as `%s` says', async (abandoned, outcome) => {
    const made = calling({ ...service('payment', 100), workers: 1, abandoned }, { pool: new Pool(1), timeout: 50 });
    for (const request of [1, 2]) {
      const answer = made.call(request);
      await made.clock.advance(50);
      expect(await answer).toBe('timeout');
    }
    await made.clock.advance(200);
    expect(made.outcomes()).toEqual([outcome, outcome]);
    expect(Array.from(made.simulated.report(0).calls.abandoned)).toEqual([1, 1]);
    expect(made.report.timeouts).toBe(2);
  });

  it('under way when the caller closes have no connection any more', async () => {
    const { caller, call } = calling(service('payment', 20));
    const answer = call(1);
    await caller.close();
    expect(await answer).toBe('connection');
  });
});
