/**
 * Moments of one host's clock on another's, from exchanges of messages between them. Pure.
 *
 * An exchange bounds the offset between two clocks whatever the network did: nothing arrives before it was sent (Cristian,
 * "Probabilistic clock synchronization", 1989). The exchange that was delayed least bounds it best (the clock filter of NTP,
 * RFC 5905, section 10), and a line through the best ones of the whole time is offset and drift.
 */

/** A question and its answer: the first and last moment on the clock of who asks, the others on that of who answers, ms. */
export interface Exchange {
  sentAt: number;
  receivedAt: number;
  repliedAt: number;
  answeredAt: number;
}

/** How a clock is read on another: `moment + offset + drift * (moment - at)`. */
export interface ClockFit {
  /** Moment on the clock itself that `offset` is about, ms. */
  at: number;
  /** The other clock less this one at that moment, ms. */
  offset: number;
  /** What the other gains on this one, ms per ms. */
  drift: number;
  /** The translated moment is wrong by no more than this, ms, within the time of the exchanges. */
  bound: number;
  /** Time on the way, there and back, of the exchange that was delayed least, ms. */
  roundTrip: number;
  exchanges: number;
}

/** Stretches of time of which each gives the exchange that was delayed least. */
const STRETCHES = 16;
/**
 * Exchanges delayed more than so many times the least are left out. Few good ones know the offset well and the drift badly, many
 * know the drift: what gives the smallest bound is taken.
 */
const DELAYED = [1, 2, 4, 8, 16, 32];
/** No way there and back is shorter, ms: differences below are those of the clocks' own pace. */
const SHORTEST = 0.05;
/** How fast a clock may gain on another, ms per ms: NTP slews by 500 ppm at the most, and crystals are off by less. */
const MOST_DRIFT = 5e-4;
/** How much a drift may itself change, which temperature and the slewing of NTP make it do, ms per ms. */
const WANDER = 5e-6;

/** The clock of who asked, read on that of who answered; null without an exchange. */
export function fitClock(exchanges: readonly Exchange[]): ClockFit | null {
  if (exchanges.length === 0) return null;
  const span = { from: extremes(exchanges, 'sentAt')[0], to: extremes(exchanges, 'answeredAt')[1] };
  const best = leastDelayed(exchanges, span);
  const least = Math.max(SHORTEST, Math.min(...best.map(delayOf)));
  const fits = DELAYED.map((times) => {
    const chosen = best.filter((one) => delayOf(one) <= times * least);
    const line = lineThrough(chosen);
    return { ...line, bound: boundOf(line, chosen, span), roundTrip: least, exchanges: exchanges.length };
  });
  return fits.reduce((one, other) => (other.bound < one.bound ? other : one));
}

/** A moment on the other clock, ms. */
export function translated({ at, offset, drift }: Pick<ClockFit, 'at' | 'offset' | 'drift'>, moment: number): number {
  return moment + offset + drift * (moment - at);
}

/** The clock that all others are read on. */
export const SAME_CLOCK: ClockFit = { at: 0, offset: 0, drift: 0, bound: 0, roundTrip: 0, exchanges: 0 };

/** Time on the way, there and back, ms. */
function delayOf({ sentAt, receivedAt, repliedAt, answeredAt }: Exchange): number {
  return answeredAt - sentAt - (repliedAt - receivedAt);
}

/** Least and greatest: there may be more exchanges than a call takes arguments. */
function extremes(exchanges: readonly Exchange[], name: keyof Exchange): [number, number] {
  return exchanges.reduce<[number, number]>(([least, most], { [name]: at }) => [Math.min(least, at), Math.max(most, at)], [Infinity, -Infinity]);
}

interface Span {
  from: number;
  to: number;
}

function leastDelayed(exchanges: readonly Exchange[], { from, to }: Span): Exchange[] {
  const best: (Exchange | undefined)[] = [];
  for (const exchange of exchanges) {
    const stretch = Math.min(STRETCHES - 1, Math.floor(((middleOf(exchange) - from) / Math.max(to - from, 1)) * STRETCHES));
    const known = best[stretch];
    if (!known || delayOf(exchange) < delayOf(known)) best[stretch] = exchange;
  }
  return best.filter((one) => one !== undefined);
}

function middleOf({ sentAt, answeredAt }: Exchange): number {
  return (sentAt + answeredAt) / 2;
}

/** What an exchange says of the offset if both ways took as long. */
function offsetOf({ sentAt, receivedAt, repliedAt, answeredAt }: Exchange): number {
  return (receivedAt - sentAt + (repliedAt - answeredAt)) / 2;
}

/** Least squares. */
function lineThrough(exchanges: readonly Exchange[]): Pick<ClockFit, 'at' | 'offset' | 'drift'> {
  const mean = (of: (one: Exchange) => number): number => exchanges.reduce((sum, one) => sum + of(one), 0) / exchanges.length;
  const at = mean(middleOf);
  const offset = mean(offsetOf);
  const variance = mean((one) => (middleOf(one) - at) ** 2);
  const covariance = mean((one) => (middleOf(one) - at) * (offsetOf(one) - offset));
  const drift = variance > 0 ? covariance / variance : 0;
  // Of exchanges that lie close together the line says nothing.
  return { at, offset, drift: Math.min(MOST_DRIFT, Math.max(-MOST_DRIFT, drift)) };
}

/**
 * The most that the line can be wrong by. At each exchange the offset lies between what the way there and the way back allow;
 * between two of them a steady drift keeps the error between theirs, and beyond the last ones lets it go on as it may.
 */
function boundOf(line: Pick<ClockFit, 'at' | 'offset' | 'drift'>, exchanges: readonly Exchange[], { from, to }: Span): number {
  const known = exchanges.map((exchange) => ({ at: middleOf(exchange), error: errorAt(line, exchange) })).toSorted((a, b) => a.at - b.at);
  const [first, last] = [known[0]!, known.at(-1)!];
  const half = Math.max(...exchanges.map(({ sentAt, answeredAt }) => (answeredAt - sentAt) / 2));
  const gap = last.at - first.at - 2 * half;
  const slope = Math.min(MOST_DRIFT + Math.abs(line.drift), gap > 0 ? (first.error + last.error) / gap : Infinity);
  const gaps = known.slice(1).map(({ at }, i) => at - known[i]!.at);
  const wander = WANDER * Math.max(first.at - from, to - last.at, ...gaps);
  // An exchange is no moment: the way there is known of its beginning, and the way back of its end.
  return wander + slope * half + Math.max(...known.map(({ error }) => error), first.error + slope * (first.at - from), last.error + slope * (to - last.at));
}

function errorAt(line: Pick<ClockFit, 'at' | 'offset' | 'drift'>, { sentAt, receivedAt, repliedAt, answeredAt }: Exchange): number {
  return Math.max(Math.abs(receivedAt - translated(line, sentAt)), Math.abs(repliedAt - translated(line, answeredAt)));
}
