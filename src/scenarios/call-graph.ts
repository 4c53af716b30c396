/**
 * An arrangement of a transaction as a value: which calls the reply waits for, in what order or side by side, what is
 * published where, and who consumes it. Live servers, the simulation and every arithmetic about response times interpret
 * this one value. Plain data: it goes to other processes as it is. Times in ms.
 */
import type { KindRange } from './kinds.js';
import { drawsOf, takesPart } from './draw.js';
import { isOfKind } from './kinds.js';
import { limitOf, type Batch, type Consumer, type Step } from './scenario.js';

/** A call to a service, as its caller makes it. */
export type ServiceCall = Pick<
  Step,
  'name' | 'call' | 'critical' | 'share' | 'onError' | 'effect' | 'timeout' | 'retries' | 'breaker' | 'connections' | 'pool' | 'group' | 'rate' | 'times' | 'concurrency' | 'need' | 'fallback' | 'compensate'
> & {
  /** It is given up so long after its request began, and none begins any more, ms. */
  deadline?: number;
  /** One call for several runs of it: so many such calls at once. */
  batch?: Batch & Pick<Consumer, 'workers' | 'scaling'>;
  /** Whether nobody waits for it: a service whose priority is replies takes up all others first. Only where there is such a service. */
  isBackground?: boolean;
};

/**
 * One thing to be done, once the tasks of its flow that it comes after (their positions) have succeeded. A call that its
 * request does not make, or that failed and whose failure the request outlives, counts as one that has succeeded.
 */
export type Task = {
  after: readonly number[];
  /** The kind of request that it is done for; for the others it counts as one that has succeeded. Without it: for all. */
  only?: KindRange;
} & ({ kind: 'call'; call: ServiceCall } | Quorum | { kind: 'publish'; stream: string; /** As of a call: a reply waits no longer for the consumers, ms. */ deadline?: number });

/**
 * The end of a group of steps, which are what it comes after: of them alone it does not wait for the success of all. It succeeds when so many
 * have, or with those that have `within` so long from when they begin, ms, or with all; it fails as soon as fewer can, or have by then.
 */
export interface Quorum {
  kind: 'quorum';
  /** Of the group. */
  name: string;
  need: number;
  within?: number;
}

/**
 * What is done for one request, or for one delivery. It has succeeded when all tasks have, but for those that a quorum decides about; it fails
 * with the first one that does: what is under way then runs on, and what comes after the failed task never begins.
 */
export type Flow = readonly Task[];

/** Works on every message of a stream; its flow is run once for each delivery. All but the one of submissions make one call, then publish. */
export interface StreamConsumer extends Pick<Consumer, 'name' | 'workers' | 'scaling' | 'attempts' | 'backoff' | 'delay'> {
  flow: Flow;
}

/** A stream of events. Every one of its consumers gets every message of it. */
export interface EventStream {
  /** What it is called at a broker. */
  name: string;
  /** CloudEvents type. */
  type: string;
  /** Name of the event in the scenario; only where it has several. */
  event?: string;
  /** Messages for one request. */
  messages: number;
  /**
   * Consumers that its own come after: the last of them to have done with a message publishes one here, of the same
   * ordinal. Of none: a flow of the request publishes all messages at once.
   */
  after: readonly string[];
  /** Size of the `data` of one message, bytes; 0 is the minimal payload. */
  payload: number;
  /** Time that a publish takes at least, ms. */
  publish: number;
  /** Consumers do no work twice for an event that they know by its source and id. */
  inbox: boolean;
  /** What consumers tell the server: nothing; that a delivery is done, for the reply waits for all; or how the order ended. */
  tells: 'nothing' | 'done' | 'outcome';
  consumers: readonly StreamConsumer[];
}

/** One arrangement. */
export interface CallGraph {
  /** What the server does for a request before it replies. */
  request: Flow;
  /** What a good reply says: the order is confirmed, or only accepted. */
  reply: 'confirmed' | 'accepted';
  /** In the order in which a request comes to them. */
  streams: readonly EventStream[];
}

