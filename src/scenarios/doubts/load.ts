/** What a load asks of a transaction that can't be had. */
import { exactDuration } from '../../base/units.js';
import { callGraphOf } from '../architectures.js';
import { consumersOf, delaysOf, endsOf, type Flow } from '../call-graph.js';
import { problem } from '../check/transaction.js';
import { meanCalls, meanTurns } from '../call-count.js';
import { latencyMean, latencyQuantile } from '../draw.js';
import { weightOf } from '../kinds.js';
import type { Problem } from '../problem.js';
import { type Load, meanOf } from '../load.js';
import { limitOf, perSecond, type Service } from '../scenario.js';
import type { Subject } from '../subject.js';
import { numberText } from './words.js';

/** Every doubt about the load of what is measured. @param subjects architectures and variants, as they are measured */
export function loadDoubts(load: Load, subjects: readonly Subject[]): Problem[] {
  return [...demandDoubts(load, subjects), ...durationDoubt(load, subjects), ...startDoubt(load, subjects), ...delayDoubt(load, subjects), ...patienceDoubt(load, subjects)];
}

/** What one request asks of a service that its reply needs. */
interface Demand {
  service: Service;
  /** Calls for one of all requests, on average. */
  calls: number;
}

/**
 * Loads that some service can't stand: more requests per second than it can serve, or so many users that even at its
 * fullest speed they wait for longer than their timeout (N / X - think, the lower bound of a closed network; see
 * simulation/closed-forms/bounds.ts).
 */
function demandDoubts(load: Load, subjects: readonly Subject[]): Problem[] {
  const demands = subjects.flatMap(criticalDemands);
  const tightest = demands.reduce<Demand | undefined>((worst, demand) => (worst && carried(worst) <= carried(demand) ? worst : demand), undefined);
  if (!tightest) return [];
  const most = carried(tightest);
  const at = `${tightest.service.name} can serve ${numberText(most)} requests per second, and replies need it`;
  return [
    ...rampDoubt(load, most, at),
    ...load.rates.flatMap((rate, index) => (rate > most ? [problem(['load', 'rate', index], `${rate} requests per second: ${at}`)] : [])),
    ...load.users.flatMap((users, index) => {
      const wait = (users / most) * 1000 - load.think;
      if (wait <= load.timeout) return [];
      return [problem(['load', 'users', index], `${users} users wait ${numberText(wait / 1000)} s and more, and give up after ${exactDuration(load.timeout)}: ${at}`)];
    }),
  ];
}

/** A load with stages that asks for too much even on average: a peak alone is what such loads are for. */
function rampDoubt({ rates, stages }: Load, most: number, at: string): Problem[] {
  const [from] = rates;
  if (from === undefined || stages.length === 0) return [];
  const mean = meanOf({ from, stages });
  return mean > most ? [problem(['load', 'stages'], `${numberText(mean)} requests per second on average: ${at}`)] : [];
}

/** Requests per second that a service can serve, by its workers and by its rate. */
function carried({ service: { workers, latency, rate }, calls }: Demand): number {
  const work = calls * latencyMean(latency);
  return Math.min(work > 0 ? (limitOf(workers) * 1000) / work : Infinity, rate ? perSecond(rate) / calls : Infinity);
}

function criticalDemands({ services, steps, kinds }: Subject): Demand[] {
  return services.flatMap((service) => {
    const callers = steps.filter(({ critical, call }) => critical && call === service.name);
    const calls = callers.reduce((sum, step) => sum + weightOf(step, kinds) * step.share * meanCalls(step.times), 0);
    const demand = { service, calls };
    return calls > 0 && carried(demand) < Infinity ? [demand] : [];
  });
}

