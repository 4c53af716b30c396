/** One subject under one load, compared between two records. */
import type { Comparison } from '../../measurement/schema/comparison.js';
import type { MeasuredTrial } from '../../measurement/record.js';
import { timesBesideFailures } from '../beside-failures.js';
import { judge } from '../reading.js';
import { compareCounts } from './counts.js';
import type { Figure } from './figures.js';
import { figureOf } from './figures.js';
import type { About } from './row.js';
import { frame, recordRow, unknownRow } from './row.js';
import type { RecordRules, Sides } from './rules.js';

type Rounds = readonly MeasuredTrial[];
type Place = Pick<About, 'subject' | 'load'>;

/** Failures and events strictly, the prediction, and times with a wide tolerance. */
export function compareSubject({ subject, load, base, head }: Sides, rules: RecordRules): Comparison[] {
  const place = { subject, load };
  const settings = { limits: rules.failures, confidence: rules.confidence };
  const about: About = { ...place, metric: 'failure_rate', scale: 'points' };
  if ('why' in base) return [unknownRow(about, settings, base.why)];
  if ('why' in head) return [unknownRow(about, settings, head.why)];
  return timesBesideFailures([
    ...compareCounts(place, base, head, rules),
    ...comparePrediction(place, base, head, rules),
    ...ABSOLUTES.flatMap((metric) => compareAbsolute(place, metric, base, head, rules)),
  ]);
}

/** How far the measurement is from the prediction: the model knows the scenario and not the machine. */
function comparePrediction(place: Place, base: Rounds, head: Rounds, rules: RecordRules): Comparison[] {
  const about: About = { ...place, metric: 'prediction_error', scale: 'points' };
  const settings = { limits: rules.predictions, confidence: rules.confidence };
  const [was, is] = [predictionError(base), predictionError(head)];
  if (was === null) return [];
  if (is === null) return [unknownRow(about, settings, 'the head has no prediction')];
  const change = is - was;
  const judged = judge({ estimate: change, low: change, high: change }, rules.predictions);
  return [{ ...frame(about, settings), base: was, head: is, change, low: null, high: null, ...judged }];
}

/** Mean over rounds, as a ratio; null when any has none. */
function predictionError(trials: Rounds): number | null {
  const errors = trials.map((trial) => trial.predicted?.errorPercent ?? Number.NaN);
  const mean = errors.reduce((total, error) => total + error, 0) / errors.length / 100;
  return Number.isNaN(mean) ? null : mean;
}

/** Figures that are the machine's as much as the design's. */
const ABSOLUTES = ['p50', 'p95', 'throughput', 'completion_p95'];

function compareAbsolute(place: Place, metric: string, base: Rounds, head: Rounds, rules: RecordRules): Comparison[] {
  if (metric === 'completion_p95' && base.every((trial) => trial.events === null)) return [];
  const about: About = { ...place, metric, scale: 'ratio' };
  const settings = { limits: rules.absolutes, confidence: rules.confidence };
  const [was, is] = [figureOf(base, metric), figureOf(head, metric)];
  if ('why' in was) return [unknownRow(about, settings, was.why)];
  if ('why' in is) return [unknownRow(about, settings, is.why)];
  const noisy = ({ log, error }: Figure) => ({ log, error: Math.hypot(error, rules.runNoise) });
  return [recordRow(about, settings, noisy(was), noisy(is))];
}
