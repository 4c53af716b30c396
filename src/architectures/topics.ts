/** Which events an architecture publishes, and who hears them. */
import { ORDERS_CONSUMER, publishesEvents, type Architecture, type BusinessEvent } from '../scenarios/scenario.js';

/** One stream of events. Every one of its consumers gets every event of it. */
export interface Topic {
  type: string;
  /** CloudEvents source: the identity of each of its events begins with it and a space. */
  source: string;
  consumers: string[];
}

/** The business event; what the non-critical work hangs on. */
export function businessTopic(event: BusinessEvent): Topic {
  return { type: event.type, source: '/orders', consumers: event.consumers.map(({ name }) => name) };
}

/** What `event-driven` publishes before anything is done: `order.placed` makes it `order.submitted`. */
export function submissionTopic(event: BusinessEvent): Topic {
  const noun = event.type.slice(0, Math.max(0, event.type.lastIndexOf('.'))) || event.type;
  return { type: `${noun}.submitted`, source: '/submissions', consumers: [ORDERS_CONSUMER] };
}

/** Every topic of an architecture; none for one that publishes nothing. */
export function topicsOf(architecture: Architecture, event: BusinessEvent): Topic[] {
  if (!publishesEvents(architecture)) return [];
  return architecture === 'hybrid' ? [businessTopic(event)] : [submissionTopic(event), businessTopic(event)];
}
