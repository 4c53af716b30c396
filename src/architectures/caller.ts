/** Makes the HTTP calls of one step: its own connections, and a timeout for each call. */
import { limitOf, type Limit } from '../scenarios/scenario.js';
import type { Place } from '../services/line.js';
import { callPath } from '../services/services.js';
import type { SimulatedService } from '../services/simulated.js';
import type { StepReport } from './architecture.js';
import { Connection, type Exchange, type ServiceConnection } from './connection.js';
import { CallFailure, type FailureKind } from './failure.js';
import { InProcessConnection } from './in-process.js';
import { Pool, type Borrower } from './pool.js';

/** One call of a step for a request. Rejects with a CallFailure. */
export type Attempt = (request: number, call: number) => Promise<void>;

/** Where a service is: its base URL, or the service itself when it is in this process. */
export type Origin = string | SimulatedService;

/** What is called, and how. */
export interface CallerOptions {
  name: string;
  origin: Origin;
  /** Per call, the wait for a connection included, ms. */
  timeout: number;
  connections: Limit;
}

/** Calls one service on behalf of one step. */
export class Caller {
  private readonly options: CallerOptions;
  private readonly report: StepReport;
  private readonly pool: Pool<ServiceConnection>;

  constructor(options: CallerOptions, report: StepReport) {
    this.options = options;
    this.report = report;
    this.pool = new Pool(limitOf(options.connections), () => open(options.origin, (connection) => this.pool.giveBack(connection)));
  }

  readonly attempt: Attempt = (request, call) => {
    const { name, timeout } = this.options;
    if (request >= 0) this.report.calls++;
    return new Promise((resolve, reject) => {
      const settle = (failure: FailureKind | undefined): void => {
        if (!failure) return resolve();
        if (request >= 0) this.report[COUNTERS[failure]]++;
        reject(new CallFailure(name, failure, request));
      };
      this.pool.lend(new PendingCall(callPath(name, request, call), timeout, this.pool, settle));
    });
  };

  async close(): Promise<void> {
    await Promise.all(this.pool.connections.map((connection) => connection.close()));
  }
}

function open(origin: Origin, onIdle: (connection: ServiceConnection) => void): ServiceConnection {
  return typeof origin === 'string' ? new Connection(origin, onIdle) : new InProcessConnection(origin, onIdle);
}

const COUNTERS = {
  timeout: 'timeouts',
  error: 'errors',
  rejected: 'rejected',
  connection: 'connection',
  shortCircuited: 'shortCircuited',
} as const satisfies Record<FailureKind, keyof StepReport>;

/** A call from its wait for a connection to its answer or its timeout, whichever comes first. */
class PendingCall implements Exchange, Borrower<ServiceConnection> {
  readonly path: string;
  place: Place<Borrower<ServiceConnection>> | null = null;
  private readonly pool: Pool<ServiceConnection>;
  private readonly settle: (failure: FailureKind | undefined) => void;
  private readonly timer: NodeJS.Timeout;
  private connection: ServiceConnection | null = null;

  constructor(path: string, timeout: number, pool: Pool<ServiceConnection>, settle: (failure: FailureKind | undefined) => void) {
    this.path = path;
    this.pool = pool;
    this.settle = settle;
    this.timer = setTimeout(expire, timeout, this);
  }

  take(connection: ServiceConnection): void {
    this.connection = connection;
    connection.send(this);
  }

  answered(status: number): void {
    clearTimeout(this.timer);
    this.settle(failureOf(status));
  }

  expire(): void {
    if (!this.pool.withdraw(this)) this.connection?.abandon();
    this.settle('timeout');
  }
}

/** One function for all timers: a call costs no closure more. */
function expire(call: PendingCall): void {
  call.expire();
}

function failureOf(status: number): FailureKind | undefined {
  if (status === 0) return 'connection';
  if (status === 503) return 'rejected';
  return status >= 400 ? 'error' : undefined;
}
