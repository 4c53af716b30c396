/**
 * One connection of the load generator: autocannon's Client, made exact.
 *
 * Only the Client is used, not `autocannon()` around it: that opens every connection at once, sends in bursts, keeps
 * histograms of whole milliseconds and ends on a sample tick, and all of that would have to be undone. The Client is
 * the part that talks HTTP: socket, TLS, parser, queue of pending requests and timeout. Left to itself it reconnects
 * and sends the next request whenever it can, and forgets the pending one; here it does so only when asked, and every
 * request that was sent ends in exactly one outcome.
 */
import { urlToHttpOptions } from 'node:url';
import Client from 'autocannon/lib/httpClient.js';
import { now } from '../base/clock.js';
import { CLOSED, connectionWords } from '../base/connection-words.js';
import { outcomeOf } from './answer.js';
import type { Outcome } from './load.js';

/** What a connection tells about the request it carries. */
export interface Listener {
  /** It was written to an established connection; a second time when it is sent again. */
  sent(): void;
  /** The first bytes of its answer are here. */
  answering(): void;
  /** The connection had been closed for being idle before it got there: it is sent again, over a new one. */
  retried(): void;
  /**
   * It has ended, and the connection takes another.
   * @param status HTTP status; 0 without a whole answer
   * @param reached false when no connection was established, so that no server can have seen it
   * @param why it was no good answer, where the status does not tell; empty where it does
   */
  ended(outcome: Outcome, status: number, reached: boolean, why: string): void;
}

/** Whose body is looked at: what must be in it is told with each request. */
type AnswerJudge = (status: number, found: boolean) => Outcome;

/** How the answers of a server are taken. */
export interface AnswerTaking {
  /** Without it the status says all, and bodies are dropped as they arrive. */
  judge?: AnswerJudge | undefined;
  /** The server may close a connection that is idle, and a request may be on its way then. */
  closesIdle?: boolean;
}

/** Methods that may be sent again when nobody knows whether the first one arrived (RFC 9110, 9.2.2). */
const IDEMPOTENT = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'TRACE']);

/** Longest time a Node timer can wait: an idle connection has no timeout. */
const IDLE_MS = 2_147_483_647;

/** Carries one request at a time; connects when one is to be sent, and again after the connection was lost. */
export class Connection {
  private readonly listener: Listener;
  private readonly client: Client;
  private readonly bodiless: boolean;
  private readonly isIdempotent: boolean;
  private readonly judge: AnswerJudge | undefined;
  private readonly closesIdle: boolean;
  private established = false;
  /** The request waiting for the connection or for its answer; undefined when idle. */
  private request: string | undefined;
  private deadline = 0;
  /** Status of the whole answer that has arrived; 0 before. */
  private status = 0;
  private body = new BodySearch(null);
  /** When the connection was last done with a request; undefined when it is new. */
  private idleSince: number | undefined;
  /** How long it had been idle when the request was written, and when that was, ms. */
  private idle = 0;
  private writtenAt = 0;
  /** Whether anything of the answer has arrived. */
  private heard = false;
  private isSecondTry = false;
  private interim = false;
  private keepAlive = true;

  /**
   * @param url its protocol, host and port are used
   * @param method answers to HEAD have no body, whatever their headers say
   */
  constructor(url: URL, method: string, listener: Listener, { judge, closesIdle = false }: AnswerTaking = {}) {
    this.listener = listener;
    this.judge = judge;
    this.closesIdle = closesIdle;
    this.bodiless = method.toUpperCase() === 'HEAD';
    this.isIdempotent = IDEMPOTENT.has(method.toUpperCase());
    const { protocol, hostname } = urlToHttpOptions(url);
    this.client = new Client({
      protocol: protocol ?? 'http:',
      hostname: hostname ?? '',
      port: Number(url.port),
      setupClient: (client) => this.tame(client),
    });
    this.guardParser();
  }

  /**
   * Sends a request, over a new connection when there is none.
   * @param deadline moment at which it ends as `timeout`
   * @param text what the judge is told to be in the answer's body or not
   */
  send(request: string, deadline: number, text: string | null = null): void {
    this.request = request;
    this.deadline = deadline;
    this.status = 0;
    this.body = new BodySearch(text);
    this.isSecondTry = false;
    this.heard = false;
    if (this.established) this.write();
    else this.connect();
  }

  /**
   * Ends the connection for good; nothing more is told of a request in flight.
   * @returns whether the connection was established
   */
  close(): boolean {
    const reached = this.established;
    this.request = undefined;
    this.established = false;
    if (this.client.conn) this.client.destroy();
    else this.client.timeoutTicker.clear();
    return reached;
  }

  /** Takes initiative from the client; runs inside its constructor, before it would connect for the first time. */
  private tame(client: Client): void {
    client.timeout = IDLE_MS;
    client._connect = () => {};
    client._doRequest = () => {};
    client.getRequestBuffer = () => this.request ?? '';
    client.on('connError', ({ code, message }: NodeJS.ErrnoException) => this.fail('connection', connectionWords(code) ?? message));
    client.on('timeout', () => this.fail('timeout', 'no answer in time'));
    client.on('response', (status: number) => (this.status = status));
  }

