// How many users the harness carries, with four real HTTP hops an order, beside a script of an afternoon (benchmarks/naive),
// interleaved in one run. CPU times are microseconds per request. Exit code 1 when the harness is below 95 % of the ideal.
// Usage: npm run bench:scale [-- --users 100,500,1000,2000 --seconds 10 --rounds 1 --only harness]
import os from 'node:os';
import { parseArgs } from 'node:util';
import { runNaive } from './naive/run.js';
import { recordOf, scenarioFile } from './support/bench.js';

const { values } = parseArgs({
  options: {
    users: { type: 'string', default: '100,500,1000,2000' },
    seconds: { type: 'string', default: '10' },
    rounds: { type: 'string', default: '1' },
    only: { type: 'string' },
  },
});
const IDEAL = 500;
const GOAL = 0.95;
const seconds = Number(values.seconds);

async function runHarness(users) {
  const { trials } = await recordOf(['bench', scenarioFile('scale.yaml'), '-a', 'hybrid', '-c', String(users), '-d', `${seconds}s`]);
  const [trial] = trials;
  if (trial.state !== 'measured') throw new Error(trial.message);
  const { throughput, outcomes, responseTime, processes, validity } = trial;
  const cpu = Object.fromEntries(Object.entries(processes).map(([name, usage]) => [name, usage.cpu]));
  const { ok, sent } = outcomes;
  return { rate: throughput, total: ok, failed: sent - ok, p50: responseTime.p50, p99: responseTime.p99, cpu, note: validity.problems.join(' ') };
}

const subjects = Object.entries({ harness: runHarness, naive: runNaive }).filter(([name]) => !values.only || name === values.only);
const columns = ['subject', 'users', 'replies/s', 'of ideal', 'p50/ideal', 'p99/ideal', 'failed', 'load', 'server', 'services'];
const row = (cells) => console.log(cells.map((cell, i) => String(cell)[i === 0 ? 'padEnd' : 'padStart'](10)).join(' '));

console.log(`node ${process.version}, ${os.cpus().length} cores (${os.cpus()[0]?.model}), windows of ${seconds} s\n`);
row(columns);
let met = true;
for (let round = 0; round < Number(values.rounds); round++) {
  for (const users of values.users.split(',').map(Number)) {
    for (const [name, run] of subjects) {
      const { rate, total, failed, p50, p99, cpu, note } = await run(users, seconds);
      const share = rate / (users / (IDEAL / 1000));
      if (name === 'harness' && share < GOAL) met = false;
      const perRequest = ['load', 'server', 'services'].map((process) => ((1000 * cpu[process]) / total).toFixed(0));
      row([name, users, rate.toFixed(0), `${(100 * share).toFixed(1)}%`, (p50 / IDEAL).toFixed(3), (p99 / IDEAL).toFixed(3), failed, ...perRequest]);
      if (note) console.log(`  ${note}`);
    }
  }
}
process.exitCode = met ? 0 : 1;
