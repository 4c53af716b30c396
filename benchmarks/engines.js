// Load generators beside each other on one trivial server: ours, Locust with the script that `export` writes, and wrk. What a request
// costs each in CPU time, and so where a process of it ends; p50 and p99, from the intended start (wrk: from the sending); and how even the
// arrivals are, as the server sees them: the coefficient of variation of the gaps between them, which is 0 for even ones and 1
// for a Poisson process. wrk has no rate. Shows, and judges nothing but that nobody lost a request. Linux, with Locust; wrk where it is there.
// Usage: npm run bench:engines [-- --seconds 10]   (nothing else should run on the machine)
import { fork } from 'node:child_process';
import { once } from 'node:events';
import os from 'node:os';
import { parseArgs } from 'node:util';
import { generate, percentileOf } from './support/generator.js';
import { hasLocust, runLocust } from './support/locust.js';
import { hasWrk, runWrk } from './support/wrk.js';

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '10' } } });
const seconds = Number(values.seconds);
const USERS = 10;
const RATE = 200;
/** Share of the arrivals at either end that is no part of the load as it is meant. */
const ENDS = 0.1;

/** What is loaded, and with how much: by the answer of the server after so many ms, options of ours, of Locust and of wrk. */
const LOADS = [
  { name: `${USERS} users, answers at once`, latency: 0, shape: { model: 'closed', users: USERS }, load: ['-c', String(USERS)], connections: USERS },
  { name: `${USERS * 10} users, answers after 100 ms`, latency: 100, shape: { model: 'closed', users: USERS * 10 }, load: ['-c', String(USERS * 10)], connections: USERS * 10 },
  { name: `${RATE}/s evenly, answers after 20 ms`, latency: 20, shape: { model: 'open', rate: RATE, arrivals: 'even' }, load: ['-R', String(RATE), '--arrivals', 'even'] },
  { name: `${RATE}/s as a Poisson process, answers after 20 ms`, latency: 20, shape: { model: 'open', rate: RATE, arrivals: 'poisson' }, load: ['-R', String(RATE), '--arrivals', 'poisson'] },
];

async function ours(url, { shape }) {
  const { observations, usage } = await generate(url, shape, seconds);
  const { index, intendedAt, endedAt } = observations;
  return { times: Array.from(endedAt, (at, row) => at - intendedAt[row]).filter((_, row) => index[row] >= 0), cpu: usage.cpu };
}

const summed = ({ times, cpu }) => ({ requests: times.length, cpu, p50: percentileOf(times, 0.5), p99: percentileOf(times, 0.99) });

const ENGINES = {
  ours: async (url, load) => summed(await ours(url, load)),
  ...(hasLocust() && { locust: async (url, { load }) => summed(await runLocust(url, { load, seconds })) }),
  ...(hasWrk() && { wrk: (url, { connections }) => connections && runWrk(url, { connections, seconds }) }),
};

/** Standard deviation of the gaps over their mean. */
function variation(came) {
  const middle = came.slice(Math.floor(ENDS * came.length), Math.ceil((1 - ENDS) * came.length));
  const gaps = middle.slice(1).map((at, i) => at - middle[i]);
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
  return Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length) / mean;
}

const row = (cells) => console.log(cells.map((cell, i) => String(cell)[i === 0 ? 'padEnd' : 'padStart'](14)).join(''));

/** A load of each engine, on a fresh server. @returns engines with more rows than the server has seen requests */
async function compare(load) {
  console.log(`\n${load.name}`);
  row(['engine', 'requests/s', 'us/request', 'p50 ms', 'p99 ms', 'gaps: CV']);
  const wrong = [];
  for (const [name, run] of Object.entries(ENGINES)) {
    const server = fork(new URL('support/timed-server.js', import.meta.url), [String(load.latency)]);
    const [port] = await once(server, 'message');
    const result = await run(`http://127.0.0.1:${port}/`, load);
    server.send('enough');
    const [came] = await once(server, 'message');
    server.kill();
    if (!result) continue;
    const { requests, cpu, p50, p99 } = result;
    row([name, (requests / seconds).toFixed(0), ((1000 * cpu) / requests).toFixed(1), p50.toFixed(2), p99.toFixed(2), variation(came).toFixed(3)]);
    if (requests > came.length) wrong.push(`${name} has ${requests} answers, and the server saw ${came.length} requests`);
  }
  return wrong;
}

console.log(`node ${process.version}, ${os.cpus().length} cores (${os.cpus()[0]?.model}), windows of ${seconds} s, load average ${os.loadavg()[0].toFixed(2)}`);
for (const name of ['locust', 'wrk']) if (!ENGINES[name]) console.log(`${name} is not here, and left out.`);
const wrong = [];
for (const load of LOADS) wrong.push(...(await compare(load)));
for (const sentence of wrong) console.error(sentence);
process.exitCode = wrong.length > 0 ? 1 : 0;
