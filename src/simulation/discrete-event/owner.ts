import type { Caller } from './caller.js';
import type { EffectSink } from './unheard-calls.js';

/** Whoever has calls made: the server for its steps, the consumers for their deliveries. */
export interface Owner {
  /** A run has ended well. @returns who runs next for it, if that is all that follows; null: `runEnded` has to be told */
  passOn(row: number, caller: number): Caller | null;
  /** A run has ended for good. */
  runEnded(row: number, caller: number, ok: boolean): void;
  /** A service does its work although nobody listens any more, and is done with it at a moment, if the trial is not over. */
  takesEffect(row: number, caller: number, at: number): void;
  /** As `takesEffect`, where it is not known yet when: the row is kept until that is told. */
  effectSink(row: number, caller: number): EffectSink;
  /** When the request of a row waits no longer, where its callers have a deadline. */
  deadlineAt(row: number): number;
}

/** Whoever has steps run, of which some make several calls: one may have failed while others of its calls are under way. */
export interface RunOwner extends Owner {
  /** A row must be kept; and need not be any longer. */
  hold(row: number): void;
  release(row: number): void;
}
