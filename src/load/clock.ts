/** What the models of load know of time: the moment now, and being woken at another, never before it. */
import { realClock, type Turn } from '../base/clock.js';

export interface LoadClock {
  /** ms, monotonic. */
  now(): number;
  /** Runs something at a moment: never before, as soon as possible after. */
  at(moment: number, run: () => void, turn?: Turn): void;
}

/** The machine's clock, which may run something early: then it is asked again. */
export const timers: LoadClock = {
  now: () => realClock.now(),
  at(moment, run) {
    const sleep = (): void => {
      // In whole milliseconds, as timers count.
      realClock.at(realClock.now() + Math.ceil(moment - realClock.now()), wake);
    };
    const wake = (): void => (realClock.now() >= moment ? run() : sleep());
    sleep();
  },
};
