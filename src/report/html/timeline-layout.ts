/** Where the time of one order goes: its steps laid out along a line of time. Means, because means add up. */
import { subjectOf } from '../../scenarios/subject.js';
import { callGraphOf } from '../../scenarios/architectures.js';
import { callsIn, endsOf, publishedIn, type EventStream, type Flow, type ServiceCall } from '../../scenarios/call-graph.js';
import { meanTurns } from '../../scenarios/call-count.js';
import type { Scenario } from '../../scenarios/scenario.js';
import { fold, type TrialGroup } from '../../advice/rounds.js';
import { foldConsumer, foldStep } from '../../advice/demand.js';

/** One step or consumer on the line of time, ms from the start of the request. */
export interface Bar {
  name: string;
  /** When it is asked for. */
  from: number;
  /** Waiting for a worker, then at work. */
  waiting: number;
  working: number;
  /** Share of the runs that failed; a step that always times out is only waited for. */
  failed: number;
  /** Whether the caller waits for it. */
  isBeforeReply: boolean;
  utilisation: number | null;
  workers: number | null;
  calls: number;
}

export interface Timeline {
  bars: Bar[];
  /** Mean response time. */
  reply: number;
}

/** The line of time of a subject under a load; null for a subject whose steps nobody knows. */
export function layout(row: TrialGroup, scenario: Scenario): Timeline | null {
  const subject = subjectOf(scenario, row.architecture);
  const reply = fold(row, (trial) => trial.responseTime.mean);
  if (!subject || row.base === null || reply === null) return null;
  const { request, streams } = callGraphOf(subject);
  const published = new Map<string, number>();
  const bars = flowBars(row, request, { from: 0, isBeforeReply: true, published });
  // What the flow ends with is published as the reply is given.
  const last = request.at(-1);
  if (last?.kind === 'publish') published.set(last.stream, reply);
  for (const stream of streams) bars.push(...streamBars(row, stream, published));
  return { bars, reply };
}

/** Where a flow stands on the line, and when each stream is published on. */
interface Place {
  from: number;
  isBeforeReply: boolean;
  published: Map<string, number>;
}

/** The calls of a flow, each as soon as those that it comes after are done. */
function flowBars(row: TrialGroup, flow: Flow, { from, isBeforeReply, published }: Place): Bar[] {
  const timeOf = (position: number): number => {
    const task = flow[position]!;
    return task.kind === 'call' ? endOf(barOf(row, task.call, 0, isBeforeReply)) : 0;
  };
  const ends = endsOf(flow)(timeOf);
  return flow.flatMap((task, position) => {
    if (task.kind === 'call') return [barOf(row, task.call, from + ends[position]! - timeOf(position), isBeforeReply)];
    if (task.kind === 'publish') published.set(task.stream, from + ends[position]!);
    return [];
  });
}

/** The consumers of a stream that were measured; one of several calls begins with them when it has got the event. */
function streamBars(row: TrialGroup, stream: EventStream, published: Map<string, number>): Bar[] {
  const accounts = row.measured[0]?.events?.consumers ?? {};
  return stream.consumers.flatMap(({ name, flow }) => {
    if (!(name in accounts)) return [];
    const calls = callsIn(flow);
    const isOwn = calls.every((call) => call.name === name);
    const own = consumerBar(row, name, { published: published.get(stream.name) ?? 0, turns: isOwn ? meanTurns(calls[0] ?? {}) : 1 });
    if (!isOwn) return [own, ...flowBars(row, flow, { from: endOf(own), isBeforeReply: false, published })];
    // The last of several consumers before an event publishes it.
    for (const next of publishedIn(flow)) published.set(next, Math.max(published.get(next) ?? 0, endOf(own)));
    return [own];
  });
}

/** When a step or consumer is done. */
export function endOf({ from, waiting, working }: Bar): number {
  return from + waiting + working;
}

function barOf(row: TrialGroup, step: ServiceCall, from: number, isBeforeReply: boolean): Bar {
  const of = (pick: Parameters<typeof foldStep>[2]): number => foldStep(row, step.name, pick) ?? 0;
  const [calls, timeouts] = [of((result) => result.calls), of((result) => result.timeouts)];
  // The service may never have got to a call that was given up: its caller waited for the timeout.
  const givenUp = calls > 0 ? Math.min(1, timeouts / calls) : 0;
  // Of several calls, as many as come one after another.
  const turns = meanTurns(step);
  return {
    name: step.name,
    from,
    waiting: turns * ((1 - givenUp) * of((result) => result.queueTime.mean) + givenUp * step.timeout),
    working: turns * (1 - givenUp) * of((result) => result.serviceTime.mean),
    failed: calls > 0 ? of((result) => result.failed) / calls : 0,
    isBeforeReply,
    utilisation: foldStep(row, step.name, (result) => result.utilisation),
    workers: foldStep(row, step.name, (result) => result.workers),
    calls,
  };
}

/** A consumer waits for the event to reach a worker of its own, then for one of the service. */
function consumerBar(row: TrialGroup, name: string, { published, turns }: { published: number; turns: number }): Bar {
  const of = (pick: Parameters<typeof foldStep>[2]): number => foldStep(row, name, pick) ?? 0;
  return {
    name,
    from: published,
    waiting: (foldConsumer(row, name, (result) => result.lag.mean) ?? 0) + turns * of((result) => result.queueTime.mean),
    working: turns * of((result) => result.serviceTime.mean),
    failed: 0,
    isBeforeReply: false,
    utilisation: foldStep(row, name, (result) => result.utilisation),
    workers: foldConsumer(row, name, (result) => result.workers),
    calls: of((result) => result.calls),
  };
}
