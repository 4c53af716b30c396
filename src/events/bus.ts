/** The bus port: what the event side needs of any broker, and nothing more. One adapter per file. */
import type { Scaling } from '../scenarios/scenario.js';
import type { Scaler } from '../services/scaling.js';

/** A CloudEvents 1.0 envelope (JSON event format): `source` and `id` together identify it. */
export interface CloudEvent<Data = unknown> {
  specversion: '1.0';
  id: string;
  source: string;
  type: string;
  /** The order it is about; also the partition key. */
  subject: string;
  /** RFC 3339. */
  time: string;
  datacontenttype: 'application/json';
  /** Zero-padded, per subject: messages of one order in the order they were published. */
  sequence: string;
  /** Extension: index of the request that published it, negative for warm-up. */
  request: number;
  /** Extension (distributed tracing): W3C Trace Context of its publishing. */
  traceparent?: string;
  data: Data;
}

/** One event handed to one consumer. */
export interface Delivery {
  event: CloudEvent;
  /** 1 the first time. */
  attempt: number;
}

/** Does the work for one delivery; resolves when it is done, rejects to have it delivered again. */
export type Handler = (delivery: Delivery) => Promise<void>;

/** A consumer's place at the bus. */
export interface Subscription {
  /** Name of the consumer; every consumer gets every event. */
  consumer: string;
  /** Deliveries in progress at most. */
  workers: number;
  /** How its workers follow what it has in hand; without it, there are always as many. */
  scaling?: Scaling;
  /** Told what counts these workers, by whoever has them work. */
  onScaler?: (scaler: Scaler) => void;
  /** Failed deliveries of one event before it is dead-lettered; the death of a consumer is no failure of the event. */
  attempts: number;
  /** A first delivery waits so long before it is due, by its request, ms, and holds no worker meanwhile; without it, it is due at once. */
  delay?: (request: number) => number;
  /** Wait after so many failed deliveries, ms. */
  backoff: (failures: number) => number;
  handler: Handler;
  /** Told when an event is given up. */
  onDeadLetter: (event: CloudEvent) => void;
  /** Told whenever the bus refuses to hand out events, or to take note that one is done. It is tried again. */
  onRefusal?: (call: 'read' | 'acknowledge', error: unknown) => void;
}

/** A broker, or what stands for one. */
export interface Bus {
  name: string;
  /** Resolves when the bus has taken the event in the sense of its acknowledgement; rejects when it has not. */
  publish(event: CloudEvent): Promise<void>;
  subscribe(subscription: Subscription): Promise<void>;
  /**
   * Identities of the events that it would still deliver, by consumer; finished ones may be among them. What the ledger
   * calls pending rests on it. Ask it once the consumers have stopped, and before the history is taken.
   */
  held(): Promise<Record<string, string[]>>;
  /** Takes no more deliveries; resolves when those in progress are done. */
  close(): Promise<void>;
  /** Closes, and deletes the topic with everything that the broker keeps of it. */
  remove(): Promise<void>;
}
