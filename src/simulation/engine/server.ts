import { stepsBeforeEvent, type Architecture, type BusinessEvent, type Step } from '../../scenarios/scenario.js';
import type { Caller } from './caller.js';
import type { Course } from './course.js';
import type { Owner, Publisher, ReplyListener } from './owner.js';
import type { Kernel } from './kernel.js';
import { EVENT } from './model.js';
import { Prerequisites } from './prerequisites.js';
import { REQUEST, REQUEST_IS, type RequestTable } from './request-table.js';

/** What a server is arranged by. */
export interface ServerParts {
  kernel: Kernel;
  requests: RequestTable;
  /** Callers of the steps, in the order of the steps. */
  callers: readonly Caller[];
  steps: readonly Step[];
  architecture: Architecture;
  event: BusinessEvent;
  /** Time of its own for each request, one after another, ms. */
  handling: number;
}

/** The architecture's server: arranges the steps of each request, publishes, replies. */
export class Server implements Owner {
  bus: Publisher | null = null;
  clients: ReplyListener = { replied: () => {} };
  /** What becomes of the steps of a request, when that is known as it begins. */
  course: Course | null = null;
  /** Told when nobody has anything more to do with a request. */
  settled: (row: number) => void = () => {};
  private readonly parts: ServerParts;
  private readonly kernel: Kernel;
  private readonly requests: RequestTable;
  private readonly callers: readonly Caller[];
  private readonly critical: Uint8Array;
  /** Steps that run one after another, by position. */
  private readonly sequence: Int32Array;
  /** Steps of the sequence before the business event; none has its place among the steps when it is their number. */
  private readonly beforeEvent: number;
  /** Steps of the sequence before the first critical one. */
  private readonly firstCritical: number;
  /** Replies wait for the consumers. */
  private readonly wait: boolean;
  private readonly isParallel: boolean;
  private readonly prerequisites: Prerequisites;
  private freeAt = 0;

  constructor(parts: ServerParts) {
    const { steps, architecture } = parts;
    this.parts = parts;
    this.kernel = parts.kernel;
    this.requests = parts.requests;
    this.callers = parts.callers;
    this.critical = Uint8Array.from(steps, (step) => (step.critical ? 1 : 0));
    const all = steps.map((_, position) => position);
    const isWhole = architecture === 'sync' || architecture === 'parallel';
    this.sequence = Int32Array.from(isWhole ? all : all.filter((position) => steps[position]?.critical));
    const firstCritical = this.sequence.findIndex((position) => steps[position]?.critical === true);
    this.firstCritical = firstCritical === -1 ? Infinity : firstCritical;
    this.beforeEvent = stepsBeforeEvent(Array.from(this.sequence, (position) => steps[position]!), parts.event);
    this.wait = parts.event.wait && architecture === 'hybrid';
    this.isParallel = architecture === 'parallel';
    this.prerequisites = new Prerequisites(steps);
  }

  /**
   * A request arrives that its client will wait for so long.
   * @returns whether it is sure to be answered before; otherwise it has yet to be placed
   */
  foresee(row: number, patience: number): boolean {
    const { course, requests, kernel, parts } = this;
    if (course === null || this.freeAt + parts.handling > kernel.now + patience) return false;
    if (!course.foresee(requests.get(row, REQUEST.index), patience)) return false;
    this.receive(row);
    requests.hold(row);
    kernel.plan(course.end, EVENT.through, row);
    return true;
  }

  /** A request arrives. Its client has to do with it already. */
  place(row: number): void {
    const { requests, parts } = this;
    this.receive(row);
    if (this.isParallel) return this.placeParallel(row);
    if (parts.architecture !== 'event-driven') {
      requests.hold(row);
      return this.begin(row);
    }
    this.bus?.submit(row);
    this.reply(row, true);
  }

  /** Tells the callers of a sequence who comes after whom, once there are callers. */
  linkSequence(): void {
    if (this.isParallel) return;
    const { bus } = this;
    this.sequence.forEach((position, i) => {
      const next = bus && i + 1 === this.beforeEvent ? undefined : this.sequence[i + 1];
      this.callers[position]!.follower = next === undefined ? null : this.callers[next]!;
    });
  }

