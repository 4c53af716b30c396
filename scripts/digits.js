// One line that tells all digits of the simulated built-in scenarios, each as it is and with latencies of other kinds: the same on every version of Node.
// Usage: node scripts/digits.js [folder of a package]
import { createHash } from 'node:crypto';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const [folder = '.'] = process.argv.slice(2);
const load = (file) => import(pathToFileURL(path.resolve(folder, 'dist', file)).href);
const { planTrials } = await load('experiment/plan.js');
const { builtIn, builtInNames } = await load('scenarios/library/library.js');
const { subjectNames, subjectOf } = await load('scenarios/subject.js');
const { simulateTrial } = await load('simulation/trial.js');

const KINDS = [
  null,
  { kind: 'lognormal', p50: 20, p99: 200 },
  { kind: 'exponential', mean: 30 },
  { kind: 'uniform', min: 5, max: 60 },
];
const LOADS = [
  { users: [40], rates: [] },
  { users: [], rates: [60], arrivals: 'poisson' },
];

/** A scenario with all latencies of one kind, for half a second of one load. */
function shortened(name, latency, levels) {
  const scenario = builtIn(name);
  const services = scenario.services.map((one) => (latency ? { ...one, latency } : one));
  return { ...scenario, services, load: { ...scenario.load, stages: [], until: null, rounds: 1, duration: 500, ...levels } };
}

const hash = createHash('sha256');
let count = 0;
for (const name of builtInNames()) {
  for (const latency of KINDS) {
    for (const levels of LOADS) {
      const scenario = shortened(name, latency, levels);
      const subjects = subjectNames(scenario).map((one) => subjectOf(scenario, one));
      for (const trial of planTrials(scenario, subjects, 1).trials) {
        hash.update(JSON.stringify(simulateTrial(trial)));
        count++;
      }
    }
  }
}
console.log(`${count} trials, ${hash.digest('hex')}`);
