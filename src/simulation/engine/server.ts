import { stepsBeforeEvent, type Architecture, type BusinessEvent, type Step } from '../../scenarios/scenario.js';
import { RANK } from '../../scenarios/turn.js';
import type { Caller } from './caller.js';
import { turnNumber, type EventQueue } from './event-queue.js';
import { EVENT } from './model.js';
import type { Owner } from './owner.js';
import { Prerequisites } from './prerequisites.js';
import { REQUEST, REQUEST_IS, type RequestTable } from './request-table.js';

/** What a server is arranged by. */
export interface ServerParts {
  queue: EventQueue;
  requests: RequestTable;
  /** Callers of the steps, in the order of the steps. */
  callers: readonly Caller[];
  steps: readonly Step[];
  architecture: Architecture;
  event: BusinessEvent;
  /** Time of its own for each request, one after another, ms. */
  handling: number;
}

/** Takes what a server publishes, and hears how a submission ended. */
export interface Publisher {
  /** Deliveries that make a business event complete. */
  readonly deliveriesPerRequest: number;
  /** Publishes a submission. */
  submit(request: number): void;
  /** Publishes the business event of a request. */
  publish(request: number): void;
  /** The steps of a submission have ended, which a delivery ran. */
  runEnded(delivery: number, caller: number, ok: boolean): void;
}

/** The architecture's server: arranges the steps of each request, publishes, replies. */
export class Server implements Owner {
  bus: Publisher | null = null;
  /** Told when nobody has anything more to do with a request. */
  settled: (row: number) => void = () => {};
  /** Requests whose reply is not decided yet. */
  inProgress = 0;
  private readonly parts: ServerParts;
  private readonly events: EventQueue;
  private readonly requests: RequestTable;
  private readonly callers: readonly Caller[];
  private readonly critical: Uint8Array;
  /** Steps that run one after another, by position. */
  private readonly sequence: Int32Array;
  /** Steps of the sequence before the business event; none has its place among the steps when it is their number. */
  private readonly beforeEvent: number;
  /** Replies wait for the consumers. */
  private readonly wait: boolean;
  private readonly isParallel: boolean;
  private readonly prerequisites: Prerequisites;
  private freeAt = 0;

  constructor(parts: ServerParts) {
    const { steps, architecture } = parts;
    this.parts = parts;
    this.events = parts.queue;
    this.requests = parts.requests;
    this.callers = parts.callers;
    this.critical = Uint8Array.from(steps, (step) => (step.critical ? 1 : 0));
    const all = steps.map((_, position) => position);
    const isWhole = architecture === 'sync' || architecture === 'parallel';
    this.sequence = Int32Array.from(isWhole ? all : all.filter((position) => steps[position]?.critical));
    this.beforeEvent = stepsBeforeEvent(Array.from(this.sequence, (position) => steps[position]!), parts.event);
    this.wait = parts.event.wait && architecture === 'hybrid';
    this.isParallel = architecture === 'parallel';
    this.prerequisites = new Prerequisites(steps);
  }

  /** A request arrives. Its client has to do with it already. */
  place(row: number): void {
    const { requests, parts } = this;
    this.inProgress++;
    this.freeAt = Math.max(this.freeAt, this.events.now) + parts.handling;
    requests.setAt(row, REQUEST.replyFrom, this.freeAt);
    requests.set(row, REQUEST.progress, 0);
    if (this.isParallel) return this.placeParallel(row);
    if (parts.architecture !== 'event-driven') {
      requests.hold(row);
      return this.begin(row);
    }
    this.bus?.submit(row);
    this.reply(row, true);
  }

  /** Runs the steps of a request one after another. */
  begin(row: number): void {
    if (this.beforeEvent === 0) this.announce(row);
    if (this.sequence.length === 0) this.complete(row);
    else this.callStep(row, this.sequence[0]!);
  }

  passOn(row: number, caller: number): Caller | null {
    const { requests } = this;
    if (this.critical[caller]) requests.mark(row, REQUEST_IS.effective);
    if (this.isParallel) return null;
    const done = requests.get(row, REQUEST.progress) + 1;
    if (done === this.beforeEvent || done === this.sequence.length) return null;
    requests.set(row, REQUEST.progress, done);
    return this.callers[this.sequence[done]!]!;
  }

