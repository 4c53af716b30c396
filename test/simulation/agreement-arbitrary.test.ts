import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { simulateTrial } from '../../src/simulation/trial.js';
import { differences } from '../support/agreement.js';
import { liveTrial } from '../support/live-trial.js';
import { cases } from '../support/properties.js';
import { arbitraryTrial } from './arbitrary-trial.js';

describe('arbitrary trials', () => {
  it('are the same, live and simulated', async () => {
    const agree = fc.asyncProperty(arbitraryTrial, async (trial) => {
      expect(differences(await liveTrial(trial), simulateTrial(trial))).toEqual([]);
    });
    await fc.assert(agree, { numRuns: cases(200) });
  });
});
