/**
 * Every exact value that the simulation is held to: how far it is off, and whether its 95 % interval covers the truth.
 * The values are those of the file of books, and more points of every family by the closed forms. Each world is tried
 * briefly, then for as long as its widest interval needs, within a limit. One interval in twenty is meant to miss, and
 * there are some hundred: what misses is simulated again with other draws. What cannot be simulated is told, and why.
 *
 * node benchmarks/selftest-truth.js [--quick] [--only M/G/1,open] [--minutes 5]     (run `npm run build` first)
 *   --quick        400,000 requests of a world at most
 *   --only NAMES   families whose name begins so
 *   --minutes N    about so long in all: each world gets its share of the time that is left. Which runs fit is then up to
 *                  the machine, and so are the digits
 */
import { readFileSync } from 'node:fs';
import os from 'node:os';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { closedNetwork } from '../dist/simulation/closed-forms/closed-network.js';
import * as openQueues from '../dist/simulation/closed-forms/open-queues.js';
import { simulateTrial } from '../dist/simulation/trial.js';
import { pointsOf } from './simulation/points.js';
import { estimate, readTruth, REPLICATIONS } from './simulation/truth.js';

const FILE = new URL('../test/simulation/truth/queueing.json', import.meta.url);
const { values: options } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, only: { type: 'string', default: '' }, minutes: { type: 'string', default: 'Infinity' } },
});
const PILOT = 100_000;
/** Times that the queue of a world takes to settle, in each replication at least: what is seen of fewer is too short a wait, whatever its interval says. */
const SETTLED = 100;
/** Requests of one world at most, all replications together. */
const MOST = options.quick ? 400_000 : 300_000_000;
const MOST_MS = Number(options.minutes) * 60_000;
/** Half the width of an interval that leaves room for an error of 1 %. */
const HALF = 0.007;
const TOLERANCE = 0.01;
/** Runs of one world, each as long as the one before has shown to be needed. */
const ATTEMPTS = 5;

/**
 * @param number of the world: each has draws of its own, so that one unlucky stream of arrivals is not seen in all
 * @param ms that it may take, about
 */
function judged(world, number, ms) {
  const seed = 10 * number;
  const { found, requests } = preciseEnough(world, seed, ms);
  if (found.every(({ state }) => state !== 'off')) return found;
  const again = estimate(simulateTrial, world, requests, seed + 9);
  return found.map((one, i) => (one.state === 'off' && again[i].covers ? { ...one, state: 'chance' } : one));
}

/** Simulates for longer, with other draws, until no interval is too wide, or a limit is reached. */
function preciseEnough(world, seed, ms) {
  const startedAt = performance.now();
  let requests = Math.min(MOST, Math.max(PILOT, REPLICATIONS * SETTLED * world.slow * world.rate));
  for (let attempt = 1; ; attempt++) {
    const ranAt = performance.now();
    const found = estimate(simulateTrial, world, requests, seed + attempt).map((one) => ({ ...one, requests, state: stateOf(one) }));
    const widest = Math.max(...found.map(({ half, truth }) => half / truth));
    if (widest <= TOLERANCE || requests >= MOST || attempt === ATTEMPTS) return { found, requests };
    const now = performance.now();
    const affordable = (requests * (ms - (now - startedAt))) / (now - ranAt);
    if (affordable < 2 * requests) return { found, requests };
    requests = Math.min(MOST, affordable, requests * (widest / HALF) ** 2);
  }
}

/**
 * `wide`: the interval covers the truth, but is too wide, or the truth was printed too coarsely, to speak of 1 %. `near`: within 1 %, beside the interval. `off`:
 * neither, and so a second time with other draws; `chance`: not a second time.
 */
function stateOf({ error, half, rounding, truth, covers }) {
  if (Math.abs(error) <= TOLERANCE && (half + rounding) / truth <= TOLERANCE) return covers ? 'ok' : 'near';
  return covers ? 'wide' : 'off';
}

const file = readTruth(JSON.parse(readFileSync(FILE, 'utf8')));
const points = readTruth(pointsOf({ ...openQueues, closedNetwork }));
const inFile = new Set(file.worlds.map(({ group, name }) => `${group} ${name}`));
const worlds = [...file.worlds, ...points.worlds.filter(({ group, name }) => !inFile.has(`${group} ${name}`))];
const refused = [...file.refused, ...points.refused];

const prefixes = options.only.toLowerCase().split(',');
const asked = [...worlds.keys()].filter((number) => prefixes.some((prefix) => worlds[number].group.toLowerCase().startsWith(prefix)));

/** Judges the worlds asked for on as many threads as there are cores. @param found told of each world in their order */
async function judgeAll(found) {
  const results = new Map();
  const threads = os.availableParallelism();
  let next = 0;
  let told = 0;
  const work = (worker) =>
    new Promise((resolve, reject) => {
      const give = () => {
        if (next === asked.length) return resolve(worker.terminate());
        const ms = ((MOST_MS - performance.now()) * threads) / (asked.length - next);
        worker.postMessage({ number: asked[next++], ms }, []);
      };
      worker.on('error', reject);
      worker.on('message', ({ number, judgement }) => {
        results.set(number, judgement);
        for (; results.has(asked[told]); told++) found(results.get(asked[told]));
        give();
      });
      give();
    });
  await Promise.all(Array.from({ length: threads }, () => work(new Worker(new URL(import.meta.url), { argv: process.argv.slice(2) }))));
}

function row(cells) {
  const widths = [20, 34, 5, 12, 12, 9, 9, 6];
  console.log(cells.map((cell, i) => String(cell).padEnd(widths[i])).join(' ').trimEnd());
}

const percent = (ratio) => `${(100 * ratio).toFixed(2)}%`;

async function main() {
  if (!(MOST_MS > 0)) throw new Error(`--minutes ${options.minutes}: expected a number of minutes.`);
  if (asked.length === 0) throw new Error(`No family begins with ${options.only}: there are ${[...new Set(worlds.map(({ group }) => group))].join(', ')}.`);
  row(['model', 'case', '', 'exact', 'simulated', 'error', '95 %', 'state']);
  const all = [];
  await judgeAll((judgement) => {
    for (const one of judgement) {
      const { group, name, quantity, truth, mean, error, half, state } = one;
      row([group, name, quantity, truth.toPrecision(6), mean.toPrecision(6), percent(error), `±${percent(half / truth)}`, state]);
      all.push(one);
    }
  });
  for (const { family, name, quantity, why } of refused) console.log(`refused: ${family}, ${name}${quantity ? `, ${quantity}` : ''}: ${why}`);
  const count = (state) => all.filter((one) => one.state === state).length;
  const covered = all.filter(({ covers }) => covers).length;
  const rows = refused.filter(({ quantity }) => quantity === null).length;
  console.log(`
${all.length} values: ${count('ok')} ok, ${count('near')} within 1 % beside their interval, ${count('wide')} covered by an
interval too wide to tell 1 %, ${count('chance')} missed once and not again, ${count('off')} off. Of the 95 % intervals ${percent(covered / all.length)} cover the truth.
${asked.length} of ${worlds.length} worlds simulated; refused in all: ${rows} rows and ${refused.length - rows} single values.`);
  // An interval that misses twice in a row does so by chance once in four hundred times.
  if (count('off') > 0 || covered / all.length < 0.9) process.exitCode = 1;
}

if (isMainThread) await main();
else parentPort.on('message', ({ number, ms }) => parentPort.postMessage({ number, judgement: judged(worlds[number], number, ms) }, []));
