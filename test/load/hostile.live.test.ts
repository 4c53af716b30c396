import { afterEach, describe, expect, it } from 'vitest';
import { countsOf, load, reachedIndices, type Row } from '../support/hostile/rows.js';
import { startHostile, type HostileServer, type SeenRequest } from '../support/hostile/server.js';

let server: HostileServer;

afterEach(() => server.close());

async function serve(behave: (request: SeenRequest) => void): Promise<string> {
  server = await startHostile(behave);
  return server.url;
}

/** The books agree: a row for each request the server saw, and no other but those that no server can have seen. */
function expectBalanced(rows: Row[]): void {
  expect(reachedIndices(rows)).toEqual(server.seen.map(({ index }) => index).toSorted((a, b) => a - b));
  for (const row of rows) expect(row.endedAt).toBeGreaterThanOrEqual(row.intendedAt);
}

/**
 * Every good answer took at least as long as the server says, and not much longer.
 * @param slack ms for a busy machine
 */
function expectTrueTimes(rows: Row[], slack = 60): void {
  const seen = new Map(server.seen.map((request) => [request.index, request]));
  for (const { index, outcome, sentAt, endedAt } of rows) {
    const request = seen.get(index);
    if (outcome !== 'ok' || request?.answeredAt === undefined) continue;
    const served = request.answeredAt - request.seenAt;
    expect(endedAt - sentAt).toBeGreaterThanOrEqual(served - 0.1);
    expect(endedAt - sentAt).toBeLessThan(served + slack);
    expect(sentAt).toBeLessThanOrEqual(request.seenAt + 0.1);
  }
}

/** Answers after a time. */
function after(ms: number, request: SeenRequest): void {
  setTimeout(() => request.answer(), ms);
}

describe('a server that stalls', () => {
  it('shows the stall to users who wait for it', async () => {
    const url = await serve((request) => after(request.nth >= 10 && request.nth < 12 ? 250 : 15, request));
    const { rows } = await load(url);
    expectBalanced(rows);
    expectTrueTimes(rows);
    expect(countsOf(rows)).toEqual({ ok: rows.length });
    expect(rows.filter(({ time }) => time > 240)).toHaveLength(2);
  });

  it('shows the stall to every arrival of a schedule, from its place in the schedule', async () => {
    let stalled: SeenRequest[] | undefined;
    const url = await serve((request) => {
      if (stalled) stalled.push(request);
      else if (request.nth === 20) {
        stalled = [request];
        setTimeout(() => {
          for (const waiting of stalled ?? []) waiting.answer();
          stalled = undefined;
        }, 250);
      } else request.answer();
    });
    const { rows } = await load(url, { shape: { model: 'open', rate: 100, arrivals: 'even' }, duration: 500 });
    expectBalanced(rows);
    expectTrueTimes(rows);
    expect(rows).toHaveLength(50);
    // 25 arrivals meet the stall; they wait for what is left of it: 250, 240, 230 ... ms.
    const waits = rows.slice(20, 45).map(({ time }) => time);
    expect(Math.max(...waits.map((wait, i) => Math.abs(wait - (250 - 10 * i))))).toBeLessThan(60);
  });
});

describe('a server that drops requests', () => {
  it('books a reset as `connection`', async () => {
    const url = await serve((request) => {
      if (request.nth % 4 === 3) request.socket.resetAndDestroy();
      else after(10, request);
    });
    const { rows } = await load(url);
    expectBalanced(rows);
    expectTrueTimes(rows);
    const resets = server.seen.filter(({ nth }) => nth % 4 === 3).length;
    expect(countsOf(rows)).toEqual({ ok: rows.length - resets, connection: resets });
  });

  it('books an end without an answer as `hangup`', async () => {
    const url = await serve((request) => (request.nth % 4 === 3 ? request.socket.end() : after(30, request)));
    const { rows } = await load(url);
    expectBalanced(rows);
    expectTrueTimes(rows);
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
    const { rows } = await load(url);
    expectBalanced(rows);
    expectTrueTimes(rows);
    expect(countsOf(rows)).toEqual({ ok: rows.length });
    expect(server.connections).toBe(rows.length);
  });

  it('books what is never answered as `timeout`, after the timeout', async () => {
    const url = await serve((request) => (request.nth % 5 === 4 ? undefined : after(10, request)));
    const { rows } = await load(url, { timeout: 150 });
    expectBalanced(rows);
    expectTrueTimes(rows);
    const timeouts = rows.filter(({ outcome }) => outcome === 'timeout');
    expect(timeouts).toHaveLength(server.seen.filter(({ nth }) => nth % 5 === 4).length);
    expect(timeouts.length).toBeGreaterThan(1);
    for (const { time } of timeouts) expect(Math.abs(time - 175)).toBeLessThan(30);
  });
});

