import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { now } from '../../src/base/clock.js';
import { Follower, type LoadLook } from '../../src/experiment/follower.js';
import type { LoadProgress, LoadRemote, LoadShape } from '../../src/load/load.js';
import { startChild, type Child } from '../../src/processes/child.js';
import { countsOf, jobFor, rowsOf } from '../support/hostile/rows.js';
import { isAscending } from '../support/lateness.js';
import { startHostile } from '../support/hostile/server.js';

const closing: (() => unknown)[] = [];
let generator: Child<LoadRemote>;

beforeEach(async () => {
  generator = await startChild<LoadRemote>('load-process.js');
  closing.push(() => generator.stop());
});

afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

async function serve(ms: number): Promise<string> {
  const server = await startHostile((request) => setTimeout(() => request.answer(), ms));
  closing.push(server.close);
  return server.url;
}

/** Starts the server that is to be killed; answers when it listens. */
async function startMortal(file: string, port: number): Promise<{ child: ChildProcess; port: number }> {
  const child = fork(fileURLToPath(new URL('../support/hostile/mortal.js', import.meta.url)), [file, String(port)]);
  closing.push(() => child.kill('SIGKILL'));
  const [taken] = (await once(child, 'message')) as [number];
  return { child, port: taken };
}

describe('the load process', () => {
  it('runs a load, tells its progress, and answers with every request', async () => {
    const url = await serve(10);
    const told: LoadProgress[] = [];
    generator.on('progress', (progress: LoadProgress) => told.push(progress));
    const { observations, usage } = await generator.calls.run(jobFor(url, { duration: 400, startAt: now() + 100 }));
    expect(countsOf(rowsOf(observations))).toEqual({ ok: observations.index.length });
    expect(told.length).toBeGreaterThan(0);
    expect(usage.eventLoop).toBeLessThan(1);
  });

  it('runs one load after another, and one at a time', async () => {
    const url = await serve(10);
    const job = (): ReturnType<typeof jobFor> => jobFor(url, { duration: 100, startAt: now() + 1000 });
    const first = generator.calls.run(job());
    await expect(generator.calls.run(job())).rejects.toThrow('another is still running');
    await first;
    expect((await generator.calls.run(job())).observations.index.length).toBeGreaterThan(1);
  });

  it.each([
    { model: 'closed' as const, users: 3 },
    { model: 'open' as const, rate: 200, arrivals: 'even' as const },
  ])('lets the window begin and end when told to: %j', async (shape) => {
    const url = await serve(5);
    const planned = { shape, startAt: now() + 60_000, warmup: 59_900, duration: 60_000 };
    const running = generator.calls.run(jobFor(url, planned));
    const follower = new Follower(generator.calls);
    const look = async (phase: keyof LoadLook): Promise<void> => {
      await vi.waitFor(async () => expect((await follower.look())[phase].length).toBeGreaterThan(3), 10_000);
    };
    await look('warmup');
    expect((await follower.look()).measured).toHaveLength(0);
    const toldAt = now();
    const { startAt, endAt } = await generator.calls.begin(100);
    expect(endAt - startAt).toBeCloseTo(60_000, 6);
    expect(startAt).toBeLessThan(planned.startAt);
    await look('measured');
    const end = await generator.calls.finish(50);
    expect(end.startAt).toBe(startAt);
    const { observations, usage } = await running;
    const rows = rowsOf(observations);
    // Of the window alone, and not of the minute that was planned.
    expect([0, usage.elapsed, now() - toldAt]).toSatisfy(isAscending);
    expect(rows.every(({ index, intendedAt }) => (index >= 0) === (intendedAt >= startAt))).toBe(true);
    expect(rows.every(({ intendedAt }) => intendedAt < end.endAt)).toBe(true);
    expect(countsOf(rows)).toEqual({ ok: rows.length });
    await expect(generator.calls.newRows(undefined)).rejects.toThrow('No load is running');
  });

  it('ends a load when told to', async () => {
    const seen: number[] = [];
    const silent = await startHostile(({ index }) => void seen.push(index));
    closing.push(silent.close);
    const running = generator.calls.run(jobFor(silent.url, { duration: 60_000, timeout: 60_000, startAt: now() + 100 }));
    await vi.waitFor(() => expect(seen).toHaveLength(2), 10_000);
    await generator.calls.stop(undefined);
    expect(countsOf(rowsOf((await running).observations))).toEqual({ cutOff: 2 });
  });

  it('keeps the books when the server is killed, and goes on when it is back', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mortal-'));
    closing.push(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'seen');
    const seenBy = (): number[] => readFileSync(file, 'utf8').split('\n').slice(0, -1).map(Number);
    const seenMore = (than: number): Promise<void> => vi.waitFor(() => expect(seenBy().length).toBeGreaterThan(than), 10_000);
    const users = 5;
    const first = await startMortal(file, 0);
    const job = jobFor(`http://127.0.0.1:${first.port}/`, {
      shape: { model: 'closed', users },
      duration: 60_000,
      startAt: now() + 1000,
      // No answer is taken for another's.
      expect: { status: [], body: 'order {{index}}.' },
    });
    const running = generator.calls.run(job);
    await seenMore(10 * users);
    first.child.kill('SIGKILL');
    await once(first.child, 'exit');
    await startMortal(file, first.port);
    await seenMore(seenBy().length + 10 * users);
    await generator.calls.finish(50);
    const rows = rowsOf((await running).observations);

    const seen = new Set(seenBy());
    const reached = new Set(rows.filter(({ unreached }) => !unreached).map(({ index }) => index));
    const good = rows.filter(({ outcome }) => outcome === 'ok');
    expect([...seen].filter((index) => !reached.has(index))).toEqual([]);
    expect(good.filter(({ index }) => !seen.has(index))).toEqual([]);
    // A killed process loses its connections before its listener: a user whose request was cut short is back at once, and
    // the kernel may still take the new connection and what is written to it. It dies with the listener, and after that
    // connections are refused: two requests for each user at most, and the server need have read neither.
    expect(reached.size - seen.size).toBeLessThanOrEqual(2 * users);
    const broken = rows.filter(({ outcome, unreached }) => outcome !== 'ok' && !unreached);
    expect(broken.length).toBeGreaterThan(0);
    expect(broken.length).toBeLessThanOrEqual(2 * users);
    expect(broken.every(({ outcome }) => outcome === 'hangup' || outcome === 'connection')).toBe(true);
    expect(rows.at(-1)?.outcome).toBe('ok');
  });

  it('keeps a schedule: even gaps, and the same instants for the same job', async () => {
    const url = await serve(5);
    const instants = async (shape: LoadShape): Promise<number[]> => {
      const { observations, window } = await generator.calls.run(jobFor(url, { shape, duration: 500, startAt: now() + 1000 }));
      const rows = rowsOf(observations);
      // How late a request may be is the machine's affair; it is never early.
      expect(rows.every(({ sentAt, intendedAt }) => sentAt >= intendedAt)).toBe(true);
      return rows.map(({ intendedAt }) => intendedAt - window.startAt);
    };
    const even = await instants({ model: 'open', rate: 200, arrivals: 'even' });
    expect(even.map(Math.round)).toEqual(Array.from({ length: 100 }, (_, i) => i * 5));
    expect(even.every((at) => Math.abs(at - Math.round(at)) < 0.001)).toBe(true);
    const poisson: LoadShape = { model: 'open', rate: 100, arrivals: 'poisson' };
    const runs = [await instants(poisson), await instants(poisson)];
    const rounded = runs.map((run) => run.map((at) => Math.round(at * 1000)));
    expect(rounded[0]).toEqual(rounded[1]);
  });
});
