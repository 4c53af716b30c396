/** The same orders for all alternatives: customers do not order more because they are answered sooner. */
import type { MeasuredTrial, TrialLoad } from '../measurement/record.js';
import { lengthOf, type Ramp } from '../scenarios/load.js';

/** One load of the scenario, and the orders that every alternative gets in its place. */
export interface SameOrders {
  /** As the scenario says it. */
  load: TrialLoad;
  /** The open load. */
  open: Extract<TrialLoad, { model: 'open' }>;
}

/**
 * An open load is what it is. Of users, the requests that they sent to the chain as it is, whatever came of them; but never
 * more than they would send if nothing made them wait: one that fails at once is not a reason to be sent ten times as many.
 * They come independently of each other, because users do: evenly, a service at its limit would keep nobody waiting.
 * @param today the chain as it is at this load
 * @param think pause of a user, ms
 */
export function sameOrders(load: TrialLoad, today: MeasuredTrial, think: number): SameOrders {
  if (load.model === 'open') return { load, open: load };
  const { users, ramp } = load;
  const cycle = (today.ideal?.mean ?? 0) + think;
  const sent = today.outcomes.sent / today.window.seconds;
  const average = ramp ? meanOf(ramp) : users;
  const perUser = Math.min(sent / Math.max(average, 1e-9), cycle > 0 ? 1000 / cycle : Infinity);
  const rate = rounded(users * perUser);
  if (!ramp) return { load, open: { model: 'open', rate, arrivals: 'poisson' } };
  const stages = ramp.stages.map(({ duration, target }) => ({ duration, target: rounded(target * perUser) }));
  return { load, open: { model: 'open', rate, arrivals: 'poisson', ramp: { from: rounded(ramp.from * perUser), stages } } };
}

/** Mean level of a ramp over its stages. */
export function meanOf({ from, stages }: Ramp): number {
  let level = from;
  let area = 0;
  for (const { duration, target } of stages) {
    area += (duration * (level + target)) / 2;
    level = target;
  }
  return area / Math.max(1, lengthOf(stages));
}

/** Three digits are more than anybody knows of a rate of orders, and can be asked for again; never none at all. */
export function rounded(rate: number): number {
  return rate === 0 ? 0 : Math.max(0.001, Number(rate.toPrecision(3)));
}
