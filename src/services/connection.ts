/**
 * One connection of a caller to a service. Written out over a plain socket: a call that is one string in and one string
 * out costs a fraction of what a server for all of HTTP takes.
 */
import type { Socket } from 'node:net';
import { RequestReader, type CallRequest } from './request.js';
import { parseCallPath, STATUS } from './services.js';
import type { AnsweredOutcome, Call, Client, SimulatedService } from './simulated.js';

/** What may wait behind a call that is not answered yet, characters. */
const MOST_WAITING = 65_536;

/** Answers that are always the same, whole. */
const ANSWERS: Record<Exclude<AnsweredOutcome, 'limited'>, string> = {
  ok: answerOf(`${STATUS.ok} OK`),
  error: answerOf(`${STATUS.error} Internal Server Error`),
  rejected: answerOf(`${STATUS.rejected} Service Unavailable`),
};
const CLOSING = 'connection: close\r\n';
const BAD_REQUEST = answerOf('400 Bad Request', CLOSING);
const NOT_FOUND = answerOf('404 Not Found', CLOSING);

/** Has a service take the calls of a connection, one at a time: one that comes before the answer to another waits for it. */
export function serveConnection(socket: Socket, service: SimulatedService): void {
  const connection = new CallerConnection(socket, service);
  socket.setNoDelay(true);
  socket.on('data', (chunk) => connection.read(chunk));
  socket.on('error', () => {});
  socket.on('close', () => connection.lost());
}

class CallerConnection implements Client {
  private readonly socket: Socket;
  private readonly service: SimulatedService;
  private readonly reader = new RequestReader();
  private call: Call | null = null;
  private isBusy = false;
  private keepsAlive = true;

  constructor(socket: Socket, service: SimulatedService) {
    this.socket = socket;
    this.service = service;
  }

  read(chunk: Buffer): void {
    // Behind the last request nothing is read.
    if (!this.keepsAlive) return;
    this.reader.add(chunk.toString('latin1'));
    if (!this.isBusy) this.takeWaiting();
    else if (this.reader.waiting > MOST_WAITING) this.socket.destroy();
  }

  answered(outcome: AnsweredOutcome, retryAfter = 0): void {
    const isLater = this.call !== null;
    this.call = null;
    this.isBusy = false;
    this.answer(outcome === 'limited' ? tooMany(retryAfter) : ANSWERS[outcome]);
    // One that is answered at once is so within `takeWaiting`, which goes on by itself.
    if (isLater) this.takeWaiting();
  }

  lost(): void {
    if (this.call) this.service.leave(this.call);
  }

  private takeWaiting(): void {
    while (!this.isBusy && this.keepsAlive) {
      const request = this.reader.next();
      if (request === 'incomplete') return;
      this.take(request);
    }
  }

  private take(request: CallRequest | 'broken'): void {
    const path = request !== 'broken' && request.method === 'POST' ? parseCallPath(request.path) : undefined;
    this.keepsAlive = path !== undefined && request !== 'broken' && request.keepsAlive;
    if (!path) return this.answer(request === 'broken' ? BAD_REQUEST : NOT_FOUND);
    this.isBusy = true;
    const call = this.service.take(path, this);
    if (!call.ended) this.call = call;
  }

  private answer(text: string): void {
    this.socket.write(text, 'latin1');
    if (!this.keepsAlive) this.socket.destroySoon();
  }
}

/** @param retryAfter whole seconds, in ms */
function tooMany(retryAfter: number): string {
  return answerOf(`${STATUS.limited} Too Many Requests`, `retry-after: ${retryAfter / 1000}\r\n`);
}

function answerOf(status: string, headers = ''): string {
  return `HTTP/1.1 ${status}\r\n${headers}content-length: 0\r\n\r\n`;
}
