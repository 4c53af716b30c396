/**
 * Every exact value that the simulation is held to: how far it is off, and whether its 95 % interval covers the truth.
 * Each world is tried briefly, then for as long as its widest interval needs, within a limit. One interval in
 * twenty is meant to miss, and there are more than a hundred: what misses is simulated again with other draws.
 *
 * node benchmarks/selftest-truth.js [--quick]     (run `npm run build` first)
 */
import { readFileSync } from 'node:fs';
import os from 'node:os';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { simulateTrial } from '../dist/simulation/trial.js';
import { estimate, worldsOf } from './simulation/truth.js';

const FILE = new URL('../test/simulation/truth/queueing.json', import.meta.url);
const QUICK = process.argv.includes('--quick');
const PILOT = 100_000;
/** Requests of one world at most, all replications together. */
const MOST = QUICK ? 400_000 : 300_000_000;
/** Half the width of an interval that leaves room for an error of 1 %. */
const HALF = 0.007;
const TOLERANCE = 0.01;
/** Runs of one world, each as long as the one before has shown to be needed. */
const ATTEMPTS = 5;

/** @param number of the world: each has draws of its own, so that one unlucky stream of arrivals is not seen in all */
function judged(world, number) {
  const seed = 10 * number;
  const { found, requests } = preciseEnough(world, seed);
  if (found.every(({ state }) => state !== 'off')) return found;
  const again = estimate(simulateTrial, world, requests, seed + 9);
  return found.map((one, i) => (one.state === 'off' && again[i].covers ? { ...one, state: 'chance' } : one));
}

/** Simulates for longer, with other draws, until no interval is too wide, or the limit is reached. */
function preciseEnough(world, seed) {
  let requests = Math.min(PILOT, MOST);
  for (let attempt = 1; ; attempt++) {
    const found = estimate(simulateTrial, world, requests, seed + attempt).map((one) => ({ ...one, requests, state: stateOf(one) }));
    const widest = Math.max(...found.map(({ half, truth }) => half / truth));
    if (widest <= TOLERANCE || requests >= MOST || attempt === ATTEMPTS) return { found, requests };
    requests = Math.min(MOST, requests * (widest / HALF) ** 2);
  }
}

/**
 * `wide`: the interval covers the truth, but is too wide to speak of 1 %. `near`: within 1 %, beside the interval. `off`:
 * neither, and so a second time with other draws; `chance`: not a second time.
 */
function stateOf({ error, half, truth, covers }) {
  if (Math.abs(error) <= TOLERANCE && half / truth <= TOLERANCE) return covers ? 'ok' : 'near';
  return covers ? 'wide' : 'off';
}

const worlds = worldsOf(JSON.parse(readFileSync(FILE, 'utf8')));

/** Judges all worlds on as many threads as there are cores. @param found told of each world in their order */
async function judgeAll(found) {
  const results = new Map();
  let next = 0;
  let told = 0;
  const work = (worker) =>
    new Promise((resolve, reject) => {
      const give = () => (next < worlds.length ? worker.postMessage(next++, []) : resolve(worker.terminate()));
      worker.on('error', reject);
      worker.on('message', ({ number, judgement }) => {
        results.set(number, judgement);
        for (; results.has(told); told++) found(results.get(told));
        give();
      });
      give();
    });
  await Promise.all(Array.from({ length: os.availableParallelism() }, () => work(new Worker(new URL(import.meta.url), { argv: process.argv.slice(2) }))));
}

function row(cells) {
  const widths = [20, 32, 5, 12, 12, 9, 9, 6];
  console.log(cells.map((cell, i) => String(cell).padEnd(widths[i])).join(' '));
}

const percent = (ratio) => `${(100 * ratio).toFixed(2)}%`;

async function main() {
  row(['model', 'case', '', 'exact', 'simulated', 'error', '95 %', 'state']);
  const all = [];
  await judgeAll((judgement) => {
    for (const one of judgement) {
      const { group, name, quantity, truth, mean, error, half, state } = one;
      row([group, name, quantity, truth.toPrecision(6), mean.toPrecision(6), percent(error), `±${percent(half / truth)}`, state]);
      all.push(one);
    }
  });
  const count = (state) => all.filter((one) => one.state === state).length;
  const covered = all.filter(({ covers }) => covers).length;
  console.log(`
${all.length} values: ${count('ok')} ok, ${count('near')} within 1 % beside their interval, ${count('wide')} covered by an
interval too wide to tell 1 %, ${count('chance')} missed once and not again, ${count('off')} off. Of the 95 % intervals ${percent(covered / all.length)} cover the truth.`);
  // An interval that misses twice in a row does so by chance once in four hundred times.
  if (count('off') > 0 || covered / all.length < 0.9) process.exitCode = 1;
}

if (isMainThread) await main();
else parentPort.on('message', (number) => parentPort.postMessage({ number, judgement: judged(worlds[number], number) }, []));
