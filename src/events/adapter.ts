/** What every bus says of itself. */
import type { Bus } from './bus.js';

/** The buses, by the name that the user says. */
export const BUSES = ['memory', 'outbox', 'nats', 'redis', 'rabbitmq'] as const;
export type BusName = (typeof BUSES)[number];

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
  /** What its safety costs and what it cannot do, in sentences. */
  remarks: string[];
}

/** One topic on one broker. */
export interface ConnectOptions {
  /** The broker's address; a file for `outbox`, nothing for `memory`. */
  url: string;
  /** Keeps topics and trials apart: letters, digits, `-` and `_`. */
  topic: string;
  /** Every consumer the topic has: what is published waits for each, also before it comes. */
  consumers: readonly string[];
  /** A publish that is not acknowledged within this time is refused, ms. It may have been taken all the same. */
  publishTimeout: number;
}

/** One kind of bus. */
export interface Adapter {
  name: BusName;
  capabilities: Capabilities;
  /**
   * Opens a topic, creating what it needs at the broker; does so again when the connection comes back.
   * @throws UserError when nothing answers at the address
   */
  connect(options: ConnectOptions): Promise<Bus>;
}
