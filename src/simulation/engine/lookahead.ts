/** How far a trial can be looked ahead: where nothing can queue, what comes of a request is known as it begins. */
import { latencyMean, latencyQuantile } from '../../scenarios/draw.js';
import { limitOf, type Service, type Step } from '../../scenarios/scenario.js';
import type { TrialInput } from './model.js';

/** How far a trial can be looked ahead. */
export interface Lookahead {
  /** Names of services that are taken to have a worker for every call. */
  services: ReadonlySet<string>;
  /** Deliveries are among those calls. */
  deliveries: boolean;
  /** Calls in progress, about. */
  calls: number;
  /** Time to the end of a course, or of a delivery, at most, ms. */
  longest: number;
}

/** Times its mean that a course may take. */
const LONGEST_COURSE = 16;
/** The largest draw there is. */
const LARGEST_DRAW = 1 - 2 ** -53;
/** Standard deviations by which calls in progress may be more than their mean. */
const PEAK_SIGMAS = 5;

/**
 * How far a trial can be looked ahead; null when it can not. Latencies that are always the same are left alone: with
 * them calls come and go at one moment, and in which order decides.
 */
export function lookaheadOf(input: TrialInput): Lookahead | null {
  const { subject, load, timeout, think } = input;
  const { architecture, steps, services, event } = subject;
  if (architecture !== 'sync' && (architecture !== 'hybrid' || event.wait)) return null;
  const sequence = architecture === 'sync' ? steps : steps.filter(({ critical }) => critical);
  const called = calledBy(sequence, services);
  const users = load.model === 'closed' ? load.users : Infinity;
  if (sequence.length === 0 || !sequence.every(isPlain)) return null;
  if (!called.every((service) => isForeseeable(service) && limitOf(service.workers) >= users)) return null;
  const mean = called.reduce((sum, service) => sum + latencyMean(service.latency), 0);
  const perMs = load.model === 'closed' ? load.users / (think + mean) : load.rate / 1000;
  const delivered = architecture === 'hybrid' ? foreseeableDeliveries(input, perMs, called) : [];
  return {
    services: new Set([...called, ...delivered].map(({ name }) => name)),
    deliveries: delivered.length > 0,
    calls: load.model === 'closed' ? load.users : perMs * mean,
    longest: Math.max(Math.min(timeout, LONGEST_COURSE * mean), ...delivered.map(({ latency }) => latencyQuantile(latency, LARGEST_DRAW))),
  };
}

/** Every call is made at once, and only once. */
export function isPlain({ breaker, retries, connections }: Pick<Step, 'breaker' | 'retries' | 'connections'>): boolean {
  return breaker === null && retries.attempts === 1 && connections === 'unlimited';
}

/**
 * Services of the consumers where deliveries are likely to find a worker at once; none where they are not. Should one not
 * do so after all, the trial is begun anew: that is only slower.
 * @param perMs requests in a ms, about
 * @param called services of the steps
 */
function foreseeableDeliveries({ subject, load }: TrialInput, perMs: number, called: readonly Service[]): Service[] {
  const { consumers, messages } = subject.event;
  const delivered = calledBy(consumers, subject.services);
  const users = load.model === 'closed' ? load.users : 0;
  const isLikely = (service: Service, position: number): boolean => {
    const mean = latencyMean(service.latency);
    const inProgress = perMs * messages * mean * delivered.filter((one) => one === service).length;
    const peak = inProgress + PEAK_SIGMAS * Math.sqrt(inProgress) + (called.includes(service) ? users : 0);
    const { workers } = consumers[position]!;
    return limitOf(service.workers) >= peak && limitOf(workers) >= limitOf(service.workers);
  };
  return delivered.every((service, position) => isForeseeable(service) && isLikely(service, position)) ? delivered : [];
}

/** Services of steps or consumers, one for each. */
function calledBy(callers: readonly { call: string }[], services: readonly Service[]): Service[] {
  return callers.map(({ call }) => services.find(({ name }) => name === call)!);
}

function isForeseeable({ latency, errors, outages, abandoned }: Service): boolean {
  const varies = latency.kind === 'lognormal' || latency.kind === 'exponential';
  return varies && errors === 0 && outages.length === 0 && abandoned === 'finish';
}
