// Real blocks: two servers in processes of their own, loaded in turn by the package's own load generator.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { foldSamples } from '../../dist/measurement/outcomes.js';
import { samplesOf } from '../../dist/measurement/samples.js';
import { startChild } from '../../dist/processes/child.js';
import { blockOf, blockOrder } from '../../dist/verdict/pairs/order.js';
import { judgePairs, PAIRED_RULES } from '../../dist/verdict/pairs/sequential.js';

// Some 350 requests in a block, for which p95 takes 300: the more users, the sooner there are so many.
const USERS = 20;
const LATENCY = 20;
const BLOCK = 350;
const WARMUP = 60;

async function startServer(latency) {
  const child = fork(new URL('delay-server.js', import.meta.url), [String(latency)]);
  const [port] = await once(child, 'message');
  return { url: `http://127.0.0.1:${port}/`, stop: () => child.kill() };
}

/**
 * Two servers and a load generator.
 * @param {number} change added latency of the head, as a ratio
 */
export async function startReal(change) {
  const [base, head, load] = await Promise.all([
    startServer(LATENCY),
    startServer(LATENCY * (1 + change)),
    startChild('load-process.js'),
  ]);
  return {
    run: (seed) => runPairs(load, base.url, head.url, seed),
    async stop() {
      base.stop();
      head.stop();
      await load.stop();
    },
  };
}

/** Pairs of blocks until the comparison knows. */
async function runPairs(load, base, head, seed) {
  const orders = blockOrder(PAIRED_RULES.looks.at(-1).pairs, seed, 'random');
  const pairs = [];
  let judgement = judgePairs(pairs);
  while (judgement.state === 'undecided') {
    const order = orders[pairs.length];
    const first = await runBlock(load, order === 'base first' ? base : head, seed);
    const second = await runBlock(load, order === 'base first' ? head : base, seed);
    pairs.push(order === 'base first' ? { order, base: first, head: second } : { order, base: second, head: first });
    judgement = judgePairs(pairs);
  }
  return { judgement, pairs };
}

async function runBlock(load, url, seed) {
  const shape = { model: 'closed', users: USERS };
  const times = { warmup: WARMUP, duration: BLOCK, entry: LATENCY, think: 0, timeout: 5000 };
  const { observations, window } = await load.calls.run({ url, method: 'GET', headers: {}, body: '', shape, ...times, seed });
  return blockOf(foldSamples(samplesOf(observations, window.startAt), BLOCK / 1000));
}
