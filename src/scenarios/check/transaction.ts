/** What services, steps and event say that cannot be meant: names that do not exist, orders that cannot be kept. */
import { nearest } from '../../base/units.js';
import { ORDERS_CONSUMER } from '../architectures.js';
import { mostCalls } from '../call-count.js';
import { compensationName, fallbackName } from '../call-graph.js';
import type { Transaction } from '../change.js';
import { describe, expected, printable, type Path, type Problem } from '../problem.js';
import { eventDrafts } from '../resolve-events.js';
import { resolveTransaction } from '../resolve.js';
import type { BusinessEvent, Consumer, Outage, Step } from '../scenario.js';
import { groupProblems } from './shared.js';

/** Where the parts of a transaction stand: steps are a list in a scenario and a mapping in a variant. */
export interface Places {
  step: (index: number) => Path;
  services: Path;
  /** The one event, or one of several. */
  event: (name?: string) => Path;
}

/**
 * Every mistake of meaning in a transaction.
 * @param services names that count as services, also when their own description is wrong
 */
export function transactionProblems(transaction: Transaction, services: readonly string[], places: Places): Problem[] {
  const { steps, event, services: resolved } = resolveTransaction(transaction);
  const order = orderProblems(steps, places);
  return [
    ...steps.flatMap((step, index) => [
      ...nameProblems(step, transaction.steps[index]?.own !== undefined, services, places.step(index)),
      ...stepProblems(step, steps, places.step(index)),
      ...poolProblems(step, [...(transaction.pools?.keys() ?? [])], places.step(index)),
      ...needProblem(step, [...places.step(index), 'need']),
      ...compensationProblems(step, { steps, event, services }, [...places.step(index), 'compensate']),
      ...fallbackProblems(step, { steps, event, services, isCalled: 'call' in Object(transaction.steps[index]?.fallback) }, [...places.step(index), 'fallback']),
    ]),
    ...order,
    ...groupProblems(steps, [...(transaction.groups?.keys() ?? [])], places),
    ...event.consumers.filter(({ name, need }) => steps.find((step) => step.name === name)?.need !== need).flatMap((consumer) => needProblem(consumer, [...consumerPath(consumer, places), 'need'])),
    ...consumerProblems(transaction, steps, services, places),
    ...event.consumers.flatMap((consumer) => batchProblems(consumer, consumerPath(consumer, places))),
    // Consumers of steps follow each other as these do.
    ...(order.length === 0 && areNamed(steps) ? chainProblems(event.consumers, places) : []),
    ...placeProblems(transaction, steps, places),
    ...resolved.flatMap(({ name, outages }) => outageProblems(outages, [...places.services, name, 'outages'])),
  ];
}

/** A call is that of a service, and own work is told apart from services by its name. */
function nameProblems({ call }: Step, isOwn: boolean, services: readonly string[], path: Path): Problem[] {
  if (services.includes(call) !== isOwn) return [];
  if (isOwn) return [problem([...path, 'own'], `expected a \`name\` that no service has, got ${describe(call)}`)];
  return [unknownName([...path, 'call'], 'a service', call, services)];
}

/** No more calls must succeed than there can be. */
function needProblem({ need, times }: Pick<Step, 'need' | 'times'>, path: Path): Problem[] {
  if (need === undefined || need <= mostCalls(times)) return [];
  if (times === undefined) return [problem(path, `expected \`times\` beside it, of which so many must succeed, such as times: ${need + 2}`)];
  return [problem(path, expected(`at most ${mostCalls(times)}, which is all that times allows`, need))];
}

/** What undoes a step is a service, is called under a name of its own, and has something to undo. */
function compensationProblems(
  { name, compensate, effect }: Step,
  { steps, event, services }: { steps: readonly Step[]; event: BusinessEvent; services: readonly string[] },
  path: Path,
): Problem[] {
  if (compensate === undefined) return [];
  if (!services.includes(compensate)) return [unknownName(path, 'a service', compensate, services)];
  if (!effect) return [problem(path, 'expected a step that changes something, got one that only reads (effect: false): there is nothing to undo')];
  const own = compensationName(name);
  const isTaken = [...steps, ...event.consumers].some((other) => other.name === own);
  return isTaken ? [problem(path, `expected no other ${describe(own)}: the calls that undo this step are counted under that name`)] : [];
}

