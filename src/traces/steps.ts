/** The requests of one operation as rows of steps: what each took, in what order, and what came after the reply. */
import { type Call, callsOf, stepKey, stepLabel, type Told } from './calls.js';
import { firstOf, type Interval, lengthOf, shared, union } from './intervals.js';
import { type Node, walk } from './tree.js';

/** A step in one request: its calls, and the union of their times, ns. */
export interface StepTimes {
  label: string;
  /** Its calls are messages to a queue. */
  publishes: boolean;
  calls: number;
  failed: number;
  busy: Interval[];
  time: number;
}

/** One request: its own time and its steps, ns. */
export interface Request {
  start: number;
  total: number;
  own: number;
  steps: Map<string, StepTimes>;
  /** Consumers of what it published: their name, and how long they worked. */
  consumed: { name: string; time: number }[];
  /** Calls of a step again after one that failed. */
  retried: number;
  /** Calls that went on after the reply: their times are cut at its end. */
  outlasting: number;
  /** Names of calls whose other end left no span, and of those whose did. */
  blind: string[];
  sighted: string[];
  /** Labels of calls that began after the reply. */
  after: string[];
}

/** Two steps side by side when they share so much of the shorter one. */
const OVERLAP = 0.1;

/** The request that a span served. @param slack what begins so much after its end may have been before it, ns */
export function requestOf(span: Node, told: Told, slack: number): Request {
  const calls = callsOf(span, told);
  const inside = calls.filter((call) => call.span.start < span.end + slack);
  const steps: Request['steps'] = new Map();
  const groups = grouped(inside);
  for (const [key, group] of groups) {
    const busy = union(intervalsOf(group), span.start, span.end);
    const failed = group.filter((call) => call.span.failed).length;
    steps.set(key, { label: stepLabel(group[0]!), publishes: group[0]!.span.kind === 'producer', calls: group.length, failed, busy, time: lengthOf(busy) });
  }
  const total = span.end - span.start;
  const own = total - lengthOf(union([...steps.values()].flatMap(({ busy }) => busy), span.start, span.end));
  return { start: span.start, total, own, consumed: consumersOf(span), ...ends(inside), retried: retriedOf(groups.values()), outlasting: inside.filter((call) => call.span.end > span.end + slack).length, steps, after: calls.filter((call) => call.span.start >= span.end + slack).map(stepLabel) };
}

function retriedOf(groups: Iterable<readonly Call[]>): number {
  let retried = 0;
  for (const group of groups) for (let at = 1; at < group.length; at++) if (isAgain(group, at)) retried++;
  return retried;
}

/** A database and a queue leave no span of their own. */
function ends(calls: readonly Call[]): Pick<Request, 'blind' | 'sighted'> {
  const names = (hasCallee: boolean): string[] => calls.filter(({ span, callee }) => span.kind === 'client' && (callee !== null) === hasCallee).map(({ span }) => span.name);
  return { blind: names(false), sighted: names(true) };
}

/** The calls of a step; the wait before one is tried again is its own. */
function intervalsOf(group: readonly Call[]): Interval[] {
  return group.map(({ span }, at) => [isAgain(group, at) ? group[at - 1]!.span.end : span.start, span.end]);
}

/** Whether a call was made because the one before it had failed. */
function isAgain(group: readonly Call[], at: number): boolean {
  const earlier = group[at - 1]?.span;
  return earlier !== undefined && earlier.failed && group[at]!.span.start >= earlier.end;
}

/** `Map.groupBy`, which Node 20 lacks. */
function grouped(calls: readonly Call[]): Map<string, Call[]> {
  const groups = new Map<string, Call[]>();
  for (const call of calls) {
    const key = stepKey(call);
    const group = groups.get(key);
    if (group) group.push(call);
    else groups.set(key, [call]);
  }
  return groups;
}

/** Of any two steps the share of the requests that tell in which they ran side by side; null when none does: none has both, or all have both at one moment. */
export type Overlaps = (a: string, b: string) => number | null;

/** The overlaps of all steps. */
export function overlapsOf(requests: readonly Request[], keys: readonly string[]): Overlaps {
  const shares = new Map<string, Map<string, number | null>>(keys.map((key) => [key, new Map()]));
  for (const [at, a] of keys.entries()) {
    for (const b of keys.slice(at + 1)) {
      const share = overlapOf(requests, a, b);
      shares.get(a)!.set(b, share);
      shares.get(b)!.set(a, share);
    }
  }
  return (a, b) => shares.get(a)?.get(b) ?? null;
}

function overlapOf(requests: readonly Request[], a: string, b: string): number | null {
  let [both, beside] = [0, 0];
  for (const { steps } of requests) {
    const [one, other] = [steps.get(a), steps.get(b)];
    if (!one || !other || isOneMoment(one, other)) continue;
    both++;
    if (shared(one.busy, other.busy) > OVERLAP * Math.min(one.time, other.time)) beside++;
  }
  return both === 0 ? null : beside / both;
}

/** Neither took any time that the clock can tell, and both were at the same moment. */
function isOneMoment(one: StepTimes, other: StepTimes): boolean {
  return one.time === 0 && other.time === 0 && firstOf(one.busy, other.busy) === 0;
}

/** The quantile of sorted values, interpolated between neighbours (Hyndman and Fan 1996, type 7). @param sorted not empty */
export function quantile(sorted: readonly number[], share: number): number {
  const place = share * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(place)] ?? 0, sorted[Math.ceil(place)] ?? 0];
  return low + (place - Math.floor(place)) * (high - low);
}

/** The first consumers below a span, named by their group or service, and how long each takes. */
function consumersOf(span: Node): { name: string; time: number }[] {
  return span.children.flatMap((child) => (child.kind === 'consumer' ? [{ name: nameOf(child), time: untilLast(child) }] : consumersOf(child)));
}

function nameOf({ attributes, service, name }: Node): string {
  return attributes['messaging.consumer.group.name'] ?? (service || name);
}

/** From the begin of a consumer to the end of all that it did, ns. */
function untilLast(consumer: Node): number {
  let end = consumer.end;
  for (const node of walk(consumer)) end = Math.max(end, node.end);
  return end - consumer.start;
}
