/** What stands between a broker's client and the bus port. */
import type { Bus } from './bus.js';

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
  /** Creates nothing: what is not there holds nothing. For a last look at what a topic holds, which may take it away, and for deleting it. */
  existing?: boolean;
}

/** One kind of bus: a file of `adapters/` exports it, and `buses.ts` describes it. */
export interface Adapter {
  /**
   * Opens a topic, creating what it needs at the broker; does so again when the connection comes back.
   * @throws BusRefusal when nothing answers at the address, or what answers refuses; nothing stays open then
   */
  connect(options: ConnectOptions): Promise<Bus>;
}

/** What stands for a topic that is not there where nothing may be created: it holds nothing, and there is nothing to delete. */
export function absentBus(name: string, { consumers }: Pick<ConnectOptions, 'consumers'>): Bus {
  const nowhere = (): Promise<never> => Promise.reject(new Error('There is no such topic'));
  return {
    name,
    publish: nowhere,
    subscribe: nowhere,
    held: () => Promise.resolve(Object.fromEntries(consumers.map((consumer) => [consumer, []]))),
    close: () => Promise.resolve(),
    remove: () => Promise.resolve(),
  };
}
