/** Every number of a trial that a threshold can be set on: name, unit, and where it is found. One table. */
import { OUTCOMES } from '../load/load.js';
import { responseTimes, responseTimesOk } from '../measurement/outcomes.js';
import type { BacklogResult, ConsumerResult, EventResult, LedgerCounts, MeasuredTrial, StepResult, Times } from '../measurement/record.js';
import { decodeFloats, decodeSamples } from '../measurement/samples.js';
import { PERCENTILES, type Percentile } from '../measurement/times.js';
import { counted, percentileOf, shareOf, statisticOf, type Measured, type Statistic } from './measured.js';

/** `time` is in ms, `share` a ratio, `rate` per second. */
export type Unit = 'time' | 'share' | 'count' | 'rate';

export interface Metric {
  unit: Unit;
  /** Null when the trial has no samples of it. Infinity: never. */
  read(trial: MeasuredTrial): Measured | null;
}

/** The metric of that name: of the whole trial, or `STEP.NAME` of one step or consumer. Undefined: there is none. */
export function metricNamed(name: string): Metric | undefined {
  const { step, rest } = splitStep(name);
  const metric = (step === undefined ? TRIAL_METRICS : STEP_METRICS).get(rest);
  return metric && { unit: metric.unit, read: (trial) => metric.read(trial, step ?? '') };
}

/** Takes `STEP.NAME` apart; without a step the name is of the whole trial. */
export function splitStep(name: string): { step: string | undefined; rest: string } {
  const dot = name.lastIndexOf('.');
  return dot === -1 ? { step: undefined, rest: name } : { step: name.slice(0, dot), rest: name.slice(dot + 1) };
}

/** Whether a metric is known of each kind of request by itself. */
export function isByKind(name: string): boolean {
  const { step, rest } = splitStep(name);
  if (step !== undefined) return true;
  const plain = rest.replace(/^(ok|completion)_/, '');
  return TIMES_NAMES.includes(plain) || KIND_COUNTS.includes(rest) || OUTCOMES.some((outcome) => outcome === rest);
}

const KIND_COUNTS = ['sent', 'cut_off', 'failure_rate', 'throughput', 'orphaned', 'failed_later'];

/** Names of the metrics of a trial. */
export function metricNames(): string[] {
  return [...TRIAL_METRICS.keys()];
}

/** Names of the metrics of a step or consumer, without the step. */
export function stepMetricNames(): string[] {
  return [...STEP_METRICS.keys()];
}

/** The metrics in words, for a message. */
export function describeMetrics(): string {
  const isPlain = (name: string): boolean => !/^(ok|ttfb|lag|completion|queue|service)_/.test(name);
  return [
    `Metrics: ${metricNames().filter(isPlain).join(', ')};`,
    `${TIMES_NAMES.join(', ')} also with ok_ (good answers), ttfb_ (to the first byte, of a server of your own), lag_ (events) or completion_ before them;`,
    `of a step or consumer, as in email.queue_p95: ${stepMetricNames().filter(isPlain).join(', ')};`,
    'and its times with queue_, service_ or lag_ before them.',
  ].join('\n');
}

const STATISTICS: readonly Statistic[] = ['mean', 'min', 'max'];
const TIMES_NAMES = [...STATISTICS, ...Object.keys(PERCENTILES)];

const LEDGER = {
  attempted: 'attempted',
  acknowledged: 'acknowledged',
  processed: 'processed',
  lost: 'lost',
  duplicated: 'duplicated',
  unexpected: 'unexpected',
  recovered: 'recovered',
  dead_lettered: 'deadLettered',
  out_of_order: 'outOfOrder',
  pending: 'pending',
  applied_twice: 'appliedTwice',
} as const satisfies Record<string, keyof LedgerCounts>;

