import { existsSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { Connection } from '../../src/architectures/connection.js';
import { now } from '../../src/base/clock.js';
import { startChild } from '../../src/processes/child.js';
import { callPath, type ServicesRemote } from '../../src/services/services.js';
import { post } from './client.js';
import { RANK, turnOf } from '../../src/scenarios/turn.js';

const service = (name: string, ms: number) => ({
  name, latency: { kind: 'constant', ms } as const, workers: 2, queue: 'unlimited' as const, errors: 0, outages: [],
  abandoned: 'finish' as const,
});

it('the services process opens every service on a port of its own, and tells what each saw', async () => {
  const child = await startChild<ServicesRemote>('services-process.js');
  try {
    const urls = await child.calls.start({ services: [service('payment', 30), service('email', 5)], seed: 1, hop: 'http' });
    expect(Object.keys(urls)).toEqual(['payment', 'email']);
    expect(urls.payment).not.toBe(urls.email);
    const sentAt = now();
    await child.calls.window({ startAt: sentAt, endAt: sentAt + 60_000 });
    expect(await post(urls.payment + callPath('pay', 4711, 0))).toBe(200);
    const answeredAt = now();
    const { services, usage } = await child.calls.report(undefined);
    expect(services.map(({ name, received }) => [name, received])).toEqual([['payment', 1], ['email', 0]]);
    const [payment] = services;
    expect([payment?.calls.steps, payment?.calls.request[0]]).toEqual([['pay'], 4711]);
    // The same clock in both processes: it was worked on after it was sent, and before it was answered.
    const [endedAt = NaN, serviceTime = NaN] = [payment?.calls.endedAt[0], payment?.calls.serviceTime[0]];
    expect([sentAt, endedAt - serviceTime, endedAt, answeredAt].every((at, i, all) => i === 0 || at > all[i - 1]!)).toBe(true);
    expect(usage.elapsed > serviceTime).toBe(true);
  } finally {
    await child.stop();
  }
});

it('the services process opens them on Unix domain sockets when it is told to, and leaves no file behind', async () => {
  const child = await startChild<ServicesRemote>('services-process.js');
  let folder = '';
  try {
    const origins = await child.calls.start({ services: [service('payment', 5), service('email', 5)], seed: 1, hop: 'unix' });
    expect(Object.values(origins).every((origin) => origin.startsWith('unix:/'))).toBe(true);
    folder = path.dirname(origins.payment?.slice('unix:'.length) ?? '');
    const connection = new Connection(origins.payment ?? '', () => {});
    const answered = (call: number): Promise<number> =>
      new Promise((resolve) => connection.send({ turn: turnOf(RANK.answer, 0), traceparent: () => '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', path: callPath('pay', 4711, call), answered: resolve }));
    expect([await answered(0), await answered(1)]).toEqual([200, 200]);
    await connection.close();
    const { services } = await child.calls.report(undefined);
    expect(services.map(({ received }) => received)).toEqual([2, 0]);
    expect(existsSync(folder)).toBe(true);
  } finally {
    await child.stop();
  }
  expect(existsSync(folder)).toBe(false);
});
