/** What a consumer has in hand, the same behind every bus: deliveries waiting, in progress, and between two attempts. */
import { realClock, type Clock } from '../base/clock.js';
import { RANK, turnOf } from '../scenarios/turn.js';
import { Scaler, timersOn, type ScaledWorkers } from '../services/scaling.js';
import type { CloudEvent, Subscription } from './bus.js';
import { messageOrdinal } from './envelope.js';
import { Fifo } from './fifo.js';

/** Tells the broker what became of an event. Rejects when that could not be told: the broker will deliver it again. */
export interface Settlement {
  done(): Promise<void> | void;
  /** Puts it among the dead letters. */
  dead(): Promise<void> | void;
  /** Gives it back untouched, so that another connection need not wait for it. */
  release?(): void;
  /** Asked once, as work on it is about to begin: false when it is somebody else's by now, who will work on it. */
  start?(): boolean;
  /** Has the broker deliver it again after a wait, ms. Without it the event waits here. */
  again?(failures: number, wait: number): Promise<void>;
}

/** One event in hand. */
interface InHand {
  event: CloudEvent;
  attempt: number;
  settlement: Settlement;
  /** Attempts that were seen to fail. */
  failures: number;
  isInProgress: boolean;
}

/**
 * Deliveries beyond the subscription's attempts after which an event is dead without another: it seems to kill its
 * consumers. (RabbitMQ 4 gives up after 20.) A death alone is no failed attempt.
 */
const INTERRUPTIONS = 20;

/** What happens around the deliveries. */
export interface DeliveriesOptions {
  clock?: Clock;
  /** Place of the consumer among those of its process. */
  position?: number;
  /** Told whenever there is room for one more. */
  onRoom?: () => void;
}

/**
 * Hands out deliveries in order of arrival to as many workers as the subscription has. A rejected one comes again at
 * the back after its backoff and holds no worker while it waits; after the last attempt it is dead. Where workers scale, they do so by
 * what is in hand here.
 */
export class Deliveries implements ScaledWorkers {
  private readonly subscription: Subscription;
  private readonly clock: Clock;
  private readonly position: number;
  private readonly onRoom: () => void;
  private readonly waiting = new Fifo<InHand>();
  private readonly inHand = new Set<InHand>();
  private readonly scaler: Scaler | undefined;
  private inProgress = 0;
  private scheduled = false;
  private closed: (() => void) | undefined;

  constructor(subscription: Subscription, { clock = realClock, position = 0, onRoom = () => {} }: DeliveriesOptions = {}) {
    this.subscription = subscription;
    this.clock = clock;
    this.position = position;
    this.onRoom = onRoom;
    const { scaling, workers } = subscription;
    this.scaler = scaling && new Scaler(scaling, workers, timersOn(clock, 'consumer', position, this));
    if (this.scaler) subscription.onScaler?.(this.scaler);
  }

  /** Deliveries waiting for a worker or in progress; those between two attempts are not among them. */
  get load(): number {
    return this.waiting.length + this.inProgress;
  }

  /** Every event in hand, also those between two attempts. */
  get events(): CloudEvent[] {
    return Array.from(this.inHand, ({ event }) => event);
  }

  /**
   * @param attempt deliveries so far, this one and those to dead consumers included
   * @param failures of them, those that another process saw fail
   */
  add(event: CloudEvent, attempt: number, settlement: Settlement, failures = 0): void {
    if (this.closed) return;
    const item = { event, attempt, settlement, failures, isInProgress: false };
    this.inHand.add(item);
    const delay = this.subscription.delay?.(event.request) ?? 0;
    if (delay > 0) this.queueLater(item, delay);
    else this.queue(item);
  }

  /** Forgets what is not in progress: the broker has taken it back. */
  forget(): void {
    this.waiting.clear();
    this.inHand.clear();
  }

  /** Starts nothing more and gives back what waits; resolves when what is in progress is done. */
  close(): Promise<void> {
    this.waiting.clear();
    for (const { isInProgress, settlement } of this.inHand) if (!isInProgress) settlement.release?.();
    return new Promise((resolve) => {
      this.closed = resolve;
      if (this.inProgress === 0) resolve();
    });
  }

  workersUp(): void {
    if (this.closed) return;
    this.scaler?.started(this.waiting.length);
    this.deliver();
  }

  stopSpare(): void {
    if (!this.closed) this.scaler?.stopSpare(this.inProgress, this.load);
  }

  private get workers(): number {
    return this.scaler?.up ?? this.subscription.workers;
  }

  private queue(item: InHand): void {
    this.waiting.push(item);
    this.scaler?.note(this.load);
    if (this.scheduled || this.inProgress >= this.workers) return;
    this.scheduled = true;
    const deliver = (): void => {
      this.scheduled = false;
      this.deliver();
    };
    this.clock.at(this.clock.now(), deliver, turnOf(RANK.delivery, 0, this.position));
  }

  private deliver(): void {
    while (this.inProgress < this.workers && this.waiting.length > 0) {
      const item = this.waiting.shift()!;
      if (item.settlement.start?.() === false) this.drop(item);
      else this.begin(item);
    }
    this.scaler?.note(this.load);
  }

  private begin(item: InHand): void {
    this.inProgress++;
    item.isInProgress = true;
    void this.work(item);
  }

  private drop(item: InHand): void {
    this.inHand.delete(item);
    this.onRoom();
  }

  private async work(item: InHand): Promise<void> {
    const { attempts, handler } = this.subscription;
    const { event, attempt } = item;
    const isHopeless = attempt > attempts + INTERRUPTIONS;
    const isDone = !isHopeless && (await succeeds(() => handler({ event, attempt })));
    if (!isDone) item.failures++;
    if (isDone || isHopeless || item.failures >= attempts) await this.settle(item, isDone);
    else if (item.settlement.again) await this.handBack(item);
    else this.again(item);
    item.isInProgress = false;
    this.inProgress--;
    if (this.closed && this.inProgress === 0) return this.closed();
    this.deliver();
    this.onRoom();
  }

  private async settle(item: InHand, isDone: boolean): Promise<void> {
    const { event, settlement } = item;
    // A broker that could not be told delivers it again: then it is neither done nor dead.
    try {
      await (isDone ? settlement.done() : settlement.dead());
      if (!isDone) this.subscription.onDeadLetter(event);
    } catch (error) {
      this.subscription.onRefusal?.('acknowledge', error);
    } finally {
      this.inHand.delete(item);
    }
  }

  private async handBack(item: InHand): Promise<void> {
    const { settlement, failures } = item;
    await succeeds(() => settlement.again?.(failures, this.subscription.backoff(failures)));
    this.inHand.delete(item);
  }

  private again(item: InHand): void {
    if (this.closed) return item.settlement.release?.();
    item.attempt++;
    this.queueLater(item, this.subscription.backoff(item.failures));
  }

  private queueLater(item: InHand, ms: number): void {
    const later = (): void => {
      if (!this.closed && this.inHand.has(item)) this.queue(item);
    };
    this.clock.at(this.clock.now() + ms, later, turnOf(RANK.redelivery, item.event.request, this.position, messageOrdinal(item.event)));
  }
}

async function succeeds(work: () => Promise<void> | void): Promise<boolean> {
  try {
    await work();
    return true;
  } catch {
    return false;
  }
}
