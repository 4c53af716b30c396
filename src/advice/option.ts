/** One alternative, simulated at the same orders as all others, with the workers that its consumers need. */
import type { MeasuredTrial, TrialLoad } from '../measurement/record.js';
import { publishesEvents } from '../scenarios/architectures.js';
import { eventsIn } from '../scenarios/critical-path.js';
import { latencyMean } from '../scenarios/draw.js';
import { weightOf } from '../scenarios/kinds.js';
import { limitOf, type Consumer } from '../scenarios/scenario.js';
import type { Subject } from '../scenarios/subject.js';
import type { Simulate, SimulationInput } from '../simulation/simulate.js';
import type { Alternative, Caught } from './alternatives.js';
import { isInTime, isOnEdge, missedGoals, type Goal, type Goals } from './goals.js';
import { meanWorkOfRequests } from './mean-work.js';
import { outlookOf, type Outlook } from './outlook.js';
import type { SameOrders } from './same-orders.js';
import { leastWorkers, offeredTo, scalesAtMost, withWorkers, workersOf, type WorkersAdvice } from './workers.js';

/** An alternative with its numbers. */
export interface Option extends Omit<Alternative, 'subject'> {
  /** Of each consumer; none without events. */
  workers: WorkersAdvice[];
  /** At each load, with the workers that are needed. */
  loads: Outlook[];
  /** Goals that are missed at one of the loads at least. */
  missed: Goal[];
}

/** How alternatives are simulated. */
export interface Laboratory {
  /** The trial of a subject at a load. */
  plan: (subject: Subject, load: TrialLoad) => SimulationInput;
  simulate: Simulate;
  goals: Goals;
}

/** Requests in a window at least, and mean times of the slowest service: to know p95, and to see what waits. */
const REQUESTS = 1000;
const SERVICE_TIMES = 10;
/** A chain that is a little overloaded takes its time to collapse, ms; as long as that is not very many requests. */
const COLLAPSE = 60_000;
const MANY_REQUESTS = 5000;
/** Requests of a window without which it says little of a median. */
const FEW = 50;

/** On the edge of a goal, and where a queue is busy, chance decides for longer. */
const EDGE_REQUESTS = 20_000;

/** A window in which what there is to see is seen; stages and outages come at moments of their own window. */
export function longEnough(input: SimulationInput, requests = REQUESTS): SimulationInput {
  const { subject, duration } = input;
  if (isBound(input)) return { ...input, until: null };
  const slowest = Math.max(0, ...subject.services.map(({ latency }) => latencyMean(latency)));
  const every = timeBetween(input);
  const wanted = Math.max(requests * every, SERVICE_TIMES * slowest, Math.min(COLLAPSE, MANY_REQUESTS * every));
  return { ...input, until: null, duration: Math.max(duration, Math.ceil(wanted)) };
}

/** The window that somebody said, or one that is long enough where only a few requests come in it. */
export function notFew(input: SimulationInput): SimulationInput {
  const isFew = input.duration < FEW * timeBetween(input);
  return isFew && !input.until && !isBound(input) ? longEnough(input) : input;
}

/** Stages and outages come at moments of their own window. */
export function isBound({ load, subject }: SimulationInput): boolean {
  return load.ramp !== undefined || subject.services.some(({ outages }) => outages.length > 0);
}

/** Time between two requests, ms: of users, when nothing makes them wait. */
function timeBetween({ load, subject, think }: SimulationInput): number {
  if (load.model === 'open') return load.rate > 0 ? 1000 / load.rate : 0;
  const work = subject.steps.reduce((sum, step) => sum + meanWorkOfRequests(step, subject), 0);
  return (work + think) / Math.max(1, load.users);
}

/**
 * Simulates an alternative at the same orders, first with the workers that there are, then with those that it takes.
 * @param always find the workers even where they change nothing: the reply misses its goals as it is
 */
