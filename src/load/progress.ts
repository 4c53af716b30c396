/** What is told while a load runs. */
import type { Journal } from './journal.js';
import type { LoadProgress, Outcome } from './load.js';

/** Times a second that progress is told. */
const TICKS_PER_SECOND = 4;

/** ms between two reports. */
export const TICK_MS = 1000 / TICKS_PER_SECOND;

/** Counts since the start of the window, and the response times of the last second. */
export class Progress {
  private readonly journal: Journal;
  private ok = 0;
  private failed = 0;
  /** Response times, ms, by the tick in which they ended; the newest last. */
  private ticks: number[][] = [[]];

  constructor(journal: Journal) {
    this.journal = journal;
  }

  /** A row has ended. */
  ended(row: number, outcome: Outcome): void {
    this.ticks.at(-1)?.push(this.journal.responseTime(row));
    if (this.journal.index(row) < 0) return;
    if (outcome === 'ok') this.ok++;
    else this.failed++;
  }

  /** What to tell now; the next tick begins. */
  tick(): LoadProgress {
    const times = Float64Array.from(this.ticks.flat()).toSorted();
    this.ticks = [...this.ticks.slice(1 - TICKS_PER_SECOND), []];
    return {
      sent: this.journal.measured,
      ok: this.ok,
      failed: this.failed,
      inFlight: this.journal.inFlight,
      p95: times[Math.ceil(times.length * 0.95) - 1] ?? null,
    };
  }
}
