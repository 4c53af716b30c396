/** From spans to what they show of one operation. */
import { UserError } from '../base/errors.js';
import { counted } from '../base/units.js';
import { callsOf, STEP_ATTRIBUTE } from './calls.js';
import { criticalPath } from './critical-path.js';
import { baseName, freeSlug, listed, operationOf, shortService } from './names.js';
import { leadsOf } from './leads.js';
import { precedenceOf, stepOrder } from './order.js';
import type { Reading } from './read.js';
import { straighten } from './skew.js';
import { overlapsOf, quantile, requestOf, type Request } from './steps.js';
import { plant, type Forest, type Node } from './tree.js';
import { waitingOf, type Waiting } from './waiting.js';

/** What may be asked. */
export interface Question {
  /** Operation of the roots; needed when none has 80 % of the time. */
  operation?: string;
  /** `service:operation` of the span to describe. */
  at?: string;
  order?: 'serial' | 'parallel';
  withErrors?: boolean;
}

/** One step, times in ms. */
export interface StepSeen {
  name: string;
  label: string;
  /** It is what publishes. */
  publishes: boolean;
  /** Share of the requests that have it, and calls in those. */
  share: number;
  calls: number;
  failed: number;
  times: readonly number[];
  p50: number;
  p95: number;
  mean: number;
  /** Names of the steps that were over before it began. */
  after: string[];
  /** Names of other steps of which no request tells whether they come before it, as they are never in one, or at one moment. */
  apart: string[];
  /** How long it began after that, ms, one for each request, where it runs beside others and not at once with them; else null. */
  lead: readonly number[] | null;
  /** That its times hold waiting, which is imported as work; null when nothing shows it. */
  waiting: Waiting | null;
  /** Steps that ran beside it, with the share of requests in which they did. */
  beside: { name: string; share: number }[];
}

/** What the traces show of one operation, times in ms. */
export interface Understanding {
  label: string;
  total: { times: readonly number[]; p50: number; p95: number; mean: number };
  own: { times: readonly number[]; mean: number };
  steps: StepSeen[];
  failed: number;
  afterReply: Map<string, number>;
  /** What consumed the events that were published: already behind a queue. */
  consumers: { name: string; times: readonly number[] }[];
  /** Requests per second; null when fewer than two began at different moments. */
  rate: number | null;
  atOnce: number;
  confidence: { level: 'good' | 'fair' | 'shape only'; why: string[] };
  notes: Map<string, number>;
  /** Time on the critical path by operation, ms a request, most first. */
  critical: [string, number][];
}

/** One operation of the roots. */
export interface Operation {
  name: string;
  roots: Node[];
  /** Share of the time of all roots. */
  share: number;
  p50: number;
}

const MS = 1e6;
/** An operation with so much of the time is meant when none is named. */
const MAIN_SHARE = 0.8;
const [PARALLEL, SERIAL] = [0.2, 0.05];
/** One-sided 95 % bounds of p95 need so many requests (order statistics). */
const KNOWS_P95 = 59;
const FAIR = 10;
/** Times of fewer ticks are known to no more than a fifth. */
const COARSE = 5;
/** No latency of a scenario is longer, ms. */
const LONGEST = 600_000;
/** So long without a call is a stream, ms. */
const STREAM = 30_000;

/** The operations of the roots, the one with the most time first. */
export function operationsOf({ roots }: Forest): Operation[] {
  const groups = new Map<string, Node[]>();
  for (const root of roots) {
    const name = `${root.service} ${operationOf(root)}`.trim();
    const group = groups.get(name);
    if (group) group.push(root);
    else groups.set(name, [root]);
  }
  const length = (nodes: readonly Node[]): number => nodes.reduce((sum, { start, end }) => sum + end - start, 0);
  const all = Math.max(1, length(roots));
  const p50 = (nodes: readonly Node[]): number => quantile(ascending(nodes.map(({ start, end }) => (end - start) / MS)), 0.5);
  return [...groups]
    .map(([name, nodes]) => ({ name, roots: nodes, share: length(nodes) / all, p50: p50(nodes) }))
    .toSorted((a, b) => b.share - a.share);
}

/**
 * What the spans show.
 * @returns the operations to choose from when several are meant and none is named
 * @throws UserError when what was named is not there, or the order of the steps cannot be known
 */
