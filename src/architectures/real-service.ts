/** A real service, called over HTTP as any client would: connections that are kept, TLS, and what a good answer is. */
import { randomUUID } from 'node:crypto';
import * as http from 'node:http';
import * as https from 'node:https';
import { now } from '../base/clock.js';
import { messageOf } from '../base/errors.js';
import { TRACEPARENT } from '../base/trace-context.js';
import { filled } from '../scenarios/placeholders.js';
import { REQUEST_HEADER } from '../scenarios/request.js';
import { CallLogWriter } from '../services/call-log.js';
import { parseCallPath, type CallOutcome, type CallPath, type ServiceReport } from '../services/services.js';
import type { Exchange, ServiceConnection } from './connection.js';

/** Where it is and what is asked of it, with what the environment says read into it. Goes to other processes as it is. */
export interface RealServiceOptions {
  name: string;
  url: string;
  method: string;
  headers: Record<string, string>;
  body: string;
  /** Good statuses, any 2xx where there are none; and a text that the body must contain, null: whatever it says. */
  expect: { status: readonly number[]; body: string | null };
}

/** More of an answer is not looked at, characters. */
const MOST_BODY = 10_000_000;
/** Methods that may be sent again when a kept connection was closed before anything came back (RFC 9110, 9.2.2). */
const IDEMPOTENT = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE']);
/** What an answer that is not the expected one counts as. */
const UNEXPECTED = 500;

/** One real service, and the log of its calls. */
export class RealService {
  readonly options: RealServiceOptions;
  /** What the last connection died of. */
  trouble = '';
  private readonly agent: http.Agent;
  private readonly log = new CallLogWriter();
  private readonly steps = new Map<string, number>();
  private inProgress = 0;
  private readonly peak = { inProgress: 0, queue: 0, connections: 0 };
  private received = 0;
  private connections = 0;

  constructor(options: RealServiceOptions) {
    this.options = options;
    const { Agent } = options.url.startsWith('https:') ? https : http;
    // The caller's own pool bounds them: an exchange has a connection of its own.
    this.agent = new Agent({ keepAlive: true, maxSockets: Infinity, scheduling: 'lifo' });
  }

  /** Something that carries one exchange at a time. @param onIdle told whenever it can carry the next one */
  open(onIdle: (connection: ServiceConnection) => void): ServiceConnection {
    this.peak.connections = Math.max(this.peak.connections, ++this.connections);
    return new RealConnection(this, onIdle);
  }

  /** What its callers in this process saw of it: nobody knows how long a call waited there. */
  report(): ServiceReport {
    const { received, peak, inProgress } = this;
    return { name: this.options.name, received, peak: { ...peak }, now: { inProgress, queue: 0 }, utilisation: null, calls: this.log.read([...this.steps.keys()]) };
  }

  /** Sends a call. */
  request(call: CallPath, traceparent: string, hear: (response: http.IncomingMessage) => void): http.ClientRequest {
    const { url, method, headers, body } = this.options;
    const fill = (text: string): string => filled(text, (placeholder) => (placeholder === 'index' ? String(call.request) : randomUUID()));
    const sent = fill(body);
    const own = { [REQUEST_HEADER]: String(call.request), [TRACEPARENT]: traceparent, ...(sent === '' && method === 'GET' ? {} : { 'content-length': Buffer.byteLength(sent) }) };
    const filledHeaders = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, fill(value)]));
    const { request } = url.startsWith('https:') ? https : http;
    const asked = request(fill(url), { method, agent: this.agent, headers: { ...own, ...filledHeaders } }, hear);
    asked.end(sent);
    return asked;
  }

  began(): void {
    this.received++;
    this.peak.inProgress = Math.max(this.peak.inProgress, ++this.inProgress);
  }

  ended({ step, request, call }: CallPath, startedAt: number, outcome: CallOutcome): void {
    this.inProgress--;
    const endedAt = now();
    let position = this.steps.get(step);
    if (position === undefined) this.steps.set(step, (position = this.steps.size));
    const abandoned = outcome === 'dropped';
    this.log.add({ request, step: position, number: call, queueTime: 0, serviceTime: endedAt - startedAt, endedAt, abandoned }, outcome);
  }

  close(): void {
    this.agent.destroy();
  }
}

