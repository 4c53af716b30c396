/**
 * One clock for all processes of a trial. `performance.now()` counts from the start of its own process; the
 * operating system's monotonic clock, which it is read from, is the same for every process of a machine.
 */
const offset = Math.max(...Array.from({ length: 8 }, measureOffset));

/**
 * One reading of the difference, too small by the time between the two clocks' readings: milliseconds at the first, which
 * loads `performance`, so that two processes would disagree by as much. The largest of some readings is off by under 1 us.
 */
function measureOffset(): number {
  return Number(process.hrtime.bigint()) / 1e6 - performance.now();
}

/** Milliseconds of the machine's monotonic clock: comparable between processes, never set back. */
export function now(): number {
  return performance.now() + offset;
}

/**
 * Place of something among all that happens at one moment: lower numbers first, `rank` before `request` before `place`
 * before `call`. Only virtual time knows two things at one moment; a real clock has no use for it.
 * `scenarios/turn.ts` says which ranks there are.
 */
export interface Turn {
  rank: number;
  request: number;
  place: number;
  call: number;
}

/** Calls off what a clock was asked to do; nothing when it has been done. */
export type CallOff = () => void;

/** The port through which everything whose behaviour depends on time tells it, and waits: real, or virtual. */
export interface Clock {
  /** ms, never set back. */
  now(): number;
  /** What people's clocks show. */
  date(): Date;
  /** Runs something at a moment, ms on this clock; once what runs now is done when that has passed. */
  at(moment: number, run: () => void, turn?: Turn): CallOff;
  /** Runs something at this very moment, when its turn comes: at once where no two things happen at one moment. */
  inTurn(run: () => void, turn: Turn): void;
}

/** Timers know no longer wait, ms: what is further away they run at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** Runs something after so many ms, be it months; with `unref` no process is kept alive for it. Returns what calls it off. */
export function after(ms: number, run: () => void, { unref = false } = {}): CallOff {
  let timer: NodeJS.Timeout;
  const sleep = (left: number): void => {
    timer = left > LONGEST_TIMER ? setTimeout(() => sleep(left - LONGEST_TIMER), LONGEST_TIMER) : setTimeout(run, left);
    if (unref) timer.unref();
  };
  sleep(Math.max(0, ms));
  return () => clearTimeout(timer);
}

/** The machine's own. What is to run at a moment runs up to 1.4 ms late, and now and then up to 0.8 ms early: Node counts whole ms. */
export const realClock: Clock = {
  now,
  date: () => new Date(),
  at(moment, run) {
    const ms = moment - now();
    if (ms <= 0) {
      const immediate = setImmediate(run);
      return () => clearImmediate(immediate);
    }
    // To the nearest whole one, because Node cuts off: 300 ms from now are 299.99 by now.
    return after(Math.round(ms), run);
  },
  inTurn: (run) => run(),
};

/** Resolves at this very moment, when its turn comes. */
export function inTurn(clock: Clock, turn: Turn): Promise<void> {
  return new Promise((resolve) => clock.inTurn(resolve, turn));
}

/** Resolves after so many ms of a clock, in its turn. */
export function wait(clock: Clock, ms: number, turn?: Turn): Promise<void> {
  return new Promise((resolve) => void clock.at(clock.now() + ms, resolve, turn));
}
