/** A draft with everything filled in. The draft's names are known to be right. */
import type { Text } from '../base/secret.js';
import { lastOf } from './architectures.js';
import type { Transaction } from './change.js';
import { stepName } from './change.js';
import { fallbackName } from './call-graph.js';
import { DEFAULTS } from './defaults.js';
import type { ConsumerDraft, LoadDraft } from './format/file.js';
import type { ServiceDraft } from './format/service.js';
import type { RateDraft } from './format/rate.js';
import type { StepDraft } from './format/step.js';
import type { TargetDraft } from './format/target.js';
import { lengthOf } from './stages.js';
import { TARGET_DEFAULTS, type Counter, type Expectation, type Target } from './target.js';
import type { BusinessEvent, Consumer, Latency, Limit, Load, Outage, RateLimit, Retries, Service, Step } from './scenario.js';

/** The resolved transaction. */
export interface Resolved {
  services: Service[];
  steps: Step[];
  event: BusinessEvent;
}

/** What a step says that shares no pool, for instance in a variant. */
const NO_POOL = 'none';

/** Fills in the defaults of services, steps and the event. */
export function resolveTransaction({ services, steps, event = {}, pools = new Map() }: Transaction): Resolved {
  const resolvedServices = [...[...services].map(([name, draft]) => resolveService(name, draft)), ...steps.flatMap(ownServices)];
  const resolvedSteps = resolveSteps(steps, pools);
  const { type, messages, payload, publish, wait, inbox } = { ...DEFAULTS.event, ...event };
  const after = event.after ?? onlyLast(resolvedSteps);
  const consumers = resolveConsumers(resolvedSteps, resolvedServices, event.consumers ?? new Map());
  const resolvedEvent = { type, after, messages, payload, publish, wait, inbox, consumers };
  return { services: resolvedServices, steps: resolvedSteps, event: resolvedEvent };
}

/** The critical step that comes after all others; null where several end side by side, or there is none. */
function onlyLast(steps: readonly Step[]): string | null {
  const [last, ...others] = lastOf(steps);
  return last !== undefined && others.length === 0 ? last : null;
}

/** Fills in the defaults of the load. */
export function resolveLoad({ users, rate, stages = [], ...rest }: LoadDraft): Load {
  const isStaged = stages.length > 0;
  const load = { users: users ?? (rate || isStaged ? [] : [...DEFAULTS.users]), rates: rate ?? [], ...DEFAULTS.load, ...rest };
  return isStaged ? { ...load, stages, duration: lengthOf(stages) } : { ...load, stages: [] };
}

/** A target whose values have been read from wherever they are. */
type ReadTarget = Omit<TargetDraft, 'url' | 'headers' | 'body' | 'expect' | 'received'> & {
  url: Text;
  headers: ReadonlyMap<string, Text>;
  body?: Text;
  expect: Expectation;
  received: Counter | null;
};

/** Fills in the defaults of a server of one's own. */
export function resolveTarget(name: string, { headers, ...rest }: ReadTarget): Target {
  return { ...TARGET_DEFAULTS, ...rest, name, headers: Object.fromEntries(headers) };
}

function resolveService(name: string, draft: ServiceDraft): Service {
  const { latency, outages = [], rate, priority, written: _written, ...rest } = draft;
  // CSV files have been read before.
  return { ...DEFAULTS.service, ...rest, ...limited(rate), ...(priority === 'replies' && { priority }), name, latency: latency as Latency, outages: outages.map(resolveOutage) };
}

/** Own work of a step: as much of it at once as there is to do. */
function ownServices(step: StepDraft): Service[] {
  const { call, own, fallback } = step;
  const ofFallback = typeof fallback === 'object' && 'own' in fallback;
  return [
    ...(own ? [ownService(call, own as Latency)] : []),
    ...(ofFallback ? [ownService(fallbackName(stepName(step)), { kind: 'constant', ms: fallback.own })] : []),
  ];
}

function ownService(name: string, latency: Latency): Service {
  return { ...DEFAULTS.service, name, workers: 'unlimited', latency, outages: [], own: true };
}

/** Name of the service that a step falls back on. */
function resolveFallback(step: StepDraft): { fallback?: string } {
  const { fallback = 'none' } = step;
  if (fallback === 'none') return {};
  return { fallback: 'call' in fallback ? fallback.call : fallbackName(stepName(step)) };
}

