/** What the models of load know of time: the moment now, and being woken at another. Tests bring their own. */
import { now } from '../base/clock.js';

export interface Clock {
  /** ms, monotonic. */
  now(): number;
  /** Runs something at a moment: never before, as soon as possible after. */
  at(moment: number, run: () => void): void;
}

/** Node's timers, which fire up to about 1.4 ms late, and now and then early: then they are set again. */
export const timers: Clock = {
  now,
  at(moment, run) {
    const wake = (): void => {
      if (now() >= moment) run();
      else setTimeout(wake, 1);
    };
    setTimeout(wake, Math.ceil(Math.max(0, moment - now())));
  },
};
