/** A real server that stops once, as for a long garbage collection: what its users feel, and what it sees itself. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { now } from '../../src/base/clock.js';
import { countsOf, load } from '../support/hostile/rows.js';

const LATENCY = 600;
const STOP = 800;
const RATE = 200;
const WINDOW = 3000;

let server: ChildProcess | undefined;

afterEach(() => server?.kill('SIGKILL'));

async function serve(): Promise<string> {
  server = fork(new URL('../support/slow-server.js', import.meta.url), [String(LATENCY)]);
  const [port] = await once(server, 'message');
  return `http://127.0.0.1:${port}`;
}

/** Stops the server once; how long it really stood, ms. */
async function stopOnce(): Promise<number> {
  const stoppedAt = now();
  server?.kill('SIGSTOP');
  await sleep(STOP);
  server?.kill('SIGCONT');
  return now() - stoppedAt;
}

function p99(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.ceil(times.length * 0.99) - 1] ?? Number.NaN;
}

describe('an open load on a server that stops for 800 ms', () => {
  it('shows the wait from the intended start, which the server itself cannot see', async () => {
    const url = await serve();
    const startAt = now() + 200;
    const shape = { model: 'open', rate: RATE, arrivals: 'even' } as const;
    const loading = load(url, { shape, startAt, duration: WINDOW, timeout: 10_000 });
    await sleep(startAt + 1000 - now());
    const stoppedAt = now();
    const stop = await stopOnce();
    const { rows } = await loading;
    server?.send('report');
    const [seen] = (await once(server as ChildProcess, 'message')) as [Record<number, number>];

    expect(countsOf(rows)).toEqual({ ok: (RATE * WINDOW) / 1000 });
    expect(Object.keys(seen).map(Number)).toEqual(rows.map(({ index }) => index));
    // Who came as it stopped waited for all of the stop, and then for an answer; one percent of all came within 30 ms.
    const felt = p99(rows.map(({ time }) => time));
    expect(felt).toBeGreaterThan(LATENCY + stop - 100);
    expect(felt).toBeLessThan(LATENCY + stop + 400);
    // Of those who came during the stop the server knows the part after it.
    const stalled = rows.filter(({ intendedAt }) => intendedAt > stoppedAt + 20 && intendedAt < stoppedAt + stop - 20);
    expect(stalled.length).toBeGreaterThan((RATE * (STOP - 100)) / 1000);
    const service = p99(stalled.map(({ index }) => seen[index] ?? Number.NaN));
    expect(service).toBeLessThan(LATENCY + 200);
    expect(p99(stalled.map(({ time }) => time)) - service).toBeGreaterThan(STOP / 2);
  });
});
