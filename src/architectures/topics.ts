/** Which events an architecture publishes, and who hears them. */
import { ORDERS_CONSUMER, publishesEvents, type Architecture, type BusinessEvent } from '../scenarios/scenario.js';

/** One stream of events. Every one of its consumers gets every event of it. */
export interface Topic {
  /** What it is called at a broker. */
  name: string;
  type: string;
  /** CloudEvents source: the identity of each of its events begins with it and a space. */
  source: string;
  consumers: string[];
}

/** The server, as a consumer of replies. */
export const SERVER_CONSUMER = 'server';

/** The business event; what the non-critical work hangs on. */
export function businessTopic(event: BusinessEvent): Topic {
  return topic('orders', event.type, event.consumers.map(({ name }) => name));
}

/** What `event-driven` publishes before anything is done: `order.placed` makes it `order.submitted`. */
export function submissionTopic(event: BusinessEvent): Topic {
  return topic('submissions', `${nounOf(event)}.submitted`, [ORDERS_CONSUMER]);
}

/** What consumers in a process of their own tell the server: no work hangs on it, so that it is not in the ledger. */
export function replyTopic(event: BusinessEvent): Topic {
  return topic('replies', `${nounOf(event)}.replied`, [SERVER_CONSUMER]);
}

/** Every topic of an architecture; none for one that publishes nothing. */
export function topicsOf(architecture: Architecture, event: BusinessEvent): Topic[] {
  if (!publishesEvents(architecture)) return [];
  return architecture === 'hybrid' ? [businessTopic(event)] : [submissionTopic(event), businessTopic(event)];
}

/** Whether the server waits for what consumers tell of an order. */
export function awaitsReplies(architecture: Architecture, event: BusinessEvent): boolean {
  return architecture === 'event-driven' || (architecture === 'hybrid' && event.wait);
}

function topic(name: string, type: string, consumers: string[]): Topic {
  return { name, type, source: `/${name}`, consumers };
}

function nounOf({ type }: BusinessEvent): string {
  return type.slice(0, Math.max(0, type.lastIndexOf('.'))) || type;
}
