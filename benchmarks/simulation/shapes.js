/**
 * How fast the simulation is on the scenarios people have, and not on one shape alone: the built-in checkout, the same with
 * lognormal latencies and with workers for everybody, retry-storm, and 50 services in a chain; requests a second of CPU on one
 * core. `--against FOLDER` measures another built checkout of the project (`git worktree add`, `npm ci`) beside it, in turn.
 */
import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const SELF = fileURLToPath(import.meta.url);
const HERE = resolve(SELF, '../../..');
const USERS = 500;
const ROUNDS = 2;

/** Each world: how its scenario is made, and for how many simulated seconds it is run. */
const SHAPES = {
  checkout: { seconds: { sync: 3000, hybrid: 300 }, make: (builtIn) => builtIn('checkout') },
  lognormal: { seconds: { sync: 1500, hybrid: 300 }, make: (builtIn) => lognormal(builtIn('checkout')) },
  'lognormal, workers for all': { seconds: { sync: 1000, hybrid: 500 }, make: (builtIn) => ample(lognormal(builtIn('checkout'))) },
  'retry-storm': { seconds: { naive: 2000, hybrid: 4000 }, rate: 150, make: (builtIn) => builtIn('retry-storm') },
  'chain of 50': { seconds: { sync: 60, hybrid: 60 }, make: (builtIn) => chain(builtIn('checkout')) },
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
  scenario.steps = scenario.services.map(({ name }, i) => ({ ...step, name, call: name, critical: i < 25, after: [] }));
  scenario.event.consumers = scenario.services.slice(25).map(({ name }) => ({ ...consumer, name, call: name, workers: 100 }));
  return scenario;
}

/** One trial in this process: millions of requests a second of CPU. */
async function measure(folder, shape, subject) {
  const load = (file) => import(`${folder}/dist/${file}`);
  const [{ builtIn }, { subjectOf }, { simulateTrial }] = await Promise.all(
    ['scenarios/library/library.js', 'scenarios/subject.js', 'simulation/trial.js'].map(load),
  );
  const { make, seconds, rate } = SHAPES[shape];
  const input = {
    architecture: subject, base: subject, round: 1, subject: subjectOf(make(builtIn), subject), seed: 1, warmup: 0, think: 0,
    load: rate ? { model: 'open', rate } : { model: 'closed', users: USERS },
    duration: seconds[subject] * 1000, drain: 2000, timeout: 10_000, entry: 1000,
  };
  const before = process.cpuUsage();
  const { outcomes } = simulateTrial(input);
  const { user, system } = process.cpuUsage(before);
  return outcomes.sent / (user + system);
}

/** The best of some processes of their own, those of all folders in turn. */
function bestOf(folders, shape, subject) {
  const best = folders.map(() => 0);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [i, folder] of folders.entries()) {
      best[i] = Math.max(best[i], Number(execFileSync(process.execPath, [SELF, folder, shape, subject], { encoding: 'utf8' })));
    }
  }
  return best;
}

/** Prints a line for each world. @param against another checkout, or undefined */
export function compareShapes(against) {
  const folders = against === undefined ? [HERE] : [HERE, resolve(against)];
  console.log(`\nMillions of requests a second of CPU, ${USERS} users, best of ${ROUNDS} processes${against ? `, beside ${against}` : ''}:\n`);
  for (const [shape, { seconds }] of Object.entries(SHAPES)) {
    for (const subject of Object.keys(seconds)) {
      const [here, there] = bestOf(folders, shape, subject);
      const beside = there === undefined ? '' : `   ${there.toFixed(3)} there, ${(here / there).toFixed(2)} of it`;
      console.log(`${`${shape}, ${subject}`.padEnd(36)} ${here.toFixed(3).padStart(7)}${beside}`);
    }
  }
}

if (process.argv[1] === SELF) console.log(await measure(...process.argv.slice(2)));
