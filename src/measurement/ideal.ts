/** The response time with nothing waiting for anything: what an architecture comes to by arithmetic alone. */
import { callGraphOf } from '../scenarios/architectures.js';
import { callsOf, consumersOf, endsOf, streamOf, undecidedIn, type CallGraph, type EventStream, type Flow, type ServiceCall } from '../scenarios/call-graph.js';
import { drawsOf, LatencyQuantile, rowDraws, takesPart } from '../scenarios/draw.js';
import { callCount, callNumber, mostCalls, spanOf } from '../scenarios/call-count.js';
import { limitOf, type Service } from '../scenarios/scenario.js';
import { isOfKind, kindDraws } from '../scenarios/kinds.js';
import type { Subject } from '../scenarios/subject.js';
import { deliveryCall } from '../services/call-outcome.js';
import type { MeasuredTrial } from './record.js';
import { summarise } from './times.js';

/** Requests that the summary is made of. */
const REQUESTS = 10_000;

/**
 * Response time of one request when every call succeeds at once and nothing but the services takes time, ms. It follows
 * from the draws: the same request meets the same latencies in every architecture.
 */
export function idealResponseTime(subject: Subject, seed: number): (request: number) => number {
  const graph = callGraphOf(subject);
  const latency = (call: ServiceCall): Latency => latencyOf(subject.services, call, seed);
  const draw = kindDraws(seed);
  const ends = flowEnds(graph.request, graph.streams, latency, draw);
  // Each kind of request waits for its own.
  const awaited = graph.request.flatMap((task, position) => {
    const stream = task.kind === 'publish' ? streamOf(graph, task.stream) : undefined;
    if (stream?.tells !== 'done') return [];
    return [{ position, only: task.only, took: publishing(stream), consumed: longestDelivery(stream, graph.streams, latency, draw) }];
  });
  const undecided = undecidedIn(graph.request);
  return (request) => {
    const own = ends(request, 0);
    const mine = awaited.filter(({ only }) => isOfKind(only, draw(request)));
    return Math.max(0, ...own.filter((_, position) => !undecided.has(position)), ...mine.map(({ position, took, consumed }) => own[position]! - took + consumed(request)));
  };
}

/** Requests whose work on the event side is looked at. */
const AFTERWARDS = 1000;

/**
 * Time in which the consumers of a request are done with it when nothing waits, from its publish, ms: the mean of the first 1,000 requests,
 * 0 where nothing is published. Until so much later what they have in hand has not come to its level.
 */
export function unloadedWork(subject: Subject, seed: number): number {
  const { streams } = callGraphOf(subject);
  const draw = kindDraws(seed);
  const works = streams.map((stream) => longestDelivery(stream, streams, (call) => latencyOf(subject.services, call, seed), draw));
  let sum = 0;
  for (let request = 0; request < AFTERWARDS; request++) sum += Math.max(0, ...works.map((work) => work(request)));
  return sum / AFTERWARDS;
}

type IdealSummary = NonNullable<MeasuredTrial['ideal']>;

/**
 * Those worked out, by what they follow from: a search asks for the same one again and again, with other workers or in a copy that has come
 * from another thread. The oldest is left out.
 */
const summaries = new Map<string, IdealSummary>();
const MOST_KEPT = 100;
/** Latencies that are long lists are worth no key, characters. */
const LONGEST_KEY = 10_000;

/** Ideal response time of the first 10,000 requests, ms. */
export function idealSummary(subject: Subject, seed: number): IdealSummary {
  const key = keyOf(subject, seed);
  const known = summaries.get(key);
  if (known) return known;
  const summary = summaryOf(subject, seed);
  if (key.length <= LONGEST_KEY) summaries.set(key, summary);
  if (summaries.size > MOST_KEPT) summaries.delete(summaries.keys().next().value!);
  return summary;
}

/** All that the ideal response time follows from: how many workers there are is no part of it. */
function keyOf(subject: Subject, seed: number): string {
  const withoutWorkers = (name: string, value: unknown): unknown => (name === 'workers' ? undefined : value);
  return JSON.stringify([seed, callGraphOf(subject), subject.services.map(({ name, latency }) => [name, latency])], withoutWorkers);
}

