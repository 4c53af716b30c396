// One system on hosts of its own, loaded by Locust (a master and two workers) and by our own generator, in turns: 1,000 users who send
// about 500 requests a second, and 500 a second. The hosts are imitated: a network namespace and a monotonic clock for each
// process, wires of 5 ms to services, consumers and workers (support/hosts-run.js), which delay every packet as `tc netem` would.
// Two chains: the reply of the built-in checkout (300 and 200 ms), with workers for this load, whose p50 are judged; and a reply of 50 ms of
// work, which is shown. What hosts would not share, the cores of one machine, is a few milliseconds more under Locust, whatever the chain.
// Exit code 1 when rows, sent and the server's count differ, the ledger does not balance, an event lag is further from the truth than
// the stated bound, or the p50 of both generators are more than 3 % apart with the checkout. Linux, as root, with Locust and nats-server.
// Usage: npm run bench:hosts [-- --users 1000 --rate 500 --seconds 20 --rounds 2 --only users|rate --chain checkout|short]   (nothing else should run on the machine)
import { readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { decodeFloats } from '../dist/measurement/samples.js';
import { HostsRun } from './support/hosts-run.js';

const { values } = parseArgs({
  options: {
    users: { type: 'string', default: '1000' },
    rate: { type: 'string', default: '500' },
    seconds: { type: 'string', default: '20' },
    rounds: { type: 'string', default: '2' },
    only: { type: 'string' },
    chain: { type: 'string' },
  },
});
const APART = 0.03;
const RATE = Number(values.rate);
const USERS = Number(values.users);
/** The wires of the generator, and twice of the services, there and back, ms. */
const WIRES = 30;
/** Work of the calls, ms: of those that the reply waits for, and of the consumer's. */
const CHAINS = {
  checkout: { payment: 300, inventory: 200, email: 400, isJudged: true },
  short: { payment: 25, inventory: 25, email: 40, isJudged: false },
};
const TIMES = ['-d', `${values.seconds}s`, '--warmup', '5s'];
const KINDS = ['users', 'rate'];
const WHAT = { users: `${USERS} users`, rate: `${RATE}/s` };

/** As many workers as do not quite keep up, so that a lag is long enough for clocks behind wires: their work, and two wires there and back. */
function shopOf({ payment, inventory, email }) {
  const workers = Math.ceil((0.95 * RATE * (email + 20)) / 1000);
  return `
services: { payment: { latency: ${payment}ms, workers: 1000 }, inventory: { latency: ${inventory}ms, workers: 1000 }, email: { latency: ${email}ms, workers: ${workers} } }
steps: [payment!, inventory!, email]
load: { users: [1], drain: 60s }
`;
}

/** Options of a load; users pause so that they send about the rate. */
function loadOf(kind, { payment, inventory }) {
  const think = Math.max(1, Math.round((1000 * USERS) / RATE - payment - inventory - WIRES));
  return [...(kind === 'users' ? ['-c', String(USERS), '--think', `${think}ms`] : ['-R', String(RATE)]), ...TIMES];
}

const row = (cells) => console.log(cells.map((cell, i) => String(cell)[i < 2 ? 'padEnd' : 'padStart']([22, 8, 8, 8, 9, 11, 10, 10, 9, 9, 8, 9, 10][i])).join(''));

/** The run under way: hosts are removed where it is interrupted as well. */
let underWay;
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => void underWay?.end().finally(() => process.exit(1)));
}

/** The trial that Locust and the roles make, with what is wrong in its books. */
async function withLocust(shop, load) {
  const run = (underWay = new HostsRun());
  try {
    await run.start(shop);
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
async function withOurs(shop, load) {
  const run = (underWay = new HostsRun());
  try {
    await run.start(shop);
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

/** A load on a chain, from both in turns. @returns whether the books balance and, where it is judged, p50 agree */
async function compare(name, kind) {
  const chain = CHAINS[name];
  const runs = { locust: [], ours: [] };
  for (let round = 0; round < Number(values.rounds); round += 1) {
    for (const [from, run] of [['locust', withLocust], ['ours', withOurs]]) {
      const made = await run(shopOf(chain), loadOf(kind, chain));
      print(from, `${name}, ${WHAT[kind]}`, made);
      runs[from].push(made);
    }
  }
  const [theirs, ours] = [runs.locust, runs.ours].map((all) => all.reduce((sum, { trial }) => sum + trial.responseTime.p50, 0) / all.length);
  const apart = theirs / ours - 1;
  const isMet = Math.abs(apart) <= APART;
  const judged = chain.isJudged ? `goal ${100 * APART}%   ${isMet ? 'met' : 'MISSED'}` : 'shown, not judged';
  console.log(`p50 with Locust: ${(theirs - ours).toFixed(1)} ms more, ${(100 * apart).toFixed(1)}%   ${judged}\n`);
  return (isMet || !chain.isJudged) && [...runs.locust, ...runs.ours].every(({ wrong }) => wrong.length === 0);
}

console.log(`node ${process.version}, ${os.cpus().length} cores (${os.cpus()[0]?.model}), windows of ${values.seconds} s, load average ${os.loadavg()[0].toFixed(2)}; times in ms, CPU in us per request\n`);
row(['load', 'from', 'sent', 'server', 'failed', 'p50', 'p99', 'lag p50', 'off by', 'bound', 'server', 'services', 'consumers']);
const met = [];
for (const name of Object.keys(CHAINS).filter((chain) => !values.chain || chain === values.chain)) {
  for (const kind of KINDS.filter((one) => !values.only || one === values.only)) met.push(await compare(name, kind));
}
process.exitCode = met.every(Boolean) ? 0 : 1;
