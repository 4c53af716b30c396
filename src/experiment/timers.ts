import { after, now } from '../base/clock.js';
import type { LoadClock } from '../load/clock.js';

/** Timers that keep no process alive: a trial that has failed waits for no moment. */
export const TIMERS: LoadClock = { now, at: (moment, run) => void after(moment - now(), run, { unref: true }) };

/** Resolves at a moment. */
export function until(clock: LoadClock, moment: number): Promise<void> {
  return new Promise((resolve) => clock.at(moment, resolve));
}
