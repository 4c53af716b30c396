/** A resolved scenario as YAML, with every field written out. */
import { Document, isMap, isScalar, isSeq, visit } from 'yaml';
import { exactDuration } from '../base/units.js';
import { eventsIn, type Published } from './critical-path.js';
import { formatFault } from './fault.js';
import { formatRateLimit } from './format/rate.js';
import { formatWorkers } from './format/workers.js';
import { formatStage, type Load } from './load.js';
import type { Endpoint, Target } from './target.js';
import type { BusinessEvent, Consumer, Latency, RequestKind, RateLimit, Scenario, ServerModel, Service, Step, Variant } from './scenario.js';

const LINE_WIDTH = 110;
/** Mappings longer than this stand on lines of their own. */
const LONGEST_IN_ONE_LINE = 90;

/** A scenario file that says everything: parsed again, it is the same scenario. */
export function resolvedYaml(scenario: Scenario): string {
  const document = new Document(fileOf(scenario), { aliasDuplicateObjects: false });
  visit(document, {
    Scalar: (_, node) => {
      if (typeof node.value === 'string' && node.value.includes('\n')) node.type = 'BLOCK_LITERAL';
    },
    Collection: (key, node) => {
      const plain = isMap(node) ? node.items.map((pair) => pair.value) : node.items;
      const flat = plain.every((item) => isScalar(item) || (isSeq(item) && item.items.every(isScalar)));
      // Numbers and names, not the file itself.
      if (key !== null && flat && (isSeq(node) || JSON.stringify(node).length < LONGEST_IN_ONE_LINE)) node.flow = true;
    },
  });
  return document.toString({ lineWidth: LINE_WIDTH });
}

function fileOf(scenario: Scenario): object {
  const { name, title, noun, description, services, steps, event, kinds, deadline, server, faults, load, subjects, baseline, variants, targets, thresholds } = scenario;
  return {
    name,
    title,
    ...(noun === undefined ? {} : { noun }),
    ...(description === '' ? {} : { description }),
    ...rowsOf(scenario),
    services: byName(called(services), serviceOf),
    ...(kinds
      ? { transactions: byName(kinds, (kind) => ({ weight: kind.weight, steps: stepsOf(onlyOf(steps, kind), services), ...eventsOf(eventOfKind(event, kind)), ...ownDeadline(kind) })) }
      : { steps: stepsOf(steps, services), ...eventsOf(event) }),
    deadline: deadlineOf(deadline),
    server: serverOf(server),
    ...poolsOf([...steps, ...variants.flatMap((variant) => variant.steps)]),
    ...groupsOf([...steps, ...variants.flatMap((variant) => variant.steps)]),
    faults: faults.map(formatFault),
    load: loadOf(load),
    subjects,
    ...(baseline === undefined ? {} : { baseline }),
    variants: byName(variants, (variant) => variantOf(variant, scenario)),
    ...(targets.length > 0 ? { targets: byName(targets, targetOf) } : {}),
    thresholds,
  };
}

/** The pools that steps name, each as the first of them has it: a variant's come last. */
function poolsOf(steps: readonly Step[]): object {
  const pools = new Map(steps.flatMap(({ pool }) => (pool ? [[pool.name, pool.connections] as const] : [])).toReversed());
  return pools.size > 0 ? { pools: Object.fromEntries([...pools].toReversed()) } : {};
}

/** The groups that steps name, likewise. */
function groupsOf(steps: readonly Step[]): object {
  const all = new Map(steps.flatMap(({ group }) => (group ? [[group.name, { need: group.need, ...(group.within === undefined ? {} : { within: exactDuration(group.within) }) }] as const] : [])).toReversed());
  return all.size > 0 ? { groups: Object.fromEntries([...all].toReversed()) } : {};
}

function stepsOf(steps: readonly Step[], services: readonly Service[]): object[] {
  return steps.map((step) => ({ name: step.name, ...stepOf(step, services) }));
}