export async function optionOf(
  { subject, ...change }: Alternative,
  loads: readonly SameOrders[],
  lab: Laboratory,
  always = true,
): Promise<Option> {
  const { consumers } = subject.event;
  const { kind, caught } = change;
  const asIs = await Promise.all(loads.map((one) => lookAt(subject, one, lab, caught)));
  const isOpen = always || asIs.every(({ p95, failureRate }) => p95 !== null && p95 <= lab.goals.p95 && failureRate <= lab.goals.failures);
  const found = kind === 'move' && isOpen ? await Promise.all(consumers.map((consumer) => needsOf(consumer, subject, loads, asIs, lab))) : [];
  const workers = loads.reduce((sized, one, i) => withShared(sized, subject, change.moved, one, i), found);
  const sized = workers.reduce((world, { consumer, has, needs }) => {
    const most = Math.max(...needs.map((count) => count ?? 0));
    return has !== null && most > has ? withWorkers(world, consumer, most) : world;
  }, subject);
  const outlooks = sized === subject ? asIs : await Promise.all(loads.map((one) => lookAt(sized, one, lab, caught)));
  return { ...change, workers, loads: outlooks, missed: missedAt(outlooks, lab.goals) };
}

/** An alternative without events, of which it is known what it does at each load. */
export function optionOfRequests({ kind, caught, beside, moved }: Alternative, outlooks: Outlook[], goals: Goals): Option {
  return { kind, caught, beside, moved, workers: [], loads: outlooks, missed: missedAt(outlooks, goals) };
}

/** A load of the scenario, the one in its place, and its orders a second. */
interface Look {
  load: TrialLoad;
  open: TrialLoad;
  orders?: number;
}

/**
 * What an alternative does at one load; on the edge of a goal it is looked at for longer.
 * @param caught steps that are best effort since the change
 */
export async function lookAt(subject: Subject, look: Look, lab: Laboratory, caught: readonly Caught[] = []): Promise<Outlook> {
  const input = longEnough(lab.plan(subject, look.open));
  const longer = longEnough(input, EDGE_REQUESTS);
  const trial = await lab.simulate(input);
  const outlook = outlookAt(trial, subject, look, caught);
  const isMore = longer.duration > input.duration && isOnEdge(outlook, trial.responseTime, lab.goals);
  return isMore ? outlookAt(await lab.simulate(longer), subject, look, caught) : outlook;
}

/** The same, for no longer than tells anything: for how far a number may move until a goal is missed, which is an edge anyway. */
export async function glanceAt(subject: Subject, look: Look, lab: Laboratory): Promise<Outlook> {
  const input = lab.plan(subject, look.open);
  const trial = await lab.simulate(longEnough(isBound(input) ? input : { ...input, duration: 0 }));
  return outlookAt(trial, subject, look, []);
}

function outlookAt(trial: MeasuredTrial, subject: Subject, { load, open, orders = open.model === 'open' ? open.rate : 0 }: Look, caught: readonly Caught[]): Outlook {
  return outlookOf(trial, subject, load, orders, caught);
}

/** Goals missed at any of the loads. */
export function missedAt(outlooks: readonly Outlook[], goals: Goals): Goal[] {
  return [...new Set(outlooks.flatMap((outlook) => missedGoals(outlook, goals)))];
}

/** Workers with which one consumer is in time at each load, everybody else having as many as it takes. */
async function needsOf(
  consumer: Consumer,
  subject: Subject,
  loads: readonly SameOrders[],
  asIs: readonly Outlook[],
  lab: Laboratory,
): Promise<WorkersAdvice> {
  const { name, call } = consumer;
  const has = workersOf(consumer, subject);
  const needs = await Promise.all(
    loads.map(async (one, i) => {
      const rate = eventsOf(consumer, subject, one, asIs[i]);
      // At exactly as many as are busy nothing that once waits is ever worked off.
      const busy = offeredTo(consumer, subject, rate);
      const floor = one.open.ramp ? 1 : Math.max(1, Math.floor(busy * (1 + 1e-9)) + 1);
      const ample = subject.event.consumers.filter((other) => other.name !== name).reduce((world, other) => withAmple(world, other, eventsOf(other, subject, one, asIs[i])), subject);
      return leastWorkers(floor, async (workers) => isDoneBy(name, await trialOf(withWorkers(ample, name, workers), one, lab), ample, one, lab));
    }),
  );
  return { consumer: name, service: call, has: Number.isFinite(has) ? has : null, ...(scalesAtMost(consumer, subject, has) && { scales: true as const }), needs };
}

