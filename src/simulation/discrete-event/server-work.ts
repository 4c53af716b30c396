/** The server's own work on each request, by its processes in turn. */
import type { Uptime } from './processes.js';

/**
 * Work on a request is alike for all, so that the process that is free first is the next in turn. Each works on one request
 * after another, first come, first served: when that is done is known as soon as a request arrives.
 */
export class ServerWork {
  /** When each process is free, ms. */
  private readonly freeAt: Float64Array;
  private readonly handling: number;
  private readonly uptime: Uptime | null;
  private turn = 0;

  /**
   * @param processes how many there are
   * @param handling time that each request takes of one of them, ms
   * @param uptime when they work; null: always
   */
  constructor(processes: number, handling: number, uptime: Uptime | null) {
    this.freeAt = new Float64Array(processes);
    this.handling = handling;
    this.uptime = uptime;
  }

  /** A request has come at a moment. @returns when the work on it is done */
  doneAt(now: number): number {
    const { freeAt, turn, handling, uptime } = this;
    this.turn = turn + 1 === freeAt.length ? 0 : turn + 1;
    const beginAt = Math.max(freeAt[turn]!, now);
    return (freeAt[turn] = uptime === null ? beginAt + handling : uptime.done(beginAt, handling));
  }

  /** What was to be done is lost with the processes. */
  restart(): void {
    this.freeAt.fill(0);
  }
}
