/** The streams of an arrangement as a broker knows them. */
import { type CallGraph, type EventStream } from '../scenarios/call-graph.js';

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

/** The topic of a stream. */
export function topicOf({ name, type, consumers }: Pick<EventStream, 'name' | 'type' | 'consumers'>): Topic {
  return { name, type, source: `/${name}`, consumers: consumers.map((consumer) => consumer.name) };
}

/** Every topic of an arrangement; none for one that publishes nothing. */
export function topicsOf({ streams }: CallGraph): Topic[] {
  return streams.map(topicOf);
}

/**
 * What consumers in a process of their own tell the server by: no work hangs on it, so that it is not in the ledger. Null
 * where nobody waits for what they tell.
 */
export function replyTopic({ streams }: CallGraph): Topic | null {
  const told = streams.find(({ tells }) => tells !== 'nothing');
  return told ? { name: 'replies', type: `${nounOf(told)}.replied`, source: '/replies', consumers: [SERVER_CONSUMER] } : null;
}

/** What a stream is about: `order` of `order.placed`. */
function nounOf({ type }: Pick<EventStream, 'type'>): string {
  return type.slice(0, Math.max(0, type.lastIndexOf('.'))) || type;
}
