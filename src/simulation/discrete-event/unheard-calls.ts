import { CALL, CALL_IS, type CallTable } from './call-table.js';
import type { Owner } from './owner.js';

/** Told when a service has done the work of a call that nobody listens to any more: when, or null when it failed. */
export type EffectSink = (at: number | null) => void;

/** Nobody wants to know. */
export const NO_EFFECT: EffectSink = () => {};

/** The calls of a caller that it has gone away from, and whose work their service does all the same. */
export class UnheardCalls {
  private readonly calls: CallTable;
  private readonly owner: Owner;
  /** The caller's own number. */
  private readonly position: number;
  /** By call whose end is not known yet. */
  private readonly awaited = new Map<number, EffectSink>();

  constructor(calls: CallTable, owner: Owner, position: number) {
    this.calls = calls;
    this.owner = owner;
    this.position = position;
  }

  /** One whose end is known: what comes of it can be noted now. */
  note(call: number): void {
    const { calls } = this;
    if (!calls.is(call, CALL_IS.failing)) this.owner.takesEffect(calls.get(call, CALL.owner), this.position, calls.at(call, CALL.endAt));
    calls.mark(call, CALL_IS.left);
  }

  /** One whose end is not known: what it is made for is not forgotten until it is. */
  wait(call: number): void {
    this.awaited.set(call, this.owner.effectSink(this.calls.get(call, CALL.owner), this.position));
  }

  /** A service has done with a call. @returns whether it is one of these: then all have done with it */
  served(call: number): boolean {
    const { calls, awaited } = this;
    const sink = awaited.size > 0 ? awaited.get(call) : undefined;
    if (sink === undefined) return false;
    awaited.delete(call);
    sink(calls.is(call, CALL_IS.failing) ? null : calls.at(call, CALL.endAt));
    calls.give(call);
    return true;
  }
}
