/**
 * How fast the simulation is on the scenarios people have, and not on one shape alone: the built-in checkout, the same with
 * lognormal latencies and with workers for everybody, retry-storm, and 50 services in a chain; requests a second of CPU on one
 * core, beside the same world in C (world.c) where there is a compiler. `--against FOLDER` measures another built checkout of
 * the project (`git worktree add`, `npm ci`) beside it, in turn. What is to be reached is said as ratios within one run.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const SELF = fileURLToPath(import.meta.url);
const HERE = resolve(SELF, '../../..');
const USERS = 500;
const ROUNDS = 2;
/** A process spends 0.2 s before its first thousands of requests are done: a trial that much shorter is run first, unmeasured. */
const WARM_UP = 5;
/** A share of the C program of the same world, on every one; and of the engine at 23d873a, on the worlds so marked. */
const GOALS = { c: 0.5, before: 5 };

/** Each world: how its scenario is made, and for how many simulated seconds it is run. */
const SHAPES = {
  checkout: { isFaster: true, seconds: { sync: 20000, hybrid: 1000 }, make: (builtIn) => builtIn('checkout') },
  lognormal: { isFaster: true, seconds: { sync: 10000, hybrid: 1000 }, make: (builtIn) => lognormal(builtIn('checkout')) },
  'lognormal, workers for all': { seconds: { sync: 2500, hybrid: 1000 }, make: (builtIn) => ample(lognormal(builtIn('checkout'))) },
  'retry-storm': { seconds: { naive: 10000, hybrid: 20000 }, rate: 150, make: (builtIn) => builtIn('retry-storm') },
  'chain of 50': { seconds: { sync: 200, hybrid: 100 }, make: (builtIn) => chain(builtIn('checkout')) },
};

function lognormal(scenario) {
  for (const service of scenario.services) service.latency = { kind: 'lognormal', p50: service.latency.ms, p99: 3 * service.latency.ms };
  return scenario;
}

function ample(scenario) {
  for (const one of [...scenario.services, ...scenario.event.consumers]) one.workers = 2 * USERS;
  return scenario;
}

function chain(scenario) {
  const [service] = scenario.services;
  const [step] = scenario.steps;
  const [consumer] = scenario.event.consumers;
  scenario.services = Array.from({ length: 50 }, (_, i) => ({ ...service, name: `s${i}`, latency: { kind: 'lognormal', p50: 20, p99: 60 }, workers: 100 }));
  scenario.steps = scenario.services.map(({ name }, i, all) => ({ ...step, name, call: name, critical: i < 25, after: i === 0 ? [] : [all[i - 1].name] }));
  scenario.event.consumers = scenario.services.slice(25).map(({ name }) => ({ ...consumer, name, call: name, workers: 100 }));
  return scenario;
}

/** What a shape is simulated with, of a built checkout. */
async function inputOf(folder, shape, subject) {
  const [{ builtIn }, { subjectOf }] = await Promise.all(
    ['scenarios/library/library.js', 'scenarios/subject.js'].map((file) => import(`${folder}/dist/${file}`)),
  );
  const { make, seconds, rate } = SHAPES[shape];
  return {
    architecture: subject, base: subject, round: 1, subject: subjectOf(make(builtIn), subject), seed: 1, warmup: 0, think: 0,
    load: rate ? { model: 'open', rate } : { model: 'closed', users: USERS },
    duration: seconds[subject] * 1000, drain: 2000, timeout: 10_000, entry: 1000,
  };
}

/** One trial in this process: millions of requests a second of CPU, once the engine has been compiled by a shorter one. */
async function measure(folder, shape, subject) {
  const { simulateTrial } = await import(`${folder}/dist/simulation/trial.js`);
  const input = await inputOf(folder, shape, subject);
  simulateTrial({ ...input, duration: input.duration / WARM_UP });
  const before = process.cpuUsage();
  const { outcomes } = simulateTrial(input);
  const { user, system } = process.cpuUsage(before);
  return outcomes.sent / (user + system);
}