  /** Callers of the steps that run one after another, unless the event comes between them. */
  get unbroken(): readonly Caller[] {
    if (this.bus && this.beforeEvent < this.sequence.length) return [];
    return Array.from(this.sequence, (position) => this.callers[position]!);
  }

  /** Runs the steps of a request one after another. */
  begin(row: number): void {
    if (this.beforeEvent === 0) this.announce(row);
    if (this.sequence.length === 0) this.complete(row);
    else this.callers[this.sequence[0]!]!.run(row, this.requests.get(row, REQUEST.index), 0);
  }

  /** The moment at which a request whose course was known is through with its steps. */
  through(row: number): void {
    const { length } = this.sequence;
    this.requests.set(row, REQUEST.progress, length);
    if (this.beforeEvent === length) this.announce(row);
    this.complete(row);
  }

  runEnded(row: number, caller: number, ok: boolean): void {
    if (this.isParallel) return this.parallelEnded(row, caller, ok);
    if (!ok) return this.broken(row);
    const { requests, sequence } = this;
    const done = requests.add(row, REQUEST.progress, 1);
    if (done === this.beforeEvent) this.announce(row);
    if (done === sequence.length) this.complete(row);
    else this.callers[sequence[done]!]!.run(row, requests.get(row, REQUEST.index), 0);
  }

  /** Notes whether the steps so far, when they run one after another, have taken effect. */
  noteEffect(row: number): void {
    if (this.requests.get(row, REQUEST.progress) > this.firstCritical) this.requests.mark(row, REQUEST_IS.effective);
  }

  passedOn(row: number): void {
    this.requests.add(row, REQUEST.progress, 1);
  }

  worked(row: number, caller: number): void {
    if (this.critical[caller]) this.requests.mark(row, REQUEST_IS.effective);
  }

  leftBehind(row: number): void {
    this.requests.hold(row);
  }

  forgotten(row: number): void {
    this.release(row);
  }

  /** A delivery that a reply waits for is done, or given up. */
  deliveryDone(row: number): void {
    if (this.wait && this.requests.add(row, REQUEST.left, -1) === 0) this.reply(row, true);
  }

  /** The moment of a reply that was ready before the server had done its own work on it. */
  replyNow(row: number): void {
    this.clients.replied(row, this.requests.is(row, REQUEST_IS.good));
    this.release(row);
  }

  /** Somebody has nothing more to do with a request. */
  release(row: number): void {
    const { requests } = this;
    if (requests.add(row, REQUEST.holders, -1) > 0) return;
    this.settled(row);
    requests.set(row, REQUEST.flags, 0);
    requests.give(row);
  }

  private receive(row: number): void {
    this.freeAt = Math.max(this.freeAt, this.kernel.now) + this.parts.handling;
    this.requests.setAt(row, REQUEST.replyFrom, this.freeAt);
    this.requests.set(row, REQUEST.progress, 0);
  }

  private complete(row: number): void {
    const { bus, requests, parts } = this;
    this.noteEffect(row);
    requests.noteWork(row, this.kernel.now);
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
    this.noteEffect(row);
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
    this.callers[step]!.run(row, this.requests.get(row, REQUEST.index), 0);
  }

  private parallelEnded(row: number, step: number, ok: boolean): void {
    if (!ok) this.reply(row, false);
    else {
      this.worked(row, step);
      const { prerequisites } = this;
      for (const follower of prerequisites.followersOf(step)) {
        if (prerequisites.meet(row, follower)) this.beginParallel(row, follower);
      }
      if (this.requests.add(row, REQUEST.left, -1) === 0) this.reply(row, true);
    }
    this.release(row);
  }

  private reply(row: number, good: boolean): void {
    const { requests, kernel } = this;
    if (requests.is(row, REQUEST_IS.replied)) return;
    requests.mark(row, good ? REQUEST_IS.replied | REQUEST_IS.good : REQUEST_IS.replied);
    const at = requests.at(row, REQUEST.replyFrom);
    if (kernel.now >= at) return this.clients.replied(row, good);
    requests.hold(row);
    kernel.plan(at, EVENT.reply, row);
  }
}
