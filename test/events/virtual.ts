/** Virtual time for the memory bus: callbacks run in order of their moment when the test says so. */
import type { Timer } from '../../src/events/deliveries.js';

export interface VirtualTime {
  timer: Timer;
  now: () => number;
  /** Runs everything due within `ms`, letting promises settle in between. */
  advance(ms: number): Promise<void>;
}

export function virtualTime(): VirtualTime {
  let at = 0;
  let due: { at: number; callback: () => void }[] = [];
  const settle = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
  return {
    timer: (callback, ms) => void due.push({ at: at + ms, callback }),
    now: () => at,
    advance: async (ms) => {
      const end = at + ms;
      for (;;) {
        await settle();
        const next = due.filter((item) => item.at <= end).toSorted((a, b) => a.at - b.at)[0];
        if (!next) break;
        due = due.filter((item) => item !== next);
        at = next.at;
        next.callback();
      }
      at = end;
    },
  };
}
