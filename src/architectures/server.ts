/** An architecture behind a port, and what its parent may ask of it. */
import { type Server, createServer, IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import express, { type Express } from 'express';
import { now } from '../base/clock.js';
import { listenError } from '../base/listening.js';
import { urlHost } from '../base/urls.js';
import type { EventCounts } from '../events/recorder.js';
import { UsageWatch, type UsageStretch } from '../processes/usage.js';
import { DEFAULTS } from '../scenarios/defaults.js';
import { orderApp } from './app.js';
import type { Backlog, ServerOptions, ServerReport, StepReport } from './architecture.js';
import { arrange, type Arrangement } from './arrange.js';
import { RequestCounter } from './request-counter.js';
import { embedded, wiringTo, type Wiring } from './parts.js';
import type { KeptSpans } from './span-log.js';

/** Connections that may wait to be accepted: a whole crowd of users may come at once. */
const BACKLOG = 4096;
const DRAIN_POLL = 10;

/**
 * Starts the server of an architecture.
 * @throws UserError when the port or the address cannot be had
 */
export async function startServer(options: ServerOptions, wiring: Wiring = wiringOf(options)): Promise<RunningServer> {
  const arrangement = await arrange(options, wiring);
  const arrivals = new RequestCounter(options.folder, options.keeps);
  const server = expressServer(orderApp(arrangement, arrivals, extraWork(options.work)));
  // Users' connections stay open however long they think, and no timer is kept for each.
  Object.assign(server, { keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0, timeout: 0 });
  await listen(server, options);
  return new RunningServer(server, arrangement, arrivals);
}

function wiringOf({ place, folder }: ServerOptions): Wiring {
  return place ? wiringTo(place, 'server') : embedded(folder);
}

/** A server that takes orders. */
export class RunningServer {
  private readonly server: Server;
  private readonly arrangement: Arrangement;
  private readonly arrivals: RequestCounter;
  private readonly usage = new UsageWatch();

  constructor(server: Server, arrangement: Arrangement, arrivals: RequestCounter) {
    this.server = server;
    this.arrangement = arrangement;
    this.arrivals = arrivals;
  }

  get url(): string {
    const { address, port } = this.server.address() as AddressInfo;
    return `http://${urlHost(address)}:${port}`;
  }

  /** Tells the measured window: usage is that within it, and so is what services within this process are told of it. */
  watch(window: { startAt: number; endAt: number }): void {
    this.usage.watch(window);
    for (const service of this.arrangement.parts.services.values()) service.observe(window);
    this.arrangement.parts.observe(window);
  }

  /** Events acknowledged and not yet finished, by consumer. */
  backlog(): Backlog {
    return this.arrangement.parts.backlog();
  }

  /** What was seen of each topic, counted. */
  counts(): Record<string, EventCounts> {
    return this.arrangement.parts.counts();
  }

  /** Resolves when no order is in progress, none is being undone, and no event waits for a consumer of this process, or after `within` ms. */
  async drain({ within }: { within: number }): Promise<void> {
    const until = now() + within;
    while (!this.isQuiet() && now() < until) await sleep(DRAIN_POLL);
  }

  /** Events that its buses hold, by consumer. */
  held(): Promise<Record<string, string[]>> {
    return this.arrangement.parts.held();
  }

  steps(): StepReport[] {
    return this.arrangement.parts.steps.map(({ report }) => report);
  }

  async report(): Promise<ServerReport> {
    const { received, receivedWarmup } = this.arrivals;
    return {
      received,
      receivedWarmup,
      steps: this.steps(),
      ...(await this.arrangement.parts.eventsSeen()),
      causes: this.arrangement.parts.causes(),
      scaled: this.arrangement.parts.scaled(),
      services: this.arrangement.parts.serviceReports(),
      usage: this.usage.report(),
    };
  }

  /** What it used since it was asked last; null the first time. */
  used(): UsageStretch | null {
    return this.usage.sinceLast();
  }

  /** When it did what; null where that was not to be kept. */
  spans(): KeptSpans | null {
    return this.arrangement.parts.spans?.read() ?? null;
  }

  /** Takes no more orders; consumers finish what they have in hand. */
  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await Promise.all([closed, this.arrangement.parts.close()]);
    this.arrivals.close();
  }

  private isQuiet(): boolean {
    return this.arrivals.inProgress === 0 && !this.arrangement.parts.isUndoing && Object.values(this.backlog()).every((waiting) => waiting === 0);
  }
}

function listen(server: Server, { port, host = '127.0.0.1' }: ServerOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, { port, host })));
    server.listen({ port, host, backlog: BACKLOG }, resolve);
  });
}

/**
 * The HTTP server of an Express application. Express sets the prototype of every request and response, which costs more
 * than all else that it does, because V8 then forgets what it has learned of their shape. Here they are made with these
 * very prototypes, so that there is nothing to set; what runs is Express all the same.
 */
export function expressServer(app: Express): Server {
  class AppRequest extends IncomingMessage {}
  class AppResponse extends ServerResponse {}
  app.request = prototypeFor(app, AppRequest.prototype, express.request);
  app.response = prototypeFor(app, AppResponse.prototype, express.response);
  return createServer({ IncomingMessage: AppRequest, ServerResponse: AppResponse }, app);
}

/** Gives a class's prototype what Express's own has. */
function prototypeFor<Own extends object>(app: Express, prototype: object, own: Own): Own {
  return Object.assign(Object.defineProperties(prototype, Object.getOwnPropertyDescriptors(own)), { app }) as Own;
}

/**
 * What is added to the work that Express does anyway, as time of this process: nothing else is done meanwhile.
 * @param work on one request in all, ms; no more than Express's own where it is left out, or less than that
 * @param time tells how far it is
 */
export function extraWork(work: number = DEFAULTS.server.work, time: () => number = now): () => void {
  const extra = work - DEFAULTS.server.work;
  return extra <= 0 ? NONE : () => spin(extra, time);
}

const NONE = (): void => {};

function spin(ms: number, time: () => number): void {
  const until = time() + ms;
  while (time() < until);
}