  /** Stands between socket, parser and client, so that answers and requests stay in step whatever the server sends. */
  private guardParser(): void {
    const { parser } = this.client;
    const { kOnHeadersComplete, kOnBody, kOnMessageComplete } = parser.constructor;
    const headers = parser[kOnHeadersComplete];
    const complete = parser[kOnMessageComplete];
    const execute = parser.execute.bind(parser);
    parser[kOnHeadersComplete] = (info) => {
      headers(info);
      const { statusCode } = info;
      this.interim = statusCode < 200 && statusCode !== 101;
      this.keepAlive = info.shouldKeepAlive;
      // A parser that is told 1 expects no body.
      return this.bodiless || statusCode < 200 || statusCode === 204 || statusCode === 304 ? 1 : 0;
    };
    // The client would gather every body as a string.
    parser[kOnBody] = (chunk, start, length) => {
      if (this.status === 0) this.body.take(chunk.subarray(start, start + length));
    };
    parser[kOnMessageComplete] = () => {
      if (this.interim) return;
      // A second answer to one request: the client has no request left for it.
      if (this.status === 0) complete();
      else this.keepAlive = false;
    };
    parser.execute = (chunk) => {
      // Bytes that nobody asked for would be taken for the next answer.
      if (this.request === undefined) this.lose();
      else {
        this.hear();
        this.settle(execute(chunk));
      }
      return chunk.length;
    };
  }

  private hear(): void {
    if (this.heard) return;
    this.heard = true;
    this.listener.answering();
  }

  private connect(): void {
    const { client } = this;
    client.parser.reinitialize(client.parser.type);
    Client.prototype._connect.call(client);
    const { conn } = client;
    conn?.once(client.secure ? 'secureConnect' : 'connect', () => {
      this.established = true;
      this.idleSince = undefined;
      conn.setNoDelay(true);
      this.write();
    });
    conn?.on('end', () => {
      // An answer without a length lasts until the connection ends.
      client.parser.finish();
      if (this.status === 0 || this.request === undefined) this.fail('hangup', CLOSED);
      else this.answer(false);
    });
    client.timeoutTicker.reschedule(this.timeLeft());
  }

  private write(): void {
    this.writtenAt = now();
    this.idle = this.idleSince === undefined ? 0 : this.writtenAt - this.idleSince;
    this.listener.sent();
    this.client.timeout = this.timeLeft();
    Client.prototype._doRequest.call(this.client);
  }

  private timeLeft(): number {
    return Math.max(1, Math.ceil(this.deadline - now()));
  }

  /** Ends the request when the bytes just parsed completed an answer or cannot be one. */
  private settle(parsed: number | Error): void {
    const { state, line } = this.client.parser;
    const broken = parsed instanceof Error;
    if (this.status !== 0) this.answer(this.keepAlive && !broken && state === 'RESPONSE_LINE' && line === '');
    else if (broken) this.fail('hangup', `no HTTP/1.1: ${parsed.message}`);
  }

  /** @param reusable false when the server will close the connection, or has sent more than the answer */
  private answer(reusable: boolean): void {
    const outcome = this.judge?.(this.status, this.body.found) ?? outcomeOf(this.status);
    if (!reusable || outcome === 'hangup') this.lose();
    this.end(outcome, this.status, true, '');
  }

  /** The connection is gone, and with it the answer to the pending request, if there is one. */
  private fail(outcome: Outcome, why: string): void {
    const reached = this.established;
    const isStale = outcome !== 'timeout' && this.isStale();
    this.lose();
    if (this.request === undefined) return;
    if (isStale && this.isIdempotent && !this.isSecondTry) this.sendAgain();
    else this.end(isStale ? 'stale' : outcome, 0, reached, why);
  }

  /**
   * Whether the server had closed the connection for being idle when the request was sent: it ends without one byte of an
   * answer, and sooner than it had been idle. A server that dies over the request is not taken for one that was tired of waiting,
   * unless users pause for longer than it takes.
   */
  private isStale(): boolean {
    return this.closesIdle && this.established && this.request !== undefined && !this.heard && now() - this.writtenAt < this.idle;
  }

  private sendAgain(): void {
    this.isSecondTry = true;
    this.listener.retried();
    this.connect();
  }

  private lose(): void {
    this.established = false;
    this.client._destroyConnection();
  }

  private end(outcome: Outcome, status: number, reached: boolean, why: string): void {
    this.request = undefined;
    this.idleSince = now();
    this.client.timeoutTicker.reschedule(IDLE_MS);
    this.listener.ended(outcome, status, reached, why);
  }
}

/** Looks for a text in a body while that arrives: however long the body is, no more of it is kept than the text is long. */
export class BodySearch {
  found: boolean;
  private readonly text: Buffer;
  /** The last bytes that arrived, which may be the beginning of the text. */
  private tail: Buffer = Buffer.alloc(0);

  /** @param text null: whatever the body says, it is found */
  constructor(text: string | null) {
    this.text = Buffer.from(text ?? '');
    this.found = this.text.length === 0;
  }

  /** The next piece of the body. */
  take(piece: Buffer): void {
    if (this.found) return;
    const { text, tail } = this;
    const seam = Buffer.concat([tail, piece.subarray(0, text.length - 1)]);
    this.found = piece.includes(text) || seam.includes(text);
    const rest = piece.length >= text.length ? piece : Buffer.concat([tail, piece]);
    // A copy: the piece belongs to a buffer that is written over.
    this.tail = Buffer.from(rest.subarray(Math.max(0, rest.length - text.length + 1)));
  }
}
