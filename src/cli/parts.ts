import type { ComparePaired } from '../experiment/paired.js';
import type { RunTrial } from '../experiment/trial.js';

/** What a test replaces: without it, trials are run and pairs of blocks are measured for real. */
export interface Parts {
  runTrial?: RunTrial;
  comparePaired?: ComparePaired;
}
