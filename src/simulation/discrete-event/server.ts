import { RANK } from '../../scenarios/turn.js';
import type { Caller } from './caller.js';
import type { Runner } from './step-runs.js';
import type { FlowOrder } from './flow.js';
import { turnNumber, type EventQueue } from './event-queue.js';
import type { AddedTime } from './machine.js';
import { EVENT } from './model.js';
import type { RunOwner } from './owner.js';
import type { Publisher } from './publisher.js';
import type { Uptime } from './processes.js';
import { REQUEST, REQUEST_IS, type RequestTable } from './request-table.js';
import type { EffectBook } from './effect-book.js';
import type { Decision, Quorums } from './quorums.js';
import type { Saga } from './saga.js';
import { ServerWork } from './server-work.js';
import type { EffectSink } from './unheard-calls.js';

/** What a server is arranged by. */
export interface ServerParts {
  queue: EventQueue;
  requests: RequestTable;
  /** Those of the flow come first, in its order; and what runs them. */
  callers: readonly Caller[];
  runners: readonly Runner[];
  /** What is done for each request, by the server or by the consumer of its submission. */
  flow: FlowOrder;
  /** Undoes what its steps did when it fails; null: nothing of it can be undone. */
  saga: Saga | null;
  effects: EffectBook;
  /** Decides about groups of steps; null: there are none. */
  quorums: Quorums | null;
  /** The request is submitted and accepted at once, on the stream of this position: a consumer runs the flow. Else -1. */
  submissions: number;
  /** By kind of request: deliveries that a reply waits for as well (publish-and-wait). One number where there is one kind. */
  awaited: readonly number[];
  /** Time of its own for each request, one after another in each process, ms. */
  handling: number;
  processes: number;
  /** Time that the machine adds to a reply, and that of a publish by stream; null: none. */
  replying: AddedTime | null;
  publishing: readonly (AddedTime | null)[];
  /** When it works, and when the broker does; null: always. */
  uptime: Uptime | null;
  brokerUptime: Uptime | null;
}

/** The server: runs the flow of each request, publishes, replies. */
export class Server implements RunOwner {
  bus: Publisher | null = null;
  /** Told when nobody has anything more to do with a request. */
  settled: (row: number) => void = () => {};
  /** Told when a request finds no server. */
  refused: (row: number) => void = () => {};
  /** Requests whose reply is not decided yet. */
  inProgress = 0;
  private readonly parts: ServerParts;
  private readonly events: EventQueue;
  private readonly requests: RequestTable;
  private readonly callers: readonly Caller[];
  private readonly runners: readonly Runner[];
  private readonly flow: FlowOrder;
  private readonly saga: Saga | null;
  private readonly work: ServerWork;

  constructor(parts: ServerParts) {
    this.parts = parts;
    this.events = parts.queue;
    this.requests = parts.requests;
    this.callers = parts.callers;
    this.runners = parts.runners;
    this.flow = parts.flow;
    this.work = new ServerWork(parts.processes, parts.handling, parts.uptime);
    this.saga = parts.saga;
    if (parts.saga) Object.assign(parts.saga, { undone: (row: number) => this.undone(row), released: (row: number) => this.release(row) });
  }

  /** Nothing is under way: no reply is to be decided, and nothing to be undone. */
  get isQuiet(): boolean {
    return this.inProgress === 0 && (this.saga === null || this.saga.undoing === 0);
  }

  /** A request arrives. Its client has to do with it already. */
  arrive(row: number): void {
    const { events, requests, parts: { uptime } } = this;
    if (uptime === null) return this.place(row);
    if (uptime.isDead(events.now)) return this.refused(row);
    const at = uptime.back(events.now);
    if (at === events.now) return this.place(row);
    requests.hold(row);
    events.plan(at, turnNumber(RANK.request, requests.get(row, REQUEST.position), 0, 0), EVENT.read, row);
  }

  /** It goes on, and reads a request that came while it was stopped; unless it is killed, or stopped again, at that moment. */
  read(row: number): void {
    this.arrive(row);
    this.release(row);
  }

  /** It is taken up. */
  private place(row: number): void {
    const { requests, parts } = this;
    this.inProgress++;
    if (parts.uptime !== null) requests.mark(row, REQUEST_IS.placed);
    requests.setAt(row, REQUEST.replyFrom, this.work.doneAt(this.events.now));
    if (parts.submissions < 0) return this.begin(row);
    this.bus!.publish(row, parts.submissions, 0);
    if (parts.publishing[parts.submissions] === null) return this.reply(row, true);
    requests.hold(row);
    this.planPublished(row, parts.submissions, 0, EVENT.submitted, row);
  }

