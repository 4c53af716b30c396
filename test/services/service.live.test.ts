/** What only sockets can show of a service; how it works is told in virtual time, by `simulated.test.ts`. */
import { Agent } from 'node:http';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Service } from '../../src/scenarios/scenario.js';
import { openService, type OpenService } from '../../src/services/service.js';
import { CALL_OUTCOMES, callPath, type ServiceReport } from '../../src/services/services.js';
import { post, postAndForget } from './client.js';

const open: OpenService[] = [];

/** A service that takes a minute for a call, unless told otherwise: what is judged has not to hurry. */
async function serve(change: Partial<Service>): Promise<OpenService> {
  const latency = { kind: 'constant', ms: 60_000 } as const;
  const service = await openService(
    { name: 'email', latency, workers: 'unlimited', queue: 'unlimited', errors: 0, outages: [], abandoned: 'finish', ...change },
    1,
  );
  open.push(service);
  return service;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((service) => service.close()));
});

function outcomes(report: ServiceReport): string[] {
  return Array.from(report.calls.outcome, (code) => CALL_OUTCOMES[code] ?? '?');
}

describe('a service over real sockets', () => {
  it('answers 503 while the queue is full', async () => {
    const service = await serve({ workers: 20, queue: 50 });
    const answers: number[] = [];
    for (let request = 0; request < 75; request++) {
      void post(service.url + callPath('email', request, 0)).then((status) => answers.push(status), () => {});
    }
    await vi.waitFor(() => expect(answers).toEqual([503, 503, 503, 503, 503]), { interval: 5, timeout: 20_000 });
    const report = service.report();
    expect(report.received).toBe(75);
    expect(report.peak).toMatchObject({ inProgress: 20, queue: 50 });
    expect(outcomes(report)).toEqual(Array.from({ length: 5 }, () => 'rejected'));
  });

  it('answers 429 with Retry-After beyond its rate limit', async () => {
    const service = await serve({ rate: { count: 1, per: 60_000, burst: 1 } });
    void post(service.url + callPath('email', 0, 0)).catch(() => {});
    const { status, headers } = await fetch(service.url + callPath('email', 1, 0), { method: 'POST' });
    const seconds = Number(headers.get('retry-after'));
    expect(status).toBe(429);
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(60);
    expect(outcomes(service.report())).toEqual(['limited']);
  });

  it('answers 200 or 500, whichever was drawn', async () => {
    const service = await serve({ errors: 0.5, latency: { kind: 'constant', ms: 1 } });
    const statuses = await Promise.all(Array.from({ length: 60 }, (_, request) => post(service.url + callPath('email', request, 0))));
    const { request, outcome } = service.report().calls;
    const logged = Array.from(request, (index, row) => [index, CALL_OUTCOMES[outcome[row]!] === 'ok' ? 200 : 500]).toSorted(([a = 0], [b = 0]) => a - b);
    expect(statuses.map((status, index) => [index, status])).toEqual(logged);
    expect(new Set(statuses)).toEqual(new Set([200, 500]));
  });

  it('keeps connections open between calls', async () => {
    const service = await serve({ latency: { kind: 'constant', ms: 1 } });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    for (let request = 0; request < 3; request++) await post(service.url + callPath('email', request, 0), agent);
    agent.destroy();
    expect(service.report().peak.connections).toBe(1);
  });
});

describe('callers that close their connection', () => {
  async function abandonTwo(change: Partial<Service>): Promise<OpenService> {
    const service = await serve({ workers: 1, ...change });
    const calls = [1, 2].map((request) => postAndForget(service.url + callPath('email', request, 0)));
    await vi.waitFor(() => expect(service.report().now).toEqual({ inProgress: 1, queue: 1 }), { interval: 2, timeout: 20_000 });
    for (const call of calls) call.destroy();
    return service;
  }

  it('keep their place and their worker with `finish`', async () => {
    const service = await abandonTwo({ latency: { kind: 'constant', ms: 600 } });
    expect(await post(service.url + callPath('email', 3, 0))).toBe(200);
    const { calls } = service.report();
    expect(outcomes(service.report())).toEqual(['ok', 'ok', 'ok']);
    expect(Array.from(calls.abandoned)).toEqual([1, 1, 0]);
  });

  it('leave the queue and free their worker with `drop`', async () => {
    const service = await abandonTwo({ abandoned: 'drop' });
    await vi.waitFor(() => expect(service.report().now).toEqual({ inProgress: 0, queue: 0 }), { interval: 2, timeout: 20_000 });
    expect(outcomes(service.report())).toEqual(['dropped', 'dropped']);
    expect(Array.from(service.report().calls.abandoned)).toEqual([1, 1]);
  });
});
