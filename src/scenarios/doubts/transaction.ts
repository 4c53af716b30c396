/** What services, steps and consumers say that may be meant, but hardly is. */
import { exactDuration } from '../../base/units.js';
import { shareBeyond } from '../draw.js';
import { consumerPath, problem, type Places } from '../check/transaction.js';
import type { Path, Problem } from '../problem.js';
import { limitOf, type Consumer, type Scenario, type Service, type Step } from '../scenario.js';
import { percentText } from './words.js';

/** What is looked at: the scenario itself, or one of its variants. */
export type Version = Pick<Scenario, 'services' | 'steps' | 'event' | 'kinds'>;

/** Share of calls beyond their timeout that nobody has to be told of: what a timeout is for. A timeout of p99 is within it. */
const USUAL_TIMEOUTS = 0.01 + 1e-6;

/** Every doubt about a version. */
export function transactionDoubts(version: Version, places: Places): Problem[] {
  const { services, steps, event } = version;
  const serviceOf = (name: string): Service | undefined => services.find((service) => service.name === name);
  return [
    ...steps.flatMap((step, index) => stepDoubts(step, serviceOf(step.call), places.step(index))),
    ...neverBegun(version, places),
    ...services.flatMap((service) => scalingDoubt(service, [...places.services, service.name, 'workers'])),
    ...event.consumers.flatMap((consumer) => scalingDoubt(consumer, [...consumerPath(consumer, places), 'workers'])),
    ...event.consumers.flatMap((consumer) => {
      const index = steps.findIndex(({ name }) => name === consumer.name);
      return consumerDoubts(consumer, steps[index], serviceOf(consumer.call), consumerPath(consumer, places), places.step(index));
    }),
  ];
}

function stepDoubts(step: Step, service: Service | undefined, path: Path): Problem[] {
  return [
    // Whoever goes on without an answer, with another one, or with those that have come, has set the timeout to be reached.
    ...(step.onError === 'fail' && step.fallback === undefined && step.need === undefined && !step.group ? timeoutDoubt(step.timeout, service, [...path, 'timeout']) : []),
    ...budgetDoubt(step, [...path, 'retries', 'budget']),
    ...uselessDoubt(step, service, path),
    ...tooLateDoubt(step, service, path),
  ];
}

function scalingDoubt({ workers, scaling }: Pick<Service, 'workers' | 'scaling'>, path: Path): Problem[] {
  if (!scaling || scaling.min < limitOf(workers)) return [];
  return [problem(path, `min and max are both ${workers}: these workers never scale`)];
}

function timeoutDoubt(timeout: number, service: Service | undefined, path: Path): Problem[] {
  const share = service ? shareBeyond(service.latency, timeout) : 0;
  if (!service || share <= USUAL_TIMEOUTS) return [];
  const message = `${percentText(share)} of the calls of ${service.name} take longer than this timeout of ${exactDuration(timeout)}, even when none waits: they fail`;
  return [problem(path, message)];
}

function budgetDoubt({ retries: { attempts, budget } }: Step, path: Path): Problem[] {
  if (attempts === 1 && budget < 1) return [problem(path, 'a budget for retries, and there are none: attempts is 1')];
  if (attempts > 1 && budget === 0) return [problem(path, `a budget of 0 lets no retry through, and attempts is ${attempts}`)];
  return [];
}

function uselessDoubt({ share, critical, effect }: Step, service: Service | undefined, path: Path): Problem[] {
  if (share === 0) return [problem([...path, 'share'], 'no request makes this step: its share is 0')];
  if (critical || effect || service?.own) return [];
  return [problem([...path, 'effect'], 'this step only reads (effect: false) and no reply needs it: nobody would miss it')];
}

/** A step of a group that never comes in time. */
function tooLateDoubt({ group, times }: Step, service: Service | undefined, path: Path): Problem[] {
  const { within } = group ?? {};
  // What makes no call is done at once.
  if (within === undefined || !service || times !== undefined || shareBeyond(service.latency, within) < 1) return [];
  return [problem([...path, 'group'], `every call of ${service.name} takes longer than the ${exactDuration(within)} that ${group!.name} waits: this step never counts`)];
}

/** Critical steps behind one that never succeeds. */
function neverBegun({ services, steps }: Version, places: Places): Problem[] {
  // Of a group not all have to succeed.
  const failing = steps.filter((step) => step.onError === 'fail' && !step.group && step.share === 1 && services.some((service) => service.name === step.call && alwaysFails(step, service)));
  return steps.flatMap(({ name, after }, index) => {
    const dead = failing.find((step) => step.name !== name && after.includes(step.name));
    return dead ? [problem(places.step(index), `this step never begins: ${dead.name}, which it comes after, fails every time`)] : [];
  });
}

function alwaysFails({ timeout }: Step, { errors, latency }: Service): boolean {
  return errors === 1 || shareBeyond(latency, timeout) === 1;
}

function consumerDoubts(consumer: Consumer, step: Step | undefined, service: Service | undefined, path: Path, stepPath: Path): Problem[] {
  const { workers, timeout, share } = consumer;
  // What a step says is told at the step.
  const isOfStep = step?.timeout === timeout && step.call === consumer.call;
  const ownTimeout = isOfStep && step.onError === 'fail' ? [] : timeoutDoubt(timeout, service, [...(isOfStep ? stepPath : path), 'timeout']);
  const never = share === 0 && step?.share !== 0 ? [problem([...path, 'share'], 'this consumer works for no request: its share is 0')] : [];
  if (!service || limitOf(workers) <= limitOf(service.workers)) return [...ownTimeout, ...never];
  const message = `${workers} workers for a service that serves ${service.workers} at once: the others only wait there`;
  return [...ownTimeout, ...never, problem([...path, 'workers'], message)];
}

/** Services that put replies first, and of which no version has both: calls that somebody waits for, and others. */
export function idlePriorities(versions: readonly [Version, ...Version[]]): Problem[] {
  const hasBoth = (name: string): boolean =>
    versions.some(({ steps, event }) => steps.some(({ call, critical, fallback }) => (critical && call === name) || fallback === name)
      && (event.consumers.some(({ call }) => call === name) || steps.some(({ compensate }) => compensate === name)));
  const message = 'nothing is put first here: expected a critical step and a consumer that both call this service';
  return versions[0].services.flatMap(({ name, priority }) => (priority && !hasBoth(name) ? [problem(['services', name, 'priority'], message)] : []));
}

/** Services that nothing calls. */
export function uncalled({ services, steps, event }: Version): Problem[] {
  const called = new Set([...[...steps, ...event.consumers].map(({ call }) => call), ...steps.flatMap(({ fallback, compensate }) => [fallback, compensate])]);
  return services
    .filter(({ name }) => !called.has(name))
    .map(({ name }) => problem(['services', name], 'nothing calls this service: neither a step nor a consumer', 'key'));
}