export function understand(reading: Reading, question: Question): Understanding | Operation[] {
  const forest = withoutStreams(plant(reading.spans));
  const moved = forest.roots.reduce((sum, root) => sum + straighten(root, reading.tick), 0);
  const spans = question.at === undefined ? chosen(forest, question) : named(forest, question.at);
  if (!isNodes(spans)) return spans;
  const good = question.withErrors ? spans : spans.filter(({ failed }) => !failed);
  if (good.length === 0) throw new UserError(`No request was answered well (${counted(spans.length, 'request')} failed), and the times of failures are not those of good answers: --with-errors takes them.`);
  const short = good.filter(({ start, end }) => end - start <= LONGEST * MS);
  if (short.length === 0) throw new UserError('All requests took more than 10 minutes, which no scenario holds: name a span within them with --at service:operation.');
  const requests = short.map((span) => requestOf(span, forest, reading.slack));
  const steps = stepsOf(requests, question.order);
  refuseUnknowable(requests, steps, question);
  const notes = new Map([...reading.leftOut, ...forest.notes]);
  if (short.length < good.length) notes.set('requests of more than 10 minutes, which no scenario holds', good.length - short.length);
  const endless = requests.flatMap(({ consumed }) => consumed.filter(({ time }) => time > LONGEST * MS)).length;
  if (endless > 0) notes.set('work of consumers of more than 10 minutes, which no scenario holds', endless);
  if (moved > 0) notes.set('spans moved by another clock', moved);
  const sum = (of: 'retried' | 'outlasting'): number => requests.reduce((total, request) => total + request[of], 0);
  if (sum('retried') > 0) notes.set('calls made again after a failure: retries are part of the time of their step', sum('retried'));
  if (sum('outlasting') > 0) notes.set('calls that go on after the reply, cut at its end', sum('outlasting'));
  const first = good[0]!;
  return {
    label: `${shortService(first.service)} ${baseName(operationOf(first))}`.trim(),
    total: seen(requests.map(({ total }) => total / MS)),
    own: seen(requests.map(({ own }) => own / MS)),
    steps,
    failed: spans.length - good.length,
    consumers: consumersSeen(requests, steps),
    afterReply: countedLabels(requests.flatMap(({ after }) => after)),
    ...loadOf(spans),
    confidence: confidenceOf(requests, steps, moved, notes, reading.tick),
    notes,
    // Looked at by few, and not for nothing.
    get critical() {
      return criticalOf(good);
    },
  };
}

function criticalOf(spans: readonly Node[]): [string, number][] {
  const sums = new Map<string, number>();
  for (const span of spans) for (const [name, ns] of criticalPath(span)) sums.set(name, (sums.get(name) ?? 0) + ns / MS / spans.length);
  return [...sums].toSorted((a, b) => b[1] - a[1]);
}

/** A stream, such as a subscription, is no request: it stays open, and nothing is called. */
function withoutStreams(forest: Forest): Forest {
  const roots = forest.roots.filter(({ start, end, children }) => children.length > 0 || end - start < STREAM * MS);
  const streams = forest.roots.length - roots.length;
  if (streams > 0) forest.notes.set('streams (30 s and more, and no call)', streams);
  return { ...forest, roots };
}

function isNodes(found: Node[] | Operation[]): found is Node[] {
  return 'children' in found[0]!;
}

function chosen(forest: Forest, { operation }: Question): Node[] | Operation[] {
  const operations = operationsOf(forest);
  if (operations.length === 0) throw new UserError('No request can be told: every span has another one above it, or is a stream.');
  const known = operations.map(({ name }) => name);
  const main = operation === undefined ? operations.find(({ share }) => share >= MAIN_SHARE) : operations.find(({ name }) => matches(name, operation));
  if (operation !== undefined && !main) throw new UserError(`No trace begins with ${JSON.stringify(operation)}. Known: ${known.slice(0, 20).join(', ')}.`);
  return main ? descend(main.roots, forest) : operations;
}

function matches(name: string, wanted: string): boolean {
  return name === wanted || name.endsWith(` ${wanted}`) || baseName(name.slice(name.indexOf(' ') + 1)) === wanted;
}

function named(forest: Forest, at: string): Node[] {
  const colon = at.indexOf(':');
  const [service, operation] = colon < 0 ? ['', at] : [at.slice(0, colon), at.slice(colon + 1)];
  const found: Node[] = [];
  const visit = (node: Node): void => {
    const isIt = (service === '' || node.service === service || shortService(node.service) === service) && [node.name, operationOf(node), baseName(node.name)].includes(operation);
    if (isIt) found.push(node);
    else for (const child of node.children) visit(child);
  };
  forest.roots.forEach(visit);
  if (found.length === 0) throw new UserError(`No span is ${JSON.stringify(at)}: expected service:operation, such as checkout:PlaceOrder.`);
  return found;
}

