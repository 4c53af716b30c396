/** The consumers of an arrangement, in whichever process they are. */
import type { Bus, CloudEvent } from '../events/bus.js';
import { identityOf, messageOrdinal } from '../events/envelope.js';
import type { BusPlace } from '../events/place.js';
import { consumersOf, delayOf, deliveriesAtOnce, type CallGraph, type EventStream, type StreamConsumer } from '../scenarios/call-graph.js';
import { deliveryCall, redeliveryWait } from '../services/call-outcome.js';
import { flowRunner, type Run } from './flow.js';
import { orderOfEvent, tellOver, type OrderUpdate, type Tell } from './order-updates.js';
import { Parts, wiringTo, type ArrangementOptions } from './parts.js';
import { failedStep } from './publisher.js';
import { replyTopic } from './topics.js';

/** Subscribes every consumer. @param tell what the server waits for */
export async function consume(graph: CallGraph, parts: Parts, tell: Tell): Promise<void> {
  const runs = new Map<StreamConsumer, Run>();
  for (const consumer of consumersOf(graph.streams)) runs.set(consumer, await flowRunner(consumer.flow, graph, parts, true));
  // Whoever is published to listens before anybody publishes to it.
  for (const stream of graph.streams.toReversed()) {
    const bus = await parts.bus(stream, false);
    for (const consumer of stream.consumers) await subscribe(bus, consumer, traced(runs.get(consumer)!, parts), updates(stream, consumer, tell), parts);
  }
}

/** The consumers alone, of a server in another process. */
export async function startConsumers(options: ArrangementOptions, place: BusPlace): Promise<Parts> {
  const { graph } = options;
  const parts = new Parts(options, wiringTo(place, 'consumers'));
  const replies = replyTopic(graph);
  const tell = replies ? tellOver(await parts.plainBus(replies, true), replies, parts.clock) : async () => {};
  await consume(graph, parts, tell);
  return parts;
}

/** What a consumer does for an event belongs to the trace that the event came with. */
function traced(run: Run, { traces }: Parts): (event: CloudEvent, firstCall: number, message: number) => Promise<unknown> {
  return (event, firstCall, message) => {
    traces.adopt(event.request, event.traceparent);
    return run(orderOfEvent(event), firstCall, message);
  };
}

/** What the server hears of a delivery. */
interface Updates {
  processed: (event: CloudEvent) => Promise<void>;
  failed: (event: CloudEvent, error: unknown) => Promise<void>;
  deadLettered: (event: CloudEvent) => Promise<void>;
}

const nothing = (): Promise<void> => Promise.resolve();
const SILENT: Updates = { processed: nothing, failed: nothing, deadLettered: nothing };

function updates({ tells }: EventStream, { name }: StreamConsumer, tell: Tell): Updates {
  const told = (event: CloudEvent, state: OrderUpdate['state'], what: string): Promise<void> => tell(orderOfEvent(event), { state, what });
  const done = (event: CloudEvent): Promise<void> => told(event, 'done', `${name} ${identityOf(event)}`);
  switch (tells) {
    case 'nothing':
      return SILENT;
    case 'done':
      return { ...SILENT, processed: done, deadLettered: done };
    case 'outcome':
      return {
        ...SILENT,
        processed: (event) => told(event, 'confirmed', ''),
        failed: (event, error) => told(event, 'failed', failedStep(error)),
      };
  }
}

/** Subscribes a consumer that runs its flow for every delivery. */
function subscribe(bus: Bus, consumer: StreamConsumer, run: ReturnType<typeof traced>, tell: Updates, parts: Parts): Promise<void> {
  const { name, scaling, attempts, backoff } = consumer;
  const delay = delayOf(consumer, parts.seed);
  return bus.subscribe({
    consumer: name,
    workers: deliveriesAtOnce(consumer),
    ...(scaling && { scaling, onScaler: (scaler) => parts.watchScaler(name, scaler) }),
    attempts,
    ...(delay && { delay }),
    backoff: (attempt) => redeliveryWait(backoff, attempt),
    handler: async ({ event, attempt }) => {
      try {
        const message = messageOrdinal(event);
        await run(event, deliveryCall(message, attempt, attempts), message);
      } catch (error) {
        await tell.failed(event, error);
        throw error;
      }
      await tell.processed(event);
    },
    // Whoever waits for one that cannot be told of waits until its client has enough.
    onDeadLetter: (event) => void tell.deadLettered(event).catch(() => {}),
  });
}
