import { afterEach, describe, expect, it } from 'vitest';
import type { Cause } from '../../src/base/causes.js';
import { now } from '../../src/base/clock.js';
import type { LoadJob } from '../../src/load/load.js';
import { countsOf, load, reachedIndices, type Row } from '../support/hostile/rows.js';
import { besideTimer, isAscending, type Lateness } from '../support/lateness.js';
import { startHostile, type HostileServer, type SeenRequest } from '../support/hostile/server.js';

let server: HostileServer;

afterEach(() => server.close());

async function serve(behave: (request: SeenRequest) => void): Promise<string> {
  server = await startHostile(behave);
  return server.url;
}

/** Runs a load, whose books must agree with the server's whatever happened, and whose times must be true. */
async function loaded(url: string, changes: Partial<LoadJob> = {}): Promise<{ rows: Row[]; lateness: Lateness }> {
  const { result: { rows, causes }, lateness } = await besideTimer(() => load(url, changes));
  expectReasons(rows, causes);
  expectBalanced(rows);
  expectTrueTimes(rows, lateness);
  return { rows, lateness };
}

/** Every measured request without a good answer is told of, with its outcome and a reason. */
function expectReasons(rows: Row[], causes: readonly Cause[] = []): void {
  const { ok: _, cutOff: __, ...failed } = countsOf(rows.filter(({ index }) => index >= 0));
  const told: Record<string, number> = {};
  for (const { call, of, reason, count } of causes) {
    expect([call, reason]).toEqual(['answer', expect.stringMatching(/\w/)]);
    told[of] = (told[of] ?? 0) + count;
  }
  expect(told).toEqual(failed);
}

/** A row for each request the server saw, and no other but those that no server can have seen. */
function expectBalanced(rows: Row[]): void {
  expect(reachedIndices(rows)).toEqual(server.seen.map(({ index }) => index).toSorted((a, b) => a - b));
  expect(rows.filter(({ endedAt, intendedAt }) => endedAt < intendedAt)).toEqual([]);
}

/** A request was sent before the server saw it, and answered after the server had done so; and not much longer. */
function expectTrueTimes(rows: Row[], lateness: Lateness): void {
  const seen = new Map(server.seen.map((request) => [request.index, request]));
  for (const { index, status, sentAt, endedAt } of rows) {
    const { seenAt = NaN, answeredAt } = seen.get(index) ?? {};
    if (status === 0 || answeredAt === undefined) continue;
    expect([sentAt, seenAt, answeredAt, endedAt]).toSatisfy(isAscending);
    expect(endedAt - sentAt - (answeredAt - seenAt)).toSatisfy(lateness.allows, `no longer than the server took: ${lateness.worst}`);
  }
}

/** Answers after a time. */
function after(ms: number, request: SeenRequest): void {
  setTimeout(() => request.answer(), ms);
}

describe('a server that stalls', () => {
  it('shows the stall to users who wait for it', async () => {
    const url = await serve((request) => after(request.nth >= 2 && request.nth < 4 ? 250 : 15, request));
    const { rows } = await loaded(url, { duration: 600 });
    expect(countsOf(rows)).toEqual({ ok: rows.length });
    // Whoever stalls goes on afterwards.
    expect(server.seen.length).toBeGreaterThan(4);
  });

  it('shows the stall to every arrival of a schedule, from its place in the schedule', async () => {
    const waiting: SeenRequest[] = [];
    let releasedAt = 0;
    const url = await serve((request) => {
      if (request.nth < 20 || releasedAt > 0) request.answer();
      else if (waiting.push(request) === 1) {
        setTimeout(() => {
          releasedAt = now();
          for (const { answer } of waiting) answer();
        }, 250);
      }
    });
    const { rows, lateness } = await loaded(url, { shape: { model: 'open', rate: 100, arrivals: 'even' }, duration: 500 });
    // Whatever the server does, requests are due, and sent, when the schedule says so.
    expect(rows.map(({ intendedAt }) => Math.round(intendedAt - (rows[0]?.intendedAt ?? NaN)))).toEqual(Array.from({ length: 50 }, (_, i) => 10 * i));
    for (const { intendedAt, sentAt } of rows) expect(sentAt - intendedAt).toSatisfy(lateness.allows, `on time: ${lateness.worst}`);
    const stalled = rows.filter(({ index }) => waiting.some((request) => request.index === index));
    expect(stalled.length).toBeGreaterThan(2);
    // Each waits for what is left of the stall: all are answered at its end.
    for (const { intendedAt, time } of stalled) expect(intendedAt + time - releasedAt).toSatisfy(lateness.allows, `answered at once: ${lateness.worst}`);
  });
});