const STEP_COUNTS = {
  calls: 'calls',
  ok: 'ok',
  failed: 'failed',
  timeouts: 'timeouts',
  errors: 'errors',
  rejected: 'rejected',
  connection: 'connection',
  short_circuited: 'shortCircuited',
  limited: 'limited',
  paced: 'paced',
  pooled: 'pooled',
  budget_exhausted: 'budgetExhausted',
  breaker_opened: 'breakerOpened',
  peak_in_progress: 'peakInProgress',
  peak_connections: 'peakConnections',
} as const satisfies Record<string, keyof StepResult>;

/** A count that a step does not have was not needed for it: there was none of it. */
function countOf(step: StepResult | undefined, key: (typeof STEP_COUNTS)[keyof typeof STEP_COUNTS]): number | undefined {
  return step && (step[key] ?? 0);
}

/** `step` is empty for a metric of the whole trial. */
type Reader = (trial: MeasuredTrial, step: string) => Measured | null;
interface Entry {
  unit: Unit;
  read: Reader;
}
type Row = readonly [string, Entry];

function row(name: string, unit: Unit, read: Reader): Row {
  return [name, { unit, read }];
}

/** One row for each statistic of a distribution. */
function timesRows(
  prefix: string,
  pick: (trial: MeasuredTrial, step: string) => Times | undefined,
  samplesOf: (trial: MeasuredTrial) => Float32Array | undefined = () => undefined,
): Row[] {
  const percentiles = Object.keys(PERCENTILES) as Percentile[];
  return [
    ...STATISTICS.map((name) =>
      row(prefix + name, 'time', (trial, step) => {
        const times = pick(trial, step);
        return times ? statisticOf(times, name) : null;
      }),
    ),
    ...percentiles.map((name) =>
      row(prefix + name, 'time', (trial, step) => {
        const times = pick(trial, step);
        return times ? percentileOf(times, name, samplesOf(trial)) : null;
      }),
    ),
  ];
}

function ledgerRows(pick: (trial: MeasuredTrial, step: string) => LedgerCounts | undefined): Row[] {
  return Object.entries(LEDGER).map(([name, key]) => row(name, 'count', (trial, step) => counted(pick(trial, step)?.[key])));
}

function backlogRows(pick: (trial: MeasuredTrial, step: string) => BacklogResult | undefined): Row[] {
  return [
    row('backlog_peak', 'count', (trial, step) => counted(pick(trial, step)?.peak)),
    row('backlog_end', 'count', (trial, step) => counted(pick(trial, step)?.end)),
    row('backlog_slope', 'rate', (trial, step) => counted(pick(trial, step)?.slopePerSecond)),
    row('backlog_drain', 'time', (trial, step) => {
      const backlog = pick(trial, step);
      return backlog ? counted(backlog.drainSeconds === null ? Infinity : backlog.drainSeconds * 1000) : null;
    }),
  ];
}

