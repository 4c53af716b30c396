/** Rows of a comparison of records: a figure of the base beside the head's. */
import type { Comparison, Limits } from '../../measurement/schema/comparison.js';
import { normalQuantile } from '../../scenarios/normal.js';
import type { Figure } from './figures.js';
import { smallestVisible } from '../pairs/paired-test.js';
import { judge, UNKNOWN } from '../reading.js';

/** What a row is about. */
export type About = Pick<Comparison, 'subject' | 'load' | 'metric' | 'scale'>;

/** How a row is judged. */
export type Settings = Pick<Comparison, 'limits' | 'confidence'>;

/** Two figures on the scale of their ratio. More is worse, but for throughput. */
export function recordRow(about: About, settings: Settings, base: Figure, head: Figure): Comparison {
  const sign = about.metric === 'throughput' ? -1 : 1;
  const error = Math.hypot(base.error, head.error);
  const half = normalQuantile((1 + settings.confidence) / 2) * error;
  const estimate = head.log - base.log;
  const cost = sign * estimate;
  return {
    ...frame(about, settings),
    base: Math.exp(base.log),
    head: Math.exp(head.log),
    change: Math.expm1(estimate),
    low: Math.expm1(estimate - half),
    high: Math.expm1(estimate + half),
    smallest: Math.expm1(smallestVisible(error)),
    ...judge({ estimate: cost, low: cost - half, high: cost + half }, inLogs(settings.limits)),
  };
}

/** A row whose values could not be had: never a pass. */
export function unknownRow(about: About, settings: Settings, why: string): Comparison {
  const missing = { base: null, head: null, change: null, low: null, high: null };
  return { ...frame(about, settings), ...missing, ...UNKNOWN, why };
}

/** What all rows of records share. */
export function frame(about: About, settings: Settings) {
  return { kind: 'records' as const, ...about, ...settings, gate: true, pairs: null, smallest: null, why: '' };
}

/** The limits of a change for the worse on the scale of log ratios. */
function inLogs({ margin, tolerance }: Limits): Limits {
  return { margin: Math.log1p(margin), tolerance: Math.log1p(tolerance) };
}