/** From the roots down to the first spans that make two or more calls; the first with a call when none does. */
function descend(roots: readonly Node[], forest: Forest): Node[] {
  let level = [...roots];
  let firstCalling: Node[] | null = null;
  for (let depth = 0; depth < 50; depth++) {
    const calls = level.map((span) => callsOf(span, forest));
    if (calls.filter((of) => of.length >= 2).length * 2 > level.length) return level;
    // Spans of this tool say themselves which calls are steps.
    if (calls.some((of) => of.some(({ span }) => isStep(span)))) return level;
    if (!firstCalling && calls.some((of) => of.length > 0)) firstCalling = level;
    const next = calls.flatMap((of) => (of.length === 1 ? [of[0]!.callee ?? of[0]!.span] : []));
    if (next.length * 2 <= level.length) break;
    level = next;
  }
  return firstCalling ?? [...roots];
}

function isStep({ attributes }: Node): boolean {
  return STEP_ATTRIBUTE in attributes;
}

function ascending(values: readonly number[]): number[] {
  return values.toSorted((a, b) => a - b);
}

function seen(times: readonly number[]): Understanding['total'] {
  const sorted = ascending(times);
  return { times, p50: quantile(sorted, 0.5), p95: quantile(sorted, 0.95), mean: times.reduce((sum, time) => sum + time, 0) / times.length };
}

function stepsOf(requests: readonly Request[], order: Question['order']): StepSeen[] {
  const begins = new Map<string, number[]>();
  for (const { start, steps } of requests) {
    for (const [key, { busy }] of steps) {
      const found = begins.get(key) ?? [];
      if (found.push((busy[0]?.[0] ?? start) - start) === 1) begins.set(key, found);
    }
  }
  const begin = new Map([...begins].map(([key, offsets]) => [key, quantile(ascending(offsets), 0.5)]));
  const keys = stepOrder([...begins.keys()].toSorted((a, b) => begin.get(a)! - begin.get(b)!), requests);
  const taken = new Set(['own', 'orders']);
  const names = new Map<string, string>();
  for (const key of keys) {
    const name = freeSlug(requests.find(({ steps }) => steps.has(key))!.steps.get(key)!.label, taken);
    taken.add(name);
    names.set(key, name);
  }
  const overlaps = overlapsOf(requests, keys);
  const inTurn = (share: number | null): boolean => (order ? order === 'serial' : share !== null && share < PARALLEL);
  const { before, apart } = precedenceOf(keys, overlaps, inTurn);
  const found = keys.map((key, at) => {
    const having = requests.flatMap(({ steps }) => steps.get(key) ?? []);
    const beside = keys.filter((other) => other !== key).map((other) => ({ key: other, share: overlaps(key, other) ?? 0 }));
    return {
      name: names.get(key)!,
      label: having[0]!.label,
      publishes: having[0]!.publishes,
      share: having.length / requests.length,
      calls: having.reduce((sum, { calls }) => sum + calls, 0) / having.length,
      failed: having.reduce((sum, { failed }) => sum + failed, 0),
      ...seen(requests.map(({ steps }) => (steps.get(key)?.time ?? 0) / MS)),
      after: before[at]!.map((other) => names.get(keys[other]!)!),
      apart: apart.flatMap(([earlier, later]) => (later === at && !order ? [names.get(keys[earlier]!)!] : [])),
      waiting: waitingOf(having.flatMap(({ busy }) => busy.map(([start, end]) => ({ start: start / MS, end: end / MS })))),
      beside: beside.filter(({ share }) => share >= SERIAL).map((pair) => ({ name: names.get(pair.key)!, share: pair.share })),
    };
  });
  const leads = leadsOf(requests, keys, before);
  return found.map((step, at) => ({ ...step, lead: leads[at]?.map((lead) => lead / MS) ?? null }));
}

function consumersSeen(requests: readonly Request[], steps: readonly StepSeen[]): Understanding['consumers'] {
  const times = new Map<string, number[]>();
  for (const { name, time } of requests.flatMap(({ consumed }) => consumed.filter((work) => work.time <= LONGEST * MS))) {
    const found = times.get(name) ?? [];
    if (found.push(time / MS) === 1) times.set(name, found);
  }
  const taken = new Set(['own', 'orders', ...steps.map(({ name }) => name)]);
  return [...times].map(([service, of]) => {
    const name = freeSlug(shortService(service), taken);
    taken.add(name);
    return { name, times: of };
  });
}

