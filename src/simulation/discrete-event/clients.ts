import { pauseBefore } from '../../load/attempts.js';
import { arrivalsOf, type Arrivals } from '../../load/arrival-times.js';
import { Entrance, presenceOf, RECONNECT_DELAY_MS, type Presence, type Users } from '../../load/closed.js';
import { OUTCOMES } from '../../load/load.js';
import { attemptNumber, requestOf } from '../../scenarios/request.js';
import { RANK } from '../../scenarios/turn.js';
import { turnNumber, type EventQueue } from './event-queue.js';
import { EVENT, type TrialInput, type VirtualWindow } from './model.js';
import { CONNECTION, HANGUP, HTTP_5XX, OK, TIMEOUT, type RequestLog } from './request-log.js';
import { ATTEMPTS_APART, REQUEST, REQUEST_IS, TOLD, type RequestTable } from './request-table.js';
import type { Server } from './server.js';

/** What clients work with. */
export interface ClientParts {
  queue: EventQueue;
  requests: RequestTable;
  log: RequestLog;
  server: Server;
  window: VirtualWindow;
}

/** Sends the requests of the load, numbers them in the order sent, and waits for each no longer than its timeout. */
export class Clients {
  /** Told when the window is over and the last request has ended. */
  over: () => void = () => {};
  /** Attempts of measured requests that found no server. */
  unreached = 0;
  /** Attempts of measured requests that their clients had given up when their server was killed, which had not read them. */
  uncounted = 0;
  private readonly input: TrialInput;
  private readonly parts: ClientParts;
  private readonly users: number;
  private readonly schedule: Arrivals | null;
  private readonly presence: Presence;
  private readonly entrance: Entrance;
  private readonly hasRamp: boolean;
  private arriving = true;
  private thinking = 0;
  private isWindowOver = false;

  constructor(input: TrialInput, parts: ClientParts) {
    this.input = input;
    this.parts = parts;
    const { load, seed, warmup } = input;
    this.users = load.model === 'closed' ? load.users : 0;
    this.schedule = load.model === 'open' ? arrivalsOf({ arrivals: 'even', ...load }, seed, warmup) : null;
    this.hasRamp = load.ramp !== undefined;
    const users = usersOf(input);
    this.presence = presenceOf(users, { beginAt: 0, ...parts.window });
    this.entrance = new Entrance(users, this.presence, 0);
  }

  start(): void {
    const { queue, window } = this.parts;
    queue.plan(window.endAt, turnNumber(RANK.windowEnd, 0, 0, 0), EVENT.windowEnd, 0);
    const next = this.nextArrival();
    this.arriving = next < window.endAt;
    if (this.arriving) this.planArrival(next);
  }

  /** The measured window is over. */
  endWindow(): void {
    this.isWindowOver = true;
    this.checkOver();
  }

  /** Whoever is due enters, or the requests of the schedule that are due are sent: all of one moment at once. */
  arrive(): void {
    const { queue } = this.parts;
    let next: number;
    do {
      const user = this.schedule ? 0 : this.entrance.take();
      next = this.nextArrival();
      this.arriving = next < this.parts.window.endAt;
      this.send(user);
    } while (this.arriving && next <= queue.now);
    if (this.arriving) this.planArrival(next);
  }

  /** A user has thought. */
  ready(user: number): void {
    this.thinking--;
    this.send(user);
  }

  /** The reply to a request has come. */
  replied(row: number): void {
    const { requests, server, queue } = this.parts;
    if (!requests.is(row, TOLD)) {
      const good = requests.is(row, REQUEST_IS.good);
      requests.add(row, REQUEST.stamp, 1);
      requests.mark(row, good ? REQUEST_IS.ok : REQUEST_IS.failed);
      // Nothing is complete before its client has heard of it.
      requests.noteWork(row, queue.now);
      this.ended(row, good ? OK : HTTP_5XX);
    }
    server.release(row);
  }

  timedOut(row: number): void {
    this.parts.requests.mark(row, REQUEST_IS.timedOut);
    this.ended(row, TIMEOUT);
  }

  /** There is no server: the port is refused. */
  refused(row: number): void {
    const { requests } = this.parts;
    const isGivenUp = requests.is(row, TOLD);
    if (requests.isMeasured(row)) this[isGivenUp ? 'uncounted' : 'unreached']++;
    if (isGivenUp) return;
    this.lost(row, CONNECTION);
  }

