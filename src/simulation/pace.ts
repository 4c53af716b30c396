/**
 * What a machine adds depends on how often it is asked: a processor that has slept, caches that others have used and code that is not
 * compiled yet answer later. So it is measured at the paces of the trials, and a trial in between has times in between.
 */
import { idealSummary } from '../measurement/ideal.js';
import type { MachineTimes } from '../measurement/record.js';
import type { TrialInput } from './discrete-event/model.js';

/** Requests a second that a trial has while nothing waits. */
export function paceOf({ subject, load, think, seed }: Pick<TrialInput, 'subject' | 'load' | 'think' | 'seed'>): number {
  if (load.model === 'open') return load.rate;
  return (1000 * load.users) / (idealSummary(subject, seed).mean + think);
}

/** What the machine adds at a pace: quantile by quantile between those that it was measured at, evenly by the logarithm of the pace. */
export function machineAt({ rate, slower, restart, ...busy }: MachineTimes, pace: number): MachineTimes {
  const kept = restart && { restart };
  if (!slower || rate === undefined || pace >= rate) return { ...busy, ...kept };
  const share = pace <= slower.rate ? 0 : Math.log(pace / slower.rate) / Math.log(rate / slower.rate);
  const at = (name: keyof typeof busy): number[] => between(slower[name] ?? [], busy[name] ?? [], share);
  return { reply: at('reply'), call: at('call'), publish: at('publish'), delivery: at('delivery'), ...kept };
}

const QUANTILES = 50;

/** @param share of the way from one to the other */
function between(from: readonly number[], to: readonly number[], share: number): number[] {
  if (from.length === 0 || to.length === 0) return [];
  const quantile = (times: readonly number[], i: number): number => times[Math.floor(((i + 0.5) / QUANTILES) * times.length)]!;
  return Array.from({ length: QUANTILES }, (_, i) => (1 - share) * quantile(from, i) + share * quantile(to, i));
}
