/** The events of a transaction and who hears them, with everything filled in. */
import { lastOf } from './critical-path.js';
import type { Transaction } from './change.js';
import { DEFAULTS } from './defaults.js';
import type { ConsumerDraft, EventDraft } from './format/file.js';
import { policiesOf, resolveWorkers, type Policies } from './policies.js';
import type { BusinessEvent, Consumer, FurtherEvent, Service, Step } from './scenario.js';

/** One event as it is written; the only one has no name. */
export interface NamedEvent {
  name?: string;
  draft: EventDraft;
}

/** The events of a draft, in their order: there is one at least. */
export function eventDrafts({ event, events }: Pick<Transaction, 'event' | 'events'>): [NamedEvent, ...NamedEvent[]] {
  const [first, ...others] = [...(events ?? [])].map(([name, draft]): NamedEvent => ({ name, draft }));
  return first ? [first, ...others] : [{ draft: event ?? {} }];
}

/** Fills in the defaults of everything that is published, and of all consumers. */
export function resolveEvents(transaction: Pick<Transaction, 'event' | 'events'>, steps: readonly Step[], services: readonly Service[]): BusinessEvent {
  const drafts = eventDrafts(transaction);
  const [first, ...further] = drafts.map((one) => resolveEvent(one, steps));
  const consumers = resolveConsumers(steps, services, drafts);
  return { ...first!, consumers, ...(further.length > 0 && { further: further as FurtherEvent[] }) };
}

function resolveEvent({ name, draft }: NamedEvent, steps: readonly Step[]): Omit<BusinessEvent, 'consumers' | 'further'> {
  const { type, messages, payload, publish, wait, inbox } = { ...DEFAULTS.event, ...(name !== undefined && { type: typeOf(name) }), ...draft };
  const after = draft.after ?? onlyLast(steps);
  return { ...(name !== undefined && { name }), type, after, messages, payload, publish, wait, inbox };
}

/** `payment-captured` is of the type `payment.captured`. */
function typeOf(name: string): string {
  return name.replace(/-(?=[^-]+$)/, '.');
}

/** The critical step that comes after all others; null where several end side by side, or there is none. */
function onlyLast(steps: readonly Step[]): string | null {
  const [last, ...others] = lastOf(steps);
  return last !== undefined && others.length === 0 ? last : null;
}

/** What the consumer of a step takes from it. */
export function likeStep({ name, call, share, timeout, ...step }: Step): LikeStep {
  return { name, call, share, timeout, ...policiesOf(step) };
}

type LikeStep = Pick<Consumer, 'name' | 'call' | 'share' | 'timeout' | 'hears' | keyof Policies>;

/** One consumer for each non-critical step, then those that only the event side has. */
function resolveConsumers(steps: readonly Step[], services: readonly Service[], drafts: readonly NamedEvent[]): Consumer[] {
  const moved = steps.filter((step) => !step.critical);
  // What a step comes after and the request does, is done before the event.
  const movedAfter = (after: readonly string[]): string[] => after.filter((name) => moved.some((step) => step.name === name));
  const heard = new Map<string, string | undefined>();
  for (const step of moved) heard.set(step.name, heardBy(step, drafts, heard));
  const ofSteps = moved.map((step) => {
    const draft = drafts.find(({ draft: { consumers } }) => consumers?.has(step.name))?.draft.consumers?.get(step.name);
    return resolveConsumer({ ...likeStep(step), ...hearing(heard.get(step.name)), after: movedAfter(step.after) }, services, draft);
  });
  const own = drafts.flatMap(({ name: event, draft: { consumers = new Map<string, ConsumerDraft>() } }) =>
    [...consumers]
      .filter(([name]) => !steps.some((step) => step.name === name))
      .map(([name, draft]) => resolveConsumer({ ...DEFAULTS.consumer, ...hearing(event), after: [], name, call: name }, services, draft)),
  );
  return [...ofSteps, ...own];
}

/** Name of the event whose consumers have a step among them; else that of the first step that it comes after and that is moved, or the first. */
function heardBy({ name, after }: Step, drafts: readonly NamedEvent[], heard: ReadonlyMap<string, string | undefined>): string | undefined {
  const named = drafts.find(({ draft: { consumers } }) => consumers?.has(name));
  const before = after.find((other) => heard.has(other));
  return named ? named.name : before === undefined ? drafts[0]?.name : heard.get(before);
}

function hearing(event: string | undefined): Pick<Consumer, 'hears'> {
  return event === undefined ? {} : { hears: event };
}

function resolveConsumer(
  like: LikeStep & { after: string[] },
  services: readonly Service[],
  { after = like.after, ...draft }: ConsumerDraft = {},
): Consumer {
  const all = { ...like, ...draft };
  const { name, call, share, timeout, hears } = all;
  const workers = services.find((service) => service.name === call)?.workers ?? DEFAULTS.service.workers;
  const { workers: written, rate: _rate, times: _times, concurrency: _concurrency, need: _need, delay = 0, batch, ...rest } = draft;
  return { ...DEFAULTS.consumer, workers, ...rest, ...resolveWorkers(written), ...policiesOf(all), ...(delay > 0 && { delay }), ...(batch && batch !== 'none' && { batch }), name, call, share, timeout, ...hearing(hears), ...(after.length > 0 ? { after } : {}) };
}
