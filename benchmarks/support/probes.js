/** How far apart two probes of one machine are: what each tells of the reply and of a call, at three paces. */
import { measureMachine } from '../../dist/experiment/machine.js';
import { planTrials } from '../../dist/experiment/plan.js';
import { runTrial } from '../../dist/experiment/trial.js';
import { MEMORY } from '../../dist/events/settings.js';
import { parseScenario } from '../../dist/scenarios/parse.js';
import { subjectOf } from '../../dist/scenarios/subject.js';

const PACES = [20, 60, 150];

/** Prints a line for each probe, and how far the medians of the reply are from one to the next. */
export async function measureProbes(count) {
  const scenario = parseScenario('services: { note: 10ms }\nsteps: [note]', { file: 'probes.yaml' });
  console.log('requests/s   reply p50     p95   call p50     p95   ms');
  for (const pace of PACES) {
    const plan = planTrials({ ...scenario, load: { ...scenario.load, users: [], rates: [pace] } }, [subjectOf(scenario, 'event-driven')], 1, MEMORY);
    const medians = [];
    for (let probe = 0; probe < count; probe++) {
      const machine = await measureMachine(plan, runTrial, new AbortController().signal);
      if (!machine) continue;
      medians.push(at(machine.reply, 0.5));
      const told = [at(machine.reply, 0.5), at(machine.reply, 0.95), at(machine.call, 0.5), at(machine.call, 0.95)];
      console.log(`${String(pace).padStart(10)}   ${told.map((ms, i) => ms.toFixed(2).padStart([9, 7, 10, 7][i])).join(' ')}`);
    }
    const ratios = medians.slice(1).map((ms, i) => ms / medians[i]);
    console.log(`${String(pace).padStart(10)}   ${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)} of the median before\n`);
  }
}

function at(times, part) {
  return times[Math.floor(times.length * part)];
}
