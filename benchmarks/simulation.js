/**
 * How fast the simulation is: checkout requests per second of CPU time on one core, beside the same chain in C and in
 * Python when there is a compiler and an interpreter; its memory for runs of different length; 50,000 users of a system that
 * is sized for them, for ten simulated minutes and until p95 and p99 are known to 1 %; and on scenarios of other shapes. Run `npm run build` first.
 * `--only speed`, `shapes`, `memory` or `many` (some minutes) is a part of it; `--against FOLDER` has the shapes beside another built checkout of the project;
 * `--users` and `--seconds` are those of the comparison.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { builtIn } from '../dist/scenarios/library/library.js';
import { subjectOf } from '../dist/scenarios/subject.js';
import { simulateTrial } from '../dist/simulation/trial.js';
import { COMMAND } from './support/bench.js';
import { compareShapes, compiledIn, runInC, worldOf } from './simulation/shapes.js';

/** What is to be reached, as a share of the program in C. */
const GOAL = 0.5;
const { values: options } = parseArgs({
  options: { only: { type: 'string' }, against: { type: 'string' }, users: { type: 'string', default: '500' }, seconds: { type: 'string', default: '1500' } },
});
const USERS = Number(options.users);
const SECONDS = Number(options.seconds);
const ROUNDS = 5;
const HERE = fileURLToPath(new URL('simulation/', import.meta.url));

/** The checkout scenario with lognormal service times and room for everybody, as the other languages have it. */
function trialOf(architecture, users, seconds) {
  const scenario = builtIn('checkout');
  for (const service of scenario.services) {
    service.latency = { kind: 'lognormal', p50: service.latency.ms, p99: 3 * service.latency.ms };
    service.workers = 2 * users;
  }
  for (const consumer of scenario.event.consumers) consumer.workers = 2 * users;
  return {
    architecture, base: architecture, round: 1, load: { model: 'closed', users }, subject: subjectOf(scenario, architecture),
    seed: 1, warmup: 0, duration: seconds * 1000, drain: 2000, timeout: 10_000, entry: 1000, think: 0,
  };
}

/** Seconds of CPU include no compiling where a shorter trial has been run before. */
function ours(architecture, users = USERS, seconds = SECONDS) {
  const before = process.cpuUsage();
  const { outcomes, responseTime } = simulateTrial(trialOf(architecture, users, seconds));
  const { user, system } = process.cpuUsage(before);
  return { requests: outcomes.sent, seconds: (user + system) / 1e6, p50: responseTime.p50 };
}

/** The program in Python, which prints requests, seconds of CPU, median and what it is made with; null when it cannot be run. */
function inPython(seconds) {
  try {
    const text = execFileSync('python3', [join(HERE, 'checkout.py'), USERS, 2 * USERS, seconds].map(String), { encoding: 'utf8' });
    const [requests, cpu, p50, name] = text.trim().split(' ');
    return { requests: Number(requests), seconds: Number(cpu), p50: Number(p50), name };
  } catch {
    return null;
  }
}

const rate = ({ requests, seconds }) => requests / seconds;
const best = (runs) => runs.filter(Boolean).toSorted((a, b) => rate(b) - rate(a))[0] ?? null;

function line(name, run, reference) {
  if (!run) return console.log(`${name.padEnd(34)} not here`);
  const ratio = reference ? `${(rate(run) / rate(reference)).toFixed(2)} of C` : '';
  console.log(`${name.padEnd(34)} ${(rate(run) / 1e6).toFixed(2).padStart(6)} million requests/s   p50 ${run.p50.toFixed(1)} ms   ${ratio}`);
}

