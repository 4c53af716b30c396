/** The end of a group of steps, of which not all must succeed. */
import type { CallOff, Clock, Turn } from '../base/clock.js';
import type { Quorum } from '../scenarios/call-graph.js';
import { CallFailure } from './failure.js';

/** What a group is decided by. */
export interface QuorumParts {
  clock: Clock;
  /** Of the end of its time. */
  turn: Turn;
  /** Index of the request that it is run for. */
  request: number;
}

/**
 * Resolves when so many have succeeded, or with those that have within its time, or with all; rejects with the failure beyond which fewer can
 * succeed than have to, or when fewer have in time. Whatever is under way runs on.
 * @param begin resolves when they begin
 */
export function decided({ name, need, within }: Quorum, runs: readonly Promise<unknown>[], begin: Promise<unknown>, { clock, turn, request }: QuorumParts): Promise<void> {
  return new Promise((resolve, reject) => {
    let [came, ended, isOver] = [0, 0, false];
    let callOff: CallOff = () => {};
    const decide = (failure?: unknown): void => {
      isOver = true;
      callOff();
      if (failure === undefined) resolve();
      else reject(failure);
    };
    const look = (failure?: unknown): void => {
      if (isOver) return;
      if (ended - came > runs.length - need) decide(failure);
      else if (ended === runs.length || (within === undefined && came >= need)) decide();
    };
    const succeeded = (): void => {
      [came, ended] = [came + 1, ended + 1];
      look();
    };
    const failed = (failure: unknown): void => {
      ended++;
      look(failure);
    };
    for (const run of runs) run.then(succeeded, failed);
    const over = (): void => decide(came >= need ? undefined : new CallFailure(name, 'timeout', request));
    const begun = (): void => {
      if (!isOver && within !== undefined) callOff = clock.at(clock.now() + within, over, turn);
    };
    // Steps that never begin say why themselves.
    begin.then(begun, () => {});
  });
}
