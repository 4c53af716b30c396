import { RANK, scalingCalls, type ScalingOwner } from '../../scenarios/turn.js';
import type { ScaledWorkers, Scaler, ScalerTimers, ScalingFigures } from '../../services/scaling.js';
import { turnNumber, type EventQueue } from './event-queue.js';
import { EVENT, type VirtualWindow } from './model.js';
import type { Uptime } from './processes.js';

/** All whose workers scale, by the number that their events have for a row. */
export class Scalers {
  private readonly queue: EventQueue;
  /** When the process of the consumers works; null: always. */
  private readonly uptime: Uptime | null;
  private readonly all: { owner: ScalingOwner; workers: ScaledWorkers }[] = [];

  private readonly window: VirtualWindow;
  private readonly consumers = new Map<string, Scaler>();

  constructor(queue: EventQueue, window: VirtualWindow, uptime: Uptime | null) {
    this.queue = queue;
    this.window = window;
    this.uptime = uptime;
  }

  /** Timers of whoever has workers. @param place of the consumer or the batches in their turn; 0 for a service */
  timersFor(owner: ScalingOwner, place: number, workers: ScaledWorkers): ScalerTimers {
    const { queue, uptime } = this;
    const row = this.all.push({ owner, workers }) - 1;
    const awake = (moment: number): number => (owner === 'service' || uptime === null ? moment : uptime.awake(moment));
    const calls = scalingCalls(owner);
    return {
      now: () => queue.now,
      startAt: (moment) => queue.plan(awake(moment), turnNumber(RANK.delivery, 0, place, calls.started), EVENT.workersUp, row),
      lookAt: (moment) => queue.plan(awake(moment), turnNumber(RANK.delivery, 0, place, calls.look), EVENT.workersLook, row),
    };
  }

  /** Counts the workers of a consumer. */
  watch(consumer: string, scaler: Scaler): void {
    this.consumers.set(consumer, scaler);
    scaler.observe(this.window);
  }

  /** The workers of a consumer; undefined where they do not scale. */
  figuresOf(consumer: string): ScalingFigures | undefined {
    return this.consumers.get(consumer)?.figures();
  }

  workersUp(row: number): void {
    this.all[row]!.workers.workersUp();
  }

  stopSpare(row: number): void {
    this.all[row]!.workers.stopSpare();
  }

  /** Whether the workers are those of a consumer, and live in its process. */
  areOfConsumer(row: number): boolean {
    return this.all[row]!.owner !== 'service';
  }
}
