import type { ComparePaired } from '../experiment/paired.js';
import type { StartSimulations } from '../experiment/simulations.js';
import type { RunTrial } from '../experiment/trial.js';

/** What a test replaces: without it, trials are run and pairs of blocks are measured for real, and simulations take all cores. */
export interface Parts {
  runTrial?: RunTrial;
  comparePaired?: ComparePaired;
  simulations?: StartSimulations;
}
