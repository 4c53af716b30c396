import { RANK } from '../../scenarios/turn.js';
import { turnNumber, type EventQueue } from './event-queue.js';
import { EventTally } from './event-tally.js';
import { EVENT, type VirtualWindow } from './model.js';
import { Ring } from './tables.js';

/** How a consumer works. */
export interface ConsumerOptions {
  name: string;
  /** Deliveries in progress at most; Infinity is no limit. */
  workers: number;
  /** Deliveries of one message at most. */
  attempts: number;
  /** Wait before the next delivery, ms; doubles with each further one. */
  backoff: number;
  /** A first delivery is queued so long after its message was published, ms. */
  delay: number;
  /** Whether some of its deliveries are lost on purpose. */
  loses: boolean;
}

/** A consumer as the bus knows it. */
export interface Consumer {
  readonly options: ConsumerOptions;
  readonly tally: EventTally;
  /** Queues a delivery. */
  add(delivery: number): void;
  /** A worker has done with a delivery that the bus was told of. */
  done?(): void;
}

/** So many workers, and a queue in order of arrival. They take up what came at one moment in their turn. */
export class QueuedConsumer implements Consumer {
  readonly options: ConsumerOptions;
  readonly tally: EventTally;
  /** Begins the work on a delivery. */
  private readonly work: (delivery: number) => void;
  /** Deliveries that wait for a worker. */
  private readonly waiting = new Ring();
  private readonly queue: EventQueue;
  private readonly position: number;
  private readonly workers: number;
  private inProgress = 0;
  private isPlanned = false;
  private isBeginning = false;

  /** @param position among the consumers, in their turn */
  constructor(options: ConsumerOptions, work: (delivery: number) => void, position: number, queue: EventQueue, window: VirtualWindow) {
    this.options = options;
    this.work = work;
    this.workers = options.workers;
    this.position = position;
    this.queue = queue;
    this.tally = new EventTally(window, options.loses);
  }

  add(delivery: number): void {
    this.waiting.push(delivery);
    if (this.isPlanned || this.inProgress >= this.workers) return;
    this.isPlanned = true;
    this.queue.plan(this.queue.now, turnNumber(RANK.delivery, 0, this.position, 0), EVENT.delivery, this.position);
  }

  /** It is the workers' turn. */
  deliver(): void {
    this.isPlanned = false;
    this.beginWaiting();
  }

  /** A worker has done with a delivery. */
  done(): void {
    this.inProgress--;
    this.beginWaiting();
  }

  private beginWaiting(): void {
    // Work that ends at once takes up the next delivery here, not one within the other.
    if (this.isBeginning) return;
    this.isBeginning = true;
    while (this.inProgress < this.workers && this.waiting.length > 0) {
      this.inProgress++;
      this.work(this.waiting.shift());
    }
    this.isBeginning = false;
  }
}
