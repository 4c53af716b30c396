import { readFileSync } from 'node:fs';
import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { now } from '../../src/base/clock.js';
import { Connection, type AnswerTaking } from '../../src/load/client.js';
import type { Outcome } from '../../src/load/load.js';
import { besideTimer } from '../support/lateness.js';
import { startHostile } from '../support/hostile/server.js';

const REQUEST = 'GET / HTTP/1.1\r\nhost: a\r\nx-request: 1\r\n\r\n';
const closing: (() => unknown)[] = [];

afterEach(async () => {
  vi.useRealTimers();
  for (const close of closing.splice(0)) await close();
});

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => server.close(), () => server.closeAllConnections());
  return (server.address() as AddressInfo).port;
}

interface Ended {
  outcome: Outcome;
  status: number;
  reached: boolean;
  deadline: number;
  endedAt: number;
}

/** A connection that answers with how its request ended. */
function connect(url: string, method = 'GET', taking: AnswerTaking = {}) {
  let resolve: (ended: Ended) => void;
  let deadline = 0;
  let count = 0;
  let retries = 0;
  const connection = new Connection(new URL(url), method, {
    sent: () => {},
    answering: () => {},
    retried: () => retries++,
    ended: (outcome, status, reached) => {
      count++;
      resolve({ outcome, status, reached, deadline, endedAt: now() });
    },
  }, taking);
  closing.push(() => connection.close());
  const send = (timeout = 2000, request = REQUEST): Promise<Ended> =>
    new Promise((settle) => {
      resolve = settle;
      deadline = now() + timeout;
      connection.send(request, deadline);
    });
  return { connection, send, ends: () => count, retries: () => retries };
}

