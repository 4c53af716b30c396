/** What was published in a trial, and what consumers did with it, as spans; and who made a call for which of them. */
import { ROLES } from '../architectures/trace-book.js';
import { topicOf } from '../architectures/topics.js';
import { spanIdOf } from '../base/trace-context.js';
import type { HistoryEntry } from '../events/history.js';
import type { TracedTrial } from '../measurement/traced.js';
import { mostCalls } from '../scenarios/call-count.js';
import { callsIn, compensationOf, fallbackOf, type EventStream, type Flow } from '../scenarios/call-graph.js';
import { callPath } from '../services/services.js';
import type { RunSpan } from './run-spans.js';

/** One delivery, or one publish. */
interface Piece {
  request: number;
  sequence: number;
  event: string;
  startedAt: number;
  /** Null: nothing was heard of its end. */
  endedAt: number | null;
  failed: boolean;
  /** How manieth of its kind for its request, from 0. */
  number: number;
}

/** Who made a call. */
export interface CallOwner {
  /** Id of the span that it is made in. */
  parent: string;
  /** That span's service. */
  service: string;
  /** The service called. */
  reached: string;
  /** The step or consumer that the call is a part of: that of a fallback is the one that falls back on it. */
  step: string;
}

/** Who makes the calls of one name, and how. */
interface Caller {
  service: string;
  /** Null: the server. */
  consumer: string | null;
  step: string;
  /** Nobody waits for it, which its path says. */
  isBackground: boolean;
  /** Tries at most, and calls in each at most. */
  retries: number;
  most: number;
}

/** What is known of the streams of a trial. */
interface Stream {
  stream: EventStream;
  source: string;
  /** The consumers that publish on it, each order by whichever is done last; none: the server does. */
  publishers: readonly string[];
}

/** Puts the entries of histories together, delivery by delivery. */
export class DeliverySpans {
  private readonly traced: TracedTrial;
  private readonly server: string;
  private readonly traceOf: (request: number) => string;
  private readonly streams: readonly Stream[];
  /** Service that each call of the graph reaches, and the consumer that makes it; null: the server. */
  private readonly callers = new Map<string, Caller>();
  /** Deliveries by consumer and request. */
  private readonly deliveries = new Map<string, Map<number, Piece[]>>();
  private readonly publishes: (Piece & { of: Stream })[] = [];

  /** @param server name of the server as a service */
  constructor(traced: TracedTrial, server: string, traceOf: (request: number) => string) {
    this.traced = traced;
    this.server = server;
    this.traceOf = traceOf;
    this.streams = streamsOf(traced);
    this.noteCalls(traced.graph?.request ?? [], null);
    for (const { name, flow } of this.streams.flatMap(({ stream }) => stream.consumers)) this.noteCalls(flow, name);
    this.collect(traced.history);
  }

  /** How manieth try a call is: 0 the first time, and for a delivery, which is no retry. */
  resentOf(call: string, number: number): number {
    const caller = this.callers.get(call);
    return caller && caller.retries > 1 ? Math.floor(number / caller.most) : 0;
  }

  /** Path of a call, as it was asked for; without numbers that of all calls of the name. */
  pathOf(call: string, request: number | '{request}' = '{request}', number: number | '{call}' = '{call}'): string {
    return callPath(call, request, number, this.callers.get(call)?.isBackground);
  }

  /** Who made a call at that moment, as far as the histories tell. */
  callerOf(call: string, request: number, at: number): CallOwner {
    const { service: reached, consumer, step } = this.callers.get(call) ?? { service: call, consumer: null, step: call };
    return { ...this.workOf(consumer, request, at), reached, step };
  }

  /** Publishes and deliveries of measured requests that have ended. */
  *spans(): Generator<RunSpan> {
    for (const piece of this.publishes) if (piece.endedAt !== null) yield this.publishSpan(piece, piece.endedAt);
    for (const [consumer, requests] of this.deliveries) {
      for (const piece of [...requests.values()].flat()) if (piece.endedAt !== null) yield this.processSpan(consumer, piece, piece.endedAt);
    }
  }

  private publishSpan(piece: Piece & { of: Stream }, endedAt: number): RunSpan {
    const { of, request, sequence, failed } = piece;
    const { parent, service } = this.publisherOf(of.publishers, request, piece.startedAt);
    return {
      ...this.timesOf(piece, endedAt),
      id: spanIdOf(ROLES.publish(of.source), request, sequence - 1),
      parent,
      service,
      name: `publish ${of.stream.name}`,
      kind: 'producer',
      attributes: { ...this.about(piece, of), 'messaging.operation.name': 'publish', 'messaging.operation.type': 'send', ...failedAs(failed), 'sync_vs_events.step': `publish-${of.stream.name}` },
    };
  }

  private processSpan(consumer: string, piece: Piece, endedAt: number): RunSpan {
    const { request, sequence, failed, number } = piece;
    const of = this.streams.find(({ stream }) => stream.consumers.some(({ name }) => name === consumer));
    return {
      ...this.timesOf(piece, endedAt),
      id: spanIdOf(ROLES.process(consumer), request, number),
      parent: of ? spanIdOf(ROLES.publish(of.source), request, sequence - 1) : '',
      service: serviceOf(consumer),
      name: `process ${of?.stream.name ?? ''}`,
      kind: 'consumer',
      attributes: { ...this.about(piece, of), 'messaging.operation.name': 'process', 'messaging.operation.type': 'process', 'messaging.consumer.group.name': consumer, ...failedAs(failed) },
    };
  }