/** The call that a step falls back on when it has failed for good; undefined where it has none. It only reads, and is made once. */
export function fallbackOf({ name, fallback, timeout, deadline, isBackground }: ServiceCall): ServiceCall | undefined {
  if (fallback === undefined) return undefined;
  const retries = { attempts: 1, backoff: 0, jitter: 'none', budget: 1 } as const;
  return { ...BARE, name: fallbackName(name), call: fallback, timeout, retries, ...(deadline !== undefined && { deadline }), ...(isBackground !== undefined && { isBackground }) };
}

/** A call that is made in the wake of another: it has no policies of its own, and is no part of what the reply promises. */
const BARE = { critical: false, share: 1, onError: 'fail', effect: false, breaker: null, connections: 'unlimited' } as const;

/** Name under which the calls of a step's fallback are made and counted. */
export function fallbackName(step: string): string {
  return `${step}-fallback`;
}

/** The call that undoes a step, with the timeout and the retries of that; undefined where nothing does. */
export function compensationOf({ name, compensate, timeout, retries, isBackground }: ServiceCall): ServiceCall | undefined {
  if (compensate === undefined) return undefined;
  // Its request has failed: nobody waits for it any more.
  return { ...BARE, name: compensationName(name), call: compensate, timeout, retries, ...(isBackground !== undefined && { isBackground: true }) };
}

/** Name under which the calls that undo a step are made and counted. */
export function compensationName(step: string): string {
  return `${step}-compensation`;
}

/** Whether the books of each stream are told beside those of all: a transaction has several events, by name. */
export function areToldApart(streams: readonly EventStream[]): boolean {
  return streams.some(({ event }) => event !== undefined);
}

/** Whether something is done for requests that have been replied to: events, or what undoes the steps of one that failed. */
export function outlastsReplies(graph: CallGraph): boolean {
  return graph.streams.length > 0 || compensationsIn(graph.request).length > 0;
}

/** Whether a step is one call, whatever becomes of it: several of them, a fallback, or one for several runs take somebody who watches over them. */
export function isOneCall({ times, fallback, batch }: Pick<ServiceCall, 'times' | 'fallback' | 'batch'>): boolean {
  return times === undefined && fallback === undefined && batch === undefined;
}

/** Deliveries that a consumer has in hand at once: where it works on batches, those that its workers are on and the one that fills. */
export function deliveriesAtOnce({ name, workers, flow }: StreamConsumer): number {
  const batch = callsIn(flow).find((call) => call.name === name)?.batch;
  return batch ? (limitOf(workers) + 1) * batch.size : limitOf(workers);
}

/**
 * Every call of an arrangement: those of the request, then those of the consumers, those of a flow before its fallbacks, and
 * these before its compensations. Their order is that of turns (see `turn.ts`).
 */
export function callsOf({ request, streams }: CallGraph): ServiceCall[] {
  return [request, ...consumersOf(streams).map(({ flow }) => flow)].flatMap((flow) => [...callsIn(flow), ...fallbacksIn(flow), ...compensationsIn(flow)]);
}

/** What the calls of a flow fall back on. */
export function fallbacksIn(flow: Flow): ServiceCall[] {
  return callsIn(flow).flatMap((call) => fallbackOf(call) ?? []);
}

/** What undoes the calls of a flow. */
export function compensationsIn(flow: Flow): ServiceCall[] {
  return callsIn(flow).flatMap((call) => compensationOf(call) ?? []);
}

/** The calls of a flow, without what they fall back on and what undoes them. */
export function callsIn(flow: Flow): ServiceCall[] {
  return flow.flatMap((task) => (task.kind === 'call' ? [task.call] : []));
}

/** Names of the streams that a flow publishes on. */
export function publishedIn(flow: Flow): string[] {
  return flow.flatMap((task) => (task.kind === 'publish' ? [task.stream] : []));
}

/** Every consumer of some streams. */
export function consumersOf(streams: readonly EventStream[]): StreamConsumer[] {
  return streams.flatMap(({ consumers }) => consumers);
}

