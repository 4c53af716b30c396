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
import { outcomeOf } from './answer.js';
import type { Outcome } from './load.js';

/** What a connection tells about the request it carries. */
export interface Listener {
  /** It was written to an established connection. */
  sent(): void;
  /**
   * It has ended, and the connection takes another.
   * @param status HTTP status; 0 without a whole answer
   * @param reached false when no connection was established, so that no server can have seen it
   */
  ended(outcome: Outcome, status: number, reached: boolean): void;
}

/** Judges a whole answer. */
type AnswerJudge = (status: number, body: Buffer) => Outcome;

/** Of a body that is looked at, no more is kept than this, bytes. */
const MOST_BODY = 1024 * 1024;

/** Longest time a Node timer can wait: an idle connection has no timeout. */
const IDLE_MS = 2_147_483_647;

/** Carries one request at a time; connects when one is to be sent, and again after the connection was lost. */
export class Connection {
  private readonly listener: Listener;
  private readonly client: Client;
  private readonly bodiless: boolean;
  private readonly judge: AnswerJudge | undefined;
  private established = false;
  /** The request waiting for the connection or for its answer; undefined when idle. */
  private request: string | undefined;
  private deadline = 0;
  /** Status of the whole answer that has arrived; 0 before. */
  private status = 0;
  /** What has arrived of the body, when somebody looks at it. */
  private body: Buffer[] = [];
  private interim = false;
  private keepAlive = true;

  /**
   * @param url its protocol, host and port are used
   * @param method answers to HEAD have no body, whatever their headers say
   * @param judge looks at the body as well; without it bodies are dropped as they arrive
   */
  constructor(url: URL, method: string, listener: Listener, judge?: AnswerJudge) {
    this.listener = listener;
    this.judge = judge;
    this.bodiless = method.toUpperCase() === 'HEAD';
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
   */
  send(request: string, deadline: number): void {
    this.request = request;
    this.deadline = deadline;
    this.status = 0;
    this.body = [];
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
    client.on('connError', () => this.fail('connection'));
    client.on('timeout', () => this.fail('timeout'));
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
      if (this.judge && this.status === 0) this.keep(chunk.subarray(start, start + length));
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
      else this.settle(execute(chunk));
      return chunk.length;
    };
  }

  private keep(piece: Buffer): void {
    const kept = this.body.reduce((sum, { length }) => sum + length, 0);
    if (kept < MOST_BODY) this.body.push(piece.subarray(0, MOST_BODY - kept));
  }

  private connect(): void {
    const { client } = this;
    client.parser.reinitialize(client.parser.type);
    Client.prototype._connect.call(client);
    const { conn } = client;
    conn?.once(client.secure ? 'secureConnect' : 'connect', () => {
      this.established = true;
      conn.setNoDelay(true);
      this.write();
    });
    conn?.on('end', () => {
      // An answer without a length lasts until the connection ends.
      client.parser.finish();
      if (this.status === 0 || this.request === undefined) this.fail('hangup');
      else this.answer(false);
    });
    client.timeoutTicker.reschedule(this.timeLeft());
  }

  private write(): void {
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
    else if (broken) this.fail('hangup');
  }

  /** @param reusable false when the server will close the connection, or has sent more than the answer */
  private answer(reusable: boolean): void {
    const outcome = this.judge?.(this.status, Buffer.concat(this.body)) ?? outcomeOf(this.status);
    if (!reusable || outcome === 'hangup') this.lose();
    this.end(outcome, this.status, true);
  }

  /** The connection is gone, and with it the answer to the pending request, if there is one. */
  private fail(outcome: Outcome): void {
    const reached = this.established;
    this.lose();
    if (this.request !== undefined) this.end(outcome, 0, reached);
  }

  private lose(): void {
    this.established = false;
    this.client._destroyConnection();
  }

  private end(outcome: Outcome, status: number, reached: boolean): void {
    this.request = undefined;
    this.client.timeoutTicker.reschedule(IDLE_MS);
    this.listener.ended(outcome, status, reached);
  }
}
