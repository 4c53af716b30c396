/** Carries out the process faults of a trial, each at its moment of the measured window, and notes when it was. */
import type { LoadClock } from '../load/clock.js';
import type { MeasuredWindow } from '../load/load.js';
import type { FaultMark } from '../measurement/record.js';
import { formatFault, isProcessFault, type Fault, type FaultProcess, type ProcessFault } from '../scenarios/fault.js';
import { TIMERS, until } from './timers.js';

/** A process that can be killed and stopped, and goes on afterwards. */
export interface Victim {
  /** Resolves when it is dead. */
  kill(): Promise<void>;
  /** Resolves when it serves again. */
  restart(): Promise<void>;
  pause(): Promise<void> | void;
  resume(): Promise<void> | void;
}

/** Waits for the window, does what is planned, and can be waited for. */
export class FaultPlan {
  /** What has happened, in the order of its beginning. */
  readonly marks: FaultMark[] = [];
  private readonly faults: readonly ProcessFault[];
  private readonly victims: Partial<Record<FaultProcess, Victim>>;
  private readonly fail: (error: Error) => void;
  private readonly clock: LoadClock;
  private running: Promise<unknown> | undefined;
  private window: MeasuredWindow = { startAt: 0, endAt: 0 };
  private end: () => void = () => {};
  private readonly ended = new Promise<void>((resolve) => (this.end = resolve));

  /** @param fail told when a process could not be brought back */
  constructor(
    faults: readonly Fault[],
    victims: Partial<Record<FaultProcess, Victim>>,
    fail: (error: Error) => void,
    clock: LoadClock = TIMERS,
  ) {
    this.faults = faults.filter(isProcessFault).toSorted((a, b) => a.at - b.at);
    this.victims = victims;
    this.fail = fail;
    this.clock = clock;
  }

  /** Tells the window; its end may be told again. What begins after the end does not happen. */
  schedule(window: MeasuredWindow): void {
    this.window = window;
    this.running ??= Promise.all(Object.entries(this.victims).map(([name, victim]) => this.inject(name, victim))).catch(this.fail);
  }

  /** Call it after the window: begins nothing more, and resolves when every process is back. */
  async settled(): Promise<void> {
    this.end();
    await this.running;
  }

  /** One process has one fault after the other. */
  private async inject(name: string, victim: Victim): Promise<void> {
    for (const fault of this.faults.filter(({ process }) => process === name)) {
      const due = until(this.clock, this.window.startAt + fault.at).then(() => true);
      const isDue = await Promise.race([due, this.ended.then(() => false)]);
      if (isDue && this.clock.now() < this.window.endAt) await this.carryOut(fault, victim);
    }
  }

  private async carryOut(fault: ProcessFault, victim: Victim): Promise<void> {
    const { kind, process } = fault;
    const isCrash = kind === 'crash';
    const mark: FaultMark = { fault: formatFault(fault), kind, process, at: this.offset(), until: null };
    this.marks.push(mark);
    await (isCrash ? victim.kill() : victim.pause());
    await until(this.clock, this.window.startAt + mark.at + fault.for);
    await (isCrash ? victim.restart() : victim.resume());
    mark.until = this.offset();
  }

  private offset(): number {
    return Math.round(this.clock.now() - this.window.startAt);
  }
}
