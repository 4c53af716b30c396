/** The response time with nothing waiting for anything: what an architecture comes to by arithmetic alone. */
import { drawsOf, LatencyQuantile } from '../scenarios/draw.js';
import { stepsBeforeEvent, type Service } from '../scenarios/scenario.js';
import type { Subject } from '../scenarios/subject.js';
import { deliveryCall } from '../services/fate.js';
import type { MeasuredTrial } from './record.js';
import { summarise } from './times.js';

/** Requests that the summary is made of. */
const REQUESTS = 10_000;

/**
 * Response time of one request when every call succeeds at once and nothing but the services takes time, ms. It follows
 * from the draws: the same request meets the same latencies in every architecture.
 */
export function idealResponseTime(subject: Subject, seed: number): (request: number) => number {
  const { architecture, steps, event } = subject;
  const latencies = new Map(steps.map(({ name, call }) => [name, latencyOf(subject.services, name, call, seed)]));
  const first = (name: string, request: number): number => latencies.get(name)?.(request, 0) ?? 0;
  const sum = (names: readonly string[], request: number): number =>
    names.reduce((total, name) => total + first(name, request), 0);
  const every = steps.map(({ name }) => name);
  switch (architecture) {
    case 'sync':
      return (request) => sum(every, request);
    case 'parallel':
      return (request) => longestPath(subject, (name) => first(name, request));
    case 'hybrid': {
      const critical = steps.filter((step) => step.critical);
      const before = stepsBeforeEvent(critical, event);
      const names = critical.map(({ name }) => name);
      const [earlier, later] = [names.slice(0, before), names.slice(before)];
      const waited = event.wait ? longestConsumer(subject, seed) : () => 0;
      return (request) => sum(earlier, request) + Math.max(sum(later, request), waited(request));
    }
    case 'event-driven':
      return () => 0;
  }
}

type IdealSummary = NonNullable<MeasuredTrial['ideal']>;

/** Those worked out, by subject and seed: a plan asks for the same one again and again. */
const summaries = new WeakMap<Subject, Map<number, IdealSummary>>();

/** Ideal response time of the first 10,000 requests, ms. The subject must not be changed afterwards. */
export function idealSummary(subject: Subject, seed: number): IdealSummary {
  const bySeed = summaries.get(subject) ?? new Map<number, IdealSummary>();
  const summary = bySeed.get(seed) ?? summaryOf(subject, seed);
  summaries.set(subject, bySeed.set(seed, summary));
  return summary;
}

function summaryOf(subject: Subject, seed: number): IdealSummary {
  const ideal = idealResponseTime(subject, seed);
  const { mean, p50, p95 } = summarise(Float64Array.from({ length: REQUESTS }, (_, request) => ideal(request)));
  return { mean: mean ?? 0, p50: p50 ?? 0, p95: p95 ?? 0 };
}

/** Latency of a step's calls, by request and number of the call; 0 for a service that does not exist. */
function latencyOf(
  services: readonly Service[],
  name: string,
  call: string,
  seed: number,
): (request: number, number: number) => number {
  const service = services.find((candidate) => candidate.name === call);
  const draws = drawsOf(seed, name);
  const quantile = service && new LatencyQuantile(service.latency);
  return (request, number) => (quantile ? quantile.at(draws(request, number, 'latency')) : 0);
}

/** Time until the last step has ended when each starts as soon as those that it comes after have ended. */
function longestPath({ steps }: Subject, latency: (name: string) => number): number {
  const ends = new Map<string, number>();
  const endOf = (name: string): number => {
    const found = ends.get(name);
    if (found !== undefined) return found;
    const after = steps.find((step) => step.name === name)?.after ?? [];
    const end = Math.max(0, ...after.map(endOf)) + latency(name);
    ends.set(name, end);
    return end;
  };
  return Math.max(0, ...steps.map(({ name }) => endOf(name)));
}

/** Time until the slowest consumer has processed every message of a request, each at its first delivery. */
function longestConsumer({ services, event }: Subject, seed: number): (request: number) => number {
  const calls = event.consumers.flatMap(({ name, call, attempts }) => {
    const latency = latencyOf(services, name, call, seed);
    return Array.from({ length: event.messages }, (_, message) => {
      const number = deliveryCall(message, 1, attempts);
      return (request: number) => latency(request, number);
    });
  });
  return (request) => Math.max(0, ...calls.map((call) => call(request)));
}
