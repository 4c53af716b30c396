import { expect, it } from 'vitest';
import { now } from '../../src/base/clock.js';
import { startChild } from '../../src/processes/child.js';
import { callPath, type ServicesRemote } from '../../src/services/services.js';
import { post } from './client.js';

it('the services process opens every service on a port of its own, and tells what each saw', async () => {
  const child = await startChild<ServicesRemote>('services/process.js');
  try {
    const service = (name: string, ms: number) => ({
      name, latency: { kind: 'constant', ms } as const, workers: 2, queue: 'unlimited' as const, errors: 0, outages: [],
      abandoned: 'finish' as const,
    });
    const urls = await child.calls.start({ services: [service('payment', 30), service('email', 5)], seed: 1 });
    expect(Object.keys(urls)).toEqual(['payment', 'email']);
    expect(urls.payment).not.toBe(urls.email);
    await child.calls.window({ startAt: now(), endAt: now() + 1000 });
    expect(await post(urls.payment + callPath('pay', 4711, 0))).toBe(200);
    const { services, usage } = await child.calls.report(undefined);
    expect(services.map(({ name, received }) => [name, received])).toEqual([['payment', 1], ['email', 0]]);
    const [payment] = services;
    expect([payment?.calls.steps, payment?.calls.request[0]]).toEqual([['pay'], 4711]);
    expect(payment?.calls.serviceTime[0]).toBeGreaterThan(28);
    // The same clock in both processes.
    expect(Math.abs((payment?.calls.endedAt[0] ?? 0) - now())).toBeLessThan(500);
    expect(usage.elapsed).toBeGreaterThan(20);
  } finally {
    await child.stop();
  }
});
