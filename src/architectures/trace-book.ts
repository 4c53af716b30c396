/** Which trace each request belongs to: that of its run, or the one that it came with. */
import {
  NO_RUN, parseTraceparent, roleOf, spanIdOf, traceIdOf, traceparentOf, type TraceContext,
} from '../base/trace-context.js';
import { requestOf } from '../scenarios/request.js';

/** Foreign traces remembered at once: whoever is asked for an older one tells that of the run. */
const MOST_FOREIGN = 100_000;

/** Where a request came from: another part of this run, or what its context says. */
export type Origin = 'run' | TraceContext;

/** Where the run stands in a `traceparent`: behind the version and the digits of the request. */
const RUN_AT = '00-00000000'.length;

/** The traces of one process. */
export class TraceBook {
  private readonly run: string;
  /** Of requests that came with a trace of their own, such as those of another load tool. */
  private readonly foreign = new Map<number, TraceContext>();

  /** @param run what the ids of its own traces end with */
  constructor(run = NO_RUN) {
    this.run = run;
  }

  /** Id of the trace of a request: that of all its attempts. */
  of(request: number): string {
    return this.foreign.get(request)?.trace ?? traceIdOf(this.run, requestOf(request));
  }

  /**
   * A request, or an event of one, came with this `traceparent`: what is done for it belongs there.
   * @returns where it came from: a part of this run, or elsewhere; undefined when it does not tell
   */
  adopt(request: number, traceparent: unknown): Origin | undefined {
    if (typeof traceparent !== 'string') return undefined;
    if (traceparent.startsWith(this.run, RUN_AT)) return 'run';
    const context = parseTraceparent(traceparent);
    if (context) this.remember(request, context);
    return context;
  }

  /** The `traceparent` of what is done for a request. @param role of `roleOf` */
  parentFor(role: number, request: number, number: number): string {
    return traceparentOf(this.of(request), spanIdOf(role, request, number));
  }

  private remember(request: number, context: TraceContext): void {
    if (this.foreign.size >= MOST_FOREIGN) {
      const oldest = this.foreign.keys().next();
      if (!oldest.done) this.foreign.delete(oldest.value);
    }
    this.foreign.set(request, context);
  }
}

/** Who does what in a trace. */
export const ROLES = {
  /** The server's work on a request. */
  server: roleOf('server'),
  /** A call of a step or consumer; the number is the call's. */
  call: (step: string): number => roleOf(`call ${step}`),
  /** A service's work on such a call. */
  service: (step: string): number => roleOf(`service ${step}`),
  /** A publish on a stream; the number is the message's. */
  publish: (source: string): number => roleOf(`publish ${source}`),
  /** A consumer's work on a delivery. */
  process: (consumer: string): number => roleOf(`process ${consumer}`),
};
