import { Agent } from 'node:http';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { now } from '../../src/base/clock.js';
import { drawsOf, latencyQuantile } from '../../src/scenarios/draw.js';
import type { Service } from '../../src/scenarios/scenario.js';
import { openService, type OpenService } from '../../src/services/service.js';
import { CALL_OUTCOMES, callPath, type ServiceReport } from '../../src/services/services.js';
import { post, postAndForget } from './client.js';

const open: OpenService[] = [];

async function serve(change: Partial<Service>, seed = 1): Promise<OpenService> {
  const service = await openService(
    {
      name: 'email', latency: { kind: 'constant', ms: 20 }, workers: 'unlimited', queue: 'unlimited', errors: 0,
      outages: [], abandoned: 'finish', ...change,
    },
    seed,
  );
  open.push(service);
  return service;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((service) => service.close()));
});

function callsTo(service: OpenService, calls: number, step = 'email'): Promise<number[]> {
  return Promise.all(Array.from({ length: calls }, (_, request) => post(service.url + callPath(step, request, 0))));
}

function outcomes(report: ServiceReport): string[] {
  return Array.from(report.calls.outcome, (code) => CALL_OUTCOMES[code] ?? '?');
}

function count<T>(values: readonly T[], value: T): number {
  return values.filter((one) => one === value).length;
}

describe('a service over real sockets', () => {
  it('works on no more calls at once than it has workers, in order of arrival', async () => {
    const service = await serve({ workers: 4, latency: { kind: 'constant', ms: 50 } });
    const started = now();
    expect(count(await callsTo(service, 20), 200)).toBe(20);
    expect(now() - started).toBeGreaterThan(245);
    const report = service.report();
    expect(report.peak.inProgress).toBe(4);
    expect(report.received).toBe(20);
    expect(report.now).toEqual({ inProgress: 0, queue: 0 });
    const order = Array.from(report.calls.endedAt, (endedAt, row) => ({
      arrivedAt: endedAt - (report.calls.serviceTime[row] ?? 0) - (report.calls.queueTime[row] ?? 0),
      startedAt: endedAt - (report.calls.serviceTime[row] ?? 0),
    }));
    const byStart = order.toSorted((a, b) => a.startedAt - b.startedAt).map(({ arrivedAt }) => arrivedAt);
    // Times are logged to about a hundredth of a millisecond.
    expect(byStart.every((at, row) => row === 0 || at > (byStart[row - 1] ?? 0) - 0.1)).toBe(true);
  });

  it('answers 503 at once when the queue is full', async () => {
    const service = await serve({ workers: 20, queue: 50, latency: { kind: 'constant', ms: 2000 } });
    const answers: number[] = [];
    for (let request = 0; request < 75; request++) {
      void post(service.url + callPath('email', request, 0)).then((status) => answers.push(status), () => {});
    }
    await vi.waitFor(() => expect(answers).toEqual([503, 503, 503, 503, 503]), { interval: 5, timeout: 1500 });
    const report = service.report();
    expect(report.received).toBe(75);
    expect(report.peak).toMatchObject({ inProgress: 20, queue: 50 });
    expect(outcomes(report)).toEqual(Array.from({ length: 5 }, () => 'rejected'));
  });

  it('keeps connections open between calls', async () => {
    const service = await serve({});
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    for (let request = 0; request < 3; request++) await post(service.url + callPath('email', request, 0), agent);
    agent.destroy();
    expect(service.report().peak.connections).toBe(1);
  });

  it('draws the same latencies for the same seed, step and request', async () => {
    const latency = { kind: 'uniform', min: 1, max: 200 } as const;
    const draws = drawsOf(5, 'email');
    const timesOver = async (seed: number, step: string): Promise<number[]> => {
      const service = await serve({ latency }, seed);
      await callsTo(service, 12, step);
      const { request, serviceTime } = service.report().calls;
      // What a busy machine adds is never negative; a timer may be a little early.
      return Array.from(request, (index, row) => (serviceTime[row] ?? 0) - latencyQuantile(latency, draws(index, 0, 'latency')));
    };
    expect(Math.min(...(await timesOver(5, 'email')))).toBeGreaterThan(-2);
    expect(Math.min(...(await timesOver(5, 'email')))).toBeGreaterThan(-2);
    expect(Math.min(...(await timesOver(6, 'email')))).toBeLessThan(-2);
    expect(Math.min(...(await timesOver(5, 'sms')))).toBeLessThan(-2);
  });

  it('fails a share of the calls, after their latency', async () => {
    const service = await serve({ errors: 0.5 });
    const statuses = await callsTo(service, 60);
    expect(count(statuses, 500)).toBeGreaterThan(10);
    expect(count(statuses, 500) + count(statuses, 200)).toBe(60);
    expect(Math.min(...service.report().calls.serviceTime)).toBeGreaterThan(17);
  });

  it('tells how busy its workers were within the window', async () => {
    const service = await serve({ workers: 2, latency: { kind: 'constant', ms: 50 } });
    const startAt = now();
    service.observe({ startAt, endAt: startAt + 200 });
    await post(service.url + callPath('email', 1, 0));
    await vi.waitFor(() => expect(now()).toBeGreaterThan(startAt + 200));
    const { utilisation, calls } = service.report();
    expect(utilisation).toBeCloseTo((calls.serviceTime[0] ?? 0) / (2 * 200), 2);
  });

  it('knows no other path', async () => {
    const service = await serve({});
    expect(await post(`${service.url}/health`)).toBe(404);
    expect(service.report().received).toBe(0);
  });
});

