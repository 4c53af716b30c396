/** Made-up comparisons. */
import type { Comparison } from '../../src/measurement/schema/comparison.js';

/** Head's p95 is 5 % above base's, and it is known. */
export function comparison(change: Partial<Comparison> = {}): Comparison {
  return {
    kind: 'pairs',
    subject: 'head/base',
    load: { model: 'closed', users: 100 },
    metric: 'p95',
    base: 500,
    head: 525,
    scale: 'ratio',
    change: 0.05,
    low: 0.032,
    high: 0.07,
    confidence: 0.99,
    limits: { margin: 0.02, tolerance: 0.1 },
    reading: 'slower',
    state: 'fail',
    gate: true,
    pairs: 12,
    smallest: 0.03,
    why: '',
    ...change,
  };
}
