// How many processes of each role a large load takes, from what a request costs each in CPU time: measured at one rate, and held against
// another one, which has to be used as much as the first one says, or less (costs fall under load). Every service and consumer keeps up, as a
// consumer that does not is as busy at any rate, and the warm-up is long enough for the code to be compiled. A process is one event loop, on
// a core of its own, and is given work for 70 % of its time. Then the same in the model: what the reply takes, simulated, with so many
// server processes, and with too few. Exit code 1 when a role is busier at the second rate than was said, by more than a tenth.
// Usage: npm run bench:machines [-- --rates 125,500 --seconds 10 --warmup 20 --bus memory|nats|... --load 50000 --users 20000 --think 1]   (nothing else should run)
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { COMMAND, recordOf, scenarioFile } from './support/bench.js';

const { values } = parseArgs({
  options: {
    rates: { type: 'string', default: '125,500' },
    seconds: { type: 'string', default: '10' },
    warmup: { type: 'string', default: '20' },
    bus: { type: 'string', default: 'nats' },
    load: { type: 'string', default: '50000' },
    users: { type: 'string', default: '20000' },
    think: { type: 'string', default: '1' },
  },
});
/** Share of its time that a process may be busy: at more, what waits for its event loop is no longer short beside the work. */
const BUSY = 0.7;
const TOLERANCE = 1.1;
/** Share of the work that too few processes can do. */
const TOO_FEW = 0.8;
/** Response time of the scenario, s: how often a user comes follows from it. */
const RESPONSE = 0.5;

const row = (cells) => console.log(cells.map((cell, i) => String(cell)[i === 0 ? 'padEnd' : 'padStart'](14)).join(''));

/** CPU time of each role, seconds of it for each request. */
function costsOf({ processes, outcomes }) {
  return Object.fromEntries(Object.entries(processes).map(([role, { cpu }]) => [role, cpu / 1000 / outcomes.sent]));
}

/** Whether each role is used as its cost at the lower rate says, or less. */
function check([low, high]) {
  const costs = costsOf(low);
  console.log(`cost at ${low.load.rate}/s, and the share of a core at ${high.load.rate}/s that it says beside the measured one`);
  row(['role', 'us/request', 'said', 'measured']);
  const others = costsOf(high);
  return Object.entries(costs).map(([role, cost]) => {
    const [said, measured] = [cost, others[role]].map((seconds) => seconds * high.load.rate);
    row([role, (1e6 * cost).toFixed(0), ...[said, measured].map((share) => `${(100 * share).toFixed(1)}%`)]);
    return measured <= TOLERANCE * said;
  }).every(Boolean);
}

/** What a program makes of the scenario, with workers for any load and something more in it. */
async function withScenario(more, run) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'sync-vs-events-'));
  try {
    const file = path.join(folder, 'scale.yaml');
    writeFileSync(file, readFileSync(scenarioFile('scale.yaml'), 'utf8').replaceAll(/workers: \d+/g, 'workers: 1000000') + more);
    return await run(file, folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What the reply takes with so many server processes, ms, simulated. */
function simulated(rate, work, processes) {
  return withScenario(`server: { processes: ${processes}, work: ${(1000 * work).toFixed(4)}ms }\n`, (file, cwd) => {
    execFileSync(process.execPath, [COMMAND, 'simulate', file, '-a', 'hybrid', '-R', String(rate), '-d', '5s', '--quiet', '-o', 'json=run.json'], { cwd, stdio: 'pipe' });
    return JSON.parse(readFileSync(path.join(cwd, 'run.json'), 'utf8')).trials[0].responseTime;
  });
}

async function plan(what, rate, costs) {
  console.log(`\n${what}: ${rate.toFixed(0)} requests a second`);
  row(['role', 'cores of work', 'processes']);
  const processesOf = (cost) => Math.ceil((rate * cost) / BUSY);
  for (const [role, cost] of Object.entries(costs)) row([role, (rate * cost).toFixed(1), processesOf(cost)]);
  const { server } = costs;
  for (const processes of [processesOf(server), Math.floor(TOO_FEW * rate * server)].filter((count) => count > 0)) {
    const { p50, p99 } = await simulated(Math.round(rate), server, processes);
    console.log(`  simulated with ${processes} server processes: p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`);
  }
}

console.log(`node ${process.version}, ${os.cpus().length} cores (${os.cpus()[0]?.model}), windows of ${values.seconds} s, load average ${os.loadavg()[0].toFixed(2)}\n`);
const load = ['-R', values.rates, '-d', `${values.seconds}s`, '--warmup', `${values.warmup}s`];
const { trials } = await withScenario('', (file) => recordOf(['bench', file, '-a', 'hybrid', ...load, '--bus', values.bus]));
for (const { load: { rate }, validity } of trials) for (const sentence of validity.problems) console.log(`${rate}/s: ${sentence}`);
const met = check(trials);
const costs = costsOf(trials[1]);
console.log(`\nat the cost measured at ${trials[1].load.rate}/s, with processes busy for ${100 * BUSY}% of their time`);
await plan(`${values.load}/s`, Number(values.load), costs);
await plan(`${values.users} users who think ${values.think} s`, Number(values.users) / (RESPONSE + Number(values.think)), costs);
process.exitCode = met ? 0 : 1;
