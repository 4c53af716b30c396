/** Pulls from a broker as there is room, for the buses whose consumers ask rather than are told. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Subscription } from './bus.js';
import { Deliveries } from './deliveries.js';
import { prefetchOf } from './prefetch.js';

/** Pause after a pull that failed, ms: the connection comes back by itself. */
const AFTER_FAILURE_MS = 50;

/** One subscription's loop, from its making to `close`. */
export class PullLoop {
  readonly deliveries: Deliveries;
  private readonly pull: (room: number) => Promise<void>;
  private readonly refused: (error: unknown) => void;
  private readonly prefetch: number;
  private readonly running: Promise<void>;
  private isClosed = false;
  private wake: () => void = () => {};

  /** @param pull asks the broker for so many events at most, gives them to `deliveries`, and may wait for the first */
  constructor(subscription: Subscription, pull: (room: number, deliveries: Deliveries) => Promise<void>) {
    this.deliveries = new Deliveries(subscription, { onRoom: () => this.wake() });
    this.pull = (room) => pull(room, this.deliveries);
    this.refused = (error) => subscription.onRefusal?.('read', error);
    this.prefetch = prefetchOf(subscription.workers);
    this.running = this.run();
  }

  /** Pulls no more; resolves when what is in progress is done. */
  async close(): Promise<void> {
    this.isClosed = true;
    this.wake();
    await Promise.all([this.running, this.deliveries.close()]);
  }

  private async run(): Promise<void> {
    while (!this.isClosed) {
      const room = this.prefetch - this.deliveries.load;
      // Not for each single place: a round trip is worth a quarter of the prefetch.
      if (room * 4 < this.prefetch) await new Promise<void>((resolve) => (this.wake = resolve));
      else await this.pull(room).catch((error: unknown) => this.failed(error));
    }
  }

  private async failed(error: unknown): Promise<void> {
    // A reader that is being closed breaks off on purpose.
    if (this.isClosed) return;
    this.refused(error);
    await sleep(AFTER_FAILURE_MS);
  }
}
