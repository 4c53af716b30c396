/** What the model says beside what was measured, and why the two part where they do. */
import type { MeasuredTrial, Prediction } from '../measurement/record.js';
import { isKnown } from '../measurement/times.js';
import type { Latency } from '../scenarios/scenario.js';
import { simulateTrial, type TrialInput } from './trial.js';

/** How far a measurement may be from the model before it needs a reason: ratios, and points for the failure rate. */
export const PREDICTION_TOLERANCE = { time: 0.05, throughput: 0.03, failureRate: 0.02 } as const;

/** A measured trial with its prediction: the same trial in virtual time, over the same draws. */
export function withPrediction(trial: MeasuredTrial, input: TrialInput): MeasuredTrial {
  const predicted = compareWith(trial, simulateTrial(input));
  return { ...trial, predicted: predicted.breaks === null ? predicted : { ...predicted, ...whyItBreaks(trial, predicted, input) } };
}

/** A measured trial against a simulated one. */
export function compareWith(measured: MeasuredTrial, simulated: MeasuredTrial): Prediction {
  const { p50, p95 } = simulated.responseTime;
  const { throughput, failureRate } = simulated;
  const times = [errorOf(measured.responseTime.p50, p50), errorOf(measured.responseTime.p95, p95)];
  const rate = errorOf(measured.throughput, throughput);
  const errors = [...times, rate].filter((error) => error !== null);
  const holds =
    times.every((error) => error === null || error <= PREDICTION_TOLERANCE.time) &&
    (rate === null || rate <= PREDICTION_TOLERANCE.throughput) &&
    Math.abs(measured.failureRate - failureRate) <= PREDICTION_TOLERANCE.failureRate;
  const errorPercent = errors.length === 0 ? null : 100 * Math.max(...errors);
  return { p50, p95, throughput, failureRate, errorPercent, breaks: holds ? null : UNKNOWN };
}

/** Relative distance from the prediction; null when there is nothing to divide by. */
function errorOf(measured: number | null, predicted: number | null): number | null {
  if (measured === null || predicted === null || predicted === 0) return null;
  return Math.abs(measured / predicted - 1);
}

const UNKNOWN = 'Nothing in the trial tells why: a service, or the machine, did something else than the scenario says.';
/** Time that a machine adds to one call, its timers and sockets included, before it is more than its own work, ms. */
const MACHINE_MS = 3;

/**
 * Why the two part, by what can be seen of the trial. `unexplained` when nothing can: a reason that always fits is none.
 */
function whyItBreaks(trial: MeasuredTrial, predicted: Prediction, input: TrialInput): Pick<Prediction, 'breaks' | 'unexplained'> {
  const { problems, notes } = trial.validity;
  const found =
    problems[0] ?? notes[0] ?? tooFew(trial) ?? ownWork(trial, predicted, input) ?? onTheEdge(trial, predicted, input);
  return found === null ? { breaks: UNKNOWN, unexplained: true } : { breaks: found };
}

/** What is not known cannot be told to be wrong. */
function tooFew({ responseTime }: MeasuredTrial): string | null {
  if (isKnown(responseTime, 'p95')) return null;
  return `Only ${responseTime.count} requests ended: their p95 is not known.`;
}

/** The model knows no machine: the time for each call's sockets and timers, and in a closed loop the requests it costs. */
function ownWork({ responseTime, throughput, failureRate }: MeasuredTrial, predicted: Prediction, { subject, load }: TrialInput): string | null {
  const calls = callsInReply(subject);
  const late = [
    (responseTime.p50 ?? Infinity) - (predicted.p50 ?? 0),
    (responseTime.p95 ?? Infinity) - (predicted.p95 ?? 0),
  ];
  const isSmall = late.every((ms) => ms >= -MACHINE_MS && ms <= MACHINE_MS * (calls + 1));
  const fails = Math.abs(failureRate - predicted.failureRate) > PREDICTION_TOLERANCE.failureRate;
  const p50 = predicted.p50 ?? 0;
  // A user who gets each answer a little later sends so many fewer requests.
  const least = load.model === 'closed' && p50 > 0 ? predicted.throughput / (1 + (MACHINE_MS * (calls + 1)) / p50) : 0;
  const slowed = throughput >= least * (1 - PREDICTION_TOLERANCE.throughput) && throughput <= predicted.throughput * (1 + PREDICTION_TOLERANCE.throughput);
  if (!isSmall || fails || (load.model === 'closed' && !slowed)) return null;
  const ms = Math.max(...late).toFixed(1);
  return `The machine's own work, ${ms} ms for ${calls === 1 ? 'one call' : `${calls} calls`} and the reply, is more than 5 % of so short a time.`;
}

/** Calls that the reply waits for, one after another at most; to publish is one. */
function callsInReply({ architecture, steps }: TrialInput['subject']): number {
  if (architecture === 'event-driven') return 1;
  return architecture === 'hybrid' ? steps.filter(({ critical }) => critical).length + 1 : steps.length;
}

/** How much slower a machine makes its services at least: the model is tried again with it. */
const SLOWER = 1.02;

/** Near a limit (a queue, a timeout, a breaker) a little more work makes a large difference, in the model as well. */
function onTheEdge(trial: MeasuredTrial, predicted: Prediction, input: TrialInput): string | null {
  const { subject } = input;
  const services = subject.services.map((service) => ({ ...service, latency: slower(service.latency) }));
  const slowed = simulateTrial({ ...input, subject: { ...subject, services } });
  const pairs: [number | null, number | null, number | null, number][] = [
    [trial.responseTime.p50, predicted.p50, slowed.responseTime.p50, PREDICTION_TOLERANCE.time],
    [trial.responseTime.p95, predicted.p95, slowed.responseTime.p95, PREDICTION_TOLERANCE.time],
    [trial.throughput, predicted.throughput, slowed.throughput, PREDICTION_TOLERANCE.throughput],
  ];
  const isBetween = pairs.every(([measured, one, other, tolerance]) => {
    if (measured === null || one === null || other === null) return measured === one;
    return measured >= Math.min(one, other) * (1 - tolerance) && measured <= Math.max(one, other) * (1 + tolerance);
  });
  const rates = [predicted.failureRate, slowed.failureRate];
  const { failureRate: tolerance } = PREDICTION_TOLERANCE;
  const fails = trial.failureRate >= Math.min(...rates) - tolerance && trial.failureRate <= Math.max(...rates) + tolerance;
  return isBetween && fails ? 'On the edge of a limit: services only 2 % slower lead the model to what was measured.' : null;
}

function slower(latency: Latency): Latency {
  switch (latency.kind) {
    case 'constant':
      return { kind: 'constant', ms: latency.ms * SLOWER };
    case 'lognormal':
      return { kind: 'lognormal', p50: latency.p50 * SLOWER, p99: latency.p99 * SLOWER };
    case 'exponential':
      return { kind: 'exponential', mean: latency.mean * SLOWER };
    case 'uniform':
      return { kind: 'uniform', min: latency.min * SLOWER, max: latency.max * SLOWER };
    case 'values':
      return { kind: 'values', values: latency.values.map((ms) => ms * SLOWER) };
  }
}
