import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { now } from '../../src/base/clock.js';
import { RECONNECT_DELAY_MS } from '../../src/load/closed.js';
import type { LoadProgress, LoadShape } from '../../src/load/load.js';
import { startLoad } from '../../src/load/run.js';
import { countsOf, jobFor, load, reachedIndices, rowsOf } from '../support/hostile/rows.js';
import { besideTimer, isAscending } from '../support/lateness.js';
import { startHostile, type HostileServer, type SeenRequest } from '../support/hostile/server.js';

let server: HostileServer;

afterEach(() => server.close());

async function serve(ms: number): Promise<string> {
  server = await startHostile((request) => setTimeout(() => request.answer(), ms));
  return server.url;
}

const ascending = (indices: number[]): number[] => indices.toSorted((a, b) => a - b);
const seenIndices = (seen: SeenRequest[]): number[] => ascending(seen.map(({ index }) => index));

describe('a load', () => {
  it.each([
    { model: 'closed' as const, users: 3 },
    { model: 'open' as const, rate: 100, arrivals: 'even' as const },
    { model: 'open' as const, rate: 100, arrivals: 'poisson' as const },
  ])('counts warm-up below zero and the window from zero: %j', async (shape) => {
    const url = await serve(20);
    const startAt = now() + 350;
    const { result, lateness } = await besideTimer(() => load(url, { shape, startAt, warmup: 200, duration: 200 }));
    const { rows, connections, usage } = result;
    const measured = rows.filter(({ index }) => index >= 0);
    const warming = rows.filter(({ index }) => index < 0);
    expect(measured.map(({ index }) => index)).toEqual(measured.map((_, i) => i));
    expect(warming.map(({ index }) => index)).toEqual(warming.map((_, i) => -1 - i));
    for (const { intendedAt } of measured) expect(intendedAt >= startAt && intendedAt < startAt + 200).toBe(true);
    for (const { intendedAt } of warming) expect(intendedAt >= startAt - 200 && intendedAt < startAt).toBe(true);
    expect([warming.length > 0, measured.length > 0]).toEqual([true, true]);
    expect(reachedIndices(rows)).toEqual(seenIndices(server.seen));
    expect(connections).toBe(server.connections);
    expect(Math.abs(usage.elapsed - 200)).toSatisfy(lateness.allows, `that of the window: ${lateness.worst}`);
  });

  it.each<LoadShape>([
    { model: 'closed', users: 3 },
    { model: 'open', rate: 100, arrivals: 'even' },
  ])('warms up for all its time when it is told no moment, however late it comes: %j', async (shape) => {
    const url = await serve(20);
    const { startAt: _, ...job } = jobFor(url, { shape, warmup: 300, duration: 200 });
    const asked = now();
    const { observations, window } = await startLoad(job, () => {}).result;
    expect(window.startAt).toBeGreaterThanOrEqual(asked + 300);
    expect(window.endAt - window.startAt).toBe(200);
    const warming = rowsOf(observations).filter(({ index }) => index < 0);
    expect(warming.length > 0).toBe(true);
    for (const { intendedAt } of warming) expect(intendedAt >= window.startAt - 300 && intendedAt < window.startAt).toBe(true);
  });

  it('ends when its window is over before the clock of its schedule has started', async () => {
    const url = await serve(1);
    const shape = { model: 'open', rate: 100, arrivals: 'even' } as const;
    const { rows } = await load(url, { shape, startAt: now() + 40, duration: 1 });
    expect(rows.length).toBeLessThanOrEqual(1);
  });

  it('sends the body of each request with its own index', async () => {
    await load(await serve(10), { duration: 100 });
    for (const { index, body } of server.seen) expect(JSON.parse(body)).toEqual({ order: index });
  });

  it('waits at the end for what is in flight', async () => {
    const url = await serve(300);
    const { rows, window } = await load(url, { shape: { model: 'closed', users: 4 }, entry: 0, duration: 100 });
    expect(countsOf(rows)).toEqual({ ok: 4 });
    expect(rows.every(({ endedAt }) => endedAt > window.endAt)).toBe(true);
  });

  it('cuts off what is in flight when stopped', async () => {
    const run = startLoad(jobFor(await serve(10_000), { duration: 5000 }), () => {});
    await vi.waitFor(() => expect(server.seen).toHaveLength(2), 10_000);
    run.stop();
    const { observations } = await run.result;
    expect(countsOf(rowsOf(observations))).toEqual({ cutOff: 2 });
    expect(Array.from(observations.unreached)).toEqual([0, 0]);
    expect(server.seen).toHaveLength(2);
  });

  it('stops in the middle of pauses and schedules as well', async () => {
    const url = await serve(5);
    const shapes: LoadShape[] = [
      { model: 'closed', users: 2 },
      { model: 'open', rate: 50, arrivals: 'even' },
    ];
    for (const shape of shapes) {
      const run = startLoad(jobFor(url, { shape, think: 1000, duration: 5000 }), () => {});
      await sleep(250);
      run.stop();
      const { observations } = await run.result;
      await sleep(100);
      expect(server.seen.length).toBe(observations.index.length);
      server.seen.length = 0;
    }
  });

  it('goes on when the port refuses for a while, without a tight loop', async () => {
    const url = await serve(10);
    const first = server.seen;
    const running = load(url, { duration: 1500 });
    await sleep(200);
    const closedAt = now();
    await server.close();
    await sleep(250);
    server = await startHostile((request) => setTimeout(() => request.answer(), 10), server.port);
    const closedFor = now() - closedAt;
    const { rows } = await running;
    const seen = [...seenIndices(first), ...seenIndices(server.seen)];
    const reached = reachedIndices(rows);
    expect(seen.filter((index) => !reached.includes(index))).toEqual([]);
    // Written to a connection that the server closed before it read: one for each user at most.
    expect(reached.length - seen.length).toBeLessThanOrEqual(2);
    const refused = rows.filter(({ unreached }) => unreached);
    expect(refused.every(({ outcome, status }) => outcome === 'connection' && status === 0)).toBe(true);
    // Two users, each at most once in 100 ms for as long as the port was closed.
    expect(refused.length > 0).toBe(true);
    expect(refused.length <= 2 * (1 + Math.ceil(closedFor / RECONNECT_DELAY_MS))).toBe(true);
    expect(rows.at(-1)?.outcome).toBe('ok');
  });

  it('books each arrival of a schedule while the port refuses', async () => {
    const url = await serve(10);
    await server.close();
    const { rows } = await load(url, { shape: { model: 'open', rate: 100, arrivals: 'even' }, duration: 200 });
    expect(rows).toHaveLength(20);
    expect(rows.every(({ outcome, unreached }) => outcome === 'connection' && unreached)).toBe(true);
  });

  it('tells its progress', async () => {
    const url = await serve(10);
    const told: LoadProgress[] = [];
    const { result } = startLoad(jobFor(url, { duration: 600 }), (progress) => told.push(progress));
    const times = rowsOf((await result).observations).map(({ time }) => time);
    const [first, last] = [told[0], told.at(-1)];
    expect(last).toMatchObject({ failed: 0, p95: expect.any(Number) });
    expect([0, first?.ok, last?.ok, times.length]).toSatisfy(isAscending);
    expect([Math.min(...times) - 0.01, last?.p95, Math.max(...times) + 0.01]).toSatisfy(isAscending);
  });

  it('refuses a window that has begun', async () => {
    const url = await serve(1);
    expect(() => startLoad(jobFor(url, { startAt: now() - 10 }), () => {})).toThrow(/came \d+ ms after the start/);
  });
});
