/** Ends a trial as soon as a limit that says `abort` is hopeless. */
import { firstHopeless, type Seen } from '../verdict/early-abort.js';
import { untilNextLook } from './follower.js';
import type { Threshold } from '../verdict/thresholds.js';

/** Why a trial was ended before its time: the limit, and in the message what was seen. */
export class HopelessLimit extends Error {
  readonly expression: string;

  constructor({ expression, why }: { expression: string; why: string }) {
    super(why);
    this.expression = expression;
  }
}


/**
 * Looks at a running trial until it is stopped.
 * @param look what is known now; null before the window
 * @returns a promise that rejects with a HopelessLimit, and never resolves
 */
export function watchLimits(limits: readonly Threshold[], look: () => Promise<Seen | null>): { hopeless: Promise<never>; stop(): void } {
  if (limits.length === 0) return { hopeless: new Promise(() => {}), stop: () => {} };
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const hopeless = new Promise<never>((_, reject) => {
    const check = (seen: Seen | null): void => {
      const found = seen && firstHopeless(limits, seen);
      if (found) reject(new HopelessLimit(found));
    };
    const wait = (elapsed: number): void => {
      if (!stopped) timer = setTimeout(() => void again(), untilNextLook(elapsed));
    };
    const again = async (): Promise<void> => {
      // Before the load runs and after it there is nothing to look at; the death of a process is reported by its group.
      const seen = await look().catch(() => null);
      check(seen);
      wait(seen?.elapsed ?? 0);
    };
    wait(0);
  });
  hopeless.catch(() => {});
  const stop = (): void => {
    stopped = true;
    clearTimeout(timer);
  };
  return { hopeless, stop };
}
