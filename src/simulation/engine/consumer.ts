import { EventTally } from './event-tally.js';
import { Ring } from './grow.js';
import type { VirtualWindow } from './model.js';

/** How a consumer works. */
export interface ConsumerOptions {
  name: string;
  /** Deliveries in progress at most; Infinity is no limit. */
  workers: number;
  /** Deliveries of one message at most. */
  attempts: number;
  /** Wait before the next delivery, ms; doubles with each further one. */
  backoff: number;
  /** Begins the work on a delivery. */
  work: (delivery: number) => void;
}

/** One consumer's queue: so many workers, in order of arrival. */
export class SimulatedConsumer {
  readonly options: ConsumerOptions;
  readonly tally: EventTally;
  /** Deliveries that wait for a worker. */
  readonly waiting = new Ring();
  private inProgress = 0;
  private delivering = false;

  constructor(options: ConsumerOptions, window: VirtualWindow, longest: number) {
    this.options = options;
    this.tally = new EventTally(window, longest);
  }

  add(delivery: number): void {
    const { waiting, options } = this;
    // With nobody before it and a worker free, it need not go through the queue.
    if (waiting.length === 0 && this.inProgress < options.workers && !this.delivering) this.begin(delivery);
    else waiting.push(delivery);
    this.deliver();
  }

  /** A worker has done with a delivery. */
  done(): void {
    this.inProgress--;
    this.deliver();
  }

  private deliver(): void {
    // Work that ends at once takes up the next delivery here, not one within the other.
    if (this.delivering) return;
    while (this.inProgress < this.options.workers && this.waiting.length > 0) this.begin(this.waiting.shift());
  }

  private begin(delivery: number): void {
    this.delivering = true;
    this.inProgress++;
    this.options.work(delivery);
    this.delivering = false;
  }
}
