/** The event side of a trial: its account, its backlog, and when orders were really done. */
import { topicOf } from '../architectures/topics.js';
import type { HistoryEntry } from '../events/history.js';
import { OUTCOMES, type Observations } from '../load/load.js';
import { callGraphOf } from '../scenarios/architectures.js';
import { areToldApart, consumersOf, delayOf, type EventStream } from '../scenarios/call-graph.js';
import type { Subject } from '../scenarios/subject.js';
import type { ScalingFigures } from '../services/scaling.js';
import { lastAttempts } from './attempts.js';
import { backlogOf } from './backlog.js';
import { bySubject, timelinesOf, type Held, dueAt, type EventTimeline, type Topic } from './event-timelines.js';
import { judge, type Ledger } from './ledger.js';
import { countGaps, publishingOf } from './publishing.js';
import type { ConsumerResult, EventResult, EventsResult, PublishingResult, LagSeries } from './record.js';
import { encodeFloats } from './samples.js';
import { placeOf } from './steps.js';
import { atLeast, summariseSigned } from './times.js';
import type { Window } from './window.js';

const STRETCHES = 50;

/** What is known beside the history of what happened. */
interface EventsSeen {
  seed: number;
  /** What the bus held at the end, see `LedgerOptions`. */
  held: Held;
  /** Workers that scale, by consumer. */
  scaled?: Record<string, ScalingFigures>;
}

/**
 * @param publishes whether a request publishes at all: some kinds do not
 */
export function foldEvents(
  history: readonly HistoryEntry[],
  subject: Subject,
  window: Window,
  observations: Observations,
  { seed, held, scaled = {} }: EventsSeen,
  publishes: (request: number) => boolean = () => true,
): { result: EventsResult; ledger: Ledger; publishing: PublishingResult } {
  const graph = callGraphOf(subject);
  const places = new Map(consumersOf(graph.streams).map((consumer) => [consumer.name, placeOf(consumer)]));
  const topics = graph.streams.map((stream) => delayedTopic(stream, seed));
  const { startAt, duration, endedAt } = window;
  const ledger = judge(history, { topics, held, endedAt });
  const { backlog, consumers: flows } = backlogOf(history, { topics, held, startAt, endAt: startAt + duration, endedAt });
  const { consumers, events } = timelinesOf(history, topics);
  const measured = events.filter(({ request }) => request >= 0);
  const publishing = publishingOf(measured, graph.streams);
  const completions = completionTimes(observations, ledger, endedAt, publishes);
  const results: Record<string, ConsumerResult> = {};
  for (const [name, { counts, lag }] of Object.entries(ledger.consumers)) {
    const flow = flows[name];
    const series = lagSeries(events, consumers.indexOf(name), { startAt, endAt: startAt + duration, endedAt });
    const place = places.get(name) ?? { service: name, workers: null };
    if (flow) results[name] = { ...place, ...counts, ...(scaled[name] && { scaled: scaled[name] }), lag, lagSeries: series, ...flow };
  }
  const result = {
    ...ledger.counts,
    publishing,
    gaps: countGaps(bySubject(measured).values()),
    lag: ledger.lag,
    completionTime: summariseSigned(completions),
    backlog,
    consumers: results,
    ...(areToldApart(graph.streams) && { byEvent: Object.fromEntries(topics.map((topic) => [topic.name, eventResult(history, topic, held, window)])) }),
    samples: { lag: encodeFloats(ledger.lags), completion: encodeFloats(completions) },
  };
  return { result, ledger, publishing };
}

/** A stream as it is held against its history. */
interface StreamTopic extends Topic {
  name: string;
  type: string;
}

function delayedTopic(stream: EventStream, seed: number): StreamTopic {
  const delays = stream.consumers.map((consumer) => [consumer.name, delayOf(consumer, seed)] as const);
  return { ...topicOf(stream), delays: Object.fromEntries(delays.flatMap(([name, delay]) => (delay ? [[name, delay]] : []))) };
}

/** The account of one topic by itself. */
function eventResult(history: readonly HistoryEntry[], topic: StreamTopic, held: Held, { startAt, duration, endedAt }: Window): EventResult {
  const own = history.filter(({ event }) => event.startsWith(`${topic.source} `));
  const { counts, lag } = judge(own, { topics: [topic], held, endedAt });
  const { backlog } = backlogOf(own, { topics: [topic], held, startAt, endAt: startAt + duration, endedAt });
  return { type: topic.type, ...counts, lag, backlog };
}

/**
 * From the intended start of each measured request that got a good answer to the end of the last step of the attempt that got it, ms. What is not
 * finished, and what never will be, stands with its age at the end of the trial, below 0.
 */
export function completionTimes(observations: Observations, ledger: Ledger, endedAt: number, publishes: (request: number) => boolean): Float32Array {
  const { index, intendedAt, endedAt: repliedAt, outcome } = observations;
  const good = OUTCOMES.indexOf('ok');
  const lastAttempt = lastAttempts(observations);
  const times: number[] = [];
  for (const [row, request] of index.entries()) {
    if (request < 0 || outcome[row] !== good) continue;
    const begun = intendedAt[row] ?? 0;
    const completedAt = publishes(request) ? (ledger.requests.get(lastAttempt(request))?.completedAt ?? null) : 0;
    // Steps that follow the event may outlast its consumers.
    times.push(completedAt === null ? atLeast(endedAt - begun) : Math.max(completedAt, repliedAt[row] ?? 0) - begun);
  }
  return Float32Array.from(times);
}

/** @param consumer position of the consumer; moments on the monotonic clock, ms */
export function lagSeries(
  events: readonly EventTimeline[],
  consumer: number,
  { startAt, endAt, endedAt }: { startAt: number; endAt: number; endedAt: number },
): LagSeries {
  const length = (endAt - startAt) / STRETCHES;
  const stretches = Array.from({ length: STRETCHES }, (): number[] => []);
  for (const life of events) {
    const { acknowledgedAt, audience, byConsumer } = life;
    const attemptedAt = life.attemptedAt === null ? null : dueAt(life.attemptedAt, life, [consumer]);
    const startedAt = Math.min(Infinity, ...(byConsumer[consumer]?.starts ?? []));
    const isDue = audience.includes(consumer) && (acknowledgedAt !== null || startedAt < Infinity);
    if (!isDue || attemptedAt === null || attemptedAt < startAt || attemptedAt >= endAt) continue;
    const lag = startedAt < Infinity ? Math.max(0, startedAt - attemptedAt) : atLeast(endedAt - attemptedAt);
    stretches[Math.min(STRETCHES - 1, Math.floor((attemptedAt - startAt) / length))]?.push(lag);
  }
  const sorted = stretches.map((lags) => lags.toSorted((a, b) => Math.abs(a) - Math.abs(b)));
  return {
    at: sorted.map((_, i) => Math.round((i + 0.5) * length)),
    median: sorted.map((lags) => tenths(lags[Math.ceil(lags.length / 2) - 1])),
    longest: sorted.map((lags) => tenths(lags.at(-1))),
  };
}

/** Finer than a tenth of a ms is not seen, and makes records long. */
function tenths(lag: number | undefined): number | null {
  return lag === undefined ? null : Math.round(lag * 10) / 10;
}