/** A window in which a slow request does not end. */
function durationDoubt({ duration, stages }: Load, subjects: readonly Subject[]): Problem[] {
  const slow = subjects.map((subject) => ({ subject, time: slowTime(callGraphOf(subject).request, subject.services) }));
  const slowest = slow.reduce((worst, one) => (one.time > worst.time ? one : worst), { subject: undefined as Subject | undefined, time: 0 });
  if (!slowest.subject || slowest.time <= duration) return [];
  const message = `a slow request of ${slowest.subject.name} takes ${numberText(slowest.time / 1000)} s and the measured window is over after ${exactDuration(duration)}`;
  return [problem(['load', stages.length > 0 ? 'stages' : 'duration'], message)];
}

/** Workers that are still starting when the window is over. */
function startDoubt({ duration, stages }: Load, subjects: readonly Subject[]): Problem[] {
  const starts = subjects.flatMap(({ services, event }) => [...services, ...event.consumers].flatMap(({ name, scaling }) => (scaling ? [{ name, start: scaling.start }] : [])));
  const [slowest] = starts.toSorted((a, b) => b.start - a.start);
  if (!slowest || slowest.start < duration) return [];
  const message = `a worker of ${slowest.name} takes ${exactDuration(slowest.start)} to start and the measured window is over after ${exactDuration(duration)}: none that is started in it is seen at work`;
  return [problem(['load', stages.length > 0 ? 'stages' : 'duration'], message)];
}

/** A message that is due after the trial is over. */
function delayDoubt({ drain }: Load, subjects: readonly Subject[]): Problem[] {
  const delays = subjects.flatMap((subject) => Object.entries(delaysOf(consumersOf(callGraphOf(subject).streams))));
  const [longest] = delays.toSorted(([, a], [, b]) => b - a);
  if (!longest || longest[1] <= drain) return [];
  const [name, delay] = longest;
  return [problem(['load', 'drain'], `${name} is due ${exactDuration(delay)} after its event, and what is left is waited for ${exactDuration(drain)}: what is published last stays pending`)];
}

/** Share of a client's patience from which on it leaves no room for anything to wait. */
const NO_ROOM = 0.9;

/** A request for which clients hardly wait long enough, or not at all, even when nothing else is there. */
function patienceDoubt({ timeout }: Load, subjects: readonly Subject[]): Problem[] {
  const all = subjects.flatMap(({ name, ...subject }) => meanEnds(callGraphOf(subject).request, subject.services).map(({ time, deadline }) => ({ name, time, deadline, limit: Math.min(timeout, deadline) })));
  const [slowest] = all.toSorted((a, b) => b.time / b.limit - a.time / a.limit);
  if (!slowest || slowest.time < NO_ROOM * slowest.limit) return [];
  const { name, time, deadline, limit } = slowest;
  const takes = `a request of ${name} takes ${numberText(time / 1000)} s on average even when nothing waits`;
  // A kind of request has its own; it is told where the common one would stand.
  if (deadline < timeout) return [problem(['deadline'], `${takes}, and has failed after ${exactDuration(limit)}`)];
  return [problem(['load', 'timeout'], `${takes}, and clients give up after ${exactDuration(limit)}`)];
}

/** When each call of a request is done on average, ms, none of them waiting, and the deadline that it has to keep. */
function meanEnds(flow: Flow, services: readonly Service[]): { time: number; deadline: number }[] {
  const ends = endsOf(flow)((position) => {
    const task = flow[position]!;
    if (task.kind !== 'call') return 0;
    const service = services.find(({ name }) => name === task.call.call);
    return service ? task.call.share * meanTurns(task.call) * Math.min(latencyMean(service.latency), task.call.timeout) : 0;
  });
  return flow.map((task, position) => ({ time: ends[position]!, deadline: (task.kind === 'call' ? task.call.deadline : undefined) ?? Infinity }));
}

/** Time of a request whose calls all take as long as only 1 % of them do, or until they time out, ms. */
function slowTime(flow: Flow, services: readonly Service[]): number {
  const ends = endsOf(flow)((position) => {
    const task = flow[position]!;
    if (task.kind !== 'call') return 0;
    const service = services.find(({ name }) => name === task.call.call);
    return service ? Math.min(latencyQuantile(service.latency, 0.99), task.call.timeout) : 0;
  });
  return Math.max(0, ...ends);
}
