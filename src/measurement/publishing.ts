/** What publishing cost the orders of a trial, and what consumers missed of it. Pure. */
import { NO_RUN, spanIdOf, traceIdOf, traceparentOf } from '../base/trace-context.js';
import { orderOf } from '../architectures/order.js';
import { topicOf } from '../architectures/topics.js';
import { orderEvent, sizeOf, WARNING_BYTES } from '../events/envelope.js';
import type { EventStream } from '../scenarios/call-graph.js';
import type { EventTimeline } from './event-timelines.js';
import type { PublishingResult } from './record.js';
import { summarise } from './times.js';

/** @param events of measured requests, those of every stream */
export function publishingOf(events: readonly EventTimeline[], streams: readonly EventStream[]): PublishingResult {
  const attempted = events.filter((timeline) => timeline.attemptedAt !== null);
  const orders = new Set(attempted.map(({ request }) => request)).size;
  const sizes = streams.map((stream) => {
    const { source, type } = topicOf(stream);
    return { source, bytes: sizeOfMessage(source, type, stream.payload, attempted.at(-1)?.request ?? 0) };
  });
  const bytesOf = ({ event: identity }: EventTimeline): number =>
    sizes.find(({ source }) => identity.startsWith(`${source} `))?.bytes ?? 0;
  const bytes = attempted.map(bytesOf);
  const latencies = attempted.flatMap((timeline) =>
    timeline.acknowledgedAt === null ? [] : [timeline.acknowledgedAt - (timeline.attemptedAt ?? timeline.acknowledgedAt)],
  );
  return {
    messagesPerOrder: orders === 0 ? 0 : attempted.length / orders,
    bytesPerOrder: orders === 0 ? 0 : bytes.reduce((sum, size) => sum + size, 0) / orders,
    largestBytes: bytes.reduce((largest, size) => Math.max(largest, size), 0),
    latency: summarise(latencies),
  };
}

/** Messages of one topic differ by the digits of their numbers only. */
function sizeOfMessage(source: string, type: string, payload: number, request: number): number {
  const { id: orderId, userId } = orderOf(request);
  const traceparent = traceparentOf(traceIdOf(NO_RUN, request), spanIdOf(0, request, 0));
  return sizeOf(orderEvent({ source, type, orderId, userId, request, message: 0, payload, time: new Date(0), traceparent }));
}

/** A warning about events that are too large, as a list of sentences. */
export function payloadNotes({ largestBytes }: PublishingResult): string[] {
  if (largestBytes <= WARNING_BYTES) return [];
  const size = Math.round(largestBytes / 1024);
  return [`An event has ${size} KiB, more than the ${WARNING_BYTES / 1024} KiB that everyone is asked to forward: publish ids, not the whole order.`];
}

/**
 * Messages that a consumer never got although it got a later one of the same order: numbers missing in the sequence,
 * as the consumer itself could have noticed. The last messages of an order leave no gap.
 */
export function countGaps(subjects: Iterable<readonly EventTimeline[]>): number {
  let gaps = 0;
  for (const timelines of subjects) {
    for (const consumer of new Set(timelines.flatMap(({ audience }) => audience))) {
      const seen = timelines.filter((timeline) => (timeline.byConsumer[consumer]?.starts.length ?? 0) > 0).map(({ sequence }) => sequence);
      gaps += Math.max(0, ...seen) - new Set(seen).size;
    }
  }
  return gaps;
}