/** What a step falls back on is called under a name of its own. */
function fallbackProblems(
  { name, fallback }: Step,
  { steps, event, services, isCalled }: { steps: readonly Step[]; event: BusinessEvent; services: readonly string[]; isCalled: boolean },
  path: Path,
): Problem[] {
  if (fallback === undefined) return [];
  if (isCalled && !services.includes(fallback)) return [unknownName(path, 'a time such as 20ms, or a service', fallback, services)];
  const own = fallbackName(name);
  const isTaken = [...steps, ...event.consumers].some((other) => other.name === own) || (!isCalled && services.includes(own));
  return isTaken ? [problem(path, `expected no other ${describe(own)}: the calls of this fallback are counted under that name`)] : [];
}

function stepProblems(step: Step, steps: readonly Step[], path: Path): Problem[] {
  const after = step.after.flatMap((name, position) => {
    const at = [...path, 'after', position];
    const other = steps.find((candidate) => candidate.name === name);
    if (!other) return [unknownName(at, 'a step', name, steps.map((candidate) => candidate.name))];
    if (!step.critical || other.critical) return [];
    const why = `this step is critical and ${describe(name)} is not: its work comes after the reply`;
    return [problem(at, `${why}; make both critical, or neither`)];
  });
  return [...after, ...(!step.critical && step.name === ORDERS_CONSUMER ? [taken(path)] : [])];
}

/** A step waits for a connection of one pool. */
function poolProblems({ pool, connections }: Step, pools: readonly string[], path: Path): Problem[] {
  if (!pool) return [];
  if (!pools.includes(pool.name)) return [unknownName([...path, 'pool'], 'one of the `pools` of the scenario', pool.name, pools)];
  if (connections === 'unlimited') return [];
  return [problem([...path, 'connections'], `expected none beside the pool ${pool.name}, whose connections it waits for`)];
}

function taken(path: Path, at?: Problem['at']): Problem {
  return problem(path, `expected another name than "${ORDERS_CONSUMER}": the worker that does the critical steps of event-driven has it`, at);
}

function orderProblems(steps: readonly Step[], places: Places): Problem[] {
  // Names that stand twice say nothing about order.
  if (!areNamed(steps)) return [];
  const { cycles, stuck } = orderFaults(steps);
  const indexOf = (name: string): number => steps.findIndex((step) => step.name === name);
  const at = (name: string): Path => [...places.step(indexOf(name)), 'after'];
  const endless = [
    ...cycles.map((cycle) => problem(at(cycle[0] ?? ''), `these steps wait for each other: ${cycle.join(' -> ')}`)),
    ...stuck.map((name) => problem(at(name), 'this step can never start: it waits for steps that wait for each other')),
  ];
  if (endless.length > 0) return endless;
  return steps.flatMap(({ name, after }, index) => {
    const later = after.find((other) => indexOf(other) > index);
    if (later === undefined) return [];
    return [problem(at(name), `expected steps that are listed before this one, got ${describe(later)}; move that up`)];
  });
}

/** Every step has a name of its own. */
function areNamed(steps: readonly Step[]): boolean {
  return new Set(steps.map(({ name }) => name)).size === steps.length;
}

/** Where a consumer stands, or would if it were written. */
export function consumerPath({ name, hears }: Pick<Consumer, 'name' | 'hears'>, places: Places): Path {
  return [...places.event(hears), 'consumers', name];
}

function consumerProblems(transaction: Transaction, steps: readonly Step[], services: readonly string[], places: Places): Problem[] {
  const written = eventDrafts(transaction).flatMap(({ name: hears, draft }) =>
    [...(draft.consumers ?? [])].map(([name, { call }]) => ({ name, call, path: [...places.event(hears), 'consumers', name] })),
  );
  return written.flatMap(({ name, call, path }) => {
    if (name === ORDERS_CONSUMER) return [taken(path, 'key')];
    if (call !== undefined) return services.includes(call) ? [] : [unknownName([...path, 'call'], 'a service', call, services)];
    if (services.includes(name) || steps.some((step) => step.name === name)) return [];
    return [unknownName(path, 'a step or a service, or a `call` in it', name, services, 'key')];
  });
}

/** One call for several messages is not several calls for each. */
function batchProblems({ batch, times }: Consumer, path: Path): Problem[] {
  if (!batch || times === undefined) return [];
  return [problem([...path, 'batch'], `expected no batch beside several calls for one message: say \`times: 1\` of this consumer`)];
}

