import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { startLoad } from '../../src/load/run.js';
import { countAttempts } from '../../src/measurement/attempts.js';
import type { ClientRetries } from '../../src/scenarios/load.js';
import { jobFor, rowsOf } from '../support/hostile/rows.js';

let server: Server;
const seen: { headers: IncomingHttpHeaders; body: string }[] = [];

afterEach(() => {
  seen.length = 0;
  server.closeAllConnections();
  server.close();
});

/** Answers each attempt with a status; 0: with nothing at all. */
async function serve(statusOf: (attempt: number) => number): Promise<string> {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      seen.push({ headers: request.headers, body });
      const status = statusOf(Number(request.headers['x-attempt'] ?? 1));
      if (status > 0) response.writeHead(status, { 'content-length': 0 }).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/orders`;
}

const RETRIES: ClientRetries = { attempts: 3, backoff: 20, on: ['timeout', 'http5xx'] };

async function load(url: string, timeout = 5000) {
  const job = jobFor(url, { shape: { model: 'closed', users: 2 }, duration: 300, timeout, retries: RETRIES, method: 'POST', body: '{"id":"{{uuid}}"}' });
  const { observations } = await startLoad(job, () => {}).result;
  return { observations, rows: rowsOf(observations) };
}

describe('a request that its client sends again', () => {
  it('is the same in every attempt but for the number of that, and the books balance by attempts', async () => {
    const { observations, rows } = await load(await serve((attempt) => (attempt < 3 ? 503 : 200)));
    expect(rows.length).toBeGreaterThan(0);
    expect(new Set(rows.map(({ outcome }) => outcome))).toEqual(new Set(['ok']));
    expect(new Set(observations.attempts)).toEqual(new Set([3]));
    expect(seen).toHaveLength(countAttempts(observations) + countAttempts(observations, false));
    // Both pauses, 20 and 40 ms, lie within it: timers never fire early.
    for (const { time } of rows) expect(time).toBeGreaterThanOrEqual(60);
    const first = seen.filter(({ headers }) => headers['x-request'] === '0');
    expect(first.map(({ headers }) => headers['x-attempt'])).toEqual([undefined, '2', '3']);
    expect(new Set(first.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
    expect(new Set(first.map(({ body }) => body)).size).toBe(1);
    expect(new Set(seen.map(({ headers }) => headers['idempotency-key'])).size).toBe(rows.length);
  });

  it('has a timeout in every attempt, and fails as the last one did', async () => {
    const { observations, rows } = await load(await serve(() => 0), 100);
    expect(new Set(rows.map(({ outcome }) => outcome))).toEqual(new Set(['timeout']));
    expect(new Set(observations.attempts)).toEqual(new Set([3]));
    for (const { time } of rows) expect(time).toBeGreaterThanOrEqual(360);
  });
});
