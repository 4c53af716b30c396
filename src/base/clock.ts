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
