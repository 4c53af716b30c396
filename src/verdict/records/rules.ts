/** How two records are compared. */
import type { Limits } from '../../measurement/schema/comparison.js';
import type { MeasuredTrial, TrialLoad } from '../../measurement/record.js';
import type { Missing } from './figures.js';

/** What is asked of a comparison of records. */
export interface RecordRules {
  /** Of every interval. */
  confidence: number;
  /** For ratios of two subjects of one run, which a change of machine leaves alone. */
  ratios: Limits;
  /** For failures and for events that went wrong, in points. */
  failures: Limits;
  /** For the error of the prediction, in points. */
  predictions: Limits;
  /** For times and throughput themselves, which are the machine's as much as the design's. */
  absolutes: Limits;
  /** Standard deviation of one and the same run from machine to machine, for `absolutes`, as a log ratio. */
  runNoise: number;
}

/** Hosted CI machines of one kind have been measured to vary by 2.7 % from run to run. */
export const RECORD_RULES: RecordRules = {
  confidence: 0.95,
  ratios: { margin: 0.1, tolerance: 0.2 },
  failures: { margin: 0.02, tolerance: 0.05 },
  predictions: { margin: 0.1, tolerance: 0.1 },
  absolutes: { margin: 0.25, tolerance: 0.5 },
  runNoise: 0.027,
};

/** All rounds of one subject under one load, in both records. */
export interface Sides {
  subject: string;
  load: TrialLoad;
  base: MeasuredTrial[] | Missing;
  head: MeasuredTrial[] | Missing;
}
