import { expect, it } from 'vitest';
import { now } from '../../src/base/clock.js';
import { startChild } from '../../src/processes/child.js';
import { callPath, type ServicesRemote } from '../../src/services/services.js';
import { post } from './client.js';

const service = (name: string, errors: number) => ({
  name, latency: { kind: 'constant', ms: 2 } as const, workers: 2, queue: 'unlimited' as const, errors, outages: [],
  abandoned: 'finish' as const,
});

it('services in a process of their own answer over HTTP, and count what they were asked', async () => {
  const child = await startChild<ServicesRemote>('services-process.js');
  try {
    const urls = await child.calls.start({ services: [service('payment', 0), service('broken', 1)], seed: 1, hop: 'http' });
    await child.calls.window({ startAt: now(), endAt: now() + 60_000 });
    const answers = Array.from({ length: 10 }, (_, request) => post(urls.payment + callPath('pay', request, 0)));
    expect(await Promise.all(answers)).toEqual(Array.from({ length: 10 }, () => 200));
    expect(await post(urls.broken + callPath('break', 0, 0))).toBe(500);
    const { services } = await child.calls.report(undefined);
    expect(services.map(({ name, received, now: waiting }) => [name, received, waiting])).toEqual([
      ['payment', 10, { inProgress: 0, queue: 0 }],
      ['broken', 1, { inProgress: 0, queue: 0 }],
    ]);
    expect([...(services[0]?.calls.request ?? [])].toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  } finally {
    await child.stop();
  }
});

it('a service whose one worker has to start takes up first what somebody waits for, and tells of the cold start', async () => {
  const child = await startChild<ServicesRemote>('services-process.js');
  try {
    // All three calls are there long before the worker is.
    const scaling = { min: 0, start: 3000, target: 1, idle: 60_000 };
    const urls = await child.calls.start({ services: [{ ...service('payment', 0), workers: 1, scaling, priority: 'replies' }], seed: 1, hop: 'http' });
    await child.calls.window({ startAt: now(), endAt: now() + 60_000 });
    const answers = [0, 1, 2].map((request) => post(urls.payment + callPath('pay', request, 0, request < 2)));
    expect(await Promise.all(answers)).toEqual([200, 200, 200]);
    const { services: [report] } = await child.calls.report(undefined);
    expect(report!.calls.request[0]).toBe(2);
    expect(report!.scaled).toMatchObject({ most: 1, coldStarts: 1 });
    expect(report!.peak).toMatchObject({ inProgress: 1, queue: 3 });
  } finally {
    await child.stop();
  }
});
