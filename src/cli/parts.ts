import type { ComparePaired } from '../experiment/paired.js';
import type { startServing } from '../experiment/processes.js';
import type { StartSimulations } from '../experiment/simulations.js';
import type { RunTrial } from '../experiment/trial.js';

/** What a test replaces: without it, trials are run, pairs of blocks are measured and subjects are served for real, and simulations take all cores. */
export interface Parts {
  runTrial?: RunTrial;
  comparePaired?: ComparePaired;
  simulations?: StartSimulations;
  startServing?: typeof startServing;
}
