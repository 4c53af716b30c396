// A long load, and the memory of every process while it lasts: 200 orders a second on hybrid. What is kept for the record
// (a row for each request, call and event) grows by some hundred bytes a request; more than that is a leak. Linux only.
// Exit code 1 when a process grows after the first minute by more than a kilobyte a request, and what garbage may wait for collection.
// Usage: npm run bench:soak -- --minutes 30
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { COMMAND, scenarioFile } from './support/bench.js';

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '30' } } });
const RATE = 200;
const GOAL = 1024;
/** Garbage that may not have been collected yet, bytes: it does not grow with the run. */
const GARBAGE = 32e6;
const EVERY = 1000;
const seconds = 60 * Number(values.minutes);

if (!existsSync('/proc/self/statm')) {
  console.error('The memory of processes is read from /proc, which is not here: run this on Linux.');
  process.exit(2);
}

/** Resident bytes of a process and its children, by what they are; those that are gone are left out. */
function memoryOf(pid) {
  const children = readdirSync('/proc').filter((entry) => /^\d+$/.test(entry) && parentOf(entry) === pid);
  const named = children.map((child) => [/dist\/bundle\/(\w+)-process\.js/.exec(textOf(child, 'cmdline'))?.[1], Number(child)]);
  return Object.fromEntries([['command', pid], ...named.filter(([name]) => name)].map(([name, id]) => [name, residentOf(id)]));
}

function textOf(pid, file) {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

// The name of a program stands in brackets and may hold anything; what follows is numbers.
const parentOf = (pid) => Number(textOf(pid, 'stat').split(') ')[1]?.split(' ')[1]);
const residentOf = (pid) => Number(textOf(pid, 'statm').split(' ')[1] ?? 0) * 4096;

/** Bytes per second by least squares over samples of [seconds, bytes]. */
function slopeOf(samples) {
  const mean = (of) => samples.reduce((sum, sample) => sum + of(sample), 0) / samples.length;
  const [x, y] = [mean(([at]) => at), mean(([, bytes]) => bytes)];
  return mean(([at, bytes]) => (at - x) * (bytes - y)) / mean(([at]) => (at - x) ** 2);
}

const folder = mkdtempSync(path.join(os.tmpdir(), 'sync-vs-events-'));
const file = path.join(folder, 'record.json');
const args = ['bench', scenarioFile('fidelity.yaml'), '-a', 'hybrid', '-R', String(RATE), '-d', `${seconds}s`, '--no-progress', '--quiet', '-o', `json=${file}`];
const bench = spawn(process.execPath, [COMMAND, ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
const startedAt = performance.now();
const samples = {};
const sampling = setInterval(() => {
  const at = (performance.now() - startedAt) / 1000;
  // The end is the folding of the books, and not the load.
  if (at > seconds) return;
  for (const [name, bytes] of Object.entries(memoryOf(bench.pid))) if (bytes > 0) (samples[name] ??= []).push([at, bytes]);
}, EVERY);
const code = await new Promise((resolve) => bench.on('close', resolve));
clearInterval(sampling);
const [trial] = code === 0 || code === 3 ? JSON.parse(readFileSync(file, 'utf8')).trials : [];
rmSync(folder, { recursive: true });
if (trial?.state !== 'measured') throw new Error(`the bench ended with code ${code}: ${trial?.message ?? 'no record'}`);

// Of a run of a minute or so there is only its second half.
const settled = Math.min(60, seconds / 2);
console.log(`node ${process.version}, ${trial.outcomes.sent} requests, ${trial.outcomes.ok} good, ${trial.events.lost} events lost\n`);
console.log(`process         at ${settled.toFixed(0)} s   at the end   MB/minute   bytes/request`);
let met = trial.outcomes.ok === trial.outcomes.sent && trial.events.lost === 0;
const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`.padStart(10);
for (const [name, all] of Object.entries(samples)) {
  const late = all.filter(([at]) => at >= settled);
  const slope = slopeOf(late);
  const span = late.at(-1)[0] - late[0][0];
  const good = slope * span <= GOAL * RATE * span + GARBAGE;
  met &&= good;
  console.log(
    `${name.padEnd(14)} ${megabytes(late[0][1])}   ${megabytes(late.at(-1)[1])}   ${((60 * slope) / 1e6).toFixed(2).padStart(9)}   ` +
      `${(slope / RATE).toFixed(0).padStart(13)}   ${good ? '' : 'MISSED'}`,
  );
}
process.exitCode = met ? 0 : 1;
