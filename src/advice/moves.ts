/** A chain with some of its steps moved behind the reply, and which may be. */
import { likeStep } from '../scenarios/resolve-events.js';
import { publishesEvents } from '../scenarios/architectures.js';
import type { BusinessEvent, Consumer, FurtherEvent, Step } from '../scenarios/scenario.js';
import type { Subject } from '../scenarios/subject.js';

/** Why a step has to stay in the request; null: it may move. */
export interface Hindrance {
  /** `awaited`: it is critical, and the request goes on without it where it fails. */
  kind: 'critical' | 'awaited' | 'needed';
  /** The critical step that needs it. */
  by: string | null;
}

/** What keeps a step in the request: the reply needs its result, or that of a step which comes after it. */
export function hindranceOf(step: Step, steps: readonly Step[]): Hindrance | null {
  if (step.critical) return { kind: step.onError === 'continue' ? 'awaited' : 'critical', by: null };
  const by = followersOf(step, steps).find(({ critical }) => critical);
  return by ? { kind: 'needed', by: by.name } : null;
}

/** A step and everything that comes after it, which can only move together; in the order of the chain. */
export function movedWith(step: Step, steps: readonly Step[]): string[] {
  const together = new Set([step, ...followersOf(step, steps)]);
  return steps.filter((one) => together.has(one)).map(({ name }) => name);
}

/** Every step that comes after a step, directly or not. */
function followersOf(step: Step, steps: readonly Step[]): Step[] {
  const next = steps.filter(({ after }) => after.includes(step.name));
  return [...new Set([...next, ...next.flatMap((follower) => followersOf(follower, steps))])];
}

/** Whether each step needs the one before it, directly or not: then side by side is in turn. */
export function isChain(steps: readonly Step[]): boolean {
  return steps.every((step, i) => i === 0 || followersOf(steps[i - 1]!, steps).includes(step));
}

/** Whether what stays is done in turn, or each as soon as what it comes after is done. */
export type Order = 'in turn' | 'side by side';

/**
 * The chain with these steps moved onto the scenario's event, and no others: what else would be a consumer there stays in
 * the request. Consumers that are no step's stay consumers. The reply waits for none of them. A chain that publishes already does so
 * where it did, and waits for what it waited for.
 */
export function withMoved(subject: Subject, names: readonly string[], order: Order): Subject {
  const { steps, event, services, architecture } = subject;
  const isMoved = (name: string): boolean => names.includes(name);
  const moved = steps.filter(({ name }) => isMoved(name)).map((step) => {
    const workers = services.find(({ name }) => name === step.call)?.workers ?? 'unlimited';
    return event.consumers.find(({ name }) => name === step.name) ?? newConsumer(step, workers, subject);
  });
  const own = event.consumers.filter(({ name }) => !steps.some((step) => step.name === name));
  const consumers = chained([...moved, ...own]);
  // An event that came when all critical steps were done comes when all that is left is done.
  const placed = <E extends Pick<BusinessEvent, 'after' | 'wait' | 'further'>>(its: E, only?: string): E => {
    if (publishesEvents(architecture)) return its;
    const at = <F extends BusinessEvent | FurtherEvent | E>(one: F): F => {
      const isLast = steps.findLast((step) => step.critical && step.only === only)?.name === one.after;
      return { ...one, after: isLast ? null : one.after, wait: false };
    };
    return { ...at(its), ...(its.further && { further: its.further.map(at) }) };
  };
  return {
    ...subject,
    name: names.length > 0 ? `${names.join(', ')} moved` : subject.name,
    architecture: 'hybrid',
    steps: order === 'in turn' ? inTurn(steps, isMoved) : besideEachOther(steps, isMoved),
    event: { ...placed(event), consumers },
    ...(subject.kinds && { kinds: subject.kinds.map((kind) => ({ ...kind, event: placed(kind.event, kind.name) })) }),
    faults: [],
  };
}

/**
 * A chain that publishes, as what its reply still waits for. What consumers do already stays theirs; what the reply waits for and the scenario says
 * that it does not need may move as well.
 */
export function leftInReply(subject: Subject, { steps: own, event: { consumers } }: Pick<Subject, 'steps' | 'event'>): Subject {
  const steps = subject.steps.filter(({ critical }) => critical);
  const isThere = (name: string): boolean => steps.some((step) => step.name === name);
  const isFree = (name: string): boolean => isThere(name) && own.some((step) => step.name === name && !step.critical);
  return {
    ...subject,
    steps: steps.map((step) => ({ ...step, critical: !isFree(step.name), after: step.after.filter(isThere) })),
    event: { ...subject.event, consumers: [...subject.event.consumers, ...consumers.filter(({ name }) => isFree(name))] },
  };
}

/** Consumers come after those of them that there are: what stays in the request is done before the event. */
function chained(consumers: readonly Consumer[]): Consumer[] {
  return consumers.map(({ after = [], ...consumer }) => {
    const kept = after.filter((name) => consumers.some((other) => other.name === name));
    return kept.length > 0 ? { ...consumer, after: kept } : consumer;
  });
}

/** What stays is critical and done one after another, as before the move: what events gain is not what doing it side by side does. */
function inTurn(steps: readonly Step[], isMoved: (name: string) => boolean): Step[] {
  // Each kind of request has a turn of its own.
  const before = new Map<string | undefined, Step[]>();
  return steps.map((step) => {
    if (isMoved(step.name)) return { ...step, critical: false };
    const last = before.get(step.only) ?? [];
    // A group stays side by side.
    const isBeside = step.group !== undefined && last[0]?.group?.name === step.group.name;
    const stays = { ...step, critical: true, after: isBeside ? last[0]!.after : last.map(({ name }) => name) };
    before.set(step.only, isBeside ? [...last, stays] : [stays]);
    return stays;
  });
}

/** Each as soon as what it comes after is done, before the reply. */
function besideEachOther(steps: readonly Step[], isMoved: (name: string) => boolean): Step[] {
  return steps.map((step) => (isMoved(step.name) ? { ...step, critical: false } : { ...step, critical: true, after: step.after.filter((name) => !isMoved(name)) }));
}

/** It hears the first event of its kind of request. */
function newConsumer(step: Step, workers: Consumer['workers'], { event, kinds }: Subject): Consumer {
  const { name: hears } = kinds?.find(({ name }) => name === step.only)?.event ?? event;
  return { ...likeStep(step), ...(step.only !== undefined && { only: step.only }), ...(hears !== undefined && { hears }), after: step.after, workers, attempts: 3, backoff: 100 };
}
