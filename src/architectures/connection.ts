/**
 * One keep-alive connection to a service. Written out over a plain socket, because nothing weighs more on the server
 * than its calls: a call that is one string out and one read in costs half of what a client for all of HTTP takes.
 */
import { connect, type NetConnectOpts, type Socket } from 'node:net';
import type { Turn } from '../base/clock.js';
import { CLOSED, connectionWords } from '../base/connection-words.js';

/** What is sent over a connection. */
export interface Exchange {
  path: string;
  /** W3C Trace Context of the call. */
  traceparent: () => string;
  /** When its answer is heard, among what happens at one moment. */
  turn: Turn;
  /**
   * Told the HTTP status, or 0 when the connection could not be made or broke before a whole answer.
   * @param retryAfter time after which it may be tried again, where the answer says so, ms
   * @param why of a 0, in words
   */
  answered(status: number, retryAfter?: number, why?: string): void;
}

/** What carries calls to a service, one at a time. */
export interface ServiceConnection {
  send(exchange: Exchange): void;
  /** Gives up the exchange under way: nothing of it is heard any more. */
  abandon(): void;
  /** Ends the connection for good; an exchange under way is told 0. */
  close(): Promise<void>;
}

const UNIX = 'unix:';
const NOWHERE = { hostname: '', port: '', host: '' };

/** Pause before it is tried again to connect, ms. */
const CROWDED_MS = 2;

/** All connections read into it: what was read is looked at before anything else is read. */
const BUFFER = Buffer.allocUnsafeSlow(65_536);
/** More than this is no head of ours, characters. */
const MOST_HEAD = 16_384;

/** Carries one exchange at a time; connects when it is first needed, and anew after it broke. */
export class Connection implements ServiceConnection {
  private readonly address: NetConnectOpts;
  private readonly head: string;
  private readonly onIdle: (connection: Connection) => void;
  private readonly grace: number;
  private readonly reader = new AnswerReader();
  private socket: Socket | null = null;
  private exchange: Exchange | null = null;
  private busy = false;
  /** Why an exchange ends without an answer, should it. */
  private why = CLOSED;
  private isOver = false;

  /**
   * @param origin base URL, plain HTTP, or `unix:` and the path of a Unix domain socket
   * @param onIdle told whenever the connection can carry the next exchange
   * @param grace longest wait for the service to close a connection that was given up, ms
   */
  constructor(origin: string, onIdle: (connection: Connection) => void, grace = 1000) {
    // A path is no URL: `#`, `?` and `%` in it mean themselves.
    const path = origin.startsWith(UNIX) ? origin.slice(UNIX.length) : null;
    const { hostname, port, host } = path === null ? new URL(origin) : NOWHERE;
    const address = path === null ? { host: hostname, port: Number(port), noDelay: true } : { path };
    this.address = { ...address, onread: { buffer: BUFFER, callback: (bytes) => this.read(bytes) } };
    this.head = ` HTTP/1.1\r\nhost: ${host || 'localhost'}\r\ncontent-length: 0\r\ntraceparent: `;
    this.onIdle = onIdle;
    this.grace = grace;
  }

  send(exchange: Exchange): void {
    this.busy = true;
    this.exchange = exchange;
    if (this.socket) this.write(this.socket, exchange);
    else this.socket = this.connect();
  }

  /**
   * Gives up the exchange: nothing of it is heard any more, and the connection is closed, so that its answer can never
   * be taken for another's. It becomes idle when the service has closed its end as well: until then the service
   * still counts it, and a new one would be one too many.
   */
  abandon(): void {
    this.exchange = null;
    if (this.socket && !this.socket.connecting) this.hangUp(this.socket);
  }

  /** Ends the connection for good; an exchange under way is told 0. */
  async close(): Promise<void> {
    const { socket, exchange } = this;
    this.isOver = true;
    // Between two tries to connect.
    if (!socket && exchange) this.end(exchange, 0);
    if (!socket) return;
    await new Promise((resolve) => socket.once('close', resolve).destroy());
  }

