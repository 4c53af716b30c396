// How many users the harness carries, with four real HTTP hops an order and with services that answer in the server's process,
// beside a script of an afternoon (benchmarks/naive), interleaved in one run. CPU times are microseconds per request.
// Exit code 1 when the harness, or the harness without hops, is below 95 % of the ideal.
// With --profile: what a request costs, by process and by part (sampling makes it a little slower).
// Usage: npm run bench:scale [-- --users 100,500,1000,2000 --seconds 10 --rounds 1 --only harness|unix|in-process|naive --profile]
import os from 'node:os';
import { parseArgs } from 'node:util';
import { runNaive } from './naive/run.js';
import { recordOf, scenarioFile } from './support/bench.js';
import { profiled } from './support/profile.js';

const { values } = parseArgs({
  options: {
    users: { type: 'string', default: '100,500,1000,2000' },
    seconds: { type: 'string', default: '10' },
    rounds: { type: 'string', default: '1' },
    only: { type: 'string' },
    profile: { type: 'boolean', default: false },
  },
});
const IDEAL = 500;
const GOAL = 0.95;
const seconds = Number(values.seconds);

/** By the way that calls take to the services. */
function runHarness(hop) {
  return async (users, _seconds, env) => {
    const load = ['-a', 'hybrid', '-c', String(users), '-d', `${seconds}s`, '--services', hop];
    const { trials } = await recordOf(['bench', scenarioFile('scale.yaml'), ...load], { env });
    const [trial] = trials;
    if (trial.state !== 'measured') throw new Error(trial.message);
    const { throughput, outcomes, responseTime, processes, validity } = trial;
    const cpu = Object.fromEntries(Object.entries(processes).map(([name, usage]) => [name, usage.cpu]));
    const { ok, sent } = outcomes;
    return { rate: throughput, total: ok, failed: sent - ok, p50: responseTime.p50, p99: responseTime.p99, cpu, note: validity.problems.join(' ') };
  };
}

const all = { harness: runHarness('http'), unix: runHarness('unix'), 'in-process': runHarness('in-process'), naive: runNaive };
const subjects = Object.entries(all).filter(([name]) => (values.only ? name === values.only : !values.profile || name !== 'naive'));
const columns = ['subject', 'users', 'replies/s', 'of ideal', 'p50/ideal', 'p99/ideal', 'failed', 'load', 'server', 'services'];
const row = (cells) => console.log(cells.map((cell, i) => String(cell)[i === 0 ? 'padEnd' : 'padStart'](10)).join(' '));

/** Of one process, microseconds per request of each part. */
function printParts(name, parts, perRequest) {
  console.log(`  ${name}: ${perRequest.toFixed(0)} us per request`);
  for (const [part, share] of parts) {
    const us = share * perRequest;
    if (us >= 0.5) console.log(`  ${us.toFixed(0).padStart(6)} us  ${(100 * share).toFixed(0).padStart(3)}%  ${part}`);
  }
}

console.log(`node ${process.version}, ${os.cpus().length} cores (${os.cpus()[0]?.model}), windows of ${seconds} s\n`);
row(columns);
let met = true;
for (let round = 0; round < Number(values.rounds); round++) {
  for (const users of values.users.split(',').map(Number)) {
    for (const [name, run] of subjects) {
      const isProfiled = values.profile && name !== 'naive';
      const { result, parts } = isProfiled ? await profiled((env) => run(users, seconds, env)) : { result: await run(users, seconds), parts: {} };
      const { rate, total, failed, p50, p99, cpu, note } = result;
      const share = rate / (users / (IDEAL / 1000));
      if (name !== 'naive' && share < GOAL) met = false;
      const usOf = (process) => (1000 * cpu[process]) / total;
      const costs = ['load', 'server', 'services'].map((process) => (cpu[process] === undefined ? '-' : usOf(process).toFixed(0)));
      row([name, users, rate.toFixed(0), `${(100 * share).toFixed(1)}%`, (p50 / IDEAL).toFixed(3), (p99 / IDEAL).toFixed(3), failed, ...costs]);
      if (note) console.log(`  ${note}`);
      for (const [process, shares] of Object.entries(parts)) printParts(process, shares, usOf(process));
    }
  }
}
process.exitCode = met ? 0 : 1;
