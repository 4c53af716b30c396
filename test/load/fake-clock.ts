/** A clock that stands still until told: the models of load are tested without waiting. */
import type { LoadClock } from '../../src/load/clock.js';

export interface FakeClock extends LoadClock {
  /** Lets time pass, and runs what is due in order of its moment. */
  advanceTo(moment: number): void;
}

/** @param lateness how much later than asked everything is woken, ms: always, or each time anew */
export function fakeClock(lateness: number | (() => number) = 0): FakeClock {
  const late = typeof lateness === 'number' ? () => lateness : lateness;
  let time = 0;
  const waiting: { moment: number; run: () => void }[] = [];
  return {
    now: () => time,
    at: (moment, run) => {
      waiting.push({ moment: Math.max(time, moment + late()), run });
    },
    advanceTo(end) {
      for (;;) {
        waiting.sort((a, b) => a.moment - b.moment);
        const next = waiting[0];
        if (!next || next.moment > end) break;
        waiting.shift();
        time = next.moment;
        next.run();
      }
      time = end;
    },
  };
}
