// How long it takes to know: `bench --compare` at planted changes of 0, 5, 20 and 100 %, and `capacity` of two architectures on five scenarios,
// its answer beside that of `capacity --simulate`. Seconds are those of the whole command, from its start to its exit.
// Usage: npm run bench:time-to-verdict [-- --only compare|capacity --checkout ../before]   (nothing else should run on the machine; about 12 minutes)
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { commandOf, recordOf } from './support/bench.js';

const { values } = parseArgs({ options: { only: { type: 'string' }, checkout: { type: 'string' } } });
const PARTS = { compare, capacity };
if (values.only !== undefined && !(values.only in PARTS)) throw new Error(`No part is called ${values.only}: ${Object.keys(PARTS).join(', ')}`);

/** Longest that a command may take, s. */
const GOALS = { doubled: 35, capacity: 75 };
/** How far the measured answer may be from the simulated one: as with bench:capacity, or the next whole user. */
const APART = 0.1;
/** Head's latencies are longer by this, and what no verdict may say of it. */
const CHANGES = [
  { change: 0, never: 'fail' },
  { change: 0.05, never: 'pass' },
  { change: 0.2, never: 'pass' },
  { change: 1, never: 'pass', goal: GOALS.doubled },
];
/** Two architectures each, whose limit is the scenario's by far, not the machine's. */
const SCENARIOS = [
  ['checkout', 'sync,hybrid'],
  ['slow-email', 'sync,hybrid'],
  ['flash-sale', 'sync,hybrid'],
  ['convert-one-step', 'sync,hybrid'],
  ['ordering', 'three,one'],
];

const command = values.checkout === undefined ? undefined : commandOf(values.checkout);
const folder = mkdtempSync(path.join(os.tmpdir(), 'sync-vs-events-'));
const load = os.loadavg()[0].toFixed(2);
console.log(`node ${process.version}, ${os.cpus().length} cores (${os.cpus()[0]?.model}), load average ${load}${values.checkout === undefined ? '' : `; the command of ${values.checkout}`}`);
try {
  for (const [name, part] of Object.entries(PARTS)) if (values.only === undefined || values.only === name) await part();
} finally {
  rmSync(folder, { recursive: true });
}

/** What a command left, and how long it took, s. */
async function timed(args) {
  const begun = performance.now();
  const record = await recordOf(args, { command });
  return { record, seconds: (performance.now() - begun) / 1000 };
}

function said(seconds, goal, isRight) {
  const met = isRight && (goal === undefined || seconds <= goal);
  if (!met) process.exitCode = 1;
  const wanted = goal === undefined ? '' : `<= ${goal} s`;
  return `${wanted.padStart(8)}  ${met ? 'met' : `MISSED${isRight ? '' : ', the answer is wrong'}`}`;
}

async function compare() {
  console.log('\nbench --compare, hybrid at 50 users, 340 ms a reply\n\nchange   seconds  verdict       pairs   p50 (interval)                 goal');
  const base = shop('base.yaml', 1);
  for (const { change, never, goal } of CHANGES) {
    const { record, seconds } = await timed(['bench', '--compare', `${base},${shop(`head-${100 * change}.yaml`, 1 + change)}`, '-a', 'hybrid', '--users', '50']);
    const p50 = record.comparisons.find(({ metric }) => metric === 'p50');
    const interval = [p50.change, p50.low, p50.high].map((share) => (share === null ? '?' : `${(100 * share).toFixed(1)}%`));
    console.log(
      `${`+${100 * change}%`.padStart(6)}${seconds.toFixed(1).padStart(10)}  ${record.verdict.padEnd(12)}${String(p50.pairs).padStart(7)}   ` +
        `${`${interval[0]} (${interval[1]} to ${interval[2]})`.padEnd(28)}${said(seconds, goal, record.verdict !== never)}`,
    );
  }
}

/** An order whose services take so many times as long. */
function shop(name, factor) {
  const file = path.join(folder, name);
  const services = Object.entries({ payment: 300, stock: 40, email: 400 }).map(([service, ms]) => `${service}: { latency: ${ms * factor}ms }`);
  writeFileSync(file, `services: { ${services.join(', ')} }\nsteps: [{ call: payment, critical: true }, { call: stock, critical: true }, email]\n`);
  return file;
}

async function capacity() {
  console.log('\ncapacity, measured and simulated: users carried (and the level beyond), good answers, what limits, and probes\n');
  for (const [name, architectures] of SCENARIOS) {
    const args = ['capacity', name, '-a', architectures];
    const measured = await timed(args);
    const simulated = await timed([...args, '--simulate']);
    const pairs = measured.record.capacity.map((live) => ({ live, virtual: simulated.record.capacity.find(({ architecture }) => architecture === live.architecture) }));
    console.log(`${name.padEnd(18)}${measured.seconds.toFixed(1).padStart(6)} s ${said(measured.seconds, GOALS.capacity, pairs.every(isSame))}`);
    for (const { live, virtual } of pairs) console.log(`  ${live.architecture.padEnd(8)} ${answer(live).padEnd(44)} simulated ${answer(virtual)}`);
  }
}

/** Both know, and of the same level. */
function isSame({ live, virtual }) {
  const apart = Math.abs(live.most - virtual.most);
  return live.end === virtual.end && (apart <= 1 || apart / virtual.most <= APART);
}

function answer({ most, beyond, perSecond, end, limit, probes }) {
  return `${most} (${beyond ?? 'nothing'}), ${perSecond?.toFixed(0) ?? '0'}/s, ${limit ?? end}, ${probes.length} probes`;
}
