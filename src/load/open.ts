/**
 * The open model: requests start on a schedule, whatever the server does. What is due is sent at once, over an idle
 * connection or a new one, and counts from its place in the schedule: a stall of the server delays no arrival, and a
 * stall of the generator shows as lateness.
 */
import type { Arrivals } from './arrival-times.js';
import { RANK, turnOf } from '../scenarios/turn.js';
import type { LoadClock } from './clock.js';
import type { LoadWindow, Model, Opener, Sender } from './model.js';

/** Connections at most. Past it a request finds no connection, and is booked so. */
export const MOST_CONNECTIONS = 10_000;

/** Requests on a schedule. */
export class OpenModel implements Model {
  private readonly arrivals: Arrivals;
  private readonly window: LoadWindow;
  private readonly clock: LoadClock;
  private readonly open: Opener;
  private readonly refuse: (intendedAt: number) => void;
  /** The connection used last is taken first, so that the others may rest. */
  private readonly idle: Sender[] = [];
  private opened = 0;
  /** Where the window was to begin when the schedule was made: what warms up counts back from there. */
  private readonly origin: number;
  /** The next arrival: negative counts from the origin, and else from the start of the window. */
  private next: number;
  private stopped = false;

  /**
   * @param arrivals from the start of the window
   * @param refuse books a request that found no connection
   */
  constructor(
    arrivals: Arrivals,
    window: LoadWindow,
    clock: LoadClock,
    open: Opener,
    refuse: (intendedAt: number) => void,
  ) {
    this.arrivals = arrivals;
    this.window = window;
    this.clock = clock;
    this.open = open;
    this.refuse = refuse;
    this.origin = window.startAt;
    this.next = arrivals();
  }

  get upcoming(): boolean {
    return !this.stopped && this.dueAt < this.window.endAt;
  }

  start(): void {
    if (this.upcoming) this.clock.at(this.dueAt, () => this.sendDue(), turnOf(RANK.arrival, 0));
  }

  moved(): void {
    if (this.next < 0 && this.dueAt >= this.window.startAt) this.advance();
    this.start();
  }

  stop(): void {
    this.stopped = true;
  }

  private sendDue(): void {
    while (this.upcoming && this.dueAt <= this.clock.now()) {
      const intendedAt = this.dueAt;
      this.advance();
      this.send(intendedAt);
    }
    this.start();
  }

  private get dueAt(): number {
    return this.next + (this.next < 0 ? this.origin : this.window.startAt);
  }

  /** Goes on to the next arrival; what would warm up within the window is left out. */
  private advance(): void {
    do this.next = this.arrivals();
    while (this.next < 0 && this.dueAt >= this.window.startAt);
  }

  private send(intendedAt: number): void {
    const sender = this.idle.pop() ?? this.openAnother();
    if (sender) sender.send(intendedAt);
    else this.refuse(intendedAt);
  }

  private openAnother(): Sender | undefined {
    if (this.opened === MOST_CONNECTIONS) return undefined;
    this.opened++;
    return this.open((sender) => this.idle.push(sender));
  }
}
