// What a verdict on two versions is worth: false alarms, changes found, and how long it takes to know.
// Usage: npm run bench:verdicts [-- --runs 4000] [-- --real 60 [--disturb] [--change 0.05]]
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { blockOrder } from '../dist/verdict/pairs/order.js';
import { judgePairs, PAIRED_RULES } from '../dist/verdict/pairs/sequential.js';
import { selfCheck } from '../dist/verdict/pairs/aa.js';
import { shareLower, shareUpper } from '../dist/verdict/statistics/share-intervals.js';
import { simulatedPairs } from './support/blocks.js';
import { startReal } from './support/real-pairs.js';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '4000' },
    real: { type: 'string' },
    disturb: { type: 'boolean', default: false },
    change: { type: 'string', default: '0,0.05' },
  },
});

/** Machines, and what has to come out: shares of verdicts, judged on their one-sided 95 % bounds. */
const MACHINES = [
  { change: 0, sd: 0.02, goal: { alarms: 0.01 } },
  { change: 0, sd: 0.04, goal: { alarms: 0.01 } },
  { change: 0, sd: 0.08, goal: { alarms: 0.01 } },
  { change: 0, sd: 0.2, goal: { alarms: 0.01 } },
  { change: 0, sd: 0.04, rho: 0.6, goal: { alarms: 0.01 } },
  { change: 0, sd: 0.04, rho: 0.6, order: 'abba', goal: { alarms: 0.01 } },
  { change: 0, sd: 0.04, rho: 0.9, goal: { alarms: 0.01 } },
  { change: 0, sd: 0.04, outliers: 0.03, goal: { alarms: 0.01 } },
  { change: 0.05, sd: 0.02, goal: { found: 0.95 } },
  { change: 0.05, sd: 0.04, goal: { found: 0.95 } },
  { change: 0.1, sd: 0.08, goal: { found: 0.99 } },
  { change: 0.2, sd: 0.04, goal: { found: 0.99 } },
  { change: 1, sd: 0.04, goal: { found: 0.99 } },
  { change: 1, sd: 0.005, goal: { found: 0.99 } },
  { change: 0.05, sd: 0.04, rho: 0.6, goal: { found: 0.95 } },
  { change: 0.05, sd: 0.08, goal: { passed: 0.01 } },
  { change: 0.05, sd: 0.2, goal: { passed: 0.01 } },
  { change: 0.1, sd: 0.2, goal: { passed: 0.01 } },
  { change: 0.05, sd: 0.04, outliers: 0.03, goal: { passed: 0.01 } },
];

function endingsOf(judgements) {
  const count = (holds) => judgements.filter(holds).length;
  return {
    runs: judgements.length,
    alarms: count(({ metrics }) => metrics.some(({ gate, reading }) => gate && reading !== 'unsure')),
    failed: count(({ state }) => state === 'fail'),
    passed: count(({ state }) => state === 'pass'),
    inconclusive: count(({ state }) => state === 'inconclusive'),
    pairs: judgements.reduce((sum, { pairs }) => sum + pairs, 0) / judgements.length,
  };
}

/** Whether the verdicts keep what was promised, with 95 % confidence. */
function isMet(ends, { alarms, found, passed }) {
  if (alarms !== undefined) return shareUpper(ends.alarms, ends.runs) <= alarms;
  if (found !== undefined) return shareLower(ends.failed, ends.runs) >= found;
  return shareUpper(ends.passed, ends.runs) <= passed;
}

const percent = (count, runs) => `${((100 * count) / runs).toFixed(2)}%`.padStart(8);

function row(name, ends, goal) {
  const met = isMet(ends, goal);
  if (!met) process.exitCode = 1;
  const [[what, limit]] = Object.entries(goal);
  const shares = [ends.alarms, ends.failed, ends.passed, ends.inconclusive].map((count) => percent(count, ends.runs));
  const wanted = `${what} ${what === 'found' ? '>=' : '<='} ${limit * 100}%`;
  console.log(`${name.padEnd(46)}${shares.join('')}${ends.pairs.toFixed(1).padStart(7)}   ${wanted.padEnd(16)} ${met ? 'met' : 'MISSED'}`);
}

function header() {
  console.log(`${''.padEnd(46)}${['differ', 'slower', 'pass', 'unsure'].map((it) => it.padStart(8)).join('')}  pairs   goal`);
}

function simulate(runs) {
  console.log(`${runs} simulated comparisons each, judged on ${PAIRED_RULES.gate.join(', ')}; looks at ${PAIRED_RULES.looks.map(({ pairs }) => pairs).join(', ')} pairs\n`);
  header();
  for (const { goal, order = 'random', ...machine } of MACHINES) {
    const judgements = Array.from({ length: runs }, (_, seed) =>
      judgePairs(simulatedPairs(blockOrder(48, seed, order), { ...machine, seed })),
    );
    const extras = [
      machine.rho ? `, AR(1) ${machine.rho} ${order}` : '',
      machine.outliers ? `, ${machine.outliers * 100}% take twice as long` : '',
    ];
    row(`+${machine.change * 100}%, block sd ${machine.sd * 100}%${extras.join('')}`, endingsOf(judgements), goal);
  }
}

/** Other work on the machine: a second of computing, then as long a pause, over and over. */
function disturb() {
  const source = `
    for (;;) {
      const until = Date.now() + 1000;
      while (Date.now() < until);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500 + 1000 * Math.random());
    }`;
  return new Worker(source, { eval: true });
}

async function measure(verdicts) {
  console.log(`\n${verdicts} real comparisons each${values.disturb ? ', with other work on the machine' : ''}\n`);
  header();
  for (const change of values.change.split(',').map(Number)) {
    const goal = change === 0 ? { alarms: 0.05 } : { passed: 0.05 };
    const real = await startReal(change);
    const other = values.disturb ? disturb() : null;
    const runs = [];
    const startedAt = performance.now();
    try {
      for (let seed = 0; seed < verdicts; seed++) {
        runs.push(await real.run(seed));
        process.stderr.write(`\r${seed + 1} of ${verdicts}`);
      }
    } finally {
      await Promise.all([real.stop(), other?.terminate()]);
      process.stderr.write('\r\u001b[K');
    }
    row(`the same server${change ? ` with ${change * 100}% more latency` : ' twice'}`, endingsOf(runs.map(({ judgement }) => judgement)), goal);
    const seconds = (performance.now() - startedAt) / 1000 / verdicts;
    const { noise } = selfCheck(runs.map(({ pairs }) => ({ base: 'base', head: 'head', load: { model: 'closed', users: 20 }, seed: 1, pairs })));
    const floors = noise.map(({ metric, floor, smallest }) => `${metric} ${(100 * floor).toFixed(2)}% (sees ${(100 * smallest).toFixed(2)}%)`);
    console.log(`  ${seconds.toFixed(0)} s to a verdict; sd of the log ratio of a pair: ${floors.join(', ')}`);
  }
}

if (values.real === undefined) simulate(Number(values.runs));
else await measure(Number(values.real));
