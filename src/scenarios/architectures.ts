/** How the same steps can be arranged: one function for each architecture, from a transaction to its call graph. */
import { publishedIn, type CallGraph, type EventStream, type Flow, type ServiceCall, type StreamConsumer, type Task } from './call-graph.js';
import { BUSINESS, callTask, criticalPath, eventsIn, publishTask, withGroups } from './critical-path.js';
import { onlyKind, rangesOf, type KindRange } from './kinds.js';
import { limitOf, type BusinessEvent, type Consumer, type Limit, type RequestKind, type Service, type Step } from './scenario.js';

/** What is arranged. */
export interface Transaction {
  services: readonly Service[];
  steps: readonly Step[];
  event: BusinessEvent;
  /** Kinds of request, where there are several. */
  kinds?: RequestKind[];
  /** Of a request, ms. */
  deadline?: number;
}

/** Every architecture, in the order in which they are shown. */
const ARRANGEMENTS = { sync, parallel, hybrid, 'event-driven': eventDriven };

export type Architecture = keyof typeof ARRANGEMENTS;

/** Names of the architectures. */
export const ARCHITECTURES = Object.keys(ARRANGEMENTS) as [Architecture, ...Architecture[]];

/** Name of the consumer of `event-driven` that runs the critical steps; no step or consumer of a scenario has it. */
export const ORDERS_CONSUMER = 'orders';

/** The transaction as an architecture arranges it. */
export function callGraphOf({ architecture, ...transaction }: Transaction & { architecture: Architecture }): CallGraph {
  const graph = graphOf(architecture, transaction);
  return transaction.services.some(({ priority }) => priority === 'replies') ? withBackground(graph) : graph;
}

/** Every call with whether nobody waits for it: the calls of a consumer, unless the reply waits for that, too. */
function withBackground({ request, reply, streams }: CallGraph): CallGraph {
  const marked = (flow: Flow, isBackground: boolean): Flow => flow.map((task) => (task.kind === 'call' ? { ...task, call: { ...task.call, isBackground } } : task));
  const heard = streams.map((stream) => ({
    ...stream,
    consumers: stream.consumers.map((consumer) => ({ ...consumer, flow: marked(consumer.flow, stream.tells !== 'done') })),
  }));
  return { request: marked(request, false), reply, streams: heard };
}

function graphOf(architecture: Architecture, transaction: Transaction): CallGraph {
  const { kinds, ...whole } = transaction;
  if (!kinds) return arranged(architecture, whole);
  const ranges = rangesOf(kinds);
  return sideBySide(kinds.map((kind, position) => ofKind(arranged(architecture, onlyKind(whole, kind)), ranges[position]!)), whole);
}

/** Whatever the reply waits for has the deadline of the request. */
function arranged(architecture: Architecture, transaction: Transaction): CallGraph {
  const { deadline } = transaction;
  const graph = ARRANGEMENTS[architecture](transaction);
  if (deadline === undefined) return graph;
  const request = graph.request.map((task): Task => (task.kind === 'call' ? { ...task, call: { ...task.call, deadline } } : task.kind === 'publish' ? { ...task, deadline } : task));
  return { ...graph, request };
}

/** What is arranged for one kind: its business events have names of their own, and are not published when nobody hears them. */
function ofKind({ request, reply, streams }: CallGraph, only: KindRange): CallGraph {
  const business = streams.filter(({ after, tells }) => after.length === 0 && tells !== 'outcome');
  const silent = business.filter(({ consumers }) => consumers.length === 0).map(({ name }) => name);
  const rename = (name: string): string => (business.some((stream) => stream.name === name) ? `${name}-${only.name}` : name);
  const flowOf = (flow: Flow): Flow =>
    without(flow, silent).map((task) => ({ ...task, only, ...(task.kind === 'publish' ? { stream: rename(task.stream) } : {}) }));
  const kept = streams.filter(({ name }) => !silent.includes(name));
  const named = kept.map((stream) => ({
    ...stream,
    name: rename(stream.name),
    // Consumers get the events of their own kind alone; the one of submissions gets all.
    consumers: stream.tells === 'outcome' ? stream.consumers.map((consumer) => ({ ...consumer, flow: flowOf(consumer.flow) })) : stream.consumers,
  }));
  return { request: flowOf(request), reply, streams: named };
}

/** A flow that does not publish on some streams: what came after that comes after what it came after. */
function without(flow: Flow, streams: readonly string[]): Flow {
  const isLeftOut = (position: number): boolean => {
    const task = flow[position]!;
    return task.kind === 'publish' && streams.includes(task.stream);
  };
  const kept = flow.flatMap((_, position) => (isLeftOut(position) ? [] : [position]));
  const placesOf = (position: number): number[] => (isLeftOut(position) ? flow[position]!.after.flatMap(placesOf) : [kept.indexOf(position)]);
  return kept.map((position) => ({ ...flow[position]!, after: [...new Set(flow[position]!.after.flatMap(placesOf))] }));
}

