import type { Caller } from './caller.js';
import type { EffectBook } from './effect-book.js';
import type { EventQueue } from './event-queue.js';
import type { Owner } from './owner.js';
import { REQUEST, type RequestTable } from './request-table.js';
import { grown } from './tables.js';
import type { EffectSink } from './unheard-calls.js';

/** What a saga works with. */
export interface SagaParts {
  queue: EventQueue;
  requests: RequestTable;
  effects: EffectBook;
  /** Calls of the flow. */
  length: number;
}

/**
 * The flows of requests whose steps are undone when they fail: once all that was under way has ended, in reverse order, one after
 * another. Its callers undo the steps; it is the owner of what they do.
 */
export class Saga implements Owner {
  /** Flows that have failed, and whose steps are not all undone yet. */
  undoing = 0;
  /** Told when that is so of a request. */
  undone: (row: number) => void = () => {};
  /** Told when it has no more to do with a request. */
  released: (row: number) => void = () => {};
  private readonly parts: SagaParts;
  /** By position of what is undone: who undoes it; and the other way round. */
  private readonly callers: Caller[] = [];
  private readonly stepOf = new Map<number, number>();
  /** By row: tasks under way; whether the flow has failed; the step that is to be undone next. */
  private underWay = new Int32Array(1024);
  private hasFailed = new Uint8Array(1024);
  private next = new Int32Array(1024);
  /** By row and call: whether it has succeeded. */
  private done = new Uint8Array(1024);

  constructor(parts: SagaParts) {
    this.parts = parts;
  }

  /** @param caller position of the one whose work it undoes */
  add(caller: number, compensation: Caller): void {
    this.callers[caller] = compensation;
    this.stepOf.set(compensation.position, caller);
  }

  /** A request begins, in this row. */
  begin(row: number): void {
    const { length } = this.parts;
    while (this.underWay.length <= row) {
      this.underWay = grown(this.underWay);
      this.hasFailed = grown(this.hasFailed);
      this.next = grown(this.next);
    }
    while (this.done.length < (row + 1) * length) this.done = grown(this.done);
    this.underWay[row] = 0;
    this.hasFailed[row] = 0;
    this.done.fill(0, row * length, (row + 1) * length);
  }

  /** A task begins. */
  taskBegun(row: number): void {
    this.underWay[row]!++;
  }

  /** A call of the flow has done what it is there for. */
  succeeded(row: number, caller: number): void {
    this.done[row * this.parts.length + caller] = 1;
  }

  /** A task has ended, and what comes after it has begun. */
  taskEnded(row: number): void {
    if (--this.underWay[row]! > 0 || this.hasFailed[row] === 0) return;
    this.next[row] = this.parts.length;
    this.undoNext(row);
  }

  /** A task has failed. @returns whether it is the first of its flow */
  fail(row: number): boolean {
    if (this.hasFailed[row] !== 0) return false;
    this.hasFailed[row] = 1;
    this.undoing++;
    return true;
  }

  passOn(row: number, caller: number): null {
    this.takesEffect(row, caller, this.parts.queue.now);
    return null;
  }

  takesEffect(row: number, caller: number, at: number): void {
    this.parts.effects.note(row, this.stepOf.get(caller)!, 'undone', at);
  }

  effectSink(row: number, caller: number): EffectSink {
    this.parts.requests.hold(row);
    return (at) => {
      if (at !== null) this.takesEffect(row, caller, at);
      this.released(row);
    };
  }

  /** What is undone is undone however long it takes. */
  deadlineAt(): number {
    return Infinity;
  }

  /** Undone or not: the next. */
  runEnded(row: number): void {
    this.undoNext(row);
  }

  private undoNext(row: number): void {
    const { requests, length } = this.parts;
    while (this.next[row]! > 0) {
      const caller = --this.next[row]!;
      const compensation = this.callers[caller];
      if (!compensation || this.done[row * length + caller] === 0) continue;
      return compensation.run(row, requests.get(row, REQUEST.index), requests.get(row, REQUEST.position), 0);
    }
    this.undoing--;
    this.undone(row);
  }
}
