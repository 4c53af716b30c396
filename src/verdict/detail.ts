/** What a check found, in words. */
import type { Check } from '../measurement/record.js';
import { samplesNeeded } from '../measurement/times.js';
import type { LimitUnit } from './limits.js';
import type { Measured } from './measured.js';
import type { Unit } from './metrics.js';

/** `512.3 ms (511.9 to 514.2 ms with 95 % confidence)`, and why it could not be judged when it could not. */
export function describeMeasured(measured: Measured, unit: LimitUnit, state: Check['state'], limit: number): string {
  const { low, high, value, why } = measured;
  const isExact = low === value && high === value;
  const range = isExact ? '' : ` (${describeRange(low, high, unit, limit)})`;
  const reason = state === 'unknown' ? `; ${why || whyUnknown(measured, unit, limit)}` : '';
  return `${formatNumber(value, unit, limit)}${range}${reason}`;
}

/** A share of none that may still be beyond the limit: it says how many it takes. */
function whyUnknown({ value }: Measured, unit: LimitUnit, limit: number): string {
  if (unit !== 'share' || value !== 0 || limit <= 0) return 'too near the limit to tell';
  return `none so far, and it takes none in ${samplesNeeded(1 - limit)} to tell`;
}

/** The two sides of a ratio: `, sync 1051 ms and hybrid 500.4 ms`. */
export function describeRatio(a: readonly [string, Measured], b: readonly [string, Measured], unit: Unit): string {
  const [first, second] = [a, b].map(([name, { value }]) => `${name} ${formatNumber(value, unit)}`);
  return `, ${first} and ${second}`;
}

function describeRange(low: number, high: number, unit: LimitUnit, limit: number): string {
  if (high === Infinity && low <= 0) return 'its bounds are not known';
  if (high === Infinity) return `at least ${formatNumber(low, unit, limit)}`;
  return `${formatNumber(low, unit, limit)} to ${formatNumber(high, unit, limit)} with 95 % confidence`;
}

/**
 * Five digits: a number that missed its limit by a thousandth still shows it. Counts are whole, and a share has three
 * where they show on which side of the limit it is.
 */
export function formatNumber(value: number, unit: LimitUnit, limit = NaN): string {
  if (value === Infinity) return 'never';
  const digits = (scaled: number): string => String(Number(scaled.toPrecision(5)));
  switch (unit) {
    case 'time':
      return `${digits(value)} ms`;
    case 'share':
      return `${tells(value, limit) ? Number((value * 100).toPrecision(3)) : digits(value * 100)} %`;
    case 'rate':
      return `${digits(value)}/s`;
    case 'ratio':
      return digits(value);
    case 'count':
      return String(value);
  }
}

/** Whether three digits of a number are on the same side of a limit as all of them. */
function tells(value: number, limit: number): boolean {
  return Number.isNaN(limit) || Math.sign(Number(value.toPrecision(3)) - limit) === Math.sign(value - limit);
}
