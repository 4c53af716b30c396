/** What only sockets can show of the calls of a step: connections that are opened, refused and broken. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Caller, type CallerOptions } from '../../src/architectures/caller.js';
import { StepRunner } from '../../src/architectures/step.js';
import { Pool } from '../../src/architectures/pool.js';
import type { Service } from '../../src/scenarios/scenario.js';
import { openService, type OpenService } from '../../src/services/service.js';
import { CALL_OUTCOMES } from '../../src/services/services.js';
import { service, step } from './orders.js';

const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

async function calling(model: Service, options: Partial<CallerOptions> = {}) {
  const open: OpenService = await openService(model, 1);
  const { report } = new StepRunner(step('pay'), open.url, { seed: 1 });
  const caller = new Caller({ name: 'pay', origin: open.url, timeout: 30_000, pool: new Pool(Infinity), ...options }, report);
  closing.push(() => caller.close(), () => open.close());
  const kinds = async (calls: number): Promise<string[]> =>
    Promise.all(
      Array.from({ length: calls }, (_, request) =>
        caller.attempt(request, 0).then(() => 'ok', (failure: { kind: string }) => failure.kind)),
    );
  return { open, report, kinds };
}

describe('calls of a step over sockets', () => {
  it('keep to the limit of connections; further calls wait their turn', async () => {
    const { open, report, kinds } = await calling(service('payment', 15), { pool: new Pool(10) });
    expect(new Set(await kinds(50))).toEqual(new Set(['ok']));
    expect(open.report().peak).toMatchObject({ connections: 10, inProgress: 10 });
    expect(Array.from(open.report().calls.request).toSorted((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i));
    expect(report.calls).toBe(50);
  });

  it('never open an 11th connection when calls time out either', async () => {
    const { open, report, kinds } = await calling(service('payment', 60_000, { abandoned: 'drop' }), { pool: new Pool(10), timeout: 60 });
    // New calls are made in place of those given up; on a busy machine not every round gets to connect in time.
    for (let round = 0; round < 4 || (open.report().received < 30 && round < 40); round++) {
      expect(new Set(await kinds(10))).toEqual(new Set(['timeout']));
    }
    expect(report.timeouts).toBe(report.calls);
    await vi.waitFor(() => expect(open.report().now.inProgress).toBe(0), 10_000);
    const { peak, received, calls } = open.report();
    expect(peak.connections).toBe(10);
    // The service sees that each is given up, since its connection is closed.
    expect(Array.from(calls.outcome, (code) => CALL_OUTCOMES[code])).toEqual(Array.from({ length: received }, () => 'dropped'));
  });

  it('that cannot connect say so', async () => {
    const { open, report, kinds } = await calling(service('payment', 1));
    await open.close();
    expect(await kinds(2)).toEqual(['connection', 'connection']);
    expect(report.connection).toBe(2);
  });

  it('fail when the service dies in the middle of them', async () => {
    const { open, kinds } = await calling(service('payment', 60_000));
    const calls = kinds(5);
    await vi.waitFor(() => expect(open.report().now.inProgress).toBe(5), { interval: 2, timeout: 10_000 });
    await open.close();
    expect(await calls).toEqual(Array.from({ length: 5 }, () => 'connection'));
  });
});
