/** One simulated service: a real HTTP server whose work is waiting. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { now } from '../base/clock.js';
import { drawsOf, type Draws } from '../scenarios/draw.js';
import { limitOf, type Service } from '../scenarios/scenario.js';
import { CallLogWriter, type LoggedCall } from './call-log.js';
import { fateOf } from './fate.js';
import { parseCallPath, type CallOutcome, type ServiceReport } from './services.js';
import { Station, type Job, type Span } from './station.js';

/** A call, from its arrival until it is logged. */
interface Call extends Job, LoggedCall {
  response: ServerResponse;
  draws: Draws;
  /** Tells apart the calls that one step makes for one request. */
  number: number;
  arrivedAt: number;
  startedAt: number;
  fails: boolean;
  timer: NodeJS.Timeout | null;
  ended: boolean;
}

/** Connections that may wait to be accepted: a whole crowd of users may come at once. */
const BACKLOG = 4096;
const STATUS: Record<Exclude<CallOutcome, 'dropped'>, number> = { ok: 200, error: 500, rejected: 503 };
const HEADERS = ['content-length', '0'];

/** Opens a service on a free port of 127.0.0.1. */
export async function openService(service: Service, seed: number): Promise<OpenService> {
  const open = new OpenService(service, seed);
  await open.listen();
  return open;
}

/** A service that takes calls, until it is closed. */
export class OpenService {
  private readonly service: Service;
  private readonly seed: number;
  private readonly server: Server;
  private readonly station: Station<Call>;
  private readonly log = new CallLogWriter();
  private readonly steps = new Map<string, { position: number; draws: Draws }>();
  private received = 0;
  private connections = 0;
  private peakConnections = 0;
  private window: Span = { startAt: Infinity, endAt: Infinity };

  constructor(service: Service, seed: number) {
    this.service = service;
    this.seed = seed;
    const limits = { workers: limitOf(service.workers), queue: limitOf(service.queue) };
    this.station = new Station(limits, (call) => this.begin(call), now);
    this.server = createServer((request, response) => this.take(request, response));
    // Pooled connections stay open however long they are idle, and no timer is kept for each.
    Object.assign(this.server, { keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0, timeout: 0 });
    this.server.on('connection', (socket) => {
      this.peakConnections = Math.max(this.peakConnections, ++this.connections);
      socket.on('close', () => this.connections--);
    });
  }

  /** Base URL. */
  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  listen(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen({ port: 0, host: '127.0.0.1', backlog: BACKLOG }, resolve);
    });
  }

  /** Tells the measured window: outages count from its start, utilisation is taken within it. */
  observe(window: Span): void {
    this.window = window;
    this.station.observe(window);
  }

  report(): ServiceReport {
    return {
      name: this.service.name,
      received: this.received,
      peak: { ...this.station.peak, connections: this.peakConnections },
      now: this.station.now,
      utilisation: this.utilisation(),
      calls: this.log.read([...this.steps.keys()]),
    };
  }

  /** Closes every connection; calls in progress get no answer. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }

  private take(request: IncomingMessage, response: ServerResponse): void {
    const arrivedAt = now();
    const path = parseCallPath(request.url ?? '');
    if (!path || request.method !== 'POST') return void response.writeHead(404, HEADERS).end();
    this.received++;
    const { position, draws } = this.stepOf(path.step);
    const call: Call = {
      response, draws, number: path.call, request: path.request, step: position, arrivedAt, startedAt: 0, queueTime: 0,
      serviceTime: 0, endedAt: 0, fails: false, abandoned: false, ended: false, timer: null, place: null,
    };
    if (this.service.abandoned === 'drop') response.once('close', () => this.drop(call));
    if (!this.station.arrive(call)) this.end(call, 'rejected', arrivedAt);
  }

  /** A worker takes the call up. */
  private begin(call: Call): void {
    call.startedAt = now();
    call.queueTime = call.startedAt - call.arrivedAt;
    const sinceStart = call.startedAt - this.window.startAt;
    const { ms, fails } = fateOf(this.service, call.draws, call.request, call.number, sinceStart);
    call.fails = fails;
    call.timer = setTimeout(() => this.finish(call), ms);
  }

  /** The work is done, whether or not anybody still waits for it. */
  private finish(call: Call): void {
    const at = now();
    call.serviceTime = at - call.startedAt;
    this.end(call, call.fails ? 'error' : 'ok', at);
    this.station.end();
  }

  /** The caller has gone away, and the service cares. */
  private drop(call: Call): void {
    if (call.ended) return;
    const at = now();
    if (this.station.leave(call)) {
      call.queueTime = at - call.arrivedAt;
      return this.end(call, 'dropped', at);
    }
    if (call.timer) clearTimeout(call.timer);
    call.serviceTime = at - call.startedAt;
    this.end(call, 'dropped', at);
    this.station.end();
  }

  /** Logs the call and answers it. */
  private end(call: Call, outcome: CallOutcome, at: number): void {
    call.ended = true;
    call.endedAt = at;
    call.abandoned = call.response.destroyed;
    this.log.add(call, outcome);
    if (outcome === 'dropped' || call.abandoned) return;
    call.response.sendDate = false;
    call.response.writeHead(STATUS[outcome], HEADERS).end();
  }

  private stepOf(name: string): { position: number; draws: Draws } {
    let step = this.steps.get(name);
    if (!step) {
      step = { position: this.steps.size, draws: drawsOf(this.seed, name) };
      this.steps.set(name, step);
    }
    return step;
  }

  private utilisation(): number | null {
    const workers = limitOf(this.service.workers);
    if (workers === Infinity) return null;
    const observed = Math.min(now(), this.window.endAt) - this.window.startAt;
    return observed > 0 ? this.station.busyTime() / (workers * observed) : 0;
  }
}
