import { takesPart } from '../../scenarios/draw.js';
import type { ServiceCall } from '../../scenarios/call-graph.js';
import { limitOf } from '../../scenarios/scenario.js';
import { RANK } from '../../scenarios/turn.js';
import { Scaler, type ScaledWorkers } from '../../services/scaling.js';
import type { Caller } from './caller.js';
import { turnNumber, type EventQueue } from './event-queue.js';
import { EVENT } from './model.js';
import type { Owner } from './owner.js';
import type { Scalers } from './scalers.js';
import type { Runner } from './step-runs.js';
import { Ring, Table } from './tables.js';
import { NO_EFFECT, type EffectSink } from './unheard-calls.js';

/** Columns of a run, one of those that one call is made for: whole numbers, then moments. */
const MEMBER = {
  /** Row of what it is made for, and what `Runner.run` is told. */
  owner: 0,
  request: 1,
  order: 2,
  attempt: 3,
  /** The next that takes part in the same call; -1: none. */
  next: 4,
  /** 1 when a call is made for it, and not when its request makes none. */
  isCalled: 5,
  /** The watch that will look whether it has waited for long enough; 0: none. */
  watch: 6,
  joinedAt: 0,
} as const;

/** Rows are told from callers in one number: so many of those, at most. */
const CALLERS = 1024;
const WATCHES = 2 ** 15;

/** Who works on batches, by their callers. A watch is one number: that of the caller, and a number of its own. */
export class BatchWatches {
  private readonly runs = new Map<number, BatchRuns>();

  add(position: number, runs: BatchRuns): void {
    this.runs.set(position, runs);
  }

  /** It is time to look whether the first of those that wait has done so for long enough. */
  look(watch: number): void {
    this.runs.get(watch % CALLERS)?.look(watch);
  }
}

/** Runs of a consumer that makes one call for several of them: see `architectures/batches.ts`. */
export class BatchRuns implements Owner, Runner, ScaledWorkers {
  private readonly caller: Caller;
  private readonly owner: Owner;
  private readonly queue: EventQueue;
  private readonly share: number;
  private readonly size: number;
  private readonly wait: number;
  private readonly most: number;
  private readonly scaler: Scaler | null;
  private readonly members = new Table(3, 0);
  private readonly waiting = new Ring();
  private inProgress = 0;
  private watches = 0;

  /**
   * @param owner of the runs
   * @param callerFor who makes the calls, for an owner
   */
  constructor({ name, share }: Pick<ServiceCall, 'name' | 'share'>, { size, wait, workers, scaling }: NonNullable<ServiceCall['batch']>, owner: Owner, queue: EventQueue, scalers: Scalers, callerFor: (owner: Owner) => Caller) {
    this.caller = callerFor(this);
    this.owner = owner;
    this.queue = queue;
    this.share = share;
    this.size = size;
    this.wait = wait;
    this.most = limitOf(workers);
    this.scaler = scaling ? new Scaler(scaling, this.most, scalers.timersFor('batches', this.position, this)) : null;
    if (this.scaler) scalers.watch(name, this.scaler);
  }

  get position(): number {
    return this.caller.position;
  }

  run(owner: number, request: number, order: number, attempt: number): void {
    const { members, caller, queue } = this;
    const isCalled = takesPart(caller.draws.draws, this.share, request);
    const member = members.take();
    for (const [column, value] of [owner, request, order, attempt, -1, isCalled ? 1 : 0, 0].entries()) members.set(member, column, value);
    members.setAt(member, MEMBER.joinedAt, queue.now);
    if (!isCalled) return caller.passOver(member, request, order, attempt);
    this.waiting.push(member);
    this.begin();
  }

  /** A watch is over, which looks at the first of those that wait. */
  look(watch: number): void {
    const { waiting, members } = this;
    if (waiting.length > 0 && members.get(waiting.first, MEMBER.watch) === watch) this.begin();
  }

  passOn(): null {
    return null;
  }

  /** What a call does is done for all who take part. */
  takesEffect(member: number, caller: number, at: number): void {
    const { members, owner } = this;
    for (let one = member; one >= 0; one = members.get(one, MEMBER.next)) owner.takesEffect(members.get(one, MEMBER.owner), caller, at);
  }

  /** What a consumer's call does is no step of a request. */
  effectSink(): EffectSink {
    return NO_EFFECT;
  }

  /** No request waits for a consumer's call. */
  deadlineAt(): number {
    return Infinity;
  }

  runEnded(first: number, caller: number, ok: boolean): void {
    const { members, owner } = this;
    const isCalled = members.get(first, MEMBER.isCalled) === 1;
    if (isCalled) {
      this.inProgress--;
      this.begin();
    }
    for (let member = first; member >= 0; ) {
      const [row, request, next] = [members.get(member, MEMBER.owner), members.get(member, MEMBER.request), members.get(member, MEMBER.next)];
      members.give(member);
      if (isCalled) this.caller.tally.countRun(request, ok);
      owner.runEnded(row, caller, ok);
      member = next;
    }
  }

  workersUp(): void {
    this.scaler?.started(Math.ceil(this.waiting.length / this.size));
    this.begin();
  }

  stopSpare(): void {
    this.scaler?.stopSpare(this.inProgress, this.load);
  }

  private get workers(): number {
    return this.scaler?.up ?? this.most;
  }

  private get load(): number {
    return this.inProgress + Math.ceil(this.waiting.length / this.size);
  }

  private begin(): void {
    const { waiting, members, queue } = this;
    while (this.inProgress < this.workers && this.isDue()) this.start();
    // One that has waited for long enough begins when a worker is free.
    if (waiting.length > 0 && members.get(waiting.first, MEMBER.watch) === 0 && this.firstDueAt > queue.now) this.watch(waiting.first);
    this.scaler?.note(this.load);
  }

  private get firstDueAt(): number {
    return this.members.at(this.waiting.first, MEMBER.joinedAt) + this.wait;
  }

  private isDue(): boolean {
    const { waiting, queue } = this;
    return waiting.length > 0 && (waiting.length >= this.size || this.firstDueAt <= queue.now);
  }

  private watch(first: number): void {
    const { members, queue } = this;
    this.watches = (this.watches % WATCHES) + 1;
    const watch = this.watches * CALLERS + this.position;
    members.set(first, MEMBER.watch, watch);
    const turn = turnNumber(RANK.paced, members.get(first, MEMBER.order), this.position, members.get(first, MEMBER.attempt));
    queue.plan(this.firstDueAt, turn, EVENT.batchWatch, watch);
  }

  /** Makes a call for those that have waited longest. */
  private start(): void {
    const { waiting, members, caller } = this;
    const first = waiting.shift();
    let last = first;
    for (let count = 1; count < this.size && waiting.length > 0; count++) {
      members.set(last, MEMBER.next, waiting.first);
      last = waiting.shift();
    }
    this.inProgress++;
    caller.start(first, members.get(first, MEMBER.request), members.get(first, MEMBER.order), members.get(first, MEMBER.attempt));
  }
}