describe('a server that drops requests', () => {
  it('books a reset as `connection`', async () => {
    const url = await serve((request) => {
      if (request.nth % 4 === 3) request.socket.resetAndDestroy();
      else after(10, request);
    });
    const { rows } = await loaded(url);
    const resets = server.seen.filter(({ nth }) => nth % 4 === 3).length;
    expect(countsOf(rows)).toEqual({ ok: rows.length - resets, connection: resets });
  });

  it('books an end without an answer as `hangup`', async () => {
    const url = await serve((request) => (request.nth % 4 === 3 ? request.socket.end() : after(30, request)));
    const { rows } = await loaded(url);
    const ends = server.seen.filter(({ nth }) => nth % 4 === 3).length;
    expect(countsOf(rows)).toEqual({ ok: rows.length - ends, hangup: ends });
  });

  it('takes `Connection: close` as a good answer, and a new connection for the next request', async () => {
    const url = await serve((request) => {
      setTimeout(() => {
        request.answer(200, 'connection: close\r\n');
        request.socket.end();
      }, 30);
    });
    const { rows } = await loaded(url);
    expect(countsOf(rows)).toEqual({ ok: rows.length });
    expect(server.connections).toBe(rows.length);
  });

  it('books what is never answered as `timeout`, after the timeout', async () => {
    const url = await serve((request) => (request.nth % 5 === 4 ? undefined : after(10, request)));
    const { rows, lateness } = await loaded(url, { timeout: 300, duration: 1000 });
    const timeouts = rows.filter(({ outcome }) => outcome === 'timeout');
    expect(timeouts).toHaveLength(server.seen.filter(({ nth }) => nth % 5 === 4).length);
    expect(timeouts.length).toBeGreaterThan(1);
    for (const { time } of timeouts) expect(time - 300).toSatisfy(lateness.allows, `at its moment: ${lateness.worst}`);
  });
});

describe('a server that answers wrongly', () => {
  it('books a truncated body as `hangup`, and the next answer on a new connection as good', async () => {
    const url = await serve((request) => {
      if (request.nth % 3 !== 2) return after(10, request);
      request.socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf');
    });
    const { rows } = await loaded(url);
    const halves = server.seen.filter(({ nth }) => nth % 3 === 2).length;
    expect(countsOf(rows)).toEqual({ ok: rows.length - halves, hangup: halves });
  });

  it('books garbage as `hangup`', async () => {
    const url = await serve((request) => {
      if (request.nth % 3 === 2) request.socket.write('\u0000\u0001 this is no HTTP\r\n\r\n');
      else after(10, request);
    });
    const { rows } = await loaded(url);
    const garbage = server.seen.filter(({ nth }) => nth % 3 === 2).length;
    expect(countsOf(rows)).toEqual({ ok: rows.length - garbage, hangup: garbage });
  });

  it('books an immediate 503 as `http5xx`, with a true time', async () => {
    const url = await serve((request) => request.answer(503));
    const { rows } = await loaded(url, { duration: 150 });
    expect(countsOf(rows)).toEqual({ http5xx: rows.length });
    expect(rows.every(({ status }) => status === 503)).toBe(true);
  });

  it('keeps an answer after the timeout away from later requests', async () => {
    const url = await serve((request) => after(request.nth % 3 === 0 ? 450 : 30, request));
    const { rows } = await loaded(url, { timeout: 300, duration: 1200 });
    const late = new Set(server.seen.filter(({ nth }) => nth % 3 === 0).map(({ index }) => index));
    for (const { index, outcome } of rows) expect(outcome).toBe(late.has(index) ? 'timeout' : 'ok');
  });

  it('keeps a second answer to one request away from the next request', async () => {
    const url = await serve((request) => {
      const answer = (status: number): string => `HTTP/1.1 ${status} Said\r\ncontent-length: 0\r\n\r\n`;
      setTimeout(() => request.socket.write(answer(200) + (request.nth % 2 ? '' : answer(500))), 10);
    });
    const { rows } = await loaded(url);
    expect(countsOf(rows)).toEqual({ ok: rows.length });
  });

  it('waits for the real answer after `100 Continue` and early hints', async () => {
    const url = await serve((request) => {
      request.socket.write('HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </a.css>\r\n\r\n');
      after(20, request);
    });
    const { rows } = await loaded(url);
    expect(countsOf(rows)).toEqual({ ok: rows.length });
  });

  it('takes an answer without a length as whole when the connection ends', async () => {
    const url = await serve((request) => {
      request.socket.end('HTTP/1.1 200 OK\r\n\r\nuntil the end');
    });
    const { rows } = await loaded(url, { duration: 150 });
    expect(countsOf(rows)).toEqual({ ok: rows.length });
  });
});
