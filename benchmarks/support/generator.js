/** The load generator alone, in its own process, on a server that is no architecture. */
import { now } from '../../dist/base/clock.js';
import { startChild } from '../../dist/processes/child.js';

/**
 * Runs one load; the result is that of the load process.
 * @param shape of the load, as `src/load/load.ts` has it
 */
export async function generate(url, shape, seconds) {
  const child = await startChild('load-process.js');
  const warmup = 500;
  const job = {
    url, method: 'GET', headers: {}, body: '', shape, startAt: now() + 300 + warmup, warmup, duration: seconds * 1000,
    entry: 100, think: 0, timeout: 10_000, seed: 1,
  };
  try {
    return await child.calls.run(job);
  } finally {
    await child.stop();
  }
}

/** A percentile of numbers, nearest rank. */
export function percentileOf(numbers, share) {
  return numbers.toSorted((a, b) => a - b)[Math.ceil(numbers.length * share) - 1] ?? Number.NaN;
}
