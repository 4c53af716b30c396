/** A server of raw sockets that does what no server should, and keeps its own book of the requests it saw. */
import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { now } from '../../../src/base/clock.js';

/** A request as the server saw it. */
export interface SeenRequest {
  /** As told in the request's header. */
  index: number;
  body: string;
  /** Position among all requests seen, from 0. */
  nth: number;
  seenAt: number;
  /** When a whole answer was written; undefined when none was. */
  answeredAt: number | undefined;
  socket: Socket;
  /** Writes a whole answer: 200 and `ok`, unless said otherwise. */
  answer: (status?: number, headers?: string) => void;
}

export interface HostileServer {
  port: number;
  url: string;
  seen: SeenRequest[];
  /** Connections accepted so far. */
  connections: number;
  /** Stops listening and resets every connection. */
  close: () => Promise<void>;
}

const REQUEST = /^[A-Z]+ \S+ HTTP\/1\.1\r\n[^]*?\r\n\r\n/;

/**
 * Starts a server.
 * @param behave does something with each request
 * @param port 0 takes a free one
 */
export async function startHostile(behave: (request: SeenRequest) => void, port = 0): Promise<HostileServer> {
  const seen: SeenRequest[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((socket) => {
    connections++;
    sockets.add(socket);
    // What is written is sent then: an answer in two pieces would else wait for the acknowledgement of the first.
    socket.setNoDelay(true);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    eachRequest(socket, (index, body) => {
      const request = requestOf(socket, index, body, seen.length);
      seen.push(request);
      behave(request);
    });
  });
  await listen(server, port);
  const taken = (server.address() as AddressInfo).port;
  return {
    port: taken,
    url: `http://127.0.0.1:${taken}/`,
    seen,
    get connections() {
      return connections;
    },
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.resetAndDestroy();
      await closed;
    },
  };
}

function requestOf(socket: Socket, index: number, body: string, nth: number): SeenRequest {
  const request: SeenRequest = {
    index,
    body,
    nth,
    socket,
    seenAt: now(),
    answeredAt: undefined,
    answer: (status = 200, headers = '') => {
      if (socket.destroyed) return;
      request.answeredAt = now();
      socket.write(`HTTP/1.1 ${status} Said\r\ncontent-length: 2\r\n${headers}\r\nok`);
    },
  };
  return request;
}

/** Calls back for each whole request on a socket. */
function eachRequest(socket: Socket, hear: (index: number, body: string) => void): void {
  let text = '';
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    text += chunk;
    for (;;) {
      const head = REQUEST.exec(text)?.[0];
      const length = Number(/content-length: (\d+)/i.exec(head ?? '')?.[1] ?? 0);
      if (head === undefined || text.length < head.length + length) return;
      const body = text.slice(head.length, head.length + length);
      text = text.slice(head.length + length);
      hear(Number(/x-request: (-?\d+)/.exec(head)?.[1]), body);
    }
  });
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
}
