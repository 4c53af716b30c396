/** What stands between a consumer's worker and its work where deliveries go wrong on purpose. */
import { deliveryLottery, HOLD_MS, type DeliveryFaults } from '../../scenarios/delivery-faults.js';
import type { EventQueue } from './event-queue.js';
import type { Uptime } from './processes.js';
import { EVENT } from './model.js';

/**
 * What comes of deliveries that workers take up at one moment comes once they have all been taken up, before anything else of that moment. One
 * for which there is nothing to do has passed before that.
 */
export const AT_ONCE = { repeated: -5, passed: -4, released: -3, dropped: -2, ended: -1 } as const;

/** What is known of a delivery. */
export interface FaultyDeliveries {
  /** Index of its request, and place of its message within the order. */
  requestOf(delivery: number): number;
  ordinalOf(delivery: number): number;
  attemptOf(delivery: number): number;
  /** Its turn when it has been held back. */
  resumedTurn(delivery: number): number;
}

/** Holds deliveries back, and knows which are lost or come twice. */
export class FaultyConsumer {
  private readonly lot: ReturnType<typeof deliveryLottery>;
  private readonly delayMs: number;
  private readonly deliveries: FaultyDeliveries;
  private readonly queue: EventQueue;
  private readonly work: (delivery: number) => void;
  /** Deliveries that go on at a moment. */
  private readonly delayed = new Map<number, number>();
  /** The one that waits for another to start; -1: none does. */
  private held = -1;
  private heldUntil = 0;
  /** Work on a delivery is beginning: what ends at once ends afterwards. */
  isStarting = false;

  private readonly uptime: Uptime | null;

  /**
   * @param work begins the work on a delivery
   * @param uptime when its process works; null: always
   */
  constructor(name: string, faults: DeliveryFaults, seed: number, deliveries: FaultyDeliveries, queue: EventQueue, work: (delivery: number) => void, uptime: Uptime | null) {
    this.uptime = uptime;
    this.lot = deliveryLottery(name, faults, seed);
    this.delayMs = faults.delayMs;
    this.deliveries = deliveries;
    this.queue = queue;
    this.work = work;
  }

  isRepeated(delivery: number): boolean {
    return this.isHit('duplicate', delivery);
  }

  /** A delivery that was processed comes again, once all has ended that ends with it: several may, where a batch does. */
  repeat(delivery: number): void {
    this.queue.planAtOnce(AT_ONCE.repeated, EVENT.repeated, delivery);
  }

  comeAgain(delivery: number): void {
    this.work(delivery);
  }

  /** A worker takes up a delivery. */
  begin(delivery: number): void {
    const { queue, deliveries } = this;
    if (this.isHit('drop', delivery)) return queue.planAtOnce(AT_ONCE.dropped, EVENT.dropped, delivery);
    if (!this.isHit('delay', delivery)) return this.holdOrStart(delivery);
    const at = this.awake(queue.now + this.delayMs);
    this.delayed.set(delivery, at);
    queue.plan(at, deliveries.resumedTurn(delivery), EVENT.resumed, delivery);
  }

  /** The time is over for which a delivery was held back, unless it went on before. */
  resume(delivery: number): void {
    const { now } = this.queue;
    if (this.delayed.get(delivery) === now) {
      this.delayed.delete(delivery);
      this.holdOrStart(delivery);
    } else if (this.held === delivery && this.heldUntil === now) {
      this.held = -1;
      this.start(delivery);
    }
  }

  private holdOrStart(delivery: number): void {
    const { queue, deliveries } = this;
    if (this.held >= 0 || deliveries.attemptOf(delivery) > 1 || !this.isHit('reorder', delivery)) return this.start(delivery);
    this.held = delivery;
    this.heldUntil = this.awake(queue.now + HOLD_MS);
    queue.plan(this.heldUntil, deliveries.resumedTurn(delivery), EVENT.resumed, delivery);
  }

  /** Whoever starts lets go of the one that is held. */
  start(delivery: number): void {
    const { held, queue } = this;
    this.held = -1;
    this.isStarting = true;
    this.work(delivery);
    this.isStarting = false;
    if (held >= 0) queue.planAtOnce(AT_ONCE.released, EVENT.released, held);
  }

  /** Its process dies, and what it held back is held back no more. */
  die(): void {
    this.delayed.clear();
    this.held = -1;
  }

  private awake(at: number): number {
    return this.uptime?.awake(at) ?? at;
  }

  private isHit(fault: 'drop' | 'delay' | 'reorder' | 'duplicate', delivery: number): boolean {
    const { deliveries } = this;
    return this.lot(fault, deliveries.requestOf(delivery), deliveries.ordinalOf(delivery));
  }
}