describe('callers that go away', () => {
  async function abandonTwo(abandoned: Service['abandoned']): Promise<OpenService> {
    const service = await serve({ workers: 1, latency: { kind: 'constant', ms: 150 }, abandoned });
    const calls = [1, 2].map((request) => postAndForget(service.url + callPath('email', request, 0)));
    await vi.waitFor(() => expect(service.report().now).toEqual({ inProgress: 1, queue: 1 }), { interval: 2 });
    for (const call of calls) call.destroy();
    return service;
  }

  it('keep their place and their worker with `finish`', async () => {
    const service = await abandonTwo('finish');
    const began = now();
    expect(await post(service.url + callPath('email', 3, 0))).toBe(200);
    expect(now() - began).toBeGreaterThan(350);
    const report = service.report();
    expect(outcomes(report)).toEqual(['ok', 'ok', 'ok']);
    expect(Array.from(report.calls.abandoned)).toEqual([1, 1, 0]);
  });

  it('leave the queue and free their worker with `drop`', async () => {
    const service = await abandonTwo('drop');
    await vi.waitFor(() => expect(service.report().now).toEqual({ inProgress: 0, queue: 0 }), { interval: 2 });
    const report = service.report();
    expect(outcomes(report)).toEqual(['dropped', 'dropped']);
    expect(Array.from(report.calls.abandoned)).toEqual([1, 1]);
    expect(Math.max(...report.calls.serviceTime)).toBeLessThan(140);
    const began = now();
    expect(await post(service.url + callPath('email', 3, 0))).toBe(200);
    expect(now() - began).toBeLessThan(400);
  });
});

describe('outages, from the start of the window', () => {
  async function during(outage: { kind: 'error' } | { kind: 'hang' } | { kind: 'slow'; factor: number }) {
    const service = await serve({ latency: { kind: 'constant', ms: 100 }, outages: [{ from: 0, for: 200, ...outage }] });
    const before = await post(service.url + callPath('email', 1, 0));
    service.observe({ startAt: now(), endAt: now() + 1000 });
    const began = now();
    const status = await post(service.url + callPath('email', 2, 0));
    return { before, status, ms: now() - began };
  }

  it('answers 500 at once', async () => {
    const { before, status, ms } = await during({ kind: 'error' });
    expect([before, status]).toEqual([200, 500]);
    expect(ms).toBeLessThan(90);
  });

  it('hangs until it is over', async () => {
    const { status, ms } = await during({ kind: 'hang' });
    expect(status).toBe(200);
    expect(ms).toBeGreaterThan(195);
  });

  it('is slower by the factor', async () => {
    const { status, ms } = await during({ kind: 'slow', factor: 3 });
    expect(status).toBe(200);
    expect(ms).toBeGreaterThan(297);
  });
});
