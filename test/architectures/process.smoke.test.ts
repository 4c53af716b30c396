import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ServerRemote } from '../../src/architectures/architecture.js';
import { now } from '../../src/base/clock.js';
import { startChild, type Child } from '../../src/processes/child.js';
import { ARCHITECTURES } from '../../src/scenarios/architectures.js';
import type { ServicesRemote } from '../../src/services/services.js';
import { consumer, event, graphOf, service, step } from './orders.js';

let services: Child<ServicesRemote>;
let server: Child<ServerRemote>;
beforeEach(async () => {
  services = await startChild<ServicesRemote>('services-process.js');
  server = await startChild<ServerRemote>('server-process.js');
});
afterEach(async () => {
  await Promise.all([server.stop(), services.stop()]);
});

const STEPS = [step('payment'), step('email', { critical: false, after: ['payment'] })];
const ORDERS = 5;

describe('a server in a process of its own', () => {
  it.each(ARCHITECTURES)('serves %s over HTTP, and its books balance', async (architecture) => {
    const models = [service('payment', 2), service('email', 2)];
    const urls = await services.calls.start({ services: models, seed: 1, hop: 'http' });
    const options = { graph: graphOf({ architecture, steps: STEPS, event: event([consumer('email')], { after: 'payment' }), services: models }), services: urls, seed: 1, port: 0 };
    const { url } = await server.calls.start(options);
    const window = { startAt: now(), endAt: now() + 60_000 };
    await Promise.all([services.calls.window(window), server.calls.window(window)]);

    const order = (index: number) => fetch(`${url}/orders`, { method: 'POST', headers: { 'x-request': String(index) } });
    const answers = await Promise.all(Array.from({ length: ORDERS }, (_, index) => order(index)));
    await server.calls.drain({ within: 30_000 });

    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: ORDERS }, () => (architecture === 'event-driven' ? 202 : 200)));
    // Only who answered before the work was done can be asked how it ended.
    const told = await (await fetch(`${url}/orders/o-0`)).json();
    expect(told).toMatchObject(architecture === 'event-driven' ? { status: 'confirmed' } : { error: 'unknown order' });
    const report = await server.calls.report(undefined);
    expect(report.received).toBe(ORDERS);
    const { services: seen } = await services.calls.report(undefined);
    expect(seen.map(({ name, received }) => [name, received])).toEqual([['payment', ORDERS], ['email', ORDERS]]);
    const count = (kind: string) => report.history.filter((entry) => entry.kind === kind).length;
    expect(count('processed')).toBe(count('acknowledged'));
    expect(count('acknowledged') > 0).toBe(architecture === 'hybrid' || architecture === 'event-driven');
  });
});
