/** Pairs of blocks made by hand. */
import type { Block, BlockPair, PairedRun } from '../../../src/measurement/schema/comparison.js';
import { PAIRED_RULES, type PairedRules } from '../../../src/verdict/pairs/sequential.js';

export function block(change: Partial<Block> = {}): Block {
  return { p50: 100, p95: 150, throughput: 100, sent: 300, failed: 0, ...change };
}

/** `head` of each pair takes `1 + costs[i]` times as long as its base, in all percentiles. */
export function pairsOf(costs: readonly number[]): BlockPair[] {
  return costs.map((cost) => ({
    order: 'base first',
    base: block(),
    head: block({ p50: 100 * (1 + cost), p95: 150 * (1 + cost), throughput: 100 / (1 + cost) }),
  }));
}

/** The same spread of costs over and over, around a mean. */
export function spreadOf(count: number, mean: number, half: number): number[] {
  return Array.from({ length: count }, (_, i) => mean + (i % 2 === 0 ? half : -half));
}

export function runOf(pairs: BlockPair[]): PairedRun {
  return { base: 'main', head: 'pr', load: { model: 'closed', users: 20 }, seed: 1, pairs };
}

/** Five looks at 0.2 % from eight pairs on: what is tested of looks in general is tested on these. */
export const FIVE_LOOKS: PairedRules = { ...PAIRED_RULES, looks: [8, 12, 20, 32, 48].map((pairs) => ({ pairs, alpha: 0.002 })) };
