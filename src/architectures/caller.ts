/** Makes the HTTP calls of one step: its own connections, and a timeout for each call. */
import { realClock, type CallOff, type Clock, type Turn } from '../base/clock.js';
import type { Causes } from '../base/causes.js';
import { RANK, turnOf } from '../scenarios/turn.js';
import type { Place } from '../services/line.js';
import { callPath } from '../services/services.js';
import type { SimulatedService } from '../services/simulated.js';
import type { StepReport } from './architecture.js';
import { Connection, type Exchange, type ServiceConnection } from './connection.js';
import { CallFailure, type FailureKind } from './failure.js';
import { InProcessConnection } from './in-process.js';
import { Pool, type Borrower } from './pool.js';
import { RealService } from './real-service.js';
import type { SpanLog } from './span-log.js';
import { ROLES, TraceBook } from './trace-book.js';

/**
 * One call of a step for a request. Rejects with a CallFailure.
 * @param until moment of the deadline of its request, ms; none without it
 */
export type Attempt = (request: number, call: number, until?: number) => Promise<void>;

/** Where a service is: its base URL, the service itself when it is in this process, or a real one. */
export type Origin = string | SimulatedService | RealService;

/** What is called, and how. */
export interface CallerOptions {
  name: string;
  origin: Origin;
  /** Per call, the wait for a connection included, ms. */
  timeout: number;
  /** Nobody waits for its calls, and there are services to which that makes a difference. */
  isBackground?: boolean;
  pool: Pool;
  /** Whether other steps wait for connections of that pool, too: then what it makes them wait is counted. */
  isShared?: boolean;
  /** Place of the step or consumer among all of its process. */
  position?: number;
  clock?: Clock;
  /** Which traces calls belong to. */
  traces?: TraceBook;
  /** Where calls are kept; nowhere without it. */
  spans?: SpanLog | null;
  /** Counts why calls failed. */
  causes?: Causes;
}

/** Calls one service on behalf of one step. */
export class Caller {
  private readonly options: CallerOptions;
  private readonly report: StepReport;
  /** Every connection opened, and those that nobody uses: the last one given back is used first. */
  private readonly connections: ServiceConnection[] = [];
  private readonly idle: ServiceConnection[] = [];
  private readonly traceparent: (request: number, call: number) => string;
  /** Its position among the spans that are kept. */
  private readonly kept: number;

  constructor(options: CallerOptions, report: StepReport) {
    const { name, traces = new TraceBook(), spans } = options;
    const role = ROLES.call(name);
    this.options = options;
    this.report = report;
    this.traceparent = (request, call) => traces.parentFor(role, request, call);
    this.kept = spans?.positionOf(name) ?? -1;
  }

  readonly attempt: Attempt = (request, call, until = Infinity) => {
    const { name, timeout, isBackground, pool, isShared = false, position = 0, clock = realClock, spans, causes } = this.options;
    if (request >= 0) this.report.calls++;
    const startedAt = clock.now();
    return new Promise((resolve, reject) => {
      const settle: Settle = (failure, status, why, retryAfter) => {
        spans?.called(this.kept, { request, call, startedAt, endedAt: clock.now(), end: failure ?? 'ok', status });
        if (!failure) return resolve();
        if (request >= 0) {
          this.report[COUNTERS[failure]]++;
          causes?.note('call', name, why);
        }
        reject(new CallFailure(name, failure, request, retryAfter));
      };
      const turn = turnOf(RANK.answer, request, position, call);
      const traceparent = (): string => this.traceparent(request, call);
      const waited = (): void => (isShared && request >= 0 ? this.noteWait(clock.now() - startedAt) : undefined);
      const parts = { path: callPath(name, request, call, isBackground), traceparent, turn, expiresAt: Math.min(startedAt + timeout, until), clock, pool, connect: this.connect, waited };
      pool.lend(new PendingCall(parts, settle));
    });
  };

  async close(): Promise<void> {
    await Promise.all(this.connections.map((connection) => connection.close()));
  }

  /** A connection that nobody uses; the pool has let somebody have one. */
  private readonly connect = (): ServiceConnection => {
    const idle = this.idle.pop();
    if (idle) return idle;
    const connection = open(this.options, (free) => {
      this.idle.push(free);
      this.options.pool.giveBack();
    });
    this.connections.push(connection);
    return connection;
  };

  private noteWait(ms: number): void {
    if (ms === 0) return;
    this.report.pooled++;
    this.report.pooledTime += ms;
  }
}

function open({ origin, clock }: CallerOptions, onIdle: (connection: ServiceConnection) => void): ServiceConnection {
  if (origin instanceof RealService) return origin.open(onIdle);
  return typeof origin === 'string' ? new Connection(origin, onIdle) : new InProcessConnection(origin, onIdle, clock);
}

/** How a call that is made can fail. */
type CallFailureKind = Exclude<FailureKind, 'shortCircuited' | 'deadline'>;

const COUNTERS = {
  timeout: 'timeouts',
  error: 'errors',
  rejected: 'rejected',
  connection: 'connection',
  limited: 'limited',
} as const satisfies Record<CallFailureKind, keyof StepReport>;

/** Told how a call ended: undefined is well. @param status HTTP status, 0 without an answer @param why in words @param retryAfter what a 429 says, ms */
type Settle = (failure: CallFailureKind | undefined, status: number, why: string, retryAfter?: number) => void;

/** What a call is told when it begins. */
interface CallParts {
  path: string;
  traceparent: () => string;
  turn: Turn;
  expiresAt: number;
  clock: Clock;
  pool: Pool;
  connect: () => ServiceConnection;
  /** Told when its wait for a connection is over, or given up. */
  waited: () => void;
}

/** A call from its wait for a connection to its answer or its timeout, whichever comes first. */
class PendingCall implements Exchange, Borrower {
  readonly path: string;
  readonly traceparent: () => string;
  readonly turn: Turn;
  place: Place<Borrower> | null = null;
  private readonly parts: CallParts;
  private readonly settle: Settle;
  private readonly callOffTimeout: CallOff;
  private connection: ServiceConnection | null = null;

  constructor(parts: CallParts, settle: Settle) {
    const { path, traceparent, turn, expiresAt, clock } = parts;
    this.parts = parts;
    this.path = path;
    this.traceparent = traceparent;
    this.turn = turn;
    this.settle = settle;
    this.callOffTimeout = clock.at(expiresAt, () => this.expire(), { ...turn, rank: RANK.callTimeout });
  }

  take(): void {
    this.parts.waited();
    this.connection = this.parts.connect();
    this.connection.send(this);
  }

  answered(status: number, retryAfter = 0, why = ''): void {
    this.callOffTimeout();
    this.settle(failureOf(status), status, status === 0 ? why : `answered ${status}`, retryAfter);
  }

  private expire(): void {
    if (this.parts.pool.withdraw(this)) this.parts.waited();
    else this.connection?.abandon();
    this.settle('timeout', 0, 'gave no answer in time');
  }
}

function failureOf(status: number): CallFailureKind | undefined {
  if (status === 0) return 'connection';
  if (status === 503) return 'rejected';
  if (status === 429) return 'limited';
  return status >= 400 ? 'error' : undefined;
}