function summaryOf(subject: Subject, seed: number): IdealSummary {
  const ideal = idealResponseTime(subject, seed);
  const times = new Float64Array(REQUESTS);
  if (isAlwaysTheSame(callGraphOf(subject), subject.services)) times.fill(ideal(0));
  else for (let request = 0; request < REQUESTS; request++) times[request] = ideal(request);
  const { mean, p50, p95 } = summarise(times);
  return { mean: mean ?? 0, p50: p50 ?? 0, p95: p95 ?? 0 };
}

/** Whether nothing of it is drawn: every request makes the same calls, which take the same time. */
function isAlwaysTheSame(graph: CallGraph, services: readonly Service[]): boolean {
  const constant = new Set(services.filter(({ latency }) => latency.kind === 'constant').map(({ name }) => name));
  const flows = [graph.request, ...consumersOf(graph.streams).map(({ flow }) => flow)];
  return (
    flows.flat().every(({ only }) => only === undefined) &&
    callsOf(graph).every(({ call, share, times = 1 }) => constant.has(call) && share === 1 && typeof times === 'number')
  );
}

/** Time of a step, ms: at the attempt so numbered, for a request. */
type Latency = (request: number, number: number) => number;

/**
 * When each task of a flow ends, ms from its beginning. To publish takes as long as the scenario says.
 * @param draw of a request's kind
 */
function flowEnds(
  flow: Flow,
  streams: readonly EventStream[],
  latency: (call: ServiceCall) => Latency,
  draw: (request: number) => number,
): (request: number, number: number) => Float64Array {
  const times = flow.map((task): Latency => {
    const time = task.kind === 'call' ? latency(task.call) : task.kind === 'publish' ? publishLatency(streams, task.stream) : () => 0;
    return task.only ? (request, number) => (isOfKind(task.only, draw(request)) ? time(request, number) : 0) : time;
  });
  const ends = endsOf(flow);
  return (request, number) => ends((position) => times[position]!(request, number));
}

/** Time of a step whose calls succeed at once; 0 for a request that does not make it, and at a service that does not exist. */
function latencyOf(services: readonly Service[], { name, call, share, times, concurrency = 1 }: ServiceCall, seed: number): Latency {
  const service = services.find((candidate) => candidate.name === call);
  if (!service) return () => 0;
  const draws = drawsOf(seed, name);
  const quantile = new LatencyQuantile(service.latency);
  const latencies = rowDraws(seed, service.latency) ?? draws;
  if (times === undefined) return (request, number) => (takesPart(draws, share, request) ? quantile.at(latencies(request, number, 'latency')) : 0);
  const most = mostCalls(times);
  return (request, attempt) => {
    const count = takesPart(draws, share, request) ? callCount(draws, times, request) : 0;
    const spans = Array.from({ length: count }, (_, item) => quantile.at(latencies(request, callNumber(attempt, item, most), 'latency')));
    return spanOf(spans, limitOf(concurrency));
  };
}

function publishLatency(streams: readonly EventStream[], name: string): Latency {
  const stream = streams.find((candidate) => candidate.name === name);
  return () => (stream ? publishing(stream) : 0);
}

/** Time that the messages of a request take to be published, one after another, ms; of a chain, each is published by itself. */
function publishing({ messages, publish, after }: EventStream): number {
  return after.length > 0 ? publish : messages * publish;
}

/** Time from the first publish until the slowest consumer has processed every message of a request, each at its first delivery, ms. */
function longestDelivery(
  { messages, publish, consumers }: EventStream,
  streams: readonly EventStream[],
  latency: (call: ServiceCall) => Latency,
  draw: (request: number) => number,
): (request: number) => number {
  const deliveries = consumers.flatMap(({ flow, attempts }) => {
    const ends = flowEnds(flow, streams, latency, draw);
    return Array.from({ length: messages }, (_, message) => {
      const number = deliveryCall(message, 1, attempts);
      // Consumers have each as soon as it is published.
      return (request: number) => message * publish + Math.max(0, ...ends(request, number));
    });
  });
  return (request) => Math.max(0, ...deliveries.map((delivery) => delivery(request)));
}