/** Consumers come after others that there are and that hear the same event, and not in circles. */
function chainProblems(consumers: readonly Consumer[], places: Places): Problem[] {
  const names = consumers.map(({ name }) => name);
  const at = (name: string): Path => [...consumerPath(consumers.find((one) => one.name === name)!, places), 'after'];
  const unknown = consumers.flatMap(({ name, after = [], hears }) =>
    after.flatMap((other) => {
      const before = consumers.find((one) => one.name === other);
      if (!before) return [unknownName(at(name), 'a consumer', other, names)];
      if (before.hears === hears) return [];
      return [problem(at(name), `expected consumers of ${describe(hears ?? '')}, which this one hears, got ${describe(other)} of ${describe(before.hears ?? '')}: say \`after\` of this consumer`)];
    }),
  );
  const { cycles, stuck } = orderFaults(consumers.map(({ name, after = [] }) => ({ name, after })));
  return [
    ...unknown,
    ...cycles.map((cycle) => problem(at(cycle[0] ?? ''), `these consumers wait for each other: ${cycle.join(' -> ')}`)),
    ...stuck.map((name) => problem(at(name), 'this consumer never gets an event: it comes after consumers that wait for each other')),
  ];
}

/** Each event has its place among the critical steps: what comes later may have been done by its consumers. */
function placeProblems(transaction: Transaction, steps: readonly Step[], places: Places): Problem[] {
  const critical = steps.filter((step) => step.critical).map(({ name }) => name);
  return eventDrafts(transaction).flatMap(({ name, draft: { after } }) =>
    after == null || critical.includes(after) ? [] : [unknownName([...places.event(name), 'after'], 'a critical step', after, critical)],
  );
}

function outageProblems(outages: readonly Outage[], path: Path): Problem[] {
  return outages.flatMap((outage, index) => {
    const earlier = outages.slice(0, index).findIndex((other) => overlap(other, outage));
    return earlier < 0 ? [] : [problem([...path, index], `this outage overlaps the one at ${earlier}`)];
  });
}

function overlap(a: Outage, b: Outage): boolean {
  return a.from < b.from + b.for && b.from < a.from + a.for;
}

/** A name that nothing has, with what there is. */
export function unknownName(
  path: Path,
  kind: string,
  name: string,
  known: readonly string[],
  at: Problem['at'] = 'value',
): Problem {
  return problem(path, expected(`${kind} (${known.map(printable).join(', ')})`, name, nearest(name, known)), at);
}

export function problem(path: Path, message: string, at: Problem['at'] = 'value'): Problem {
  return { path, message, at };
}

/** A step, as far as order is concerned. */
export interface Waiting {
  name: string;
  after: readonly string[];
}

/** What is wrong with an order. */
interface OrderFaults {
  /** Steps that wait for each other, each cycle once, its first step repeated at the end. */
  cycles: string[][];
  /** Steps outside of every cycle that wait for one, and so never start. */
  stuck: string[];
}

/** Finds cycles and the steps behind them. Names that no step has are passed over. */
export function orderFaults(steps: readonly Waiting[]): OrderFaults {
  const waiting = new Map(steps.map((step) => [step.name, step.after]));
  let progress = true;
  while (progress) {
    const startable = [...waiting].filter(([, after]) => !after.some((name) => waiting.has(name)));
    for (const [name] of startable) waiting.delete(name);
    progress = startable.length > 0;
  }
  const cycles: string[][] = [];
  const stuck: string[] = [];
  for (const name of waiting.keys()) {
    const cycle = wayBack(name, name, waiting, new Set());
    if (!cycle) stuck.push(name);
    else if (!cycles.some((known) => known.includes(name))) cycles.push([name, ...cycle]);
  }
  return { cycles, stuck };
}

/** Names from `from` along what is waited for to `to`; undefined when there is no way. */
function wayBack(
  from: string,
  to: string,
  waiting: ReadonlyMap<string, readonly string[]>,
  visited: Set<string>,
): string[] | undefined {
  for (const next of waiting.get(from) ?? []) {
    if (next === to) return [to];
    if (visited.has(next)) continue;
    visited.add(next);
    const rest = wayBack(next, to, waiting, visited);
    if (rest) return [next, ...rest];
  }
  return undefined;
}
