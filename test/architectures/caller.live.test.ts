import { afterEach, describe, expect, it, vi } from 'vitest';
import { Caller, type CallerOptions } from '../../src/architectures/caller.js';
import { consumerStep, StepRunner } from '../../src/architectures/step.js';
import { now } from '../../src/base/clock.js';
import type { Service } from '../../src/scenarios/scenario.js';
import { openService, type OpenService } from '../../src/services/service.js';
import { consumer, service } from './orders.js';

const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

async function calling(model: Service, options: Partial<CallerOptions> = {}) {
  const open: OpenService = await openService(model, 1);
  const { report } = new StepRunner(consumerStep(consumer('pay')), open.url, { seed: 1 });
  const caller = new Caller({ name: 'pay', origin: open.url, timeout: 2000, connections: 'unlimited', ...options }, report);
  closing.push(() => caller.close(), () => open.close());
  const kinds = async (calls: number): Promise<string[]> =>
    Promise.all(
      Array.from({ length: calls }, (_, request) =>
        caller.attempt(request, 0).then(() => 'ok', (failure: { kind: string }) => failure.kind)),
    );
  return { open, caller, report, kinds };
}

describe('calls of a step', () => {
  it('keep to the limit of connections; further calls wait their turn', async () => {
    const { open, report, kinds } = await calling(service('payment', 15), { connections: 10 });
    const began = now();
    expect(new Set(await kinds(50))).toEqual(new Set(['ok']));
    expect(now() - began).toBeGreaterThan(70);
    expect(open.report().peak).toMatchObject({ connections: 10, inProgress: 10 });
    expect(Array.from(open.report().calls.request).toSorted((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i));
    expect(report.calls).toBe(50);
  });

  it('never open an 11th connection when calls time out either', async () => {
    const { open, report, kinds } = await calling(service('payment', 300), { connections: 10, timeout: 60 });
    // New calls are made in place of those given up; on a busy machine not every round gets to connect in time.
    for (let round = 0; round < 4 || (open.report().received < 30 && round < 40); round++) {
      expect(new Set(await kinds(10))).toEqual(new Set(['timeout']));
    }
    expect(report.timeouts).toBe(report.calls);
    await vi.waitFor(() => expect(open.report().now.inProgress).toBe(0));
    const { peak, received, calls } = open.report();
    expect(peak.connections).toBe(10);
    expect(received).toBeGreaterThan(29);
    // They occupied the service to their end.
    expect(calls.abandoned).toEqual(new Uint8Array(received).fill(1));
    expect(Math.min(...calls.serviceTime)).toBeGreaterThan(298);
  });

  it('count the wait for a connection into their timeout', async () => {
    const { open, kinds } = await calling(service('payment', 300), { connections: 1, timeout: 500 });
    expect(await kinds(3)).toEqual(['ok', 'timeout', 'timeout']);
    // The third gave up while it waited: it was never sent.
    expect(open.report().received).toBe(2);
  });

  it('tell how they failed', async () => {
    const failing = await calling(service('payment', 1, { errors: 1 }));
    expect(await failing.kinds(1)).toEqual(['error']);
    const full = await calling(service('payment', 300, { workers: 1, queue: 0 }));
    expect((await full.kinds(3)).toSorted()).toEqual(['ok', 'rejected', 'rejected']);
    const gone = await calling(service('payment', 1));
    await gone.open.close();
    expect(await gone.kinds(2)).toEqual(['connection', 'connection']);
    expect([failing.report.errors, full.report.rejected, gone.report.connection]).toEqual([1, 2, 2]);
  });

  it('are counted for measured requests only', async () => {
    const { caller, report } = await calling(service('payment', 1, { errors: 1 }));
    await caller.attempt(-1, 0).catch(() => {});
    expect(report).toMatchObject({ calls: 0, errors: 0 });
  });

  it('fail when the service dies in the middle of them', async () => {
    const { open, kinds } = await calling(service('payment', 200));
    const calls = kinds(5);
    await vi.waitFor(() => expect(open.report().now.inProgress).toBe(5), { interval: 2 });
    await open.close();
    expect(await calls).toEqual(Array.from({ length: 5 }, () => 'connection'));
  });
});
