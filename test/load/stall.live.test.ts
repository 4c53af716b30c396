/** A real server that stops once, as for a long garbage collection: what its users feel, and what it sees itself. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { now } from '../../src/base/clock.js';
import { countsOf, load } from '../support/hostile/rows.js';
import { isAscending } from '../support/lateness.js';

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

/** Stops the server once: when it did, and when it went on. */
async function stopOnce(): Promise<{ stoppedAt: number; resumedAt: number }> {
  server?.kill('SIGSTOP');
  const stoppedAt = now();
  await sleep(STOP);
  const resumedAt = now();
  server?.kill('SIGCONT');
  return { stoppedAt, resumedAt };
}

describe('an open load on a server that stops for 800 ms', () => {
  it('shows the wait from the intended start, which the server itself cannot see', async () => {
    const url = await serve();
    const startAt = now() + 200;
    const shape = { model: 'open', rate: RATE, arrivals: 'even' } as const;
    const loading = load(url, { shape, startAt, duration: WINDOW, timeout: 30_000 });
    await sleep(startAt + 1000 - now());
    const { stoppedAt, resumedAt } = await stopOnce();
    const { rows } = await loading;
    server?.send('report');
    const [seen] = (await once(server as ChildProcess, 'message')) as [Record<number, { receivedAt: number; answeredAt: number }>];

    expect(countsOf(rows)).toEqual({ ok: (RATE * WINDOW) / 1000 });
    expect(Object.keys(seen).map(Number)).toEqual(rows.map(({ index }) => index));
    const trips = rows.map((row) => ({ ...row, receivedAt: NaN, answeredAt: NaN, ...seen[row.index] }));
    for (const { intendedAt, sentAt, receivedAt, answeredAt, endedAt } of trips) {
      expect([intendedAt, sentAt, receivedAt, answeredAt, endedAt]).toSatisfy(isAscending);
    }
    // Those who came during the stop were sent, and waited for its end before the server knew of them.
    const stalled = trips.filter(({ intendedAt, receivedAt }) => intendedAt > stoppedAt && intendedAt < resumedAt && receivedAt > resumedAt);
    expect(stalled.filter(({ sentAt }) => sentAt < resumedAt).length).toBeGreaterThan(stalled.length / 2);
    // More than one percent of all, so that p99 tells of it, felt more than half of the stop beside what the server saw.
    const hidden = stalled.filter(({ time, receivedAt, answeredAt }) => time - (answeredAt - receivedAt) > (resumedAt - stoppedAt) / 2);
    expect(hidden.length).toBeGreaterThan(rows.length / 100);
  });
});
