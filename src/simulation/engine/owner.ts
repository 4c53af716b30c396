import type { Caller } from './caller.js';

/** Whoever has calls made: the server for its steps, the consumers for their deliveries. */
export interface Owner {
  /** A run has ended well. @returns who runs next for it, if that is all that follows; null: `runEnded` has to be told */
  passOn(row: number, caller: number): Caller | null;
  /** A run has ended for good. */
  runEnded(row: number, caller: number, ok: boolean): void;
  /** A service has done its work although nobody listened any more. */
  tookEffect(row: number, caller: number): void;
  /** A call goes on at the service although its caller has gone away; and comes to its end there. */
  hold(row: number): void;
  release(row: number): void;
}
