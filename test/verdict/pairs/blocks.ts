/** Pairs of blocks made by hand. */
import type { Block, BlockPair, PairedRun } from '../../../src/measurement/comparison.js';

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
