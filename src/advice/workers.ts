/** Workers that a consumer has and needs: the smallest number with which its work is done in time, found by simulation. */
import { meanWork } from './mean-work.js';
import { limitOf, type Consumer, type Limit } from '../scenarios/scenario.js';
import type { Subject } from '../scenarios/subject.js';

/** What one consumer has and needs. */
export interface WorkersAdvice {
  consumer: string;
  service: string;
  /** Messages that it can have worked on at once: the less of its own workers and of its service's; null without a limit. */
  has: number | null;
  /** There: these scale, and it has so many at most. */
  scales?: true;
  /** At each load, the least with which all is done in time; null where no number of them is enough. */
  needs: (number | null)[];
}

/** The less of a consumer's workers and of those of the service that it calls. */
export function workersOf({ workers, call }: Consumer, { services }: Subject): number {
  const service = services.find(({ name }) => name === call);
  return Math.min(limitOf(workers), limitOf(service?.workers ?? 'unlimited'));
}

/** Whether these scale: a consumer's own workers, or those of the service that it calls, whichever are fewer. */
export function scalesAtMost(consumer: Consumer, { services }: Subject, most: number): boolean {
  return [consumer, ...services.filter(({ name }) => name === consumer.call)].some(({ workers, scaling }) => scaling !== undefined && limitOf(workers) === most);
}

/**
 * The subject with so many workers for a consumer. Where they are more than there are, its service gets what it lacks as
 * well: capacity that one side has and the other has not would be of no use. What others call too gets them on top.
 */
export function withWorkers(subject: Subject, name: string, workers: number): Subject {
  const { event, services, steps } = subject;
  const consumer = event.consumers.find((one) => one.name === name);
  if (!consumer) return subject;
  const has = workersOf(consumer, subject);
  const isShared = [...steps, ...event.consumers].some((one) => one.call === consumer.call && one.name !== name);
  const more = (limit: Limit): Limit => (limit === 'unlimited' ? limit : isShared ? limit + Math.max(0, workers - has) : Math.max(limit, workers));
  const isMore = workers > has;
  return {
    ...subject,
    services: isMore ? services.map((one) => (one.name === consumer.call ? { ...one, workers: more(one.workers) } : one)) : services,
    event: { ...event, consumers: event.consumers.map((one) => (one.name === name ? always(one, workers) : one)) },
  };
}

/**
 * Workers that are busy on average (offered load in Erlangs), which is less than any number that keeps up.
 * @param rate events per second
 */
export function offeredTo(consumer: Consumer, { services }: Subject, rate: number): number {
  const errors = services.find(({ name }) => name === consumer.call)?.errors ?? 0;
  return (rate * meanWork(consumer, services) * deliveries(errors)) / 1000;
}

/** A delivery that fails is tried again: 1 / (1 - e) of them, and three at most by default. */
function deliveries(errors: number): number {
  return 1 + errors + errors ** 2;
}

/** Tries of `leastWorkers` upwards before it gives up, each twice as many. */
const DOUBLINGS = 6;

/** A consumer with so many workers at any time. */
function always(consumer: Consumer, workers: number): Consumer {
  const { scaling: _scaling, ...rest } = consumer;
  return { ...rest, workers };
}

/**
 * The least whole number from `floor` up that is enough; null when even many times as many are not.
 * @param isEnough asked for one number after another; more are never worse
 */
export async function leastWorkers(floor: number, isEnough: (workers: number) => Promise<boolean>): Promise<number | null> {
  if (await isEnough(floor)) return floor;
  let [short, enough] = [floor, floor];
  for (let tries = 0; ; tries++) {
    if (tries === DOUBLINGS) return null;
    short = enough;
    enough = Math.max(enough + 1, Math.ceil(enough * (tries < 2 ? 1.25 : 2)));
    if (await isEnough(enough)) break;
  }
  while (enough - short > 1) {
    const middle = Math.floor((short + enough) / 2);
    if (await isEnough(middle)) enough = middle;
    else short = middle;
  }
  return enough;
}
