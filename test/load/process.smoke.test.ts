import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { now } from '../../src/base/clock.js';
import type { LoadRemote, LoadShape } from '../../src/load/load.js';
import { startChild, type Child } from '../../src/processes/child.js';
import { countsOf, jobFor, reachedIndices, rowsOf } from '../support/hostile/rows.js';

let generator: Child<LoadRemote>;
let server: Server;
/** The indices that the server was asked with. */
let seen: number[];
beforeEach(async () => {
  generator = await startChild<LoadRemote>('load-process.js');
  seen = [];
  server = createServer((request, response) => {
    seen.push(Number(request.headers['x-request']));
    request.resume().on('end', () => response.end('ok'));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
});
afterEach(async () => {
  await generator.stop();
  server.closeAllConnections();
  await once(server.close(), 'close');
});

describe('a load generator in a process of its own', () => {
  it.each<[string, LoadShape]>([
    ['users', { model: 'closed', users: 3 }],
    ['a rate', { model: 'open', rate: 100, arrivals: 'even' }],
  ])('sends %s, and has a row for each request that the server saw', async (_, shape) => {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const job = jobFor(url, { shape, startAt: now() + 400, warmup: 200, duration: 500, timeout: 30_000 });
    const { observations } = await generator.calls.run(job);
    const rows = rowsOf(observations);
    expect(rows.length).toBeGreaterThan(0);
    expect(reachedIndices(rows)).toEqual(seen.toSorted((a, b) => a - b));
    const { ok = 0, cutOff = 0, connection = 0 } = countsOf(rows);
    // On a machine that is very busy the last may be cut off, or find every connection taken.
    expect(ok + cutOff + connection).toBe(rows.length);
    expect(ok).toBeGreaterThan(0);
  });
});