/** What is arranged for each kind, as one: every request comes to all of it, and does its own part. */
function sideBySide(graphs: readonly CallGraph[], whole: Transaction): CallGraph {
  const streams = graphs.flatMap((graph) => graph.streams);
  const [submissions, ...others] = streams.filter(({ tells }) => tells === 'outcome');
  const request = submissions ? [publishTask(submissions.name)] : joined(graphs.map((graph) => graph.request));
  const rest = streams.filter(({ tells }) => tells !== 'outcome');
  if (!submissions) return { request, reply: 'confirmed', streams: rest };
  const flow = joined([submissions, ...others].map(({ consumers }) => consumers[0]!.flow));
  const orders = { ...submissions.consumers[0]!, workers: orderWorkers(whole.steps, whole.services), flow };
  return { request, reply: 'accepted', streams: [{ ...submissions, consumers: [orders] }, ...rest] };
}

/** Flows that know nothing of each other, as one. */
function joined(flows: readonly Flow[]): Flow {
  const tasks: Task[] = [];
  for (const flow of flows) {
    const first = tasks.length;
    tasks.push(...flow.map((task) => ({ ...task, after: task.after.map((position) => first + position) })));
  }
  return tasks;
}

/** Whether an architecture publishes events, whatever is arranged. */
export function publishesEvents(architecture: Architecture): boolean {
  return callGraphOf({ architecture, services: [], steps: [], event: NO_EVENT }).streams.length > 0;
}

const NO_EVENT: BusinessEvent = { type: '', after: null, messages: 1, payload: 0, publish: 0, wait: false, inbox: false, consumers: [] };

/** Every step, one after another, then the reply. */
function sync({ steps }: Transaction): CallGraph {
  return { request: withGroups(inTurn(steps)), reply: 'confirmed', streams: [] };
}

/** Each step as soon as all that it comes after have succeeded, the reply when all are done. */
function parallel({ steps }: Transaction): CallGraph {
  const positions = new Map(steps.map(({ name }, position) => [name, position]));
  const request = steps.map((step) => ({ ...callTask(step), after: step.after.map((name) => positions.get(name) ?? -1) }));
  return { request: withGroups(request), reply: 'confirmed', streams: [] };
}

/** The critical steps with the business events at their places, then the reply; consumers do the rest. */
function hybrid(transaction: Transaction): CallGraph {
  const request = withGroups(criticalPath(transaction));
  return { request, reply: 'confirmed', streams: businessStreams(transaction.event, request, ({ wait }) => (wait ? 'done' : 'nothing')) };
}

/** The submission is published and the reply is "accepted"; whatever is to be done, consumers do. */
function eventDriven(transaction: Transaction): CallGraph {
  const path = withGroups(criticalPath(transaction));
  const submissions = submissionStream(transaction, path);
  return {
    request: [publishTask(submissions.name)],
    reply: 'accepted',
    streams: [submissions, ...businessStreams(transaction.event, path, () => 'nothing')],
  };
}

type Tells = (event: Pick<BusinessEvent, 'wait'>) => EventStream['tells'];

/** The streams of all business events, in the order in which they are published. */
function businessStreams(event: BusinessEvent, path: Flow, tells: Tells): EventStream[] {
  const order = publishedIn(path);
  const events = eventsIn(event).toSorted((a, b) => order.indexOf(a.name ?? BUSINESS) - order.indexOf(b.name ?? BUSINESS));
  return events.flatMap((one) => streamsOfEvent(one, event.consumers.filter(({ hears }) => hears === one.name), tells(one)));
}

/** A business event, what the non-critical work hangs on; and the events of consumers that others come after. */
function streamsOfEvent(event: Omit<BusinessEvent, 'consumers'>, consumers: readonly Consumer[], tells: EventStream['tells']): EventStream[] {
  const { name: business = BUSINESS, messages, payload, publish, inbox } = event;
  const heardBy = (consumer: Consumer): string => chainHeardBy(consumer, consumers) ?? business;
  const heard = new Map(consumers.toReversed().map((consumer) => [heardBy(consumer), consumer.after ?? []]));
  const streamOf = (name: string, after: readonly string[], rest: Pick<EventStream, 'type' | 'payload' | 'tells' | 'event'>): EventStream => ({
    name, messages, after, publish, inbox, ...rest,
    consumers: consumers.filter((one) => heardBy(one) === name).map((one) => consumerOf(one, heard)),
  });
  const chains = [...heard].filter(([name]) => name !== business).toSorted(([, a], [, b]) => depthOf(a, consumers) - depthOf(b, consumers));
  return [
    streamOf(business, [], { type: event.type, payload, tells, ...(event.name !== undefined && { event: event.name }) }),
    // A reply that waits does so for those who hear the business event: whoever comes after them goes on by itself.
    ...chains.map(([name, after]) => streamOf(name, after, { type: `${nounOf(event)}.${name}`, payload: 0, tells: 'nothing' })),
  ];
}