/** A rate limit where there is one. */
function limited(rate: RateDraft | undefined): { rate?: RateLimit } {
  return rate === undefined || rate === 'unlimited' ? {} : { rate };
}

type Policies = Pick<Step, 'rate' | 'times' | 'concurrency' | 'need'>;

/** Policies of a step or consumer that it has: none of those that change nothing. */
function policiesOf({ rate, times = 1, concurrency = 1, need }: Pick<StepDraft, keyof Policies>): Policies {
  return { ...limited(rate), ...(times !== 1 && { times }), ...(concurrency !== 1 && { concurrency }), ...(need !== undefined && { need }) };
}

/** What the consumer of a step takes from it. */
export function likeStep({ name, call, share, timeout, ...step }: Step): LikeStep {
  return { name, call, share, timeout, ...policiesOf(step) };
}

type LikeStep = Pick<Consumer, 'name' | 'call' | 'share' | 'timeout' | keyof Policies>;

function resolveOutage({ factor = 1, kind, from, for: length }: NonNullable<ServiceDraft['outages']>[number]): Outage {
  return kind === 'slow' ? { from, for: length, kind, factor } : { from, for: length, kind };
}

/** A critical step waits for the critical step before it, any other for the last critical step before it. */
function resolveSteps(drafts: readonly StepDraft[], pools: ReadonlyMap<string, Limit>): Step[] {
  let lastCritical: string[] = [];
  return drafts.map((draft) => {
    const step = resolveStep(draft, lastCritical, pools);
    if (step.critical) lastCritical = [step.name];
    return step;
  });
}

function resolveStep(draft: StepDraft, after: string[], pools: ReadonlyMap<string, Limit>): Step {
  const { breaker, retries, call, own, fallback: _fallback, compensate = 'none', pool: name = NO_POOL, rate: _rate, times: _times, concurrency: _concurrency, need: _need, ...rest } = draft;
  return {
    ...DEFAULTS.step,
    // What the server does for itself changes nothing that somebody else could see.
    ...(own && { effect: false }),
    after,
    ...rest,
    ...policiesOf(draft),
    ...resolveFallback(draft),
    ...(name !== NO_POOL && { pool: { name, connections: pools.get(name) ?? 'unlimited' } }),
    ...(compensate !== 'none' && { compensate }),
    call,
    name: stepName(draft),
    retries: resolveRetries(retries),
    breaker: breaker === undefined || breaker === 'none' ? DEFAULTS.step.breaker : { ...DEFAULTS.breaker, ...breaker },
  };
}

function resolveRetries({ retryAfter, ...retries }: NonNullable<StepDraft['retries']> = {}): Retries {
  return { ...DEFAULTS.retries, ...retries, ...(retryAfter === 'ignore' && { retryAfter }) };
}

/** One consumer for each non-critical step, then those that only the event side has. */
function resolveConsumers(steps: Step[], services: Service[], drafts: Map<string, ConsumerDraft>): Consumer[] {
  const moved = steps.filter((step) => !step.critical);
  const own = [...drafts].filter(([name]) => !steps.some((step) => step.name === name));
  // What a step comes after and the request does, is done before the event.
  const movedAfter = (after: readonly string[]): string[] => after.filter((name) => moved.some((step) => step.name === name));
  return [
    ...moved.map((step) => resolveConsumer({ ...likeStep(step), after: movedAfter(step.after) }, services, drafts.get(step.name))),
    ...own.map(([name, draft]) => resolveConsumer({ ...DEFAULTS.consumer, after: [], name, call: name }, services, draft)),
  ];
}

function resolveConsumer(
  like: LikeStep & { after: string[] },
  services: readonly Service[],
  { after = like.after, ...draft }: ConsumerDraft = {},
): Consumer {
  const all = { ...like, ...draft };
  const { name, call, share, timeout } = all;
  const workers = services.find((service) => service.name === call)?.workers ?? DEFAULTS.service.workers;
  const { rate: _rate, times: _times, concurrency: _concurrency, need: _need, delay = 0, batch, ...rest } = draft;
  return { ...DEFAULTS.consumer, workers, ...rest, ...policiesOf(all), ...(delay > 0 && { delay }), ...(batch && batch !== 'none' && { batch }), name, call, share, timeout, ...(after.length > 0 ? { after } : {}) };
}