function onlyOf<T extends { only?: string }>(items: readonly T[], { name }: RequestKind): T[] {
  return items.filter(({ only }) => only === name);
}

function eventOfKind({ consumers }: BusinessEvent, kind: RequestKind): BusinessEvent {
  return { ...kind.event, consumers: onlyOf(consumers, kind) };
}

/** The columns that services of the scenario and its variants name. */
function rowsOf({ services, variants }: Scenario): object {
  const all = [services, ...variants.map((variant) => variant.services)].flat();
  const columns = all.flatMap(({ latency }) => (latency.kind === 'rows' ? [[latency.column, latency.values.map(exactDuration)] as const] : []));
  return columns.length > 0 ? { rows: Object.fromEntries(columns) } : {};
}

/** What differs from the scenario, each part that does in full. */
function variantOf({ title, architecture, services, steps, event, kinds, deadline, server, faults }: Variant, base: Scenario): object {
  const before = byName(base.steps, (step) => stepOf(step, base.services));
  const changes = (own: readonly Step[]): object => different(byName(own, (step) => stepOf(step, services)), before);
  return {
    title,
    architecture,
    services: different(byName(called(services), serviceOf), byName(called(base.services), serviceOf)),
    ...(kinds
      ? { transactions: byName(kinds, (kind) => ({ weight: kind.weight, steps: changes(onlyOf(steps, kind)), ...eventsOf(eventOfKind(event, kind)), ...ownDeadline(kind) })) }
      : { steps: changes(steps), ...eventsOf(event) }),
    deadline: deadlineOf(deadline),
    server: serverOf(server),
    ...poolsOf(steps),
    ...groupsOf(steps),
    faults: faults.map(formatFault),
  };
}

/** Secrets are written as what stands in for them. */
function endpointOf({ url, method, headers, expect, body }: Endpoint): object {
  return {
    url: String(url),
    method,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
    ...(body === '' ? {} : { body: String(body) }),
    expect: { ...(expect.status.length > 0 ? { status: expect.status } : {}), ...(expect.body === null ? {} : { body: String(expect.body) }) },
  };
}

function targetOf({ command, ready, startup, received, ...endpoint }: Target): object {
  return {
    ...endpointOf(endpoint),
    ...(command === null ? {} : { command }),
    ...(ready === null ? {} : { ready }),
    startup: exactDuration(startup),
    ...(received ? { received: 'url' in received ? { url: String(received.url) } : received } : {}),
  };
}

function different(items: Record<string, object>, base: Record<string, object>): Record<string, object> {
  return Object.fromEntries(Object.entries(items).filter(([name, item]) => JSON.stringify(item) !== JSON.stringify(base[name])));
}

/** Own work is written where it is done. */
function called(services: readonly Service[]): Service[] {
  return services.filter(({ own }) => !own);
}

function serviceOf({ latency, workers, scaling, queue, errors, rate, priority, outages, abandoned, endpoint }: Service): object {
  if (endpoint) return endpointOf(endpoint);
  const written = outages.map((outage) => ({ ...outage, from: exactDuration(outage.from), for: exactDuration(outage.for) }));
  return { latency: latencyOf(latency), workers: formatWorkers(workers, scaling), queue, errors, rate: rateOf(rate), priority: priority ?? 'none', outages: written, abandoned };
}

function rateOf(rate: RateLimit | undefined): object | string {
  return rate ? formatRateLimit(rate) : 'unlimited';
}

function latencyOf(latency: Latency): unknown {
  switch (latency.kind) {
    case 'constant':
      return exactDuration(latency.ms);
    case 'lognormal':
      return { p50: exactDuration(latency.p50), p99: exactDuration(latency.p99) };
    case 'exponential':
      return { exponential: exactDuration(latency.mean) };
    case 'uniform':
      return { uniform: [exactDuration(latency.min), exactDuration(latency.max)] };
    case 'values':
      return { values: latency.values.map(exactDuration) };
    case 'rows':
      return { column: latency.column };
  }
}

