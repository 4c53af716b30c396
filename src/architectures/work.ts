/** The server's own work on a request, where a scenario says that it is more than a small server's. */
import { now } from '../base/clock.js';
import { DEFAULTS } from '../scenarios/defaults.js';

/**
 * What is added to the work that Express does anyway, as time of this process: nothing else is done meanwhile.
 * @param work on one request in all, ms; no more than Express's own where it is left out, or less than that
 * @param time tells how far it is
 */
export function extraWork(work: number = DEFAULTS.server.work, time: () => number = now): () => void {
  const extra = work - DEFAULTS.server.work;
  return extra <= 0 ? NONE : () => spin(extra, time);
}

const NONE = (): void => {};

function spin(ms: number, time: () => number): void {
  const until = time() + ms;
  while (time() < until);
}
