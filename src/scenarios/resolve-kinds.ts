/** Drafts of one or of several kinds of request, resolved. The draft's names are known to be right. */
import { changed, stepName, type Transaction } from './change.js';
import { DEFAULTS } from './defaults.js';
import type { ScenarioDraft, TransactionDraft, VariantDraft } from './format/file.js';
import { eventDrafts } from './resolve-events.js';
import { resolveTransaction, type Resolved } from './resolve.js';
import type { BusinessEvent, Consumer, RequestKind, Service, Step } from './scenario.js';

/** What is done for requests: of one kind, or of several. */
export type ResolvedWhole = Resolved & { kinds?: RequestKind[]; deadline?: number };

/** Fills in the defaults of everything that requests come to, as a variant changes it. */
export function resolveWhole(draft: ScenarioDraft, change?: VariantDraft): ResolvedWhole {
  const { transactions } = draft;
  const { deadline = draft.deadline ?? 'none' } = change ?? {};
  const whole = deadline === 'none' ? {} : { deadline };
  if (!transactions) return { ...resolveTransaction(change ? changed(draft, change) : draft), ...whole };
  const weights = weightsOf(transactions, change);
  const names = [...transactions.values()].flatMap(namesIn);
  const parts = [...transactions.keys()].map((kind) => named(kind, resolveTransaction(partOf(draft, kind, change)), names));
  return {
    services: [...(parts[0]?.services.filter(({ own }) => !own) ?? []), ...parts.flatMap(({ services }) => services.filter(({ own }) => own))],
    steps: parts.flatMap(({ steps }) => steps),
    event: { ...DEFAULTS.event, type: 'request.done', after: null, consumers: parts.flatMap(({ event }) => event.consumers) },
    kinds: parts.map(({ kind, event }, position) => {
      const { consumers: _consumers, ...own } = event;
      return { name: kind, weight: weights[position]!, event: own, ...deadlineOf(transactions.get(kind), change?.transactions?.get(kind)) };
    }),
    ...whole,
  };
}

/** The deadline of a kind that has one of its own, or none. */
function deadlineOf({ deadline }: Pick<TransactionDraft, 'deadline'> = {}, change: Pick<TransactionDraft, 'deadline'> = {}): Pick<RequestKind, 'deadline'> {
  const own = change.deadline ?? deadline;
  return own === undefined ? {} : { deadline: own === 'none' ? null : own };
}

/** One kind as a draft of its own, as a variant changes it. Its event is named after it unless it says otherwise. */
function partOf({ services, pools, groups, transactions }: ScenarioDraft, kind: string, { services: changes, pools: otherPools, groups: otherGroups, transactions: own }: Partial<VariantDraft> = {}): Transaction {
  const { steps = [], event, events } = transactions?.get(kind) ?? {};
  const { weight: _, deadline: _deadline, ...change } = own?.get(kind) ?? {};
  const base = { services, steps, ...(events ? { events } : { event: { type: `${kind}.done`, ...event } }), ...(pools && { pools }), ...(groups && { groups }) };
  return changed(base, { ...(changes && { services: changes }), ...(otherPools && { pools: otherPools }), ...(otherGroups && { groups: otherGroups }), ...change });
}

/** What each kind weighs; those that do not say share what the others leave. */
export function weightsOf(transactions: ReadonlyMap<string, TransactionDraft>, change?: VariantDraft): number[] {
  const said = [...transactions].map(([kind, { weight }]) => change?.transactions?.get(kind)?.weight ?? weight);
  const sum = said.reduce<number>((total, weight) => total + (weight ?? 0), 0);
  const silent = said.filter((weight) => weight === undefined).length;
  return said.map((weight) => weight ?? Math.max(0, 1 - sum) / silent);
}

/** Names of the steps of a kind, and of the consumers that are no step's. */
function namesIn({ steps, ...published }: TransactionDraft): string[] {
  const own = steps.map(stepName);
  return [...own, ...eventDrafts(published).flatMap(({ draft }) => [...(draft.consumers?.keys() ?? [])]).filter((name) => !own.includes(name))];
}

/** A kind whose steps and consumers name it; a name that another kind has as well is told apart by that of the kind. */
function named(kind: string, { services, steps, event }: Resolved, names: readonly string[]): Resolved & { kind: string } {
  const nameOf = (name: string): string => (names.filter((other) => other === name).length > 1 ? `${kind}-${name}` : name);
  // Own work has the name of its step.
  const calledBy = (call: string): string => (services.some((service) => service.own && service.name === call) ? nameOf(call) : call);
  const ownStep = (step: Step): Step => ({ ...step, name: nameOf(step.name), call: calledBy(step.call), after: step.after.map(nameOf), only: kind });
  const ownConsumer = (consumer: Consumer): Consumer => ({
    ...consumer, name: nameOf(consumer.name), call: calledBy(consumer.call), only: kind, ...(consumer.after && { after: consumer.after.map(nameOf) }),
  });
  const ownService = (service: Service): Service => (service.own ? { ...service, name: nameOf(service.name) } : service);
  const placed = <E extends Pick<BusinessEvent, 'after'>>(its: E): E => ({ ...its, after: its.after === null ? null : nameOf(its.after) });
  const own: BusinessEvent = { ...placed(event), consumers: event.consumers.map(ownConsumer), ...(event.further && { further: event.further.map(placed) }) };
  return { kind, services: services.map(ownService), steps: steps.map(ownStep), event: own };
}
