import type { RunTrial } from '../experiment/trial.js';

/** What a test replaces: without it, trials are run for real. */
export interface Parts {
  runTrial?: RunTrial;
}