/** Workers that each service keeps busy on average (Erlangs): the calls of the reply, and those of all consumers of events. */
export function sharedLoads(subject: Subject, moved: readonly string[], one: SameOrders): Map<string, number> {
  const loads = new Map<string, number>();
  const add = (service: string, load: number): Map<string, number> => loads.set(service, (loads.get(service) ?? 0) + load);
  for (const step of subject.steps) if (!moved.includes(step.name)) add(step.call, (one.open.rate * meanWorkOfRequests(step, subject)) / 1000);
  if (publishesEvents(subject.architecture)) for (const consumer of subject.event.consumers) add(consumer.call, offeredTo(consumer, subject, eventsOf(consumer, subject, one)));
  return loads;
}

/**
 * What all ask of one service together is more than each of them was found to need by itself: what it lacks is added to the consumer that needs most.
 * @param i which of the loads it is
 */
function withShared(sized: WorkersAdvice[], subject: Subject, moved: readonly string[], one: SameOrders, i: number): WorkersAdvice[] {
  if (one.open.ramp) return sized;
  const loads = sharedLoads(subject, moved, one);
  return subject.services.reduce((all, { name, workers }) => {
    const mine = all.filter(({ service, has, needs }) => service === name && has !== null && needs[i] != null);
    const [most] = mine.toSorted((a, b) => (b.needs[i] ?? 0) - (a.needs[i] ?? 0));
    const bought = mine.reduce((sum, { has, needs }) => sum + Math.max(0, (needs[i] ?? 0) - (has ?? 0)), 0);
    const lacks = Math.floor((loads.get(name) ?? 0) * (1 + 1e-9)) + 1 - limitOf(workers) - bought;
    if (!most || lacks <= 0) return all;
    return all.map((its) => (its === most ? { ...its, needs: its.needs.map((count, at) => (at === i ? Math.max(count ?? 0, its.has ?? 0) + lacks : count)) } : its));
  }, sized);
}

/** Events of its kind of request per second that a consumer gets when all goes well; of a chain that collapses, all the same. */
export function eventsOf(consumer: Consumer, { event, kinds }: Subject, { open }: Pick<SameOrders, 'open'>, outlook?: Pick<Outlook, 'failureRate'>): number {
  const failureRate = outlook?.failureRate ?? 0;
  const events = eventsIn(kinds?.find(({ name }) => name === consumer.only)?.event ?? event);
  const { messages } = events.find(({ name }) => name === consumer.hears) ?? events[0]!;
  return open.rate * weightOf(consumer, kinds) * messages * (failureRate < 0.5 ? 1 - failureRate : 1);
}

function withAmple(subject: Subject, consumer: Consumer, rate: number): Subject {
  const ample = Math.ceil(1.5 * offeredTo(consumer, subject, rate)) + 10;
  return ample > workersOf(consumer, subject) ? withWorkers(subject, consumer.name, ample) : subject;
}

async function trialOf(subject: Subject, { open }: SameOrders, { plan, simulate }: Laboratory): Promise<MeasuredTrial> {
  return simulate(longEnough(plan(subject, open)));
}

/** This consumer keeps up, and the whole is in time. */
function isDoneBy(name: string, trial: MeasuredTrial, subject: Subject, { load, open }: SameOrders, { goals }: Laboratory): boolean {
  const outlook = outlookOf(trial, subject, load, open.rate);
  return isInTime({ ...outlook, growing: outlook.growing.filter((one) => one === name) }, goals);
}
