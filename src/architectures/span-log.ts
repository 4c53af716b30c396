/**
 * When a process did what, kept only where the spans of a run were asked for: what its histories do not tell, which is the
 * server's own part of each request, and each call as its caller saw it.
 */
import { GrowingColumns } from '../base/columns.js';
import type { TraceContext } from '../base/trace-context.js';
import type { FailureKind } from './failure.js';
import type { Origin } from './trace-book.js';

/** How a call ended for its caller. */
export type CallEnd = 'ok' | Exclude<FailureKind, 'shortCircuited'>;

/** Every way, by its position in the columns. */
export const CALL_ENDS: readonly CallEnd[] = ['ok', 'timeout', 'error', 'rejected', 'connection', 'limited'];

/** Every request that was replied to; moments on the monotonic clock, ms. */
export interface RequestColumns {
  /** Index; negative for warm-up. */
  request: Int32Array;
  arrivedAt: Float64Array;
  repliedAt: Float64Array;
  /** HTTP status. */
  status: Uint16Array;
  /** 1 when the generator of this run sent it: its span is the parent. */
  fromRun: Uint8Array;
}

/** Every call that has ended for its caller. */
export interface CallColumns {
  request: Int32Array;
  /** Position of the name of the step or consumer in `steps`. */
  step: Uint16Array;
  /** Number of the call, for one request and step. */
  call: Int32Array;
  /** From the wait for a connection on. */
  startedAt: Float64Array;
  endedAt: Float64Array;
  /** HTTP status; 0 without an answer. */
  status: Uint16Array;
  /** Position in CALL_ENDS. */
  end: Uint8Array;
}

/** One call, as it is kept. */
export interface EndedCall {
  request: number;
  call: number;
  startedAt: number;
  endedAt: number;
  end: CallEnd;
  status: number;
}

/** What one process kept. */
export interface KeptSpans {
  requests: RequestColumns;
  calls: CallColumns;
  /** Names of steps and consumers. */
  steps: string[];
  /** Spans that other requests came from, where they told it, by index. */
  parents: Map<number, TraceContext>;
}

/** Keeps it. */
export class SpanLog {
  private readonly requests = new GrowingColumns<RequestColumns>((length) => ({
    request: new Int32Array(length),
    arrivedAt: new Float64Array(length),
    repliedAt: new Float64Array(length),
    status: new Uint16Array(length),
    fromRun: new Uint8Array(length),
  }));
  private readonly calls = new GrowingColumns<CallColumns>((length) => ({
    request: new Int32Array(length),
    step: new Uint16Array(length),
    call: new Int32Array(length),
    startedAt: new Float64Array(length),
    endedAt: new Float64Array(length),
    status: new Uint16Array(length),
    end: new Uint8Array(length),
  }));
  private readonly steps: string[] = [];
  private readonly parents = new Map<number, TraceContext>();

  /** A request was replied to. @param origin where it had come from, when it told */
  replied(request: number, arrivedAt: number, repliedAt: number, status: number, origin: Origin | undefined): void {
    if (typeof origin === 'object') this.parents.set(request, origin);
    const row = this.requests.next();
    const { columns } = this.requests;
    columns.request[row] = request;
    columns.arrivedAt[row] = arrivedAt;
    columns.repliedAt[row] = repliedAt;
    columns.status[row] = status;
    columns.fromRun[row] = origin === 'run' ? 1 : 0;
  }

  /** Position of a step or consumer, for `called`. */
  positionOf(step: string): number {
    return this.steps.push(step) - 1;
  }

  /** A call has ended. @param step its position */
  called(step: number, { request, call, startedAt, endedAt, end, status }: EndedCall): void {
    const row = this.calls.next();
    const { columns } = this.calls;
    columns.request[row] = request;
    columns.step[row] = step;
    columns.call[row] = call;
    columns.startedAt[row] = startedAt;
    columns.endedAt[row] = endedAt;
    columns.status[row] = status;
    columns.end[row] = CALL_ENDS.indexOf(end);
  }

  /** A copy of all so far. */
  read(): KeptSpans {
    return { requests: this.requests.read(), calls: this.calls.read(), steps: [...this.steps], parents: this.parents };
  }
}