  /** The server dies over a request. */
  cutOff(row: number): void {
    this.lost(row, HANGUP);
  }

  private lost(row: number, outcome: number): void {
    const { requests } = this.parts;
    requests.add(row, REQUEST.stamp, 1);
    requests.mark(row, REQUEST_IS.failed);
    this.ended(row, outcome);
  }

  private send(user: number): void {
    const row = this.newRow(user);
    this.parts.log.begin(row);
    this.sendAttempt(row);
  }

  private newRow(user: number): number {
    const { requests } = this.parts;
    const row = requests.take();
    requests.set(row, REQUEST.user, user);
    requests.set(row, REQUEST.flags, REQUEST_IS.open);
    requests.set(row, REQUEST.holders, 1);
    requests.setAt(row, REQUEST.effectiveAt, Infinity);
    return row;
  }

  private sendAttempt(row: number): void {
    const { queue, requests } = this.parts;
    requests.setAt(row, REQUEST.workedAt, queue.now);
    queue.timeouts.set(queue.now, row);
    const turn = turnNumber(RANK.request, requests.get(row, REQUEST.position), 0, 0);
    queue.plan(queue.now, turn, EVENT.request, row);
  }

  /** The next attempt of a request is due. */
  sendAgain(row: number): void {
    this.parts.log.again(row);
    this.sendAttempt(row);
  }

  private ended(row: number, outcome: number): void {
    const { requests, log, server } = this.parts;
    if (this.goesOn(row, outcome)) return server.release(row);
    const user = requests.get(row, REQUEST.user);
    log.end(row, outcome);
    server.release(row);
    if (this.users > 0) this.pause(user, outcome === CONNECTION ? Math.max(this.input.think, RECONNECT_DELAY_MS) : this.input.think);
    this.checkOver();
  }

  /** Plans another attempt of a request, where one follows such an end. What the one before it still does, it waits for in the books. */
  private goesOn(row: number, outcome: number): boolean {
    const { requests, queue } = this.parts;
    const attempt = requests.get(row, REQUEST.attempt) + 1;
    const pause = pauseBefore(this.input.retries, attempt, OUTCOMES[outcome]!);
    if (pause === null) return false;
    const next = this.newRow(requests.get(row, REQUEST.user));
    requests.hold(next);
    requests.mark(row, REQUEST_IS.superseded);
    requests.set(row, REQUEST.next, next);
    requests.set(next, REQUEST.attempt, attempt);
    requests.set(next, REQUEST.kind, requests.get(row, REQUEST.kind));
    requests.set(next, REQUEST.index, attemptNumber(requestOf(requests.get(row, REQUEST.index)), attempt));
    requests.set(next, REQUEST.position, requests.get(row, REQUEST.position) + ATTEMPTS_APART);
    requests.setAt(next, REQUEST.begunAt, requests.at(row, REQUEST.begunAt));
    queue.plan(queue.now + pause, turnNumber(RANK.retry, requests.get(next, REQUEST.position), 0, 0), EVENT.again, next);
    return true;
  }

  private checkOver(): void {
    if (this.isWindowOver && this.parts.log.inFlight === 0 && !this.arriving && this.thinking === 0) this.over();
  }

  /** @param think time until its next request, ms */
  private pause(user: number, think: number): void {
    const { queue, window } = this.parts;
    if (think === 0 && !this.hasRamp) return queue.now < window.endAt ? this.send(user) : undefined;
    const readyAt = this.hasRamp ? this.presence(user, queue.now + think) : queue.now + think;
    if (readyAt >= window.endAt) return;
    if (readyAt === queue.now) return this.send(user);
    this.thinking++;
    queue.plan(readyAt, turnNumber(RANK.ready, user, 0, 0), EVENT.ready, user);
  }

  private planArrival(at: number): void {
    this.parts.queue.plan(at, turnNumber(RANK.arrival, 0, 0, 0), EVENT.arrival, 0);
  }

  private nextArrival(): number {
    if (this.schedule) return this.parts.window.startAt + this.schedule();
    return this.entrance.at;
  }
}

/** The users of a closed load; none of an open one. */
function usersOf({ load, entry, think }: TrialInput): Users {
  return load.model === 'closed' ? { ...load, entry, think } : { users: 0, entry, think };
}