  private connect(): Socket {
    this.reader.reset();
    this.why = CLOSED;
    const socket = connect(this.address);
    socket.once('connect', () => {
      if (this.exchange) this.write(socket, this.exchange);
      // Given up while it was still connecting: closed before anything is sent, as any other that is given up.
      else this.hangUp(socket);
    });
    // Closed by the service: what is sent next needs a new one.
    socket.once('end', () => this.busy || this.lose(socket));
    let isCrowded = false;
    socket.on('error', ({ code, message }: NodeJS.ErrnoException) => {
      isCrowded = code === 'EAGAIN';
      this.why = connectionWords(code) ?? message;
    });
    socket.once('close', () => (isCrowded && !this.isOver ? this.connectLater() : this.lose(socket)));
    return socket;
  }

  /** A Unix domain socket turns away whoever finds its backlog full, where TCP lets them wait. */
  private connectLater(): void {
    this.socket = null;
    setTimeout(() => {
      if (this.exchange) this.socket = this.connect();
      else this.free();
    }, CROWDED_MS);
  }

  private write(socket: Socket, { path, traceparent }: Exchange): void {
    socket.write(`POST ${path}${this.head}${traceparent()}\r\n\r\n`, 'latin1');
  }

  private read(bytes: number): boolean {
    const { exchange } = this;
    // Late: the connection is being closed.
    if (this.busy && !exchange) return true;
    const answer = this.reader.read(BUFFER.toString('latin1', 0, bytes));
    if (answer === 'incomplete') return true;
    // Unasked, or no HTTP: there is no telling what comes next.
    if (answer === 'broken' || !exchange) {
      this.why = 'an answer that is not HTTP as expected';
      this.discard();
    }
    else this.end(exchange, answer);
    return true;
  }

  private discard(): void {
    const { socket } = this;
    socket?.destroy();
    if (socket && !this.busy) this.lose(socket);
  }

  private end(exchange: Exchange, status: number): void {
    this.exchange = null;
    this.free();
    exchange.answered(status, status === 0 ? 0 : this.reader.retryAfter, this.why);
  }

  private lose(socket: Socket): void {
    if (this.socket !== socket) return;
    this.socket = null;
    if (this.exchange) this.end(this.exchange, 0);
    else this.free();
  }

  /** Closes our end, and the whole connection when the service takes too long to close its own. */
  private hangUp(socket: Socket): void {
    socket.end();
    const timer = setTimeout(() => socket.destroy(), this.grace).unref();
    socket.once('close', () => clearTimeout(timer));
  }

  private free(): void {
    if (!this.busy) return;
    this.busy = false;
    this.onIdle(this);
  }
}

/** What is known of an answer: nothing yet, or its status, or that it is none. */
type Answer = number | 'incomplete' | 'broken';

/** The answers of one connection, one after another, in whatever pieces they come. */
export class AnswerReader {
  /** When the last whole answer says to come again (`Retry-After`), as a time from then, ms; 0 when it does not. */
  retryAfter = 0;
  /** What has arrived of an answer that is not complete. */
  private rest = '';

  /** The next piece, as latin1: a character is a byte. What comes after a whole answer breaks it: nobody asked for it. */
  read(piece: string): Answer {
    const text = this.rest === '' ? piece : this.rest + piece;
    const answer = answerOf(text);
    this.rest = answer === 'incomplete' ? text : '';
    this.retryAfter = answer === 429 ? retryAfterIn(text) : 0;
    return answer;
  }

  /** A new connection: nothing of an earlier one counts. */
  reset(): void {
    this.rest = '';
  }
}

function answerOf(text: string): Answer {
  const head = text.indexOf('\r\n\r\n');
  if (head === -1) return text.length > MOST_HEAD || !text.startsWith('HTTP/1.1 '.slice(0, text.length)) ? 'broken' : 'incomplete';
  const status = Number(text.slice(9, 12));
  const length = lengthOf(text, head);
  if (!text.startsWith('HTTP/1.1 ') || !(status >= 200 && status < 600) || length === undefined) return 'broken';
  const missing = head + 4 + length - text.length;
  if (missing > 0) return 'incomplete';
  return missing < 0 ? 'broken' : status;
}

/** Seconds of a `Retry-After`, as ms; 0 where there is none. Simulated services write no dates. */
function retryAfterIn(text: string): number {
  const match = /\r\nretry-after: *(\d+) *\r\n/i.exec(text);
  return Number(match?.[1] ?? 0) * 1000;
}

/** Length of the body, bytes; undefined when the head does not tell. */
function lengthOf(text: string, head: number): number | undefined {
  const match = /\r\ncontent-length: *(\d+) *\r\n/i.exec(text.slice(0, head + 2));
  return match ? Number(match[1]) : undefined;
}
