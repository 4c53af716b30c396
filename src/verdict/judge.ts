/** Thresholds judged over the trials of a run, and the verdict. */
import { loadSize, sameLoad } from '../measurement/loads.js';
import type { Check, MeasuredTrial, Trial, TrialKey, TrialLoad, Verdict } from '../measurement/record.js';
import { describeMeasured, describeRatio } from './detail.js';
import { holds, type LimitUnit } from './limits.js';
import { medianOf, ratioOf, type Measured } from './measured.js';
import { metricNamed, type Metric } from './metrics.js';
import type { Threshold } from './thresholds.js';

/**
 * Judges every threshold at every load it speaks of. A check is `unknown`, never passed, when a trial it needs is missing,
 * errored, aborted or invalid, when there are no samples, or when the interval of the number reaches over the limit.
 * Rounds are judged together, on the median of their values and of their bounds.
 * @param planned what was to be measured; a planned trial that is not among `trials` is missing
 */
export function judge(
  thresholds: readonly Threshold[],
  trials: readonly Trial[],
  planned: readonly TrialKey[] = trials,
): { checks: Check[]; verdict: Verdict } {
  const checks = thresholds.flatMap((threshold) => judgeThreshold(threshold, trials, planned));
  return { checks, verdict: verdictOf(checks, trials, planned) };
}

/** One check for each load; a single unknown one when the subject was to be measured at none of them. */
export function judgeThreshold(threshold: Threshold, trials: readonly Trial[], planned: readonly TrialKey[]): Check[] {
  const loads = loadsOf(threshold, [...planned, ...trials]);
  if (loads.length > 0) return loads.map((load) => judgeAt(threshold, load, trials, planned));
  const who = threshold.against === null ? threshold.subject : `${threshold.subject} or ${threshold.against}`;
  const where = threshold.load === null ? '' : ` at ${threshold.load}`;
  return [checkOf(threshold, 'unknown', `${who} was not measured${where}`, null)];
}

/**
 * Failed when a threshold of level `error` failed; else unknown when one is, or when a trial is missing, errored, aborted
 * or invalid, or nothing was measured at all; else passed. Thresholds of level `warn` have no say.
 */
function verdictOf(checks: readonly Check[], trials: readonly Trial[], planned: readonly TrialKey[]): Verdict {
  const binding = checks.filter((check) => check.level === 'error');
  if (binding.some((check) => check.state === 'fail')) return 'fail';
  const isComplete = trials.length > 0 && trials.length >= planned.length && trials.every((trial) => !troubleOf(trial));
  return isComplete && binding.every((check) => check.state === 'pass') ? 'pass' : 'unknown';
}

function judgeAt(threshold: Threshold, load: TrialLoad, trials: readonly Trial[], planned: readonly TrialKey[]): Check {
  const ended = trials.find((trial) => 'hopeless' in trial && trial.hopeless === threshold.expression && sameLoad(trial.load, load));
  if (ended && 'message' in ended) return checkOf(threshold, 'fail', `${atLoad(load)}: ${ended.message}`, null);
  const metric = metricNamed(threshold.metric);
  const found = metric ? readNumber(threshold, metric, load, trials, planned) : `there is no metric ${threshold.metric}`;
  if (typeof found === 'string') return checkOf(threshold, 'unknown', `${atLoad(load)}: ${found}`, null);
  const { measured, unit, parts } = found;
  // A share of at most nothing is none at all, and no interval ever proves that: the count decides.
  const isNone = unit === 'share' && threshold.operator === '<=' && threshold.limit === 0;
  const state = holds(measured, isNone ? '==' : threshold.operator, threshold.limit);
  const detail = `${atLoad(load)}: ${describeMeasured(measured, unit, state, threshold.limit)}${parts}`;
  return checkOf(threshold, state, detail, Number.isFinite(measured.value) ? measured.value : null);
}

/** What a threshold is about; why there is no such number, in words. */
function readNumber(
  { subject, against, metric: name }: Threshold,
  metric: Metric,
  load: TrialLoad,
  trials: readonly Trial[],
  planned: readonly TrialKey[],
): { measured: Measured; unit: LimitUnit; parts: string } | string {
  const of = (who: string): Measured | string => {
    const rounds = roundsOf(who, load, trials, planned);
    if (typeof rounds === 'string') return rounds;
    const values = rounds.map((trial) => metric.read(trial));
    return values.includes(null) ? `no samples of ${name} for ${who}` : medianOf(values as Measured[]);
  };
  const first = of(subject);
  if (typeof first === 'string') return first;
  if (against === null) return { measured: first, unit: metric.unit, parts: '' };
  const second = of(against);
  if (typeof second === 'string') return second;
  const ratio = ratioOf(first, second);
  if (!ratio) return `${name} of ${against} is 0: there is no ratio`;
  return { measured: ratio, unit: 'ratio', parts: describeRatio([subject, first], [against, second], metric.unit) };
}

/** Every round of a subject under a load; what stands in the way, in words. */
function roundsOf(
  subject: string,
  load: TrialLoad,
  trials: readonly Trial[],
  planned: readonly TrialKey[],
): MeasuredTrial[] | string {
  const isOf = (head: TrialKey): boolean => head.architecture === subject && sameLoad(head.load, load);
  const rounds = trials.filter(isOf);
  const expected = planned.filter(isOf).length;
  if (rounds.length === 0) return `${subject} was not measured`;
  if (rounds.length < expected) return `${rounds.length} of ${expected} rounds of ${subject} were measured`;
  const trouble = rounds.map(troubleOf).find((found) => found !== undefined);
  return trouble === undefined ? (rounds as MeasuredTrial[]) : `${subject} ${trouble}`;
}

/** Why a trial's numbers cannot be judged; undefined when they can. */
function troubleOf(trial: Trial): string | undefined {
  if ('message' in trial) return `was ${trial.state}: ${trial.message}`;
  return trial.validity.valid ? undefined : `is invalid: ${trial.validity.problems.join(' ')}`;
}

/** Loads that a threshold speaks of, smallest first. */
function loadsOf(threshold: Threshold, heads: readonly TrialKey[]): TrialLoad[] {
  const loads: TrialLoad[] = [];
  for (const { architecture, load } of heads) {
    const isSubject = architecture === threshold.subject || architecture === threshold.against;
    const isMeant = threshold.load === null || loadSize(load) === threshold.load;
    if (isSubject && isMeant && !loads.some((known) => sameLoad(known, load))) loads.push(load);
  }
  return loads.toSorted((a, b) => loadSize(a) - loadSize(b));
}

function atLoad(load: TrialLoad): string {
  return load.model === 'closed' ? `at ${load.users} users` : `at ${load.rate}/s`;
}

function checkOf({ expression, level }: Threshold, state: Check['state'], detail: string, observed: number | null): Check {
  return { expression, state, level, detail, observed };
}