/** The world as world.c reads it: steps that the reply waits for, and consumers where the architecture publishes. */
export function worldOf({ subject, load, duration }) {
  const isHybrid = subject.architecture === 'hybrid';
  const line = (kind, { name, call, timeout, retries }) => {
    const { latency, workers, outages: [slow] } = subject.services.find((service) => service.name === call);
    const [p50, p99] = latency.kind === 'constant' ? [latency.ms, latency.ms] : [latency.p50, latency.p99];
    // Who never waits needs no workers that are told apart.
    const limit = load.users && workers >= load.users ? 0 : workers;
    return [kind, name, p50, p99, limit, timeout, retries?.attempts ?? 1, slow?.for ?? 0, slow?.factor ?? 1].join(' ');
  };
  return [
    `load ${load.users ?? 0} ${load.rate ?? 0} ${duration / 1000}`,
    ...subject.steps.filter(({ critical }) => critical || !isHybrid).map((step) => line('step', step)),
    ...(isHybrid ? subject.event.consumers.map((consumer) => line('consumer', consumer)) : []),
  ].join('\n');
}

/** The program in C, compiled into a folder; null where there is no compiler. */
export function compiledIn(folder) {
  const program = join(folder, 'world');
  try {
    execFileSync('cc', ['-O2', '-o', program, fileURLToPath(new URL('world.c', import.meta.url)), '-lm'], { stdio: 'ignore' });
    return program;
  } catch {
    return null;
  }
}

/** What the program in C says of a world. */
export function runInC(program, world) {
  const [requests, seconds, p50] = execFileSync(program, { input: world, encoding: 'utf8' }).split(' ').map(Number);
  return { requests, seconds, p50 };
}

/** Whoever is measured: this checkout, another, the program in C; each in a process of its own. */
function runnersOf(against, program, shape, subject, world) {
  const engine = (folder) => () => Number(execFileSync(process.execPath, [SELF, folder, shape, subject], { encoding: 'utf8' }));
  const inC = () => {
    const { requests, seconds } = runInC(program, world);
    return requests / seconds / 1e6;
  };
  return { here: engine(HERE), ...(program && { c: inC }), ...(against && { before: engine(resolve(against)) }) };
}

/** The best of some rounds, all in turn. */
function bestOf(runners) {
  const best = {};
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, run] of Object.entries(runners)) best[name] = Math.max(best[name] ?? 0, run());
  }
  return best;
}

function share(best, name, goal, label) {
  if (best[name] === undefined) return '';
  const ratio = best.here / best[name];
  const verdict = goal === undefined ? '' : ratio >= goal ? ' reached' : ` not ${goal}`;
  return `   ${best[name].toFixed(3).padStart(6)} ${label}: ${ratio.toFixed(2)}${verdict}`;
}

/** Prints a line for each world. @param against another checkout, or undefined */
export async function compareShapes(against) {
  const folder = mkdtempSync(join(tmpdir(), 'shapes-'));
  const program = compiledIn(folder);
  console.log(`\nMillions of requests a second of CPU, ${USERS} users, best of ${ROUNDS} processes; to reach: ${GOALS.c} of C,` +
    ` ${GOALS.before} times 23d873a on checkout and lognormal:\n`);
  for (const [shape, { seconds, isFaster }] of Object.entries(SHAPES)) {
    for (const subject of Object.keys(seconds)) {
      const world = worldOf(await inputOf(HERE, shape, subject));
      const best = bestOf(runnersOf(against, program, shape, subject, world));
      const shares = share(best, 'c', GOALS.c, 'in C') + share(best, 'before', isFaster ? GOALS.before : undefined, `at ${against}`);
      console.log(`${`${shape}, ${subject}`.padEnd(36)} ${best.here.toFixed(3).padStart(7)}${shares}`);
    }
  }
  rmSync(folder, { recursive: true });
}

if (process.argv[1] === SELF) console.log(await measure(...process.argv.slice(2)));