function stepOf(step: Step, services: readonly Service[]): object {
  const { call: service, critical, share, onError, effect, after, timeout, retries, breaker, connections, pool, group, rate, times = 1, concurrency = 1, need, compensate = 'none', loop } = step;
  const own = ownOf(service, services);
  return {
    ...(own ? { own: latencyOf(own.latency) } : { call: service }),
    critical,
    share,
    onError,
    effect,
    after,
    timeout: exactDuration(timeout),
    retries: { ...retries, backoff: exactDuration(retries.backoff), retryAfter: retries.retryAfter ?? 'heed' },
    breaker: breaker ? { ...breaker, window: exactDuration(breaker.window), reset: exactDuration(breaker.reset) } : 'none',
    connections,
    pool: pool?.name ?? 'none',
    group: group?.name ?? 'none',
    rate: rateOf(rate),
    times,
    concurrency,
    ...(need === undefined ? {} : { need }),
    fallback: fallbackFor(step, services),
    compensate,
    ...(loop === undefined ? {} : { loop }),
  };
}

function ownOf(service: string | undefined, services: readonly Service[]): Service | undefined {
  return services.find(({ name, own }) => own && name === service);
}

function fallbackFor({ fallback = 'none' }: Step, services: readonly Service[]): unknown {
  const own = ownOf(fallback, services);
  return own ? latencyOf(own.latency) : fallback;
}

/** The one event, or several by name. */
function eventsOf({ consumers, ...event }: BusinessEvent): object {
  const written = (one: Published, heardBy: readonly Consumer[]): object => {
    const { name: _, publish, ...rest } = one;
    return { ...rest, publish: exactDuration(publish), consumers: byName(heardBy, consumerOf) };
  };
  if (event.name === undefined) return { event: written(eventsIn(event)[0]!, consumers) };
  return { events: Object.fromEntries(eventsIn(event).map((one) => [one.name, written(one, consumers.filter(({ hears }) => hears === one.name))])) };
}

function deadlineOf(deadline: number | null | undefined): string {
  return deadline == null ? 'none' : exactDuration(deadline);
}

/** A kind without one of its own has that of the scenario. */
function ownDeadline({ deadline }: RequestKind): object {
  return deadline === undefined ? {} : { deadline: deadlineOf(deadline) };
}

function serverOf({ processes, work }: ServerModel): object {
  return { processes, work: exactDuration(work) };
}

function consumerOf({ call, share, after = [], workers, scaling, batch, timeout, rate, times = 1, concurrency = 1, need, attempts, backoff, delay = 0 }: Consumer): object {
  const batched = batch ? { size: batch.size, wait: exactDuration(batch.wait) } : 'none';
  return { call, share, after, workers: formatWorkers(workers, scaling), batch: batched, timeout: exactDuration(timeout), rate: rateOf(rate), times, concurrency, ...(need === undefined ? {} : { need }), attempts, backoff: exactDuration(backoff), delay: exactDuration(delay) };
}

function loadOf({ users, rates, stages, warmup, ...load }: Load): object {
  return {
    ...(rates.length > 0 ? { rate: rates, arrivals: load.arrivals } : {}),
    ...(users.length > 0 ? { users } : {}),
    think: exactDuration(load.think),
    ...(stages.length > 0 ? { stages: stages.map(formatStage) } : { duration: exactDuration(load.duration) }),
    ...(load.until === null ? {} : { until: load.until, maxDuration: exactDuration(load.maxDuration) }),
    warmup: warmup === 'auto' ? warmup : exactDuration(warmup),
    timeout: exactDuration(load.timeout),
    ...(load.retries && { retries: { ...load.retries, backoff: exactDuration(load.retries.backoff) } }),
    drain: exactDuration(load.drain),
    rounds: load.rounds,
  };
}

function byName<T extends { name: string }>(items: readonly T[], write: (item: T) => object): Record<string, object> {
  return Object.fromEntries(items.map((item) => [item.name, write(item)]));
}