  /** The bus has taken a submission. */
  submitted(row: number): void {
    this.reply(row, true);
    this.release(row);
  }

  /** The bus has taken a message of a request's flow, and the next is published; or the flow goes on. @param publishing of `FlowOrder` */
  published(publishing: number): void {
    const { flow, bus } = this;
    const task = publishing % flow.length;
    const row = (publishing - task) / flow.length;
    const ordinal = flow.take(publishing);
    if (ordinal < bus!.messagesOf(flow.streamOf[task]!)) return this.publishNext(row, publishing, ordinal);
    this.taskDone(row, task);
    this.saga?.taskEnded(row);
    this.release(row);
  }

  /** Position of a request's kind. */
  private kindOf(row: number): number {
    return this.flow.hasKinds ? this.requests.get(row, REQUEST.kind) : 0;
  }

  /** Runs the flow of a request. */
  begin(row: number): void {
    const { requests, flow, parts } = this;
    requests.set(row, REQUEST.progress, 0);
    requests.set(row, REQUEST.left, parts.awaited[this.kindOf(row)]! + 1);
    flow.begin(row);
    this.bus?.beginOrder(row);
    parts.quorums?.begin(row);
    this.saga?.begin(row);
    requests.hold(row);
    for (let i = 0; i < flow.first.length; i++) this.beginTask(row, flow.first[i]!);
    if (flow.length === 0) this.complete(row);
    this.release(row);
  }

  passOn(row: number, caller: number): Caller | null {
    const { requests, flow } = this;
    if (this.saga) this.succeeded(row, caller, this.saga);
    else if (flow.isEffect[caller]) requests.mark(row, REQUEST_IS.effective);
    const next = flow.passesOnTo[caller]!;
    if (next < 0) return null;
    requests.add(row, REQUEST.progress, 1);
    return this.callers[next]!;
  }

  runEnded(row: number, caller: number, ok: boolean): void {
    const { flow } = this;
    this.taskEnded(row, flow.taskOf[caller]!, ok || flow.isBestEffort[caller]!);
    this.saga?.taskEnded(row);
    this.release(row);
  }

  takesEffect(row: number, caller: number, at: number): void {
    const { requests, flow } = this;
    if (flow.isEffect[caller] && flow.isUndone[caller]) return this.parts.effects.note(row, caller, 'done', at);
    if (flow.isEffect[caller] && at < requests.at(row, REQUEST.effectiveAt)) requests.setAt(row, REQUEST.effectiveAt, at);
  }

  effectSink(row: number, caller: number): EffectSink {
    this.hold(row);
    return (at) => {
      if (at !== null) this.takesEffect(row, caller, at);
      this.release(row);
    };
  }

  deadlineAt(row: number): number {
    return this.requests.at(row, REQUEST.sentAt) + this.flow.deadlines[this.kindOf(row)]!;
  }

