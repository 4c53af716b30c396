import { readFileSync } from 'node:fs';
import { it } from 'vitest';
import { simulateTrial } from '../src/simulation/trial.js';
import { differences } from './support/agreement.js';
import { liveTrial } from './support/live-trial.js';
import { decodeSamples } from '../src/measurement/samples.js';

it('one', async () => {
  const trial = JSON.parse(readFileSync('/tmp/case.json', 'utf8'));
  const live = await liveTrial(trial);
  const sim = simulateTrial(trial);
  console.log(differences(live, sim).slice(0, 10).join('\n'));
  const [a, b] = [decodeSamples(live.samples), decodeSamples(sim.samples)];
  let shown = 0;
  for (let i = 0; i < Math.max(a.start.length, b.start.length) && shown < 6; i++) if (a.start[i] !== b.start[i] || a.time[i] !== b.time[i] || a.outcome[i] !== b.outcome[i]) { shown++; console.log(i, 'live', a.start[i], a.time[i], a.outcome[i], 'sim', b.start[i], b.time[i], b.outcome[i]); }
}, 600_000);
