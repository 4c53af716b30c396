// Pairs of blocks as a machine might give them, with a truth that is known: for testing verdicts on.
import { randomOf } from './random.js';

const REQUESTS = 300;

/**
 * @param {import('../../src/measurement/schema/comparison.js').Order[]} orders one per pair
 * @param {import('./blocks.js').Machine} machine
 * @returns {import('../../src/measurement/schema/comparison.js').BlockPair[]}
 */
export function simulatedPairs(orders, { seed, change, sd, rho = 0, outliers = 0, failures = 0.001 }) {
  const { uniform, normal } = randomOf(seed);
  let drift = normal();
  const block = (factor) => {
    drift = rho * drift + Math.sqrt(1 - rho * rho) * normal();
    const slow = factor * (uniform() < outliers ? 2 : 1);
    const tail = Math.SQRT1_2 * (drift + normal());
    let failed = -1;
    // From one failure to the next: the gaps are geometric.
    for (let at = 0; at <= REQUESTS; failed++) at += 1 + Math.floor(Math.log(1 - uniform()) / Math.log(1 - failures));
    const p50 = 100 * Math.exp(sd * drift) * slow;
    return { p50, p95: 150 * Math.exp(sd * tail) * slow, throughput: 1e4 / p50, sent: REQUESTS, failed };
  };
  return orders.map((order) => {
    const first = block(order === 'base first' ? 1 : 1 + change);
    const second = block(order === 'base first' ? 1 + change : 1);
    return order === 'base first' ? { order, base: first, head: second } : { order, base: second, head: first };
  });
}
