import type { DelayOf } from '../../scenarios/call-graph.js';
import type { Scaling } from '../../scenarios/scenario.js';
import { RANK } from '../../scenarios/turn.js';
import { Scaler, type ScaledWorkers } from '../../services/scaling.js';
import { turnNumber, type EventQueue } from './event-queue.js';
import { EventTally } from './event-tally.js';
import { EVENT, type VirtualWindow } from './model.js';
import { inHandOf } from '../buses.js';
import type { Scalers } from './scalers.js';
import { Ring } from './tables.js';

/** How a consumer works. */
export interface ConsumerOptions {
  name: string;
  /** Deliveries in progress at most; Infinity is no limit. */
  workers: number;
  scaling?: Scaling | undefined;
  /** Deliveries of one message at most. */
  attempts: number;
  /** Wait before the next delivery, ms; doubles with each further one. */
  backoff: number;
  /** A first delivery is queued so long after its message was published; null: at once. */
  delay: DelayOf | null;
  /** Whether some of its deliveries are lost on purpose. */
  loses: boolean;
  /** Whether its process is killed on purpose. */
  mayDie: boolean;
}

/** A consumer as the bus knows it. */
export interface Consumer {
  readonly options: ConsumerOptions;
  readonly tally: EventTally;
  /** Queues a delivery. */
  add(delivery: number): void;
  /** A worker has done with a delivery that the bus was told of. */
  done?(delivery: number): void;
}

/** So many workers, and a queue in order of arrival. They take up what came at one moment in their turn. */
export class QueuedConsumer implements Consumer, ScaledWorkers {
  readonly options: ConsumerOptions;
  readonly tally: EventTally;
  /** Begins the work on a delivery. */
  private readonly work: (delivery: number) => void;
  /** Deliveries that wait for a worker. */
  private waiting = new Ring();
  /** What its workers are at, where they may die. */
  private readonly worked: Set<number> | null;
  /** Its process is stopped, or dead. */
  private isAway = false;
  private isDead = false;
  /** Deliveries that it may take up: while its broker is away those that it has been handed. */
  private handed = Infinity;
  private readonly queue: EventQueue;
  private readonly position: number;
  private readonly scaler: Scaler | null;
  private inProgress = 0;
  private isPlanned = false;
  private isBeginning = false;

  /** @param position among the consumers, in their turn */
  constructor(options: ConsumerOptions, work: (delivery: number) => void, position: number, queue: EventQueue, window: VirtualWindow, scalers: Scalers) {
    this.scaler = options.scaling ? new Scaler(options.scaling, options.workers, scalers.timersFor('consumer', position, this)) : null;
    if (this.scaler) scalers.watch(options.name, this.scaler);
    this.worked = options.mayDie ? new Set() : null;
    this.options = options;
    this.work = work;
    this.position = position;
    this.queue = queue;
    this.tally = new EventTally(window, options.loses);
  }

  add(delivery: number): void {
    this.waiting.push(delivery);
    this.scaler?.note(this.load);
    if (!this.isPlanned && this.inProgress < this.workers) this.wake();
  }

  workersUp(): void {
    this.scaler?.started(this.waiting.length);
    this.beginWaiting();
  }

  stopSpare(): void {
    this.scaler?.stopSpare(this.inProgress, this.load);
  }

  private get workers(): number {
    return this.scaler?.up ?? this.options.workers;
  }

  /** Deliveries that wait or are in progress. */
  private get load(): number {
    return this.waiting.length + this.inProgress;
  }

  private wake(): void {
    this.isPlanned = true;
    this.queue.plan(this.queue.now, turnNumber(RANK.delivery, 0, this.position, 0), EVENT.delivery, this.position);
  }

  /** Its process does nothing for a time; and goes on. */
  leave(): void {
    this.isAway = true;
  }

  comeBack(): void {
    this.isAway = false;
    if (this.isDead) this.scaler?.reset();
    this.isDead = false;
    this.wake();
  }

  /** The broker hands out nothing for a time: what it had handed out is worked on all the same. */
  isCutOff(): void {
    this.handed = Math.min(this.waiting.length, Math.max(0, inHandOf(this.options.workers) - this.inProgress));
  }

  isServedAgain(): void {
    this.handed = Infinity;
    this.wake();
  }

  /** What its workers are at. */
  get working(): readonly number[] {
    return [...this.worked!];
  }

  /**
   * Its process dies.
   * @param isHanded whether a bus elsewhere hands it so much at once; otherwise all that waits is in its hand
   * @returns what its workers were at, and what else it had in hand, in order; the rest waits
   */
  die(isHanded: boolean): number[] {
    const { waiting, options: { workers }, worked } = this;
    const inHand = this.working.slice();
    const rest = [...waiting];
    inHand.push(...rest.splice(0, isHanded ? Math.max(0, inHandOf(workers) - inHand.length) : rest.length));
    worked!.clear();
    this.inProgress = 0;
    this.isPlanned = false;
    this.isAway = true;
    this.isDead = true;
    this.scaler?.reset();
    this.queueUp(rest);
    return inHand;
  }

  /** These wait, and nothing else. */
  private queueUp(deliveries: readonly number[]): void {
    this.waiting = new Ring();
    for (const delivery of deliveries) this.waiting.push(delivery);
  }

  /** These come first. */
  addFirst(deliveries: readonly number[]): void {
    this.queueUp([...deliveries, ...this.waiting]);
  }

  /** It is the workers' turn. */
  deliver(): void {
    this.isPlanned = false;
    this.beginWaiting();
  }

  /** A worker has done with a delivery. */
  done(delivery: number): void {
    this.worked?.delete(delivery);
    this.inProgress--;
    this.beginWaiting();
  }

  private beginWaiting(): void {
    // Work that ends at once takes up the next delivery here, not one within the other.
    if (this.isBeginning || this.isAway) return;
    this.isBeginning = true;
    while (this.inProgress < this.workers && this.waiting.length > 0 && this.handed > 0) {
      const delivery = this.waiting.shift();
      this.inProgress++;
      this.handed--;
      this.worked?.add(delivery);
      this.work(delivery);
    }
    this.isBeginning = false;
    this.scaler?.note(this.load);
  }
}
