/**
 * What "on time" means on this machine in this minute: a bare timer of the same process, measured while something else is.
 * Who is later than the worst of them, many times over, is late for a reason of its own.
 */
import { setTimeout as sleep } from 'node:timers/promises';

/** Between two wake-ups of the bare timer, ms. */
const PERIOD = 5;
/** Node counts whole milliseconds: any timer may be as much early, or late. */
const WHOLE = 1;
/** Lateness of this many wake-ups may come together. */
const FACTOR = 4;

/** How late bare timers were. */
export interface Lateness {
  /** The worst of them, ms. */
  worst: number;
  /** Whether something was on time that came so many ms after its moment: a negative number came before it. */
  allows: (ms: number) => boolean;
}

/** Does something, and measures how late a bare timer wakes all the while. */
export async function besideTimer<T>(work: () => Promise<T>): Promise<{ result: T; lateness: Lateness }> {
  let isOver = false;
  let worst = 0;
  const measuring = (async () => {
    // Once more when the work is over: what made its end late may have made the last wake-up late.
    for (let last = false; !last; ) {
      last = isOver;
      const due = performance.now() + PERIOD;
      await sleep(PERIOD);
      worst = Math.max(worst, performance.now() - due);
    }
  })();
  try {
    const result = await work();
    isOver = true;
    await measuring;
    return { result, lateness: latenessOf(worst) };
  } finally {
    isOver = true;
  }
}

function latenessOf(worst: number): Lateness {
  // What stalls for less than a period may lie between two wake-ups of the bare timer.
  const most = PERIOD + FACTOR * Math.max(worst, WHOLE);
  return { worst, allows: (ms) => ms >= -2 * WHOLE && ms <= most };
}

/** Whether moments come in their order. */
export function isAscending(moments: readonly (number | undefined)[]): boolean {
  return moments.every((moment = NaN, i) => i === 0 || moment >= (moments[i - 1] ?? NaN));
}
