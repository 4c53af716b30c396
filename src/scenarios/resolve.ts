/** A draft with everything filled in. The draft's names are known to be right. */
import type { Text } from '../base/secret.js';
import { stepName, type Transaction } from './change.js';
import { fallbackName } from './call-graph.js';
import { DEFAULTS } from './defaults.js';
import type { GroupDraft, LoadDraft } from './format/file.js';
import type { ServiceDraft } from './format/service.js';
import type { StepDraft } from './format/step.js';
import type { TargetDraft } from './format/target.js';
import { limited, policiesOf, resolveWorkers } from './policies.js';
import { resolveEvents } from './resolve-events.js';
import { lengthOf, type Load } from './load.js';
import { TARGET_DEFAULTS, type Counter, type Expectation, type Target } from './target.js';
import type { BusinessEvent, Latency, Limit, Outage, Retries, Service, Step } from './scenario.js';

/** The resolved transaction. */
export interface Resolved {
  services: Service[];
  steps: Step[];
  event: BusinessEvent;
}

/** What a step says that shares no pool, or is in no group, for instance in a variant. */
const NONE = 'none';

/** What steps share by its name. */
interface Shared {
  pools: ReadonlyMap<string, Limit>;
  groups: ReadonlyMap<string, GroupDraft>;
}

/** Fills in the defaults of services, steps and the event. */
export function resolveTransaction({ services, steps, pools = new Map(), groups = new Map(), ...published }: Transaction): Resolved {
  const resolvedServices = [...[...services].map(([name, draft]) => resolveService(name, draft)), ...steps.flatMap(ownServices)];
  const resolvedSteps = resolveSteps(steps, { pools, groups });
  return { services: resolvedServices, steps: resolvedSteps, event: resolveEvents(published, resolvedSteps, resolvedServices) };
}

/** Fills in the defaults of the load. */
export function resolveLoad({ users, rate, stages = [], retries, ...rest }: LoadDraft): Load {
  const isStaged = stages.length > 0;
  const load = { users: users ?? (rate || isStaged ? [] : [...DEFAULTS.users]), rates: rate ?? [], ...DEFAULTS.load, ...rest, ...clientRetries(retries) };
  return isStaged ? { ...load, stages, duration: lengthOf(stages) } : { ...load, stages: [] };
}

/** One attempt is no retry. */
function clientRetries(draft: LoadDraft['retries']): Pick<Load, 'retries'> {
  if (!draft || draft.attempts === 1) return {};
  return { retries: { ...DEFAULTS.clientRetries, on: [...DEFAULTS.clientRetries.on], ...draft } };
}

/** A load whose clients send a request so many times at most, and otherwise as it says how. */
export function withAttempts<T extends Pick<Load, 'retries'>>(load: T, attempts: number): T {
  const { retries, ...rest } = load;
  return { ...rest, ...clientRetries({ ...retries, attempts }) } as T;
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
  const { latency, outages = [], rate, priority, workers, written: _written, ...rest } = draft;
  // CSV files have been read before.
  return { ...DEFAULTS.service, ...rest, ...resolveWorkers(workers), ...limited(rate), ...(priority === 'replies' && { priority }), name, latency: latency as Latency, outages: outages.map(resolveOutage) };
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

function resolveOutage({ factor = 1, kind, from, for: length }: NonNullable<ServiceDraft['outages']>[number]): Outage {
  return kind === 'slow' ? { from, for: length, kind, factor } : { from, for: length, kind };
}

/** A critical step waits for the critical step, or the group, before it, any other for the last of those before it. */
function resolveSteps(drafts: readonly StepDraft[], shared: Shared): Step[] {
  let [lastCritical, before, group]: [string[], string[], string | undefined] = [[], [], undefined];
  return drafts.map((draft) => {
    const isBeside = group !== undefined && draft.group === group;
    const step = resolveStep(draft, isBeside ? before : lastCritical, shared);
    if (!step.critical) return step;
    if (!isBeside) before = lastCritical;
    lastCritical = isBeside ? [...lastCritical, step.name] : [step.name];
    group = step.group?.name;
    return step;
  });
}

function resolveStep(draft: StepDraft, after: string[], { pools, groups }: Shared): Step {
  const { breaker, retries, call, own, fallback: _fallback, compensate = 'none', pool: name = NONE, group = NONE, rate: _rate, times: _times, concurrency: _concurrency, need: _need, ...rest } = draft;
  return {
    ...DEFAULTS.step,
    // What the server does for itself changes nothing that somebody else could see.
    ...(own && { effect: false }),
    after,
    ...rest,
    ...policiesOf(draft),
    ...resolveFallback(draft),
    ...(group !== NONE && { group: { name: group, need: 1, ...groups.get(group) } }),
    ...(name !== NONE && { pool: { name, connections: pools.get(name) ?? 'unlimited' } }),
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