  private timesOf({ request, startedAt, failed }: Piece, endedAt: number): Pick<RunSpan, 'trace' | 'start' | 'end' | 'failure'> {
    const { epoch } = this.traced;
    return { trace: this.traceOf(request), start: { at: startedAt, epoch }, end: { at: endedAt, epoch }, failure: failed ? 'failed' : null };
  }

  private about({ event }: Piece, of: Stream | undefined): RunSpan['attributes'] {
    const id = event.slice(event.indexOf(' ') + 1);
    const type = of ? { 'cloudevents.event_type': of.stream.type } : {};
    return {
      'messaging.system': this.traced.bus ?? '', 'messaging.destination.name': of?.stream.name ?? '', 'messaging.message.id': id,
      'cloudevents.event_id': id, 'cloudevents.event_source': event.slice(0, event.indexOf(' ')), ...type,
    };
  }

  /** The span in which something was done at a moment: a delivery to a consumer, or the request at the server. */
  private workOf(consumer: string | null, request: number, at: number): Pick<CallOwner, 'parent' | 'service'> {
    if (consumer === null) return { parent: spanIdOf(ROLES.server, request, 0), service: this.server };
    const own = this.deliveries.get(consumer)?.get(request) ?? [];
    const during = own.findLast(({ startedAt, endedAt }) => startedAt <= at && at <= (endedAt ?? Infinity));
    const piece = during ?? own.findLast(({ startedAt }) => startedAt <= at);
    return { parent: piece ? spanIdOf(ROLES.process(consumer), request, piece.number) : '', service: serviceOf(consumer) };
  }

  /** The delivery during which something was published, or the request at the server. */
  private publisherOf(publishers: readonly string[], request: number, at: number): Pick<CallOwner, 'parent' | 'service'> {
    const isAtWork = (consumer: string): boolean =>
      this.deliveries.get(consumer)?.get(request)?.some(({ startedAt, endedAt }) => startedAt <= at && at <= (endedAt ?? Infinity)) ?? false;
    return this.workOf(publishers.find(isAtWork) ?? publishers[0] ?? null, request, at);
  }

  private noteCalls(flow: Flow, consumer: string | null): void {
    for (const step of callsIn(flow)) {
      const [fallback, compensation] = [fallbackOf(step), compensationOf(step)];
      for (const { name, call, retries, times, isBackground = false } of [step, ...(fallback ? [fallback] : []), ...(compensation ? [compensation] : [])]) {
        this.callers.set(name, { service: call, consumer, step: name === fallback?.name ? step.name : name, isBackground, retries: retries.attempts, most: mostCalls(times) });
      }
    }
  }

  private collect(history: readonly HistoryEntry[]): void {
    const published = new Map<string, Piece>();
    for (const entry of history) {
      if (entry.request < 0) continue;
      if (entry.consumer === '') this.notePublish(entry, published);
      else this.noteDelivery(entry);
    }
  }

  private notePublish({ kind, event, request, sequence, at }: HistoryEntry, published: Map<string, Piece>): void {
    if (kind === 'attempted') {
      const of = this.streams.find(({ source }) => event.startsWith(`${source} `));
      if (!of || published.has(event)) return;
      const piece = { request, sequence, event, startedAt: at, endedAt: null, failed: false, number: sequence - 1, of };
      published.set(event, piece);
      this.publishes.push(piece);
      return;
    }
    const piece = published.get(event);
    if (piece) Object.assign(piece, { endedAt: at, failed: kind === 'rejected' });
  }

  private noteDelivery({ kind, consumer, event, request, sequence, at }: HistoryEntry): void {
    if (kind === 'started') {
      const own = this.deliveriesOf(consumer, request);
      own.push({ request, sequence, event, startedAt: at, endedAt: null, failed: false, number: own.length });
    } else if (kind === 'processed' || kind === 'failed') {
      const piece = this.deliveriesOf(consumer, request).find((one) => one.event === event && one.endedAt === null);
      if (piece) Object.assign(piece, { endedAt: at, failed: kind === 'failed' });
    }
  }

  private deliveriesOf(consumer: string, request: number): Piece[] {
    let requests = this.deliveries.get(consumer);
    if (!requests) this.deliveries.set(consumer, (requests = new Map<number, Piece[]>()));
    let own = requests.get(request);
    if (!own) requests.set(request, (own = []));
    return own;
  }
}

/** A consumer as a service: what it calls may have its name. */
function serviceOf(consumer: string): string {
  return `${consumer}-consumer`;
}

function failedAs(failed: boolean): RunSpan['attributes'] {
  return failed ? { 'error.type': '_OTHER' } : {};
}

/** The streams of a graph, each with the consumer whose flow publishes on it. */
function streamsOf({ graph }: TracedTrial): Stream[] {
  if (!graph) return [];
  const consumers = graph.streams.flatMap((stream) => stream.consumers);
  return graph.streams.map((stream) => {
    const publishers = consumers.filter(({ flow }) => flow.some((task) => task.kind === 'publish' && task.stream === stream.name));
    return { stream, source: topicOf(stream).source, publishers: publishers.map(({ name }) => name) };
  });
}
