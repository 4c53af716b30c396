/** Rate limits as they are written: `10/s`, or with what may come at once. */
import type { RateLimit } from '../scenario.js';
import { either, fields, isMapping, mapped, optional, required, scalar, type Field } from './field.js';
import { choice, count, HOUR, LARGEST, LEAST_RATE } from './values.js';

const PER = { s: 1000, m: 60_000, h: HOUR } as const;
const RATE = /^(\d{1,7}(?:\.\d{1,6})?)\/(s|m|h)$/;

/** What was probably meant by `10`, `10/sec` and `10 per second`. */
const LIKE = /^(\d+(?:\.\d+)?) *(?:\/|p|per)? *(s|sec|seconds?|m|min|minutes?|h|hours?)?$/i;

/** What is written for no limit: a variant takes one away with it. */
const UNLIMITED = 'unlimited';

/** A limit as it is written; its burst may be left to the rate. */
type Bare = Pick<RateLimit, 'count' | 'per'>;

function readRate(input: unknown): Bare | undefined {
  const [, written = '', unit] = (typeof input === 'string' && RATE.exec(input)) || [];
  const number = Number(written);
  return unit !== undefined && number >= LEAST_RATE && number <= LARGEST ? { count: number, per: PER[unit as keyof typeof PER] } : undefined;
}

const bareRate: Field<Bare> = scalar<Bare>(
  'a rate such as 10/s, 600/m or 0.5/s, or "unlimited"',
  { type: 'string', pattern: RATE.source },
  readRate,
  (input) => {
    const [, number, unit] = LIKE.exec(String(input)) ?? [];
    const meant = `${number}/${(unit ?? 's')[0]?.toLowerCase()}`;
    return readRate(meant) && meant;
  },
);
const unlimited = choice(UNLIMITED);
const full = fields('a rate limit', {
  limit: required(bareRate, 'So many in a time: 10/s, 600/m'),
  burst: optional(count(1, LARGEST), 'How many of them at once after a quiet time; those of the rate without it'),
});

const short = mapped(bareRate, (rate) => limitOf(rate));
const long = mapped(full, ({ limit, burst }) => limitOf(limit, burst));

/** A rate limit as it is written; `10/s` is short for `{ limit: 10/s, burst: 10 }`. */
export type RateDraft = RateLimit | typeof UNLIMITED;
export const rateLimit: Field<RateDraft> = either<RateDraft>([short, unlimited, long], (input) => {
  if (isMapping(input)) return long;
  return input === UNLIMITED ? unlimited : short;
});

/** @param burst those of the rate without it, and one at least */
function limitOf({ count: number, per }: Bare, burst = Math.max(1, Math.round(number))): RateLimit {
  return { count: number, per, burst };
}

/** A limit as it is written, in its shortest form. */
export function formatRateLimit(limit: RateLimit): string | { limit: string; burst: number } {
  const unit = Object.entries(PER).find(([, per]) => per === limit.per)?.[0] ?? 's';
  const rate = `${limit.count}/${unit}`;
  return limit.burst === limitOf(limit).burst ? rate : { limit: rate, burst: limit.burst };
}
