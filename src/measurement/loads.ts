/** Loads told apart. */
import type { TrialLoad } from './record.js';

/** The load as a key: equal for equal loads, whatever shape they have. */
export function loadKey(load: TrialLoad): string {
  const level = load.model === 'closed' ? `${load.users} users` : `${load.rate}/s ${load.arrivals ?? 'even'}`;
  return load.ramp ? `${level} ${JSON.stringify(load.ramp)}` : level;
}

/** Users, or requests per second; of a load that changes, the most. */
export function loadSize(load: TrialLoad): number {
  return load.model === 'closed' ? load.users : load.rate;
}

/** Whether two loads are the same in every respect. */
export function sameLoad(a: TrialLoad, b: TrialLoad): boolean {
  return loadKey(a) === loadKey(b);
}