  runEnded(row: number, caller: number, ok: boolean): void {
    if (this.isParallel) return this.parallelEnded(row, caller, ok);
    if (!ok) return this.broken(row);
    const { requests, sequence } = this;
    const done = requests.add(row, REQUEST.progress, 1);
    if (done === this.beforeEvent) this.announce(row);
    if (done === sequence.length) this.complete(row);
    else this.callStep(row, sequence[done]!);
  }

  tookEffect(row: number, caller: number): void {
    if (this.critical[caller]) this.requests.mark(row, REQUEST_IS.effective);
  }

  /** Somebody more has to do with a request. */
  hold(row: number): void {
    this.requests.hold(row);
  }

  /** Somebody has nothing more to do with a request. */
  release(row: number): void {
    const { requests } = this;
    if (requests.add(row, REQUEST.holders, -1) > 0) return;
    this.settled(row);
    requests.set(row, REQUEST.flags, 0);
    requests.give(row);
  }

  /** A delivery that a reply waits for is done, or given up. */
  deliveryDone(row: number): void {
    if (this.wait && this.requests.add(row, REQUEST.left, -1) === 0) this.reply(row, true);
  }

  private callStep(row: number, step: number): void {
    const { requests } = this;
    this.callers[step]!.run(row, requests.get(row, REQUEST.index), requests.get(row, REQUEST.position), 0);
  }

  private complete(row: number): void {
    const { bus, requests, parts } = this;
    requests.noteWork(row, this.events.now);
    if (parts.architecture === 'event-driven') return bus?.runEnded(requests.get(row, REQUEST.delivery), 0, true);
    if (!this.wait || requests.add(row, REQUEST.left, -1) === 0) this.reply(row, true);
    this.release(row);
  }

  /** Publishes the business event, where there is one. A reply that waits does so for each delivery and for the steps. */
  private announce(row: number): void {
    const { bus, requests } = this;
    if (!bus) return;
    requests.set(row, REQUEST.left, bus.deliveriesPerRequest + 1);
    bus.publish(row);
  }

  private broken(row: number): void {
    if (this.parts.architecture === 'event-driven') {
      return this.bus?.runEnded(this.requests.get(row, REQUEST.delivery), 0, false);
    }
    this.reply(row, false);
    this.release(row);
  }

  private placeParallel(row: number): void {
    const { requests, sequence, prerequisites } = this;
    const count = sequence.length;
    requests.set(row, REQUEST.left, count);
    prerequisites.begin(row);
    requests.hold(row);
    for (let step = 0; step < count; step++) if (prerequisites.isFirst(step)) this.beginParallel(row, step);
    if (count === 0) this.reply(row, true);
    this.release(row);
  }

  private beginParallel(row: number, step: number): void {
    this.requests.hold(row);
    this.callStep(row, step);
  }

  private parallelEnded(row: number, step: number, ok: boolean): void {
    if (!ok) this.reply(row, false);
    else {
      const { prerequisites } = this;
      for (const follower of prerequisites.followersOf(step)) {
        if (prerequisites.meet(row, follower)) this.beginParallel(row, follower);
      }
      if (this.requests.add(row, REQUEST.left, -1) === 0) this.reply(row, true);
    }
    this.release(row);
  }

  /** Decides the reply; the client hears of it when its turn comes, and not before the server has done its own work. */
  private reply(row: number, good: boolean): void {
    const { requests, events } = this;
    if (requests.is(row, REQUEST_IS.replied)) return;
    this.inProgress--;
    requests.mark(row, good ? REQUEST_IS.replied | REQUEST_IS.good : REQUEST_IS.replied);
    requests.hold(row);
    const at = Math.max(events.now, requests.at(row, REQUEST.replyFrom));
    events.plan(at, turnNumber(RANK.reply, requests.get(row, REQUEST.position), 0, 0), EVENT.reply, row);
  }
}
