/** In which order the two sides of each pair of blocks run, and how long a block is. */
import type { LoadFigures } from '../../measurement/outcomes.js';
import type { Order, Block } from '../../measurement/schema/comparison.js';
import { drawsOf } from '../../scenarios/draw.js';

/** `abba`: turn by turn, which cancels a steady drift; `random`: drawn by seed, which no rhythm of the machine can follow. */
export type OrderMode = 'abba' | 'random';

const GROUP: readonly Order[] = ['base first', 'head first', 'head first', 'base first'];

/**
 * One order per pair. Both modes are balanced in every group of four pairs; what is looked at before a group is whole is doubled or not, which no order makes.
 * `random` shuffles each group (permuted blocks), so that the error of the mean is right even when blocks are correlated.
 */
export function blockOrder(pairs: number, seed: number, mode: OrderMode): Order[] {
  const draws = drawsOf(seed, 'block order');
  return Array.from({ length: Math.ceil(pairs / GROUP.length) }, (_, group) => {
    if (mode === 'abba') return GROUP;
    const ranked = GROUP.map((order, i) => ({ order, rank: draws(group * GROUP.length + i, 0, 'jitter') }));
    return ranked.toSorted((a, b) => a.rank - b.rank).map(({ order }) => order);
  })
    .flat()
    .slice(0, pairs);
}

/** Requests of a block: fewer, and its p95 is luck; more, and the machine drifts within a pair. */
export const BLOCK_REQUESTS = { min: 300, max: 1000 } as const;

/**
 * How long a block lasts, ms: 300 requests, and as many as come in a second when that is more, up to 1000.
 * @param throughput answers per second
 */
function blockDuration(throughput: number): number {
  const requests = Math.min(BLOCK_REQUESTS.max, Math.max(BLOCK_REQUESTS.min, throughput));
  return Math.ceil((requests / throughput) * 1000);
}

/** A side that is faster by this factor has as many requests in a shorter block; below it, blocks of one length meet the same draws. */
const MUCH_FASTER = 1.5;

/**
 * How long the blocks of each side last, ms.
 * @param throughput answers per second of each
 */
export function blockDurations(throughput: Record<'base' | 'head', number>): Record<'base' | 'head', number> {
  const slower = Math.min(throughput.base, throughput.head);
  const lengthFor = (own: number): number => blockDuration(own > slower * MUCH_FASTER ? own : slower);
  return { base: lengthFor(throughput.base), head: lengthFor(throughput.head) };
}

/** @param figures of the block's requests, such as a measured trial has them */
export function blockOf({ responseTime, throughput, outcomes }: Omit<LoadFigures, 'responseTimeOk' | 'failureRate'>): Block {
  const { p50, p95 } = responseTime;
  return { p50, p95, throughput, sent: outcomes.sent, failed: outcomes.sent - outcomes.ok };
}
