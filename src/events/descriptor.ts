/** What is known of a kind of bus before its client is loaded: one of these for each stands in `buses.ts`. */
import type { Authentication } from './access.js';
import type { Adapter } from './adapter.js';
import type { PrivateBroker } from './brokers/private-broker.js';
import type { BusCall } from './refusal.js';

/** What a publisher waits for before it tells its user that all is well (see `publishing.ts`). */
export const PUBLISH_MODES = ['fire-and-forget', 'confirmed', 'outbox'] as const;
export type PublishMode = (typeof PUBLISH_MODES)[number];

/** Deaths that acknowledged events survive, with the settings of a private broker. */
export interface Survives {
  /** SIGKILL of a consumer, or of the process that published. */
  process: boolean;
  /** SIGKILL of the broker. */
  broker: boolean;
  /** A machine without power: nothing is acknowledged before it is on the disk. */
  power: boolean;
}

/** What a bus can and cannot do. */
export interface Capabilities {
  survives: Survives;
  /** Publisher and consumers may be different processes, and come and go. */
  separateProcesses: boolean;
  /** Events that were given up are kept, not only told. */
  keepsDeadLetters: boolean;
  /** An event that is published again within a while is taken once. */
  deduplicates: boolean;
  /**
   * What one worker gets in the order of publishing: all events of a topic, or those of one subject (the order they are
   * about), which then keep it with several workers too.
   */
  order: 'topic' | 'subject';
  /** What its safety costs and what it cannot do, in sentences. */
  remarks: readonly string[];
}

/** One kind of bus. */
export interface BusDescriptor {
  /** What it is called in sentences. */
  title: string;
  capabilities: Capabilities;
  /**
   * Ways of publishing that make sense of it, the careful one first. One without `confirmed` is an outbox itself: what it
   * acknowledges is committed with the order.
   */
  publishes: readonly [PublishMode, ...PublishMode[]];
  /** Loads the adapter, and with it the client. */
  load: () => Promise<{ adapter: Adapter }>;
  /** Optional packages that the client is made of, with their versions. */
  packages: readonly string[];
  /** What `--bus-url` may be: the address of a broker, a file, or nothing at all. */
  at: 'broker' | 'file' | null;
  /** How one gets into a broker of the user's own; null: there is none, or the adapter reads its addresses. */
  authentication: Authentication | null;
  /** What to do when a call is refused, a sentence each. */
  advice: Partial<Record<BusCall, string>>;
  /** How a broker of its own is started; null: it has none. */
  broker: PrivateBroker | null;
}
