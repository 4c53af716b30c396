/** The measured window of a running load: its edges lie ahead, and may come earlier. */
import { RANK, turnOf } from '../scenarios/turn.js';
import type { LoadClock } from './clock.js';
import type { MeasuredWindow } from './load.js';
import type { LoadWindow } from './model.js';

export class RunningWindow implements LoadWindow {
  readonly beginAt: number;
  startAt: number;
  endAt: number;
  private readonly clock: LoadClock;
  private readonly ended: () => void;

  /**
   * @param beginAt start of the warm-up
   * @param ended called at the end of the window, once
   */
  constructor(beginAt: number, { startAt, endAt }: MeasuredWindow, clock: LoadClock, ended: () => void) {
    this.beginAt = beginAt;
    this.startAt = startAt;
    this.endAt = endAt;
    this.clock = clock;
    this.ended = ended;
    this.awaitEnd();
  }

  get edges(): MeasuredWindow {
    return { startAt: this.startAt, endAt: this.endAt };
  }

  /** Begins so many ms from now, unless it begins earlier; its length stays. Whether it has moved. */
  begin(lead: number): boolean {
    const startAt = this.clock.now() + lead;
    if (startAt >= this.startAt) return false;
    this.endAt += startAt - this.startAt;
    this.startAt = startAt;
    this.awaitEnd();
    return true;
  }

  /** Ends so many ms from now, unless it ends earlier or would end before it begins. Whether it has moved. */
  finish(lead: number): boolean {
    const endAt = this.clock.now() + lead;
    if (endAt >= this.endAt || endAt <= this.startAt) return false;
    this.endAt = endAt;
    this.awaitEnd();
    return true;
  }

  private awaitEnd(): void {
    const { endAt } = this;
    // Moved in the meantime: another wake-up has been set.
    this.clock.at(endAt, () => endAt === this.endAt && this.ended(), turnOf(RANK.windowEnd, 0));
  }
}
