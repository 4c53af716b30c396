/**
 * The closed model: each user sends, waits for the answer, pauses, and sends again. A request is intended to start the
 * moment its user is ready: slow answers mean fewer requests, as with people who wait.
 */
import type { Ramp } from '../scenarios/load.js';
import { RANK, turnOf } from '../scenarios/turn.js';
import type { LoadClock } from './clock.js';
import type { LoadWindow, Model, Opener, Sender } from './model.js';
import { presentFrom } from './ramp.js';

/** Pause of a user who found no connection, ms: a refused port must not be tried in a tight loop. */
export const RECONNECT_DELAY_MS = 100;

export interface Users {
  /** At most. */
  users: number;
  /** When their number changes: how, from the start of the window. */
  ramp?: Ramp;
  /** Time over which those who are there at the beginning are let in, ms, so that they do not march in step. */
  entry: number;
  /** Pause between answer and next request, ms. */
  think: number;
}

/** When a user enters, ms after the first: evenly spread over `entry`, in order. */
export function entryOffset(user: number, { users, entry }: Pick<Users, 'users' | 'entry'>): number {
  return (user * entry) / users;
}

/** The earliest moment from another one on at which a user may send; Infinity when there is none any more. */
export type Presence = (user: number, moment: number) => number;

/** Presence by the users' entry, and by the ramp when there is one. */
export function presenceOf(users: Users, window: LoadWindow): Presence {
  const { ramp } = users;
  const { beginAt } = window;
  if (!ramp) return (user, moment) => Math.max(moment, beginAt + entryOffset(user, users));
  return (user, moment) => {
    const { startAt } = window;
    const enteredAt = user < ramp.from ? beginAt + entryOffset(user, { users: ramp.from, entry: users.entry }) : startAt;
    const earliest = Math.max(moment, enteredAt);
    const at = presentFrom(ramp, user, earliest - startAt);
    // Not by way of the start, which would round: who is there is ready now.
    return at === earliest - startAt ? earliest : startAt + at;
  };
}

/**
 * Users in the order in which they enter: those who are there at the beginning and those whom a ramp brings are two lines,
 * of which whoever is due first goes first. A line alone would hold up the second kind behind the first.
 */
export class Entrance {
  private readonly last: number;
  private readonly presence: Presence;
  private readonly beginAt: number;
  private readonly initial: number;
  private early = 0;
  private later: number;

  constructor({ users, ramp }: Users, presence: Presence, beginAt: number) {
    this.last = users;
    this.presence = presence;
    this.beginAt = beginAt;
    this.initial = ramp ? Math.min(users, Math.ceil(ramp.from)) : users;
    this.later = this.initial;
  }

  /** When the next one enters; Infinity when all have, or nobody is to come any more. */
  get at(): number {
    return Math.min(this.early < this.initial ? this.entryOf(this.early) : Infinity, this.later < this.last ? this.entryOf(this.later) : Infinity);
  }

  /** Lets the next one in. @returns which user it is */
  take(): number {
    const isEarly = this.early < this.initial && (this.later >= this.last || this.entryOf(this.early) <= this.entryOf(this.later));
    return isEarly ? this.early++ : this.later++;
  }

  private entryOf(user: number): number {
    return this.presence(user, this.beginAt);
  }
}

/** Users, each on a connection of their own. One who is to leave goes when the answer has come. */
export class ClosedModel implements Model {
  private readonly users: Users;
  private readonly presence: Presence;
  private readonly entrance: Entrance;
  private readonly window: LoadWindow;
  private readonly clock: LoadClock;
  private readonly open: Opener;
  /** Users who wait for their next start. */
  private pausing = 0;
  /** Entries planned: only the last one counts, those before it were planned for another window. */
  private entries = 0;
  private stopped = false;

  constructor(users: Users, window: LoadWindow, clock: LoadClock, open: Opener) {
    this.users = users;
    this.presence = presenceOf(users, window);
    this.entrance = new Entrance(users, this.presence, window.beginAt);
    this.window = window;
    this.clock = clock;
    this.open = open;
  }

  get upcoming(): boolean {
    return !this.stopped && (this.entrance.at < this.window.endAt || this.pausing > 0);
  }

  start(): void {
    if (this.upcoming) this.enterAt(this.entrance.at);
  }

  /** Whoever is to enter does so with the window; everyone else looks at it when they are ready, and not before. */
  moved(): void {
    this.start();
  }

  stop(): void {
    this.stopped = true;
  }

  /** Lets in everyone who is due. */
  private enter(): void {
    while (!this.stopped) {
      const { at } = this.entrance;
      if (at >= this.window.endAt) return;
      if (at > this.clock.now()) return this.enterAt(at);
      const user = this.entrance.take();
      this.open((sender, reached) => this.answered(user, sender, reached)).send(at);
    }
  }

  private enterAt(moment: number): void {
    const entry = ++this.entries;
    this.clock.at(moment, () => entry === this.entries && this.enter(), turnOf(RANK.arrival, 0));
  }

  private answered(user: number, sender: Sender, reached: boolean): void {
    const { think } = this.users;
    const pause = reached ? think : Math.max(think, RECONNECT_DELAY_MS);
    this.sendFrom(this.clock.now() + pause, user, sender);
  }

  /** Has a user send from a moment on, as soon as they are there. */
  private sendFrom(moment: number, user: number, sender: Sender): void {
    const readyAt = this.presence(user, moment);
    if (readyAt >= this.window.endAt || this.stopped) return;
    if (readyAt <= this.clock.now()) return sender.send(readyAt);
    this.pausing++;
    const ready = (): void => {
      this.pausing--;
      // The window may have moved in the meantime, and with it the time at which they are there.
      this.sendFrom(readyAt, user, sender);
    };
    this.clock.at(readyAt, ready, turnOf(RANK.ready, user));
  }
}
