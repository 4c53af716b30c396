import * as fc from 'fast-check';
import { it } from 'vitest';
import { simulateTrial } from '../src/simulation/trial.js';
import { differences } from './support/agreement.js';
import { liveTrial } from './support/live-trial.js';
import { arbitraryTrial } from './simulation/arbitrary-trial.js';

it('drive', async () => {
  const runs = Number(process.env.RUNS ?? 200);
  const result = await fc.check(fc.asyncProperty(arbitraryTrial, async (trial) => {
    const lines = differences(await liveTrial(trial), simulateTrial(trial));
    if (lines.length > 0) throw new Error(lines.slice(0, 12).join('\n'));
  }), { numRuns: runs, seed: Number(process.env.SEED ?? 1), endOnFailure: false });
  if (result.failed) {
    console.log('FAILED after', result.numRuns, 'shrinks', result.numShrinks);
    console.log(JSON.stringify(result.counterexample?.[0]));
    console.log(String((result.errorInstance as Error)?.stack ?? result.errorInstance).slice(0, 1800));
  } else console.log('ok', result.numRuns);
}, 600_000);
