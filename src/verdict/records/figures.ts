/** The figures of one subject under one load, over all rounds of a record, each with how far it is known. */
import { sameLoad } from '../../measurement/loads.js';
import type { MeasuredTrial, RunRecord, TrialLoad } from '../../measurement/record.js';
import { normalQuantile } from '../../scenarios/normal.js';
import { CONFIDENCE } from '../measured.js';
import { metricNamed } from '../metrics.js';
import { pairedTest } from '../pairs/paired-test.js';

/** Something that could not be had, and the reason in words. */
export interface Missing {
  why: string;
}

/** A positive quantity by its logarithm, to which ratios belong, and its standard error. */
export interface Figure {
  log: number;
  error: number;
}

/**
 * The measured trials of a subject under a load. Every round has to have been measured and be valid: the others may be
 * those that went well.
 */
export function roundsOf(
  record: RunRecord,
  side: 'base' | 'head',
  subject: string,
  load: TrialLoad,
): MeasuredTrial[] | Missing {
  const rounds: MeasuredTrial[] = [];
  for (const trial of record.trials) {
    if (trial.architecture !== subject || !sameLoad(trial.load, load)) continue;
    if ('message' in trial) return { why: `the ${side} has a trial that was ${trial.state}: ${trial.message}` };
    if (!trial.validity.valid) return { why: `the ${side} has an invalid trial: ${trial.validity.problems.join(' ')}` };
    rounds.push(trial);
  }
  const planned = record.plan.trials.filter((trial) => trial.architecture === subject && sameLoad(trial.load, load));
  if (rounds.length === 0) return { why: `the ${side} has no such trial` };
  if (rounds.length < planned.length) return { why: `the ${side} has ${rounds.length} of ${planned.length} rounds` };
  return rounds;
}

/** z of the one-sided bounds that percentiles come with. */
const Z = normalQuantile(CONFIDENCE);

/**
 * A metric of the response time, the throughput or the completion time: the mean over rounds. Its error is the larger of
 * what the rounds know of themselves and how far apart they are.
 */
export function figureOf(rounds: readonly MeasuredTrial[], metric: string): Figure | Missing {
  const figures: Figure[] = [];
  for (const round of rounds) {
    const figure = metric === 'throughput' ? throughputOf(round) : boundedOf(round, metric);
    if ('why' in figure) return figure;
    figures.push(figure);
  }
  const logs = figures.map(({ log }) => log);
  const within = Math.hypot(...figures.map(({ error }) => error)) / figures.length;
  return { log: logs.reduce((sum, log) => sum + log, 0) / logs.length, error: Math.max(within, spread(logs)) };
}

function boundedOf(trial: MeasuredTrial, metric: string): Figure | Missing {
  const measured = metricNamed(metric)?.read(trial);
  if (!measured) return { why: `no samples of ${metric}` };
  const error = Math.log(measured.high / measured.low) / (2 * Z);
  if (Number.isFinite(error)) return { log: Math.log(measured.value), error };
  return { why: `${metric} has no bound${measured.why && `: ${measured.why}`}` };
}

/** Good answers per second: at most as uncertain as a Poisson count of them. */
function throughputOf({ throughput, outcomes }: MeasuredTrial): Figure | Missing {
  return throughput > 0 ? { log: Math.log(throughput), error: 1 / Math.sqrt(outcomes.ok) } : { why: 'no good answer' };
}

/** Standard error of a mean from the spread of its values; 0 for a single one, which shows none. */
export function spread(values: readonly number[]): number {
  return values.length < 2 ? 0 : pairedTest(values).error;
}