/** How long after its publish a message of a request is due at a consumer, ms. */
export type DelayOf = (request: number) => number;

/** A request that the consumer has nothing to do for is not in its share: its messages are due at once. Null: all are. */
export function delayOf({ delay = 0, flow }: Pick<StreamConsumer, 'delay' | 'flow'>, seed: number): DelayOf | null {
  if (delay === 0) return null;
  const { name, share } = callsIn(flow)[0]!;
  const draws = drawsOf(seed, name);
  return (request) => (takesPart(draws, share, request) ? delay : 0);
}

/** By consumer that begins with a message no sooner than some time after its publish: that time, ms. */
export function delaysOf(consumers: readonly StreamConsumer[]): Record<string, number> {
  return Object.fromEntries(consumers.flatMap(({ name, delay }) => (delay === undefined ? [] : [[name, delay]])));
}

/** The stream of that name. */
export function streamOf({ streams }: CallGraph, name: string): EventStream {
  const stream = streams.find((candidate) => candidate.name === name);
  if (!stream) throw new Error(`No stream ${name}`);
  return stream;
}

/** The streams whose deliveries the reply to a request waits for (publish-and-wait). @param draw that of its kind */
export function awaitedStreams(graph: CallGraph, draw: number): EventStream[] {
  const published = graph.request.filter(({ only }) => isOfKind(only, draw));
  const streams = publishedIn(published);
  return graph.streams.filter(({ name, tells }) => tells === 'done' && streams.includes(name));
}

/** Deliveries that the reply to a request waits for. */
export function awaitedDeliveries(graph: CallGraph, draw: number): number {
  return awaitedStreams(graph, draw).reduce((sum, { messages, consumers }) => sum + messages * consumers.length, 0);
}

/** How long after its beginning a request waits for these at most, ms. @param draw that of its kind */
export function awaitedUntil({ request }: CallGraph, draw: number): number {
  const publishes = request.flatMap((task) => (task.kind === 'publish' && isOfKind(task.only, draw) ? [task.deadline ?? Infinity] : []));
  return Math.min(Infinity, ...publishes);
}

/** Whether a request publishes anything. @param draw that of its kind */
export function publishesFor({ request }: CallGraph, draw: number): boolean {
  return request.some((task) => task.kind === 'publish' && isOfKind(task.only, draw));
}

/** Positions of the tasks that a quorum decides about, whose own end nobody waits for. */
export function undecidedIn(flow: Flow): Set<number> {
  return new Set(flow.flatMap((task) => (task.kind === 'quorum' ? task.after : [])));
}

/**
 * When each task of a flow ends if nothing waits for anything but the tasks that it comes after.
 * @returns a function of the time that each task takes, by its position; what it returns is overwritten by its next call
 */
export function endsOf(flow: Flow): (timeOf: (position: number) => number) => Float64Array {
  const order = inOrder(flow);
  const ends = new Float64Array(flow.length);
  return (timeOf) => {
    for (const position of order) {
      const task = flow[position]!;
      const latest = (after: readonly number[]): number => after.reduce((last, earlier) => Math.max(last, ends[earlier]!), 0);
      if (task.kind === 'quorum') ends[position] = endOfQuorum(task, task.after.map((one) => ends[one]!), latest(flow[task.after[0]!]!.after));
      else ends[position] = latest(task.after) + timeOf(position);
    }
    return ends;
  };
}

/** When a quorum of steps that all succeed is decided. @param from when they begin */
function endOfQuorum({ need, within }: Quorum, ends: readonly number[], from: number): number {
  const inOrderOfEnd = ends.toSorted((a, b) => a - b);
  return within === undefined ? inOrderOfEnd[need - 1]! : Math.min(from + within, inOrderOfEnd.at(-1)!);
}

/** Positions of the tasks, each behind those that it comes after. */
function inOrder(flow: Flow): number[] {
  const order = new Set<number>();
  const add = (position: number): void => {
    if (order.has(position)) return;
    flow[position]!.after.forEach(add);
    order.add(position);
  };
  flow.forEach((_, position) => add(position));
  return [...order];
}