/** All programs in turn, round by round, so that a busy machine hits all alike; the best round of each counts. */
function compare() {
  const folder = mkdtempSync(join(tmpdir(), 'simulation-'));
  const program = compiledIn(folder);
  const world = worldOf(trialOf('sync', USERS, SECONDS));
  const runs = { sync: [], hybrid: [], c: [], python: [] };
  for (const architecture of ['sync', 'hybrid']) ours(architecture, USERS, SECONDS / 20);
  for (let round = 0; round < ROUNDS; round++) {
    runs.sync.push(ours('sync'));
    runs.c.push(program && runInC(program, world));
    runs.hybrid.push(ours('hybrid', USERS, SECONDS / 5));
    runs.python.push(inPython(SECONDS / 25));
  }
  rmSync(folder, { recursive: true });
  const c = best(runs.c);
  console.log(`Lognormal checkout, ${USERS} users, seconds of CPU on one core, best of ${ROUNDS}:\n`);
  line('this engine, sync (4 calls)', best(runs.sync), c);
  line('this engine, hybrid (5 calls)', best(runs.hybrid), c);
  line('C, the bare chain (4 calls)', c, c);
  const python = best(runs.python);
  line(`Python, ${python?.name ?? 'simpy or heapq'} (4 calls)`, python, c);
  if (c) judge(rate(best(runs.sync)) / rate(c));
}

function judge(share) {
  const isReached = share >= GOAL;
  console.log(`\n${isReached ? 'Reached' : 'Not reached'}: ${share.toFixed(2)} of C, the goal is ${GOAL}.`);
  if (!isReached) process.exitCode = 1;
}

function memory() {
  console.log('\nMemory after runs of different length:\n');
  for (const seconds of [60, 600, 6000]) {
    const { requests } = ours('sync', USERS, seconds);
    const { rss, heapUsed, arrayBuffers } = process.memoryUsage();
    const mb = (bytes) => `${(bytes / 1e6).toFixed(0)} MB`.padStart(7);
    console.log(`${String(requests).padStart(9)} requests: resident ${mb(rss)}, heap ${mb(heapUsed)}, arrays ${mb(arrayBuffers)}`);
  }
}

/** What 50,000 users may take, by how long is simulated: seconds of CPU, and MB where no queue grows. */
const MANY = { '--until 1%': { args: ['--until', '1%', '--max-duration', '10m'], seconds: 3 }, '10 minutes': { args: ['--duration', '10m'], seconds: 30 } };
const MOST_MB = 150;

/** The command as it is used, in a process of its own: seconds of CPU of all its threads, the most memory, and its trial. */
function simulated(subject, args) {
  const folder = mkdtempSync(join(tmpdir(), 'simulation-'));
  const told = `process.on('exit', () => { const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage(); console.error(JSON.stringify([(userCPUTime + systemCPUTime) / 1e6, maxRSS / 1000])); })`;
  const command = [COMMAND, 'simulate', join(HERE, 'many.yaml'), '-a', subject, ...args, '--no-progress', '--quiet', '-o', `json=${join(folder, 'run.json')}`];
  const { stderr, status } = spawnSync(process.execPath, ['--import', `data:text/javascript,${encodeURIComponent(told)}`, ...command], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`simulate ${subject} ${args.join(' ')} ended with ${status}: ${stderr}`);
  const [seconds, mb] = JSON.parse(stderr.trim().split('\n').at(-1));
  const [trial] = JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')).trials;
  rmSync(folder, { recursive: true });
  return { seconds, mb, trial };
}

function manyUsers() {
  console.log('\n50,000 users of a checkout that is sized for them (hybrid, constant latencies; spread, lognormal ones):\n');
  for (const [name, { args, seconds: goal }] of Object.entries(MANY)) {
    for (const subject of ['hybrid', 'spread']) {
      const { seconds, mb, trial: { outcomes, window, responseTime } } = simulated(subject, args);
      const isReached = seconds <= goal && mb <= MOST_MB;
      const what = `${outcomes.sent} requests in ${window.seconds} s after ${window.warmupSeconds.toFixed(0)}, ${((100 * outcomes.ok) / outcomes.sent).toFixed(2)} % good, p95 ${responseTime.p95.toFixed(0)} ms`;
      console.log(`${name.padEnd(11)} ${subject.padEnd(7)} ${seconds.toFixed(1).padStart(6)} s of CPU (goal ${goal}), ${mb.toFixed(0)} MB (goal ${MOST_MB}): ${isReached ? 'reached' : 'not reached'}; ${what}`);
      if (!isReached) process.exitCode = 1;
    }
  }
}

const parts = { speed: compare, shapes: () => compareShapes(options.against), memory, many: manyUsers };
for (const [name, part] of Object.entries(parts)) if (!options.only || options.only === name) await part();