/** Events between the business event and one that comes after these consumers. */
function depthOf(after: readonly string[], consumers: readonly Consumer[]): number {
  const before = consumers.filter(({ name }) => after.includes(name));
  return Math.max(0, ...before.map((one) => 1 + depthOf(one.after ?? [], consumers)));
}

/** Name of the stream that a consumer hears who comes after others: those that come after the same ones share one. */
function chainHeardBy({ after = [] }: Consumer, consumers: readonly Consumer[]): string | undefined {
  const [first, ...others] = after;
  if (first === undefined) return undefined;
  if (others.length === 0) return `after-${first}`;
  const key = after.toSorted().join(' ');
  const named = consumers.find((consumer) => consumer.after?.toSorted().join(' ') === key);
  return `before-${named?.name ?? first}`;
}

/**
 * What `event-driven` publishes before anything is done: `order.placed` makes it `order.submitted`. Steps have retries of
 * their own: a submission that failed is not delivered again, it goes to the dead letters.
 */
function submissionStream({ event, steps, services }: Transaction, path: Flow): EventStream {
  const orders = { name: ORDERS_CONSUMER, workers: orderWorkers(steps, services), attempts: 1, backoff: 0, flow: path };
  return {
    name: 'submissions', type: `${nounOf(event)}.submitted`, messages: 1, after: [], payload: 0, publish: event.publish, inbox: event.inbox, tells: 'outcome',
    consumers: [orders],
  };
}

/** What a business event is about: `order` of `order.placed`. */
export function nounOf({ type }: Pick<BusinessEvent, 'type'>): string {
  return type.slice(0, Math.max(0, type.lastIndexOf('.'))) || type;
}

/** Submissions worked on at once: as many as the services of the critical steps can serve. */
function orderWorkers(steps: readonly Step[], services: readonly Service[]): Limit {
  const called = new Set(steps.filter((step) => step.critical).map((step) => step.call));
  const limits = services.filter(({ name, own }) => called.has(name) && !own).map(({ workers }) => limitOf(workers));
  const sum = limits.reduce((total, workers) => total + workers, 0);
  return Number.isFinite(sum) && sum > 0 ? sum : 'unlimited';
}

/**
 * A consumer of the scenario: it calls its service once for every message, and then publishes for those that come after it.
 * @param heard by stream, the consumers that must have done before there is an event on it
 */
function consumerOf(consumer: Consumer, heard: ReadonlyMap<string, readonly string[]>): StreamConsumer {
  const { name, workers, scaling, batch, attempts, backoff, delay } = consumer;
  const next = [...heard].filter(([, after]) => after.includes(name));
  const publishes = next.map(([stream]): Task => ({ ...publishTask(stream), after: [0] }));
  // Of batches, it is those who make the calls.
  const scaled = scaling && !batch ? { scaling } : {};
  return { name, workers, ...scaled, attempts, backoff, ...(delay !== undefined && { delay }), flow: [{ kind: 'call', call: consumerCall(consumer), after: [] }, ...publishes] };
}

/** Redelivery by the bus takes the place of retries, and a consumer's workers limit its connections. */
function consumerCall({ workers, scaling, attempts: _attempts, backoff: _backoff, after: _after, hears: _hears, delay: _delay, batch, ...call }: Consumer): ServiceCall {
  const retries = { attempts: 1, backoff: 0, jitter: 'none', budget: 1 } as const;
  return { ...call, ...(batch && { batch: { ...batch, workers, ...(scaling && { scaling }) } }), critical: false, onError: 'fail', effect: true, breaker: null, connections: 'unlimited', retries };
}

/** Each step after the one before it; those of a group after the one before that. */
function inTurn(steps: readonly Step[]): Flow {
  let [before, last]: [number[], number[]] = [[], []];
  return steps.map((step, position) => {
    const isBeside = step.group !== undefined && steps[position - 1]?.group?.name === step.group.name;
    if (!isBeside) [before, last] = [last, []];
    last.push(position);
    return { ...callTask(step), after: before };
  });
}