/** Carries one exchange at a time. */
class RealConnection implements ServiceConnection {
  private readonly service: RealService;
  private readonly onIdle: (connection: ServiceConnection) => void;
  private exchange: Exchange | null = null;
  private call: CallPath | null = null;
  private asked: http.ClientRequest | null = null;
  private startedAt = 0;

  constructor(service: RealService, onIdle: (connection: ServiceConnection) => void) {
    this.service = service;
    this.onIdle = onIdle;
  }

  send(exchange: Exchange): void {
    const call = parseCallPath(exchange.path);
    if (!call) throw new Error(`${exchange.path} is no call`);
    Object.assign(this, { exchange, call, startedAt: now() });
    this.service.began();
    this.ask(call, exchange, true);
  }

  abandon(): void {
    const { asked, call } = this;
    this.clear();
    if (call) this.service.ended(call, this.startedAt, 'dropped');
    asked?.destroy();
    this.onIdle(this);
  }

  /** An exchange under way is told 0. */
  close(): Promise<void> {
    const { asked, exchange } = this;
    this.clear();
    asked?.destroy();
    exchange?.answered(0);
    this.service.close();
    return Promise.resolve();
  }

  private ask(call: CallPath, exchange: Exchange, isFirst: boolean): void {
    const asked = this.service.request(call, exchange.traceparent(), (response) => this.read(response, asked));
    this.asked = asked;
    asked.on('error', (error: NodeJS.ErrnoException) => {
      if (this.asked !== asked) return;
      this.service.trouble = messageOf(error) || String(error.code);
      // The service had closed a kept connection: nothing can have been done on it.
      const isStale = asked.reusedSocket && error.code === 'ECONNRESET' && IDEMPOTENT.has(asked.method);
      if (isStale && isFirst) this.ask(call, exchange, false);
      else this.end(0, 'dropped', 0);
    });
  }

  private read(response: http.IncomingMessage, asked: http.ClientRequest): void {
    const { expect } = this.service.options;
    let text = '';
    response.setEncoding('utf8');
    response.on('data', (piece: string) => void (expect.body !== null && text.length < MOST_BODY && (text += piece)));
    response.on('error', () => this.asked === asked && this.end(0, 'dropped', 0));
    response.on('end', () => {
      if (this.asked === asked) this.judge(response, text);
    });
  }

  private judge({ statusCode: status = 0, headers }: http.IncomingMessage, text: string): void {
    const { expect } = this.service.options;
    const isStatus = expect.status.length > 0 ? expect.status.includes(status) : status >= 200 && status < 300;
    const wanted = expect.body === null ? '' : filled(expect.body, () => String(this.call?.request ?? 0));
    const retryAfter = Math.max(0, Number(headers['retry-after'] ?? 0) * 1000) || 0;
    if (isStatus && text.includes(wanted)) return this.end(status < 400 ? status : 200, 'ok', 0);
    if (status === 503) return this.end(status, 'rejected', retryAfter);
    if (status === 429) return this.end(status, 'limited', retryAfter);
    this.end(status >= 400 ? status : UNEXPECTED, 'error', 0);
  }

  private end(status: number, outcome: CallOutcome, retryAfter: number): void {
    const { exchange, call, startedAt } = this;
    this.clear();
    if (call) this.service.ended(call, startedAt, outcome);
    this.onIdle(this);
    exchange?.answered(status, retryAfter);
  }

  private clear(): void {
    this.exchange = null;
    this.call = null;
    this.asked = null;
  }
}
