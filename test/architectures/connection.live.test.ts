import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { removeFolder, temporaryFolder } from '../../src/processes/folder.js';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Connection } from '../../src/architectures/connection.js';
import { RANK, turnOf } from '../../src/scenarios/turn.js';

const PARTS = { turn: turnOf(RANK.answer, 0), traceparent: () => '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' };

const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}';
let server: Server | undefined;
let connection: Connection | undefined;
const sockets: Socket[] = [];

afterEach(async () => {
  await connection?.close();
  for (const socket of sockets.splice(0)) socket.destroy();
  server?.close();
});

/** A server that does with each request what the test says. */
async function serve(answer: (socket: Socket, request: number) => void, allowHalfOpen = false): Promise<string> {
  let requests = 0;
  server = createServer({ allowHalfOpen }, (socket) => {
    sockets.push(socket);
    socket.on('data', () => answer(socket, ++requests)).on('error', () => {});
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function connect(origin: string, grace?: number) {
  const idle = vi.fn<() => void>();
  connection = new Connection(origin, idle, grace);
  const send = (path: string): Promise<number> =>
    new Promise((resolve) => connection?.send({ ...PARTS, path, answered: resolve }));
  return { connection, idle, send };
}

describe('a connection', () => {
  it('finds a socket in a folder of any name', async () => {
    const folder = temporaryFolder('a#b?c%d e');
    server = createServer((socket) => socket.on('data', () => socket.write(OK)).on('error', () => {}));
    const path = `${folder}/s`;
    await new Promise<void>((resolve) => server?.listen(path, resolve));
    try {
      expect(await connect(`unix:${path}`).send('/')).toBe(200);
      await connection?.close();
    } finally {
      removeFolder(folder);
    }
  });

  it('carries one exchange after the other on one socket', async () => {
    const origin = await serve((socket) => socket.write(OK));
    const { send, idle } = connect(origin);
    expect([await send('/a'), await send('/b'), await send('/c')]).toEqual([200, 200, 200]);
    expect(sockets).toHaveLength(1);
    expect(idle).toHaveBeenCalledTimes(3);
  });

  it.each([
    ['reset', (socket: Socket) => socket.resetAndDestroy()],
    ['closed', (socket: Socket) => socket.end()],
    ['closed within the body', (socket: Socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{}')],
    ['answered with something else than HTTP', (socket: Socket) => socket.write('hello?\r\n\r\n')],
  ] as const)('tells that it broke when it is %s, and connects anew', async (_, misbehave) => {
    const origin = await serve((socket, request) => (request === 1 ? misbehave(socket) : socket.write(OK)));
    const { send, idle } = connect(origin);
    expect(await send('/a')).toBe(0);
    await vi.waitFor(() => expect(idle).toHaveBeenCalledTimes(1), { interval: 2 });
    expect(await send('/b')).toBe(200);
    expect(sockets).toHaveLength(2);
  });

  it('waits when the backlog of a Unix domain socket is full, as TCP does', async () => {
    const folder = temporaryFolder('backlog');
    const crowd: Connection[] = [];
    try {
      server = createServer((socket) => socket.on('data', () => socket.write(OK)).on('error', () => {}));
      await new Promise<void>((resolve) => server?.listen({ path: `${folder}/a b.sock`, backlog: 1 }, resolve));
      // All at once, before the server has had the time to accept any of them.
      const answers = Array.from({ length: 20 }, () => {
        const one = new Connection(`unix:${folder}/a b.sock`, () => {});
        crowd.push(one);
        return new Promise((resolve) => one.send({ ...PARTS, path: '/a', answered: resolve }));
      });
      expect(await Promise.all(answers)).toEqual(Array(20).fill(200));
    } finally {
      await Promise.all(crowd.map((one) => one.close()));
      removeFolder(folder);
    }
  });

  it('gives up, or is closed, while it waits to connect', async () => {
    const folder = temporaryFolder('backlog');
    try {
      server = createServer(() => {});
      await new Promise<void>((resolve) => server?.listen({ path: `${folder}/s`, backlog: 1 }, resolve));
      const crowd = Array.from({ length: 6 }, () => ({ status: NaN, idle: vi.fn<() => void>() }));
      const connections = crowd.map(({ idle }) => new Connection(`unix:${folder}/s`, idle, 20));
      connections.forEach((one, i) => one.send({ ...PARTS, path: '/a', answered: (status) => (crowd[i]!.status = status) }));
      await new Promise((resolve) => setImmediate(resolve));
      const [closed, ...others] = connections.toReversed();
      for (const one of others) one.abandon();
      await closed?.close();
      expect(crowd.at(-1)?.status).toBe(0);
      await vi.waitFor(() => expect(crowd.every(({ idle }) => idle.mock.calls.length === 1)).toBe(true), { interval: 2, timeout: 10_000 });
      expect(crowd.slice(0, -1).every(({ status }) => Number.isNaN(status))).toBe(true);
    } finally {
      removeFolder(folder);
    }
  });

  it('tells that nobody listens', async () => {
    const origin = await serve(() => {});
    server?.close();
    const { send, idle } = connect(origin);
    expect(await send('/a')).toBe(0);
    await vi.waitFor(() => expect(idle).toHaveBeenCalledTimes(1), { interval: 2 });
    expect(await send('/b')).toBe(0);
  });

  it('never hears the late answer of an exchange that it gave up', async () => {
    const late = OK.replace('200 OK', '500 Late');
    const origin = await serve((socket, request) => {
      if (request > 1) return void socket.write(OK);
      // Answers when the caller has already closed its half.
      socket.on('end', () => socket.end(late));
    }, true);
    const { connection: own, idle } = connect(origin);
    const answers: [string, number][] = [];
    const send = (path: string): void => own.send({ ...PARTS, path, answered: (status) => answers.push([path, status]) });
    send('/a');
    await vi.waitFor(() => expect(sockets[0]?.bytesRead).toBeGreaterThan(0), { interval: 2 });
    own.abandon();
    expect(idle).not.toHaveBeenCalled();
    await vi.waitFor(() => expect(idle).toHaveBeenCalledTimes(1), { interval: 2 });
    send('/b');
    await vi.waitFor(() => expect(answers).toEqual([['/b', 200]]), { interval: 2 });
    expect(sockets).toHaveLength(2);
  });

  it('sends nothing of an exchange that was given up while it connected', async () => {
    const origin = await serve((socket) => socket.write(OK));
    const { connection: own, idle, send } = connect(origin);
    own.send({ ...PARTS, path: '/a', answered: () => expect.unreachable() });
    own.abandon();
    await vi.waitFor(() => expect(idle).toHaveBeenCalledTimes(1), { interval: 2 });
    expect(sockets[0]?.bytesRead ?? 0).toBe(0);
    expect(await send('/b')).toBe(200);
  });

  it('does not wait for ever for the other end to close', async () => {
    const origin = await serve(() => {}, true);
    const { connection: own, idle } = connect(origin, 20);
    own.send({ ...PARTS, path: '/a', answered: () => expect.unreachable() });
    await vi.waitFor(() => expect(sockets[0]?.bytesRead).toBeGreaterThan(0), { interval: 2 });
    own.abandon();
    await vi.waitFor(() => expect(idle).toHaveBeenCalledTimes(1), { interval: 2 });
  });
});