  /** It begins anew. */
  restart(): void {
    this.inProgress = 0;
    this.work.restart();
    this.parts.quorums?.clear();
  }

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
    this.partDone(row);
  }

  private beginTask(row: number, task: number): void {
    const { requests, flow, runners, parts: { quorums, uptime } } = this;
    if (flow.quorumOf[task]! >= 0) quorums!.memberBegins(row, flow.quorumOf[task]!, (at) => uptime?.awake(at) ?? at);
    if (flow.hasKinds && flow.only[task] !== requests.get(row, REQUEST.kind)) return this.taskEnded(row, task, true);
    const caller = flow.callerOf[task]!;
    requests.hold(row);
    this.saga?.taskBegun(row);
    if (caller < 0) return this.publish(row, task);
    runners[caller]!.run(row, requests.get(row, REQUEST.index), requests.get(row, REQUEST.position), 0);
  }

  /** Messages are published one after another, as soon as the bus has taken the one before. */
  private publish(row: number, task: number): void {
    const { parts, bus, flow } = this;
    const stream = flow.streamOf[task]!;
    if (parts.publishing[stream] !== null) return this.publishNext(row, flow.beginPublishing(row, task), 0);
    for (let ordinal = 0; ordinal < bus!.messagesOf(stream); ordinal++) bus!.publish(row, stream, ordinal);
    this.taskDone(row, task);
    this.saga?.taskEnded(row);
    this.release(row);
  }

  private publishNext(row: number, publishing: number, ordinal: number): void {
    const { flow } = this;
    const stream = flow.streamOf[publishing % flow.length]!;
    this.bus!.publish(row, stream, ordinal);
    this.planPublished(row, stream, ordinal, EVENT.published, publishing);
  }

  /** @param what happens to */
  private planPublished(row: number, stream: number, ordinal: number, event: number, to: number): void {
    const { requests, events, parts: { publishing, uptime, brokerUptime } } = this;
    const takenAt = (brokerUptime?.awake(events.now) ?? events.now) + publishing[stream]!(requests.get(row, REQUEST.index), ordinal);
    const at = uptime?.awake(takenAt) ?? takenAt;
    events.plan(at, turnNumber(RANK.published, requests.get(row, REQUEST.position), stream, ordinal), event, to);
  }

  /** The time of a group is over. */
  groupOver(timer: number): void {
    const over = this.parts.quorums!.over(timer);
    if (over) this.decided(over.row, over.task, over.decision);
  }

  /** A task has ended: of a group, that decides. */
  private taskEnded(row: number, task: number, ok: boolean): void {
    const quorum = this.flow.quorumOf[task]!;
    if (quorum < 0) this.decided(row, task, ok ? 'good' : 'bad');
    else this.decided(row, quorum, this.parts.quorums!.memberEnded(row, quorum, ok));
  }

  private decided(row: number, task: number, decision: Decision): void {
    if (decision === 'good') this.taskDone(row, task);
    else if (decision === 'bad') this.broken(row);
  }

  private taskDone(row: number, task: number): void {
    const { requests, flow } = this;
    if (requests.add(row, REQUEST.progress, 1) === flow.required) return this.complete(row);
    const followers = flow.followersOf(task);
    // By index, here and wherever it is for each request: V8 makes objects of a loop's steps when it has compiled enough into one function.
    for (let i = 0; i < followers.length; i++) if (flow.meet(row, followers[i]!)) this.beginTask(row, followers[i]!);
  }

  /** All tasks of the flow have succeeded. */
  private complete(row: number): void {
    const { bus, requests, parts } = this;
    requests.noteWork(row, this.events.now);
    if (parts.submissions >= 0) return bus?.runEnded(requests.get(row, REQUEST.delivery), 0, true);
    this.partDone(row);
    const deadlineAt = this.deadlineAt(row);
    if (requests.get(row, REQUEST.left) > 0 && deadlineAt < Infinity) this.planDeadline(row, Math.max(this.events.now, deadlineAt));
  }

  /** A reply that waits for consumers does so no longer. */
  private planDeadline(row: number, at: number): void {
    const { requests, events } = this;
    requests.hold(row);
    events.plan(at, turnNumber(RANK.deadline, requests.get(row, REQUEST.position), 0, 0), EVENT.deadline, row);
  }

  /** The deadline of a request that waits for consumers has come. */
  late(row: number): void {
    this.reply(row, false);
    this.release(row);
  }

  /** The flow is done, or a delivery that the reply waits for. */
  private partDone(row: number): void {
    if (this.requests.add(row, REQUEST.left, -1) === 0) this.reply(row, true);
  }

  /** A call of a flow whose steps can be undone has done what it is there for. */
  private succeeded(row: number, caller: number, saga: Saga): void {
    const { requests, flow, events } = this;
    saga.succeeded(row, caller);
    if (!flow.isEffect[caller]) return;
    if (flow.isUndone[caller]) this.parts.effects.note(row, caller, 'done', events.now);
    else requests.mark(row, REQUEST_IS.effective);
  }

  /** A task has failed: the first of a flow decides. */
  private broken(row: number): void {
    const { requests, parts, saga } = this;
    if (saga && saga.fail(row)) this.requests.hold(row);
    if (parts.submissions < 0) return this.reply(row, false);
    if (requests.get(row, REQUEST.progress) < 0) return;
    requests.set(row, REQUEST.progress, -this.flow.length - 1);
    // A delivery has failed when what it did is undone.
    if (!saga) this.deliveryFailed(row);
  }

  /** What a flow that failed had done is undone, as far as it can be. */
  private undone(row: number): void {
    if (this.parts.submissions >= 0) this.deliveryFailed(row);
    this.release(row);
  }

  private deliveryFailed(row: number): void {
    this.bus?.runEnded(this.requests.get(row, REQUEST.delivery), 0, false);
  }

  /** Decides the reply; the client hears of it when its turn comes, and not before the server has done its own work. */
  private reply(row: number, good: boolean): void {
    const { requests, events } = this;
    if (requests.is(row, REQUEST_IS.replied)) return;
    this.inProgress--;
    requests.mark(row, good ? REQUEST_IS.replied | REQUEST_IS.good : REQUEST_IS.replied);
    requests.hold(row);
    const { replying } = this.parts;
    const heardAt = replying === null ? events.now : events.now + replying(requests.get(row, REQUEST.index), 0);
    const at = Math.max(heardAt, requests.at(row, REQUEST.replyFrom));
    events.plan(at, turnNumber(RANK.reply, requests.get(row, REQUEST.position), 0, 0), EVENT.reply, row);
  }
}