/** Pairs of steps that run one after another, now this one first and now the other. */
function swapped(requests: readonly Request[], steps: readonly StepSeen[]): string[] {
  const position = new Map(steps.map(({ label }, at) => [label, at]));
  const first = steps.map(() => steps.map(() => 0));
  for (const request of requests) {
    const inOrder = [...request.steps.values()].toSorted((a, b) => (a.busy[0]?.[0] ?? 0) - (b.busy[0]?.[0] ?? 0)).map(({ label }) => position.get(label)!);
    for (let at = 0; at < inOrder.length; at++) for (let later = at + 1; later < inOrder.length; later++) first[inOrder[at]!]![inOrder[later]!]!++;
  }
  return steps.flatMap((one, at) => steps.flatMap((other, against) => {
    const [count, turned] = [first[at]![against]!, first[against]![at]!];
    const isSerial = !one.beside.some(({ name, share }) => name === other.name && share >= PARALLEL);
    return isSerial && turned > 0 && count >= turned && turned / (count + turned) >= SERIAL && (count > turned || one.label < other.label) ? [`${one.name} and ${other.name}`] : [];
  }));
}

/** Where steps begin at one moment their order is not in the file. */
function refuseUnknowable(requests: readonly Request[], steps: readonly StepSeen[], { order }: Question): void {
  if (order !== undefined || steps.length < 2) return;
  const several = requests.filter((request) => request.steps.size > 1);
  const equal = several.filter((request) => new Set([...request.steps.values()].map(({ busy }) => busy[0]?.[0])).size === 1);
  if (several.length === 0 || equal.length * 2 <= several.length) return;
  throw new UserError('Most calls of a request begin at one and the same moment: their order is not in these traces. Say it: --order serial or --order parallel.');
}

function countedLabels(labels: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return counts;
}

function loadOf(spans: readonly Node[]): Pick<Understanding, 'rate' | 'atOnce'> {
  const starts = ascending(spans.map(({ start }) => start));
  const length = starts.at(-1)! - starts[0]!;
  const changes = spans.flatMap(({ start, end }) => [[start, 1] as const, [end, -1] as const]).toSorted((a, b) => a[0] - b[0] || a[1] - b[1]);
  let [now, most] = [0, 0];
  for (const [, change] of changes) most = Math.max(most, (now += change));
  return { rate: length > 0 ? ((spans.length - 1) / length) * 1e9 : null, atOnce: Math.max(1, most) };
}

/** What of the spans that were left out is missing from a trace. */
const LOST = /^spans (without|that end)|^lines that are no JSON|^segments/;

function confidenceOf(requests: readonly Request[], steps: readonly StepSeen[], moved: number, notes: ReadonlyMap<string, number>, tick: number): Understanding['confidence'] {
  const why: string[] = [];
  if (requests.length < KNOWS_P95) why.push(`${counted(requests.length, 'request')}: p95 is known from ${KNOWS_P95} on`);
  const unsure = steps.filter(({ beside }) => beside.some(({ share }) => share >= SERIAL && share < PARALLEL));
  if (unsure.length > 0) why.push(`order unsure: ${unsure.map(({ name }) => name).join(', ')} overlap in a few requests`);
  const coarse = steps.filter(({ p50 }) => p50 * MS < COARSE * tick).map(({ name }) => name);
  if (coarse.length > 0 && tick === MS) why.push(`the clock ticks in milliseconds, too coarse for ${coarse.join(', ')}`);
  const turned = swapped(requests, steps);
  for (const { name, waiting } of steps) {
    if (waiting) why.push(`${name} takes longer the more of its calls are under way (mean ${waiting.few.toFixed(1)} ms with few, ${waiting.many.toFixed(1)} ms with many): waiting was imported as work`);
  }
  if (turned.length > 0) why.push(`now one first and now the other: ${listed(turned)}`);
  const sighted = new Set(requests.flatMap((request) => request.sighted));
  const lost = requests.flatMap(({ blind }) => blind).filter((name) => sighted.has(name)).length;
  if (lost > 0) why.push(`${counted(lost, 'call')} whose other end is missing where others of their name have one: a step may stand here under two names`);
  const apart = steps.flatMap(({ name, apart: earlier }) => earlier.map((other) => `${other} and ${name}`));
  if (apart.length > 0) why.push(`no request tells which is first: ${listed(apart)}`);
  if (moved > 0) why.push(`${counted(moved, 'span')} moved: the clocks of their hosts part`);
  const missing = notes.get('spans whose parent is missing') ?? 0;
  if (missing > 0) why.push(`${counted(missing, 'span')} whose parent is missing: traces are not whole`);
  const unread = [...notes].reduce((sum, [reason, count]) => (LOST.test(reason) ? sum + count : sum), 0);
  if (unread > 0) why.push(`spans that could not be read: ${unread}, so that traces are not whole`);
  return { level: requests.length < FAIR ? 'shape only' : why.length > 0 ? 'fair' : 'good', why };
}