describe('a server that answers wrongly', () => {
  it('books a truncated body as `hangup`, and the next answer on a new connection as good', async () => {
    const url = await serve((request) => {
      if (request.nth % 3 !== 2) return after(10, request);
      request.socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf');
    });
    const { rows } = await load(url);
    expectBalanced(rows);
    expectTrueTimes(rows);
    const halves = server.seen.filter(({ nth }) => nth % 3 === 2).length;
    expect(countsOf(rows)).toEqual({ ok: rows.length - halves, hangup: halves });
  });

  it('books garbage as `hangup`', async () => {
    const url = await serve((request) => {
      if (request.nth % 3 === 2) request.socket.write('\u0000\u0001 this is no HTTP\r\n\r\n');
      else after(10, request);
    });
    const { rows } = await load(url);
    expectBalanced(rows);
    expectTrueTimes(rows);
    const garbage = server.seen.filter(({ nth }) => nth % 3 === 2).length;
    expect(countsOf(rows)).toEqual({ ok: rows.length - garbage, hangup: garbage });
  });

  it('books an immediate 503 as `http5xx`, with a true time', async () => {
    const url = await serve((request) => request.answer(503));
    const { rows } = await load(url, { duration: 150 });
    expectBalanced(rows);
    expect(countsOf(rows)).toEqual({ http5xx: rows.length });
    expect(rows.every(({ status, time }) => status === 503 && time < 100)).toBe(true);
  });

  it('keeps an answer after the timeout away from later requests', async () => {
    const url = await serve((request) => after(request.nth % 3 === 0 ? 150 : 30, request));
    const { rows } = await load(url, { timeout: 100, duration: 600 });
    expectBalanced(rows);
    expectTrueTimes(rows, 50);
    const late = new Set(server.seen.filter(({ nth }) => nth % 3 === 0).map(({ index }) => index));
    for (const { index, outcome } of rows) expect(outcome).toBe(late.has(index) ? 'timeout' : 'ok');
  });

  it('keeps a second answer to one request away from the next request', async () => {
    const url = await serve((request) => {
      const answer = (status: number): string => `HTTP/1.1 ${status} Said\r\ncontent-length: 0\r\n\r\n`;
      setTimeout(() => request.socket.write(answer(200) + (request.nth % 2 ? '' : answer(500))), 10);
    });
    const { rows } = await load(url);
    expectBalanced(rows);
    expect(countsOf(rows)).toEqual({ ok: rows.length });
  });

  it('waits for the real answer after `100 Continue` and early hints', async () => {
    const url = await serve((request) => {
      request.socket.write('HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </a.css>\r\n\r\n');
      after(20, request);
    });
    const { rows } = await load(url);
    expectBalanced(rows);
    expectTrueTimes(rows);
    expect(countsOf(rows)).toEqual({ ok: rows.length });
  });

  it('takes an answer without a length as whole when the connection ends', async () => {
    const url = await serve((request) => {
      request.socket.end('HTTP/1.1 200 OK\r\n\r\nuntil the end');
    });
    const { rows } = await load(url, { duration: 150 });
    expectBalanced(rows);
    expect(countsOf(rows)).toEqual({ ok: rows.length });
  });
});
