/** Makes the HTTP calls of one step: its own connections, and a timeout for each call. */
import { limitOf, type Limit } from '../scenarios/scenario.js';
import type { Place } from '../services/line.js';
import { callPath } from '../services/services.js';
import type { StepReport } from './architecture.js';
import { Connection, type Exchange } from './connection.js';
import { CallFailure, type FailureKind } from './failure.js';
import { Pool, type Borrower } from './pool.js';

/** One call of a step for a request. Rejects with a CallFailure. */
export type Attempt = (request: number, call: number) => Promise<void>;

/** What is called, and how. */
export interface CallerOptions {
  name: string;
  /** Base URL of the service. */
  origin: string;
  /** Per call, the wait for a connection included, ms. */
  timeout: number;
  connections: Limit;
}

/** Calls one service on behalf of one step. */
export class Caller {
  private readonly options: CallerOptions;
  private readonly report: StepReport;
  private readonly pool: Pool<Connection>;

  constructor(options: CallerOptions, report: StepReport) {
    this.options = options;
    this.report = report;
    this.pool = new Pool(
      limitOf(options.connections),
      () => new Connection(options.origin, (connection) => this.pool.giveBack(connection)),
    );
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

const COUNTERS = {
  timeout: 'timeouts',
  error: 'errors',
  rejected: 'rejected',
  connection: 'connection',
  shortCircuited: 'shortCircuited',
} as const satisfies Record<FailureKind, keyof StepReport>;

/** A call from its wait for a connection to its answer or its timeout, whichever comes first. */
class PendingCall implements Exchange, Borrower<Connection> {
  readonly path: string;
  place: Place<Borrower<Connection>> | null = null;
  private readonly pool: Pool<Connection>;
  private readonly settle: (failure: FailureKind | undefined) => void;
  private readonly timer: NodeJS.Timeout;
  private connection: Connection | null = null;

  constructor(path: string, timeout: number, pool: Pool<Connection>, settle: (failure: FailureKind | undefined) => void) {
    this.path = path;
    this.pool = pool;
    this.settle = settle;
    this.timer = setTimeout(expire, timeout, this);
  }

  take(connection: Connection): void {
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
