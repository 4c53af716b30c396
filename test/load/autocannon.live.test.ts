/**
 * The contract with autocannon: `client.ts` stands on internals of exactly this version. When a test here fails, read
 * the difference of the files named, see that what the connection takes for granted still holds (it is listed in
 * src/load/autocannon.d.ts; the hostile servers try it), and only then change the values below.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import Client from 'autocannon/lib/httpClient.js';
import { afterEach, describe, expect, it } from 'vitest';
import { startHostile, type HostileServer } from '../support/hostile/server.js';

const require = createRequire(import.meta.url);
const VERSION = '9.0.0';
const SOURCES = {
  'httpClient.js': '31516446d4c26de938a92f2871ad71241fb1dacbeb5aea2418ac00ba6368a3d5',
  'pipelinedRequestsQueue.js': '8c86fa8cf51d22abcbff06ceab61991a6665d2bb32f98fcb05ade6234f1ed56f',
  'requestIterator.js': '0957063fa3e84d4fbfc0610f76da1433c1740547714cb8410e013c264f6e8a5c',
};

let server: HostileServer | undefined;
let client: Client | undefined;

afterEach(async () => {
  if (client?.conn) client.destroy();
  else client?.timeoutTicker.clear();
  await server?.close();
  client = undefined;
  server = undefined;
});

/** A client that is told nothing but where the server is. */
function clientOf(setupClient: (client: Client) => void): Client {
  client = new Client({ protocol: 'http:', hostname: '127.0.0.1', port: server?.port ?? 1, setupClient });
  return client;
}

describe('autocannon', () => {
  it('is pinned to the version that was read, and installed so', () => {
    const installed = require('autocannon/package.json') as { version: string };
    const own = require('../../package.json') as { dependencies: Record<string, string> };
    expect(installed.version).toBe(VERSION);
    expect(own.dependencies['autocannon']).toBe(VERSION);
  });

  it.each(Object.entries(SOURCES))('has the %s that was read', (file, hash) => {
    const source = readFileSync(require.resolve(`autocannon/lib/${file}`));
    expect(createHash('sha256').update(source).digest('hex')).toBe(hash);
  });

  it('has every name that the connection uses', () => {
    const { parser, timeoutTicker, secure, timeout, conn } = clientOf((tamed) => {
      tamed._connect = () => {};
    });
    const prototype = Client.prototype;
    for (const name of ['_connect', '_doRequest', '_destroyConnection', 'getRequestBuffer', 'destroy'] as const) {
      expect(prototype[name]).toBeTypeOf('function');
    }
    const method: unknown = expect.any(Function);
    expect(parser).toMatchObject({ type: 'RESPONSE', state: 'RESPONSE_LINE', line: '' });
    expect(Object.getPrototypeOf(parser)).toMatchObject({ execute: method, finish: method, reinitialize: method });
    const { kOnHeadersComplete, kOnBody, kOnMessageComplete } = parser.constructor;
    const callbacks = [kOnHeadersComplete, kOnBody, kOnMessageComplete] as const;
    expect(callbacks).toEqual([2, 3, 4]);
    for (const callback of callbacks) expect(parser[callback]).toBeTypeOf('function');
    expect(Object.getPrototypeOf(timeoutTicker)).toHaveProperty('reschedule', method);
    expect(Object.getPrototypeOf(timeoutTicker)).toHaveProperty('clear', method);
    expect({ secure, timeout, conn }).toEqual({ secure: false, timeout: 10_000, conn: undefined });
  });

  it('calls setupClient before it connects, and lets an instance take its initiative away', async () => {
    server = await startHostile((request) => request.answer());
    const calls: string[] = [];
    const tamed = clientOf((own) => {
      expect(own.conn).toBeUndefined();
      own._connect = () => calls.push('connect');
      own._doRequest = () => calls.push('request');
      own.getRequestBuffer = () => 'GET / HTTP/1.1\r\nhost: a\r\nx-request: 1\r\n\r\n';
      own.on('headers', () => calls.push('headers'));
    });
    expect(calls).toEqual(['connect']);
    // The prototype's own methods connect and send when asked, and answer by `response`; the next request is not sent.
    Client.prototype._connect.call(tamed);
    const answered = new Promise((resolve) => tamed.once('response', resolve));
    Client.prototype._doRequest.call(tamed);
    expect(await answered).toBe(200);
    expect(calls).toEqual(['connect', 'request', 'headers', 'request']);
    expect(server.seen).toHaveLength(1);
  });

  it('reads `timeout` when it sends, and tells of it after the connection was destroyed', async () => {
    server = await startHostile(() => {});
    const tamed = clientOf((own) => {
      own._connect = () => {};
      own._doRequest = () => {};
      own.getRequestBuffer = () => 'GET / HTTP/1.1\r\nhost: a\r\nx-request: 1\r\n\r\n';
    });
    tamed.timeoutTicker.reschedule(2_147_483_647);
    Client.prototype._connect.call(tamed);
    tamed.timeout = 50;
    const timedOut = new Promise<boolean | undefined>((resolve) => {
      tamed.once('timeout', () => resolve(tamed.conn?.destroyed));
    });
    Client.prototype._doRequest.call(tamed);
    expect(await timedOut).toBe(true);
  });
});
