// The load generator against autocannon alone and wrk, in turn on the same trivial server: CPU time of the generator per
// request when the server answers at once, whether the percentiles agree when it answers after 100 ms, and how even the
// arrivals are at 200 a second. Exit code 1 when percentiles differ by more than 5 % or gaps by more than 10 %.
// Usage: npm run bench:generator [-- --seconds 8]   (nothing else should run on the machine)
import { fork } from 'node:child_process';
import { once } from 'node:events';
import os from 'node:os';
import { parseArgs } from 'node:util';
import { generate, percentileOf } from './support/generator.js';
import { hasWrk, runWrk } from './support/wrk.js';

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '8' } } });
const seconds = Number(values.seconds);
const AGREEMENT = 0.05;
const EVENNESS = 0.1;
const RATE = 200;

async function ours(url, connections) {
  const { observations, usage } = await generate(url, { model: 'closed', users: connections }, seconds);
  const { index, intendedAt, endedAt } = observations;
  const times = Array.from(endedAt, (at, row) => at - intendedAt[row]).filter((_, row) => index[row] >= 0);
  return { requests: times.length, cpu: usage.cpu, p50: percentileOf(times, 0.5), p99: percentileOf(times, 0.99), rate: times.length / seconds };
}

async function autocannonAlone(url, connections) {
  const child = fork(new URL('support/autocannon-alone.js', import.meta.url), [url, connections, seconds].map(String));
  return (await once(child, 'message'))[0];
}

const generators = { ours, autocannon: autocannonAlone, ...(hasWrk() ? { wrk: (url, connections) => runWrk(url, { connections, seconds }) } : {}) };
const row = (cells) => console.log(cells.map((cell, i) => String(cell)[i === 0 ? 'padEnd' : 'padStart'](12)).join(''));

/** A load of each generator on a fresh server. */
async function compare(latency, connections) {
  console.log(`\n${connections} connections, answers ${latency === 0 ? 'at once' : `after ${latency} ms`}`);
  row(['generator', 'requests/s', 'us/request', 'p50 ms', 'p99 ms']);
  const results = {};
  for (const [name, run] of Object.entries(generators)) {
    const server = fork(new URL('support/timed-server.js', import.meta.url), [String(latency)]);
    const [port] = await once(server, 'message');
    const result = await run(`http://127.0.0.1:${port}/`, connections);
    server.kill();
    results[name] = result;
    const { requests, rate, cpu, p50, p99 } = result;
    row([name, rate.toFixed(0), ((1000 * cpu) / requests).toFixed(1), p50.toFixed(2), p99.toFixed(2)]);
  }
  return results;
}

/** How far the gaps between arrivals are from even, as shares of a gap. */
async function evenness() {
  const server = fork(new URL('support/timed-server.js', import.meta.url), ['20']);
  const [port] = await once(server, 'message');
  const { observations } = await generate(`http://127.0.0.1:${port}/`, { model: 'open', rate: RATE, arrivals: 'even' }, seconds);
  server.kill();
  const sent = Array.from(observations.sentAt).filter((_, position) => observations.index[position] >= 0);
  const off = sent.slice(1).map((at, i) => Math.abs(((at - sent[i]) * RATE) / 1000 - 1));
  return { p50: percentileOf(off, 0.5), p99: percentileOf(off, 0.99) };
}

console.log(`node ${process.version}, ${os.cpus().length} cores (${os.cpus()[0]?.model}), windows of ${seconds} s`);
if (!generators.wrk) console.log('wrk is not here: compared with autocannon alone.');
await compare(0, 10);
const { ours: own, ...others } = await compare(100, 100);
let met = true;
for (const [name, { p50, p99 }] of Object.entries(others)) {
  const apart = Math.max(Math.abs(own.p50 / p50 - 1), Math.abs(own.p99 / p99 - 1));
  met &&= apart <= AGREEMENT;
  console.log(`p50 and p99 are within ${(100 * apart).toFixed(1)}% of ${name}'s   goal ${100 * AGREEMENT}%   ${apart <= AGREEMENT ? 'met' : 'MISSED'}`);
}
const { p50, p99 } = await evenness();
met &&= p99 <= EVENNESS;
console.log(`\ngaps at ${RATE} a second are even to ${(100 * p50).toFixed(1)}% (p50), ${(100 * p99).toFixed(1)}% (p99)   goal ${100 * EVENNESS}%   ${p99 <= EVENNESS ? 'met' : 'MISSED'}`);
process.exitCode = met ? 0 : 1;
