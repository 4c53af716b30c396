import { arrivalsOf, type Arrivals } from '../../load/arrivals.js';
import { presenceOf, type Presence, type Users } from '../../load/closed.js';
import { HTTP_5XX, OK, TIMEOUT, type Books } from './books.js';
import type { Lane } from './deadlines.js';
import type { Kernel } from './kernel.js';
import { EVENT, type TrialInput, type VirtualWindow } from './model.js';
import type { ReplyListener } from './owner.js';
import { REQUEST, REQUEST_IS, TOLD, type RequestTable } from './request-table.js';
import type { Server } from './server.js';

/** What clients work with. */
export interface ClientParts {
  kernel: Kernel;
  requests: RequestTable;
  books: Books;
  server: Server;
  window: VirtualWindow;
}

/** Sends the requests of the load, numbers them in the order sent, and waits for each no longer than its timeout. */
export class Clients implements ReplyListener {
  /** Told when the last request has ended. */
  over: () => void = () => {};
  private readonly input: TrialInput;
  private readonly parts: ClientParts;
  private readonly timeouts: Lane;
  private readonly users: number;
  private readonly schedule: Arrivals | null;
  private readonly presence: Presence;
  private readonly hasRamp: boolean;
  private entered = 0;
  private arriving = true;
  private thinking = 0;

  constructor(input: TrialInput, parts: ClientParts) {
    this.input = input;
    this.parts = parts;
    this.timeouts = parts.kernel.lane(EVENT.clientTimeout, input.timeout, parts.requests);
    const { load, seed, warmup } = input;
    this.users = load.model === 'closed' ? load.users : 0;
    this.schedule = load.model === 'open' ? arrivalsOf({ arrivals: 'even', ...load }, seed, warmup) : null;
    this.hasRamp = load.ramp !== undefined;
    this.presence = presenceOf(usersOf(input), { beginAt: 0, ...parts.window });
  }

  start(): void {
    this.planArrival();
  }

  /** The next user enters, or the next request of the schedule is due. */
  arrive(): void {
    const user = this.entered++;
    this.planArrival();
    this.send(user);
  }

  /** A user has thought. */
  ready(user: number): void {
    this.thinking--;
    this.send(user);
  }

  replied(row: number, good: boolean): void {
    const { requests } = this.parts;
    if (requests.is(row, TOLD)) return;
    requests.add(row, REQUEST.stamp, 1);
    requests.mark(row, good ? REQUEST_IS.ok : REQUEST_IS.failed);
    this.ended(row, good ? OK : HTTP_5XX);
  }

  timedOut(row: number): void {
    this.parts.requests.mark(row, REQUEST_IS.timedOut);
    this.ended(row, TIMEOUT);
  }

  private send(user: number): void {
    const { kernel, requests, books, server } = this.parts;
    const row = requests.take();
    requests.set(row, REQUEST.user, user);
    requests.set(row, REQUEST.flags, REQUEST_IS.open);
    requests.set(row, REQUEST.holders, 1);
    requests.setAt(row, REQUEST.workedAt, kernel.now);
    books.begin(row);
    // No timeout can strike a request that is sure to be answered before.
    if (server.foresee(row, this.input.timeout)) return;
    this.timeouts.set(kernel.now, row);
    server.place(row);
  }

  private ended(row: number, outcome: number): void {
    const { requests, books, server } = this.parts;
    const user = requests.get(row, REQUEST.user);
    books.end(row, outcome);
    server.release(row);
    if (this.users > 0) this.pause(user);
    if (books.inFlight === 0 && !this.arriving && this.thinking === 0) this.over();
  }

  private pause(user: number): void {
    const { kernel, window } = this.parts;
    const { think } = this.input;
    if (think === 0 && !this.hasRamp) return kernel.now < window.endAt ? this.send(user) : undefined;
    const readyAt = this.hasRamp ? this.presence(user, kernel.now + think) : kernel.now + think;
    if (readyAt >= window.endAt) return;
    if (readyAt === kernel.now) return this.send(user);
    this.thinking++;
    kernel.plan(readyAt, EVENT.ready, user);
  }

  private planArrival(): void {
    const { kernel, window } = this.parts;
    const at = this.nextArrival();
    this.arriving = at < window.endAt;
    if (this.arriving) kernel.plan(at, EVENT.arrival, 0);
  }

  private nextArrival(): number {
    if (this.schedule) return this.parts.window.startAt + this.schedule();
    return this.entered < this.users ? this.presence(this.entered, 0) : Infinity;
  }
}

/** The users of a closed load; none of an open one. */
function usersOf({ load, entry, think }: TrialInput): Users {
  return load.model === 'closed' ? { ...load, entry, think } : { users: 0, entry, think };
}
