import { afterEach, describe, expect, it } from 'vitest';
import { now } from '../../src/base/clock.js';
import type { ServerOptions, ServerRemote } from '../../src/architectures/architecture.js';
import { startChild, type Child } from '../../src/processes/child.js';
import { openService } from '../../src/services/service.js';
import { graphOf, service, step } from './orders.js';

const children: Child<ServerRemote>[] = [];

afterEach(async () => {
  await Promise.all(children.splice(0).map((child) => child.stop()));
});

async function start(services: Record<string, string>, port = 0): Promise<{ url: string; child: Child<ServerRemote> }> {
  const child = await startChild<ServerRemote>('server-process.js');
  children.push(child);
  const options: ServerOptions = { graph: graphOf({ steps: [step('payment')], services: [] }), services, seed: 1, port };
  return { child, ...(await child.calls.start(options)) };
}

describe('the server process', () => {
  it('serves orders and tells what it saw', async () => {
    const payment = await openService(service('payment', 5), 1);
    const { url, child } = await start({ payment: payment.url });
    await child.calls.window({ startAt: now(), endAt: now() + 10_000 });
    const response = await fetch(`${url}/orders`, { method: 'POST', headers: { 'x-request': '3' } });
    expect([response.status, await response.json()]).toEqual([200, { orderId: 'o-3', status: 'confirmed' }]);
    await child.calls.drain({ within: 100 });
    const report = await child.calls.report(undefined);
    expect([report.received, report.history]).toEqual([1, []]);
    expect(report.usage.elapsed > 0).toBe(true);
    expect(await child.calls.backlog(undefined)).toEqual({});
    await payment.close();
  });

  it('says in one line that its port is taken', async () => {
    const taken = new URL((await start({ payment: 'http://127.0.0.1:1' })).url).port;
    await expect(start({ payment: 'http://127.0.0.1:1' }, Number(taken))).rejects.toMatchObject({
      name: 'UserError',
      message: `Port ${taken} is in use: choose another one, or 0 for any that is free.`,
    });
  });
});
