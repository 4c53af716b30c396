// One system on hosts of its own, loaded by Locust (a master and two workers) and then by our own generator: 1,000 users who send
// about 500 requests a second, and 500 a second. The hosts are imitated: a network namespace and a monotonic clock for each
// process, wires of 5 ms to services, consumers and workers (support/hosts-run.js), which delay every packet as `tc netem` would.
// Exit code 1 when rows, sent and the server's count differ, the ledger does not balance, an event lag is further from the truth than
// the stated bound, or the p50 of both generators are more than 3 % apart. Linux, as root, with Locust and nats-server.
// Usage: npm run bench:hosts [-- --users 1000 --rate 500 --seconds 20 --only users|rate]   (nothing else should run on the machine)
import { readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { decodeFloats } from '../dist/measurement/samples.js';
import { HostsRun } from './support/hosts-run.js';

const { values } = parseArgs({
  options: { users: { type: 'string', default: '1000' }, rate: { type: 'string', default: '500' }, seconds: { type: 'string', default: '20' }, only: { type: 'string' } },
});
const APART = 0.03;
const RATE = Number(values.rate);
const USERS = Number(values.users);
/** Two calls of 25 ms, and the wires of the generator, and twice of the services, there and back. */
const UNLOADED = 80;
/** As many as do not quite keep up, so that a lag is long enough for clocks behind wires: 40 ms of work, and two wires there and back. */
const WORKERS = Math.ceil(0.95 * RATE * 0.06);
const SHOP = `
services: { payment: { latency: 25ms, workers: 1000 }, inventory: { latency: 25ms, workers: 1000 }, email: { latency: 40ms, workers: ${WORKERS} } }
steps: [payment!, inventory!, email]
load: { users: [1], drain: 60s }
`;
const TIMES = ['-d', `${values.seconds}s`, '--warmup', '5s'];
const THINK = Math.max(1, Math.round((1000 * USERS) / RATE - UNLOADED));
const LOADS = { users: ['-c', String(USERS), '--think', `${THINK}ms`, ...TIMES], rate: ['-R', String(RATE), ...TIMES] };
const WHAT = { users: `${USERS} users`, rate: `${RATE}/s` };
const row = (cells) => console.log(cells.map((cell, i) => String(cell)[i < 2 ? 'padEnd' : 'padStart']([13, 8, 8, 8, 9, 11, 10, 10, 9, 9, 8, 9, 10][i])).join(''));

/** The trial that Locust and the roles make, with what is wrong in its books. */
async function withLocust(load) {
  const run = new HostsRun();
  try {
    await run.start(SHOP);
    await run.loadWithLocust(...load);
    const codes = await run.finish();
    const { trial } = await run.commands.collected('load');
    const { acknowledged, processed, lost, pending, samples } = trial.events;
    const measured = decodeFloats(samples.lag);
    const off = Math.max(...run.trueLags().map((lag, i) => Math.abs(lag - measured[i])));
    const { lagBound } = trial.clocks;
    const wrong = [
      ...(codes.some((code) => code !== 0) ? [`exit codes ${codes.join(', ')}`] : []),
      ...(trial.outcomes.sent === trial.server.received ? [] : ['the server counted another number']),
      ...(acknowledged === processed && lost + pending === 0 ? [] : ['the ledger does not balance']),
      ...(off <= lagBound + 0.01 ? [] : ['a lag is further from the truth than its bound']),
      // Rows against the engine's own count, and workers that told no last row.
      ...trial.validity.problems.filter((problem) => /books|index of another|last row|role|bus held/.test(problem)),
    ];
    return { trial, received: trial.server.received, lag: [trial.events.lag.p50, off, lagBound], cpu: trial.processes, wrong };
  } finally {
    await run.end();
  }
}

/** The same from our own generator, which has its books itself; the server's count is in the folder of the run. */
async function withOurs(load) {
  const run = new HostsRun();
  try {
    await run.start(SHOP);
    const { code, said, file } = await run.loadWithOurs(...load);
    if (code !== 0 && code !== 3) throw new Error(said);
    await run.finish();
    const [trial] = JSON.parse(readFileSync(file, 'utf8')).trials;
    const received = readFileSync(path.join(run.commands.folder, 'load', 'received')).length;
    return { trial, received, wrong: trial.outcomes.sent === received ? [] : ['the server counted another number'] };
  } finally {
    await run.end();
  }
}

function print(name, what, { trial, received, lag, cpu, wrong }) {
  const { outcomes, responseTime } = trial;
  const times = [responseTime.p50, responseTime.p99, ...(lag ?? [])].map((ms) => ms.toFixed(lag && ms < 100 ? 2 : 1));
  const costs = ['server', 'services', 'consumers'].map((role) => (cpu?.[role] ? ((1000 * cpu[role].cpu) / outcomes.sent).toFixed(0) : '-'));
  row([what, name, outcomes.sent, received, outcomes.sent - outcomes.ok, ...times, ...Array(lag ? 0 : 3).fill('-'), ...costs]);
  for (const sentence of [...wrong, ...trial.validity.problems]) console.log(`  ${sentence}`);
}

console.log(`node ${process.version}, ${os.cpus().length} cores (${os.cpus()[0]?.model}), windows of ${values.seconds} s, load average ${os.loadavg()[0].toFixed(2)}; times in ms, CPU in us per request\n`);
row(['load', 'from', 'sent', 'server', 'failed', 'p50', 'p99', 'lag p50', 'off by', 'bound', 'server', 'services', 'consumers']);
let met = true;
for (const [kind, load] of Object.entries(LOADS).filter(([name]) => !values.only || name === values.only)) {
  const locust = await withLocust(load);
  print('locust', WHAT[kind], locust);
  const ours = await withOurs(load);
  print('ours', WHAT[kind], ours);
  const apart = Math.abs(locust.trial.responseTime.p50 / ours.trial.responseTime.p50 - 1);
  console.log(`p50 are ${(100 * apart).toFixed(1)}% apart   goal ${100 * APART}%   ${apart <= APART ? 'met' : 'MISSED'}\n`);
  if (apart > APART || locust.wrong.length + ours.wrong.length > 0) met = false;
}
process.exitCode = met ? 0 : 1;