describe('a connection', () => {
  it('carries one request after another', async () => {
    const server = await startHostile((request) => request.answer(request.nth === 1 ? 404 : 302));
    closing.push(server.close);
    const { send } = connect(server.url);
    expect(await send()).toMatchObject({ outcome: 'ok', status: 302, reached: true });
    expect(await send()).toMatchObject({ outcome: 'http4xx', status: 404, reached: true });
    expect(server.connections).toBe(1);
  });

  it('speaks https, whoever signed the certificate', async () => {
    const file = (name: string): Buffer => readFileSync(new URL(`../support/hostile/${name}.pem`, import.meta.url));
    const server = createHttpsServer({ key: file('key'), cert: file('cert') }, (_, response) => response.end('ok'));
    const port = await listening(server);
    const { send } = connect(`https://localhost:${port}/`);
    expect(await send()).toMatchObject({ outcome: 'ok', status: 200, reached: true });
    expect(await send()).toMatchObject({ outcome: 'ok', status: 200, reached: true });
  });

  it('expects no body of an answer to HEAD, nor of 304', async () => {
    const server = createHttpServer((request, response) => {
      response.writeHead(request.method === 'HEAD' ? 200 : 304, { 'content-length': 5 }).end();
    });
    const url = `http://127.0.0.1:${await listening(server)}/`;
    expect(await connect(url, 'HEAD').send(5000, REQUEST.replace('GET', 'HEAD'))).toMatchObject({ status: 200 });
    expect(await connect(url).send(5000)).toMatchObject({ outcome: 'ok', status: 304 });
  });

  it('reads chunked answers, however they are cut', async () => {
    const server = await startHostile(({ socket }) => {
      const answer = 'HTTP/1.1 201 Created\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n';
      socket.setNoDelay(true);
      for (const part of answer.match(/[^]{1,9}/g) ?? []) socket.write(part);
    });
    closing.push(server.close);
    const { send } = connect(server.url);
    for (let i = 0; i < 3; i++) expect(await send()).toMatchObject({ outcome: 'ok', status: 201 });
  });

  it('books a refused port as `connection`, unreached, and connects when the port is back', async () => {
    const first = await startHostile(() => {});
    await first.close();
    const { send } = connect(first.url);
    expect(await send()).toMatchObject({ outcome: 'connection', status: 0, reached: false });
    const second = await startHostile((request) => request.answer(), first.port);
    closing.push(second.close);
    expect(await send()).toMatchObject({ outcome: 'ok', reached: true });
  });

  it('books a timeout at the deadline, in whole milliseconds or not', async () => {
    const server = await startHostile(() => {});
    closing.push(server.close);
    const { send } = connect(server.url);
    const { result: { outcome, reached, deadline, endedAt }, lateness } = await besideTimer(() => send(80.5));
    expect({ outcome, reached }).toEqual({ outcome: 'timeout', reached: true });
    expect(endedAt - deadline).toSatisfy(lateness.allows, `on time, as a timer that was up to ${lateness.worst} ms late`);
  });

  it('books a connection that is never established as `timeout`, unreached', async () => {
    const silent = createTcpServer();
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    closing.push(() => silent.close());
    const { port } = silent.address() as AddressInfo;
    const { outcome, reached } = await connect(`https://127.0.0.1:${port}/`).send(80);
    expect({ outcome, reached }).toEqual({ outcome: 'timeout', reached: false });
  });

  it('has no timeout while it is idle', async () => {
    const server = await startHostile((request) => request.answer());
    closing.push(server.close);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { send, ends } = connect(server.url);
    await send(1000);
    vi.advanceTimersByTime(3_600_000);
    expect(ends()).toBe(1);
    await send(1000);
    expect(server.connections).toBe(1);
  });

  it('has no timeout before its first request', () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { ends } = connect('http://127.0.0.1:1/');
    vi.advanceTimersByTime(3_600_000);
    expect(ends()).toBe(0);
  });

  it('connects anew after the server has closed it while it was idle', async () => {
    const server = await startHostile((request) => request.answer());
    closing.push(server.close);
    const { send, ends } = connect(server.url);
    await send();
    server.seen[0]?.socket.end();
    await sleep(30);
    expect(ends()).toBe(1);
    expect(await send()).toMatchObject({ outcome: 'ok' });
    expect(server.connections).toBe(2);
  });

  /** A server that closes a connection when it is asked the second time on it, as one does whose idle limit has just passed. */
  const startTired = async () => {
    const server = await startHostile((request) => {
      if (server.seen.filter(({ socket }) => socket === request.socket).length === 1) request.answer();
      else request.socket.end();
    });
    closing.push(server.close);
    return server;
  };

  it('sends again over a new connection what met one that was closed for being idle, where that may be done', async () => {
    const server = await startTired();
    const { send, retries } = connect(server.url, 'GET', { closesIdle: true });
    for (let i = 1; i <= 3; i++) {
      expect(await send()).toMatchObject({ outcome: 'ok', reached: true });
      await sleep(40);
    }
    expect(retries()).toBe(2);
    expect(server.connections).toBe(3);
  });

  it('books it as `stale` where it may not be sent twice, and goes on', async () => {
    const server = await startTired();
    const { send, retries } = connect(server.url, 'POST', { closesIdle: true });
    expect(await send()).toMatchObject({ outcome: 'ok' });
    await sleep(40);
    expect(await send()).toMatchObject({ outcome: 'stale', status: 0, reached: true });
    expect(await send()).toMatchObject({ outcome: 'ok' });
    expect(retries()).toBe(0);
  });

  it.each([
    ['that never closes what is idle', 'GET', {}, (socket: Socket) => socket.end()],
    ['that has begun to answer', 'GET', { closesIdle: true }, (socket: Socket) => socket.end('HTTP/1.1 200')],
  ] as const)('takes it for a `hangup` of a server %s', async (_, method, taking, close) => {
    const server = await startHostile((request) => (request.nth === 0 ? request.answer() : close(request.socket)));
    closing.push(server.close);
    const { send, retries } = connect(server.url, method, taking);
    await send();
    await sleep(40);
    expect(await send()).toMatchObject({ outcome: 'hangup' });
    expect(retries()).toBe(0);
  });

  it('takes it for a `hangup` when the server worked on the request for longer than the connection had been idle', async () => {
    const server = await startHostile((request) => (request.nth === 0 ? request.answer() : setTimeout(() => request.socket.end(), 60)));
    closing.push(server.close);
    const { send } = connect(server.url, 'GET', { closesIdle: true });
    await send();
    expect(await send()).toMatchObject({ outcome: 'hangup' });
  });

  it('does not take bytes that nobody asked for as the next answer', async () => {
    const server = await startHostile((request) => request.answer());
    closing.push(server.close);
    const { send, ends } = connect(server.url);
    await send();
    server.seen[0]?.answer(500);
    await sleep(30);
    expect(ends()).toBe(1);
    expect(await send()).toMatchObject({ outcome: 'ok', status: 200 });
  });

  it('does not take what follows an answer as the start of the next', async () => {
    const server = await startHostile(({ socket }) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok and more');
    });
    closing.push(server.close);
    const { send } = connect(server.url);
    for (let i = 1; i <= 3; i++) {
      expect(await send()).toMatchObject({ outcome: 'ok', status: 200 });
      expect(server.connections).toBe(i);
    }
  });

  it('books what is no answer to a plain request as `hangup`', async () => {
    const server = await startHostile((request) => request.answer(request.nth === 0 ? 101 : 200));
    closing.push(server.close);
    const { send } = connect(server.url);
    expect(await send()).toMatchObject({ outcome: 'hangup', reached: true });
    expect(await send()).toMatchObject({ outcome: 'ok' });
  });

  it('tells nothing after it was closed', async () => {
    const server = await startHostile((request) => setTimeout(() => request.answer(), 30));
    closing.push(server.close);
    const { connection, send, ends } = connect(server.url);
    void send(50);
    await sleep(15);
    expect(connection.close()).toBe(true);
    await sleep(80);
    expect(ends()).toBe(0);
  });
});
