/** The single values of a scenario file: durations, shares, limits, names and the like, each with its bounds. */
import { formatDuration, nearest, parseDuration, parseShare } from '../../base/units.js';
import { scalar, type Field } from './field.js';
import type { Limit } from '../scenario.js';

const DURATION = /^\d{1,12}(\.\d{1,20})?(ms|s|m|h)$/;
const PERCENT = /^(\d{1,12}(\.\d{1,20})?|\.\d{1,20})%$/;
const SIZE = /^(\d{1,9})(B|KB|KiB|MB|MiB)$/;
const NAME = /^[A-Za-z][A-Za-z0-9_-]{0,39}$/;
// What a terminal would act on, and what no text file can hold.
const UNPRINTABLE = /(?![\t\n])[\p{Cc}\p{Cs}\ufffd]/u;

const FACTORS: Record<string, number> = { B: 1, KB: 1000, KiB: 1024, MB: 1_000_000, MiB: 1_048_576 };

/** Largest count of anything. */
export const LARGEST = 1_000_000;
/** Lowest rate, a second or whatever it is written for: one in a quarter of an hour. */
export const LEAST_RATE = 0.001;
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Names that JavaScript gives a meaning of its own. */
export function isReserved(name: string): boolean {
  return name in {} || name === 'prototype';
}

/** A duration, ms. */
export function duration(least: number, most: number): Field<number> {
  const words = `a duration from ${formatDuration(least)} to ${formatDuration(most)}, such as 300ms or 2s`;
  const read = (input: unknown): number | undefined => {
    const ms = typeof input === 'string' && DURATION.test(input) ? parseDuration(input) : undefined;
    return ms !== undefined && ms >= least && ms <= most ? ms : undefined;
  };
  return scalar(words, { type: 'string', pattern: DURATION.source }, read, (input) => {
    const meant = durationLike(input);
    return read(meant) === undefined ? undefined : meant;
  });
}

/** What was probably meant by `300`, `3`, `300 ms` or `2 seconds`. */
function durationLike(input: unknown): string | undefined {
  if (typeof input !== 'string' && typeof input !== 'number') return undefined;
  const written = String(input).toLowerCase().replaceAll(/[\s_]/g, '');
  if (/^[\d.]+$/.test(written)) return `${written}${Number(written) < 50 ? 's' : 'ms'}`;
  return written
    .replace(/(\d)(msec|millis|milliseconds?)$/, '$1ms')
    .replace(/(\d)(secs?|seconds?)$/, '$1s')
    .replace(/(\d)(mins?|minutes?)$/, '$1m');
}

/** A ratio between 0 and 1. */
export const share: Field<number> = scalar(
  'a share from 0 to 1, such as 1% or 0.01',
  { anyOf: [{ type: 'number', minimum: 0, maximum: 1 }, { type: 'string', pattern: PERCENT.source }] },
  (input) => {
    const ratio = typeof input === 'string' && PERCENT.test(input) ? parseShare(input) : input;
    return typeof ratio === 'number' && ratio >= 0 && ratio <= 1 ? ratio : undefined;
  },
  (input) => (typeof input === 'number' && input > 1 && input <= 100 ? `${input}%` : undefined),
);

/** A whole number. */
export function count(least: number, most: number): Field<number> {
  const json = { type: 'integer', minimum: least, maximum: most };
  return scalar(`a whole number from ${least} to ${most}`, json, (input) =>
    isCount(input, least, most) ? input : undefined,
  );
}

/** Any number. */
export function number(least: number, most: number): Field<number> {
  return scalar(`a number from ${least} to ${most}`, { type: 'number', minimum: least, maximum: most }, (input) =>
    typeof input === 'number' && input >= least && input <= most ? input : undefined,
  );
}

/** A capacity: a whole number, or `unlimited`. */
export function limit(least: number): Field<Limit> {
  return scalar<Limit>(
    `a whole number from ${least} to ${LARGEST}, or "unlimited"`,
    { anyOf: [{ type: 'integer', minimum: least, maximum: LARGEST }, { const: 'unlimited' }] },
    (input) => (input === 'unlimited' || isCount(input, least, LARGEST) ? input : undefined),
    (input) => (typeof input === 'string' ? nearest(input.toLowerCase(), ['unlimited']) : undefined),
  );
}

/** A size in bytes. */
export const size: Field<number> = scalar(
  'a size up to 10MB, such as 800, 8KB or 64KiB',
  { anyOf: [{ type: 'integer', minimum: 0, maximum: 10_000_000 }, { type: 'string', pattern: SIZE.source }] },
  (input) => {
    const match = typeof input === 'string' ? SIZE.exec(input) : null;
    const bytes = match ? Number(match[1]) * (FACTORS[match[2] ?? ''] ?? NaN) : input;
    return isCount(bytes, 0, 10_000_000) ? bytes : undefined;
  },
);

/** A name of a service, step, consumer, variant or scenario. */
export const name: Field<string> = scalar(
  'a name of letters, digits, - and _ that starts with a letter (40 at most)',
  { type: 'string', pattern: NAME.source },
  (input) => (typeof input === 'string' && NAME.test(input) && !isReserved(input) ? input : undefined),
);

/** A text for people. */
export function text(most: number): Field<string> {
  const json = { type: 'string', minLength: 1, maxLength: most };
  const holds = (input: string): boolean => input.length > 0 && input.length <= most && !UNPRINTABLE.test(input);
  return scalar(`a text of 1 to ${most} characters`, json, (input) =>
    typeof input === 'string' && holds(input) ? input : undefined,
  );
}

/** One of these words. */
export function choice<const T extends string>(...words: readonly T[]): Field<T> {
  return scalar<T>(
    `one of ${words.join(', ')}`,
    { enum: [...words] },
    (input) => words.find((word) => word === input),
    (input) => (typeof input === 'string' ? nearest(input.toLowerCase(), words) : undefined),
  );
}

export const flag: Field<boolean> = scalar(
  'true or false',
  { type: 'boolean' },
  (input) => (typeof input === 'boolean' ? input : undefined),
  (input) => (input === 'yes' || input === 'on' ? 'true' : input === 'no' || input === 'off' ? 'false' : undefined),
);

function isCount(input: unknown, least: number, most: number): input is number {
  return Number.isInteger(input) && (input as number) >= least && (input as number) <= most;
}