const TRIAL_METRICS: ReadonlyMap<string, Entry> = new Map([
  row('sent', 'count', (trial) => counted(trial.outcomes.sent)),
  row('attempts', 'count', (trial) => counted(trial.attempts ?? trial.outcomes.sent)),
  ...OUTCOMES.map((outcome) =>
    row(outcome === 'cutOff' ? 'cut_off' : outcome, 'count', (trial) => counted(trial.outcomes[outcome])),
  ),
  row('failure_rate', 'share', ({ outcomes }) => shareOf(outcomes.sent - outcomes.ok, outcomes.sent)),
  row('throughput', 'rate', (trial) => counted(trial.throughput)),
  row('received', 'count', (trial) => counted(trial.server.received)),
  row('unreached', 'count', (trial) => counted(trial.server.unreached)),
  row('late', 'count', (trial) => counted(trial.schedule?.late)),
  row('unsent', 'count', (trial) => counted(trial.schedule?.unsent)),
  row('lateness_p99', 'time', (trial) => counted(trial.schedule?.lateness.p99)),
  row('orphaned', 'count', (trial) => counted(trial.orphaned)),
  row('repeated_effects', 'count', (trial) => counted(trial.attempts === undefined ? 0 : trial.repeatedEffects)),
  row('failed_later', 'count', (trial) => counted(trial.failedLater)),
  ...timesRows('', (trial) => trial.responseTime, (trial) => responseTimes(decodeSamples(trial.samples))),
  ...timesRows('ok_', (trial) => trial.responseTimeOk, (trial) => responseTimesOk(decodeSamples(trial.samples))),
  ...timesRows('ttfb_', (trial) => trial.timeToFirstByte),
  row('retried', 'count', (trial) => counted(trial.retried)),
  row('ideal_mean', 'time', (trial) => counted(trial.ideal?.mean)),
  row('ideal_p50', 'time', (trial) => counted(trial.ideal?.p50)),
  row('ideal_p95', 'time', (trial) => counted(trial.ideal?.p95)),
  ...ledgerRows((trial) => trial.events ?? undefined),
  ...timesRows('lag_', (trial) => trial.events?.lag, (trial) => floatsOf(trial.events?.samples?.lag)),
  ...timesRows('completion_', (trial) => trial.events?.completionTime ?? trial.completionTime, (trial) => floatsOf(trial.events?.samples?.completion)),
  ...backlogRows((trial) => trial.events?.backlog),
  row('predicted_p50', 'time', (trial) => counted(trial.predicted?.p50)),
  row('predicted_p95', 'time', (trial) => counted(trial.predicted?.p95)),
  row('predicted_throughput', 'rate', (trial) => counted(trial.predicted?.throughput)),
  row('predicted_failure_rate', 'share', (trial) => counted(trial.predicted?.failureRate)),
  row('prediction_error', 'share', ({ predicted }) =>
    predicted?.errorPercent == null ? null : counted(predicted.errorPercent / 100),
  ),
]);

const STEP_METRICS: ReadonlyMap<string, Entry> = new Map([
  ...Object.entries(STEP_COUNTS).map(([name, key]) => row(name, 'count', (trial, step) => counted(countOf(stepOf(trial, step), key)))),
  row('utilisation', 'share', (trial, step) => counted(stepOf(trial, step)?.utilisation)),
  row('workers_peak', 'count', (trial, step) => counted(stepOf(trial, step)?.scaled?.most)),
  row('cold_starts', 'count', (trial, step) => counted(stepOf(trial, step)?.scaled?.coldStarts)),
  ...timesRows('queue_', (trial, step) => stepOf(trial, step)?.queueTime),
  ...timesRows('service_', (trial, step) => stepOf(trial, step)?.serviceTime),
  ...ledgerRows(heardAs),
  ...timesRows('lag_', (trial, step) => heardAs(trial, step)?.lag),
  ...backlogRows((trial, step) => heardAs(trial, step)?.backlog),
  row('arrival_rate', 'rate', (trial, step) => counted(consumerOf(trial, step)?.arrivalRate)),
  row('processing_rate', 'rate', (trial, step) => counted(consumerOf(trial, step)?.processingRate)),
]);

function stepOf(trial: MeasuredTrial, step: string): StepResult | undefined {
  return Object.hasOwn(trial.steps, step) ? trial.steps[step] : undefined;
}

function consumerOf(trial: MeasuredTrial, consumer: string) {
  const consumers = trial.events?.consumers ?? {};
  return Object.hasOwn(consumers, consumer) ? consumers[consumer] : undefined;
}

/** The account of a consumer, or of an event. */
function heardAs(trial: MeasuredTrial, name: string): ConsumerResult | EventResult | undefined {
  const events = trial.events?.byEvent ?? {};
  return consumerOf(trial, name) ?? (Object.hasOwn(events, name) ? events[name] : undefined);
}

function floatsOf(text: string | undefined): Float32Array | undefined {
  return text === undefined ? undefined : decodeFloats(text);
}
