/** What would change the decision: how far one number of the scenario has to move for another answer. Found by simulation. */
import { publishesEvents } from '../scenarios/architectures.js';
import { latencyQuantile } from '../scenarios/draw.js';
import type { Ramp } from '../scenarios/load.js';
import { limitOf } from '../scenarios/scenario.js';
import type { Subject } from '../scenarios/subject.js';
import { movable, singleMoves, staying } from './alternatives.js';
import { MOST, worstFailures, type Decided } from './decision.js';
import { applied } from './followed.js';
import type { Goal } from './goals.js';
import { scaled } from './loops.js';
import { eventsOf, glanceAt, missedAt, sharedLoads, type Laboratory } from './option.js';
import type { SameOrders } from './same-orders.js';
import { offeredTo, workersOf } from './workers.js';

/** One number of the scenario, and where the answer turns. */
export type Sensitivity =
  /** Were the service of this step so quick, ms on average, calling in turn would meet the goals. */
  | { kind: 'quicker-step'; step: string; service: string; now: number; enough: number }
  /** So many times the orders are the most with which what is advised meets the goals it meets now; null: more than were tried. */
  | { kind: 'more-orders'; times: number; tried: number; missed: Goal[] }
  /** Its consumer gives work up before it can be done: with this timeout, ms, moving it would lose this share of it; `late`: and not have it done in time, with the workers there are. */
  | { kind: 'longer-timeout'; step: string; now: number; enough: number; failures: number; late: boolean };

/** Steps of a bisection: to a sixteenth of the range. */
const HALVINGS = 4;
/** Most orders that are tried. */
const MOST_TIMES = 8;

export async function sensitivitiesOf(decided: Decided, subject: Subject, orders: readonly SameOrders[], lab: Laboratory): Promise<Sensitivity[]> {
  const found = await Promise.all([quickerStep(decided, subject, orders, lab), moreOrders(decided, subject, orders, lab), longerTimeout(decided, subject, orders, lab)]);
  return found.filter((one) => one !== null);
}

/** Of what is to be moved: how quick it would have to be to stay. */
async function quickerStep({ decision }: Decided, subject: Subject, orders: readonly SameOrders[], lab: Laboratory): Promise<Sensitivity | null> {
  if (decision.kind !== 'move' && decision.kind !== 'buy-workers') return null;
  const step = subject.steps.find(({ name }) => name === decision.first);
  const service = subject.services.find(({ name }) => name === step?.call);
  if (!step || !service) return null;
  const isEnough = async (factor: number): Promise<boolean> => {
    const quicker = { ...subject, services: subject.services.map((one) => (one === service ? { ...one, latency: scaled(one.latency, factor) } : one)) };
    return (await missedWith(staying(quicker).subject, orders, lab)).length === 0;
  };
  if (!(await isEnough(0.01))) return null;
  let [quick, slow] = [0.01, 1];
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (quick + slow) / 2;
    if (await isEnough(middle)) quick = middle;
    else slow = middle;
  }
  const now = latencyQuantile(service.latency, 0.5);
  return { kind: 'quicker-step', step: step.name, service: service.name, now, enough: now * quick };
}

/** How many times the orders what is advised carries, with the workers that are advised. */
async function moreOrders({ option }: Decided, subject: Subject, orders: readonly SameOrders[], lab: Laboratory): Promise<Sensitivity | null> {
  if (option.missed.length > 0) return null;
  const world = applied(subject, option);
  const missedAtTimes = async (factor: number): Promise<Goal[]> => {
    const more = orders.map((one) => ({ ...one, open: withOrders(one.open, factor) }));
    const missed = await missedWith(world, more, lab);
    return missed.length === 0 ? more.flatMap((one) => overloadedBy(world, option.moved, one)).slice(0, 1) : missed;
  };
  let [carried, tooMany, missed] = [1, 2, await missedAtTimes(2)];
  while (missed.length === 0 && tooMany < MOST_TIMES) {
    carried = tooMany;
    tooMany *= 2;
    missed = await missedAtTimes(tooMany);
  }
  if (missed.length === 0) return { kind: 'more-orders', times: tooMany, tried: tooMany, missed };
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (carried + tooMany) / 2;
    const now = await missedAtTimes(middle);
    if (now.length === 0) carried = middle;
    else [tooMany, missed] = [middle, now];
  }
  return { kind: 'more-orders', times: roundedDown(carried), tried: tooMany, missed };
}

/** A factor in the digits that it is told in, and never more than it is. */
function roundedDown(factor: number): number {
  const digits = factor < 1.2 ? 100 : 10;
  return Math.floor(factor * digits + 1e-9) / digits;
}

/** What is asked for more than it can do collapses, though a window shows too little of it to tell. */
function overloadedBy(world: Subject, moved: readonly string[], one: SameOrders): Goal[] {
  if (one.open.ramp) return [];
  const loads = sharedLoads(world, moved, one);
  const inReply = new Set(world.steps.filter(({ name }) => !moved.includes(name)).map(({ call }) => call));
  const full = world.services.filter(({ name, workers }) => (loads.get(name) ?? 0) >= limitOf(workers));
  const late = publishesEvents(world.architecture) && world.event.consumers.some((consumer) => offeredTo(consumer, world, eventsOf(consumer, world, one)) >= workersOf(consumer, world));
  return full.some(({ name }) => inReply.has(name)) ? ['p95'] : full.length > 0 || late ? ['within'] : [];
}

/** Where nothing helps because work is given up before it can be done. */
async function longerTimeout({ decision }: Decided, subject: Subject, orders: readonly SameOrders[], lab: Laboratory): Promise<Sensitivity | null> {
  if (decision.kind !== 'stay' || decision.missed.length === 0) return null;
  for (const { name, call } of movable(subject)) {
    const alternative = singleMoves(subject).find(({ moved }) => moved.includes(name));
    const consumer = alternative?.subject.event.consumers.find((one) => one.name === name);
    const latency = subject.services.find((one) => one.name === call)?.latency;
    if (!alternative || !consumer || !latency) continue;
    const slow = latencyQuantile(latency, 0.99);
    if (slow <= consumer.timeout) continue;
    const enough = 2 * slow;
    const { event } = alternative.subject;
    const patient = { ...alternative.subject, event: { ...event, consumers: event.consumers.map((one) => (one === consumer ? { ...one, timeout: enough } : one)) } };
    const outlooks = await Promise.all(orders.map((one) => glanceAt(patient, one, lab)));
    const failures = worstFailures({ loads: outlooks });
    // Where something else fails as much all the same, patience is not what is missing.
    if (failures > MOST) continue;
    return { kind: 'longer-timeout', step: name, now: consumer.timeout, enough, failures, late: missedAt(outlooks, lab.goals).includes('within') };
  }
  return null;
}

/** Goals that are missed at the load with the most orders at which any is; others need not be looked at. */
async function missedWith(world: Subject, orders: readonly SameOrders[], lab: Laboratory): Promise<Goal[]> {
  for (const one of orders.toSorted((a, b) => b.open.rate - a.open.rate)) {
    const missed = missedAt([await glanceAt(world, one, lab)], lab.goals);
    if (missed.length > 0) return missed;
  }
  return [];
}

function withOrders(load: SameOrders['open'], factor: number): SameOrders['open'] {
  const level = ({ from, stages }: Ramp): Ramp => ({ from: from * factor, stages: stages.map(({ duration, target }) => ({ duration, target: target * factor })) });
  return { ...load, rate: load.rate * factor, ...(load.ramp ? { ramp: level(load.ramp) } : {}) };
}
