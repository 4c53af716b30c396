// The load generator against autocannon alone and wrk, in turn on the same trivial server: CPU time of the generator per
// request when the server answers at once, whether the percentiles agree when it answers after 100 ms, and how even the
// arrivals are at 200 a second, as the server sees them, beside a bare timer at the same time. Exit code 1 when percentiles
// differ by more than 5 %, or gaps by more than 10 % where those of the bare timer do not.
// Usage: npm run bench:generator [-- --seconds 8] [-- --only evenness]   (nothing else should run on the machine)
import { fork } from 'node:child_process';
import { once } from 'node:events';
import os from 'node:os';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { generate, percentileOf } from './support/generator.js';
import { hasWrk, runWrk } from './support/wrk.js';

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '8' }, only: { type: 'string' } } });
const seconds = Number(values.seconds);
const AGREEMENT = 0.05;
const EVENNESS = 0.1;
const RATE = 200;
const GAP_MS = 1000 / RATE;
/** Windows at most, until the machine lets a bare timer be even in one. */
const WINDOWS = 5;

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

/** Who agrees with whom on the percentiles of a server that takes its time. */
async function agreement() {
  await compare(0, 10);
  const { ours: own, ...others } = await compare(100, 100);
  return Object.entries(others).map(([name, { p50, p99 }]) => {
    const apart = Math.max(Math.abs(own.p50 / p50 - 1), Math.abs(own.p99 / p99 - 1));
    console.log(`p50 and p99 are within ${(100 * apart).toFixed(1)}% of ${name}'s   goal ${100 * AGREEMENT}%   ${apart <= AGREEMENT ? 'met' : 'MISSED'}`);
    return apart <= AGREEMENT;
  });
}

/** How far gaps between moments are from even, as percentiles of shares of a gap. */
function unevenness(moments) {
  const off = moments.slice(1).map((at, i) => Math.abs((at - moments[i]) / GAP_MS - 1));
  return { p50: percentileOf(off, 0.5), p99: percentileOf(off, 0.99) };
}

/** One window, in which a bare timer runs at the same time: whatever else the machine does comes over both. */
async function evenWindow() {
  const server = fork(new URL('support/timed-server.js', import.meta.url), ['20']);
  const [port] = await once(server, 'message');
  const thread = new Worker(new URL('support/even-thread.js', import.meta.url), { workerData: GAP_MS });
  const { observations, window } = await generate(`http://127.0.0.1:${port}/`, { model: 'open', rate: RATE, arrivals: 'even' }, seconds);
  thread.postMessage('enough', []);
  server.send('enough');
  const [[woken], [came]] = await Promise.all([once(thread, 'message'), once(server, 'message')]);
  server.kill();
  const within = (at) => at >= window.startAt && at < window.endAt;
  const sent = Array.from(observations.sentAt).filter((_, position) => observations.index[position] >= 0);
  return { 'bare timer': unevenness(woken.filter(within)), sent: unevenness(sent), arrived: unevenness(came.filter(within)) };
}

/** Windows until the machine is quiet in one; whether arrivals are even in it. */
async function evenness() {
  const percent = (share) => `${(100 * share).toFixed(1)}%`;
  console.log(`\ngaps at ${RATE} a second: how far from even`);
  row(['', 'p50', 'p99', 'of timer', 'load']);
  for (let i = 0; i < WINDOWS; i++) {
    const results = await evenWindow();
    const { 'bare timer': bare, arrived } = results;
    for (const [name, { p50, p99 }] of Object.entries(results)) row([name, percent(p50), percent(p99), (p99 / bare.p99).toFixed(2), os.loadavg()[0].toFixed(2)]);
    if (bare.p99 > EVENNESS) continue;
    const met = arrived.p99 <= EVENNESS;
    console.log(`arrivals are even to ${percent(arrived.p99)} (p99), the bare timer to ${percent(bare.p99)}   goal ${100 * EVENNESS}%   ${met ? 'met' : 'MISSED'}`);
    return met;
  }
  console.log(`not judged: in none of ${WINDOWS} windows was a bare timer even to ${100 * EVENNESS}% (p99) on this machine`);
  return true;
}

console.log(`node ${process.version}, ${os.cpus().length} cores (${os.cpus()[0]?.model}), windows of ${seconds} s, load average ${os.loadavg()[0].toFixed(2)}`);
if (!generators.wrk) console.log('wrk is not here: compared with autocannon alone.');
const met = values.only === 'evenness' ? [] : await agreement();
met.push(await evenness());
process.exitCode = met.every(Boolean) ? 0 : 1;
