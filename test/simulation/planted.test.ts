/**
 * The agreement sees: for each rule that live core and simulation share, a difference planted in the live core alone turns
 * it red. Equal before, unequal with the plant, and equal again without.
 */
import { expect, it } from 'vitest';
import { BreakerState } from '../../src/architectures/breaker.js';
import { Parts } from '../../src/architectures/parts.js';
import { RetryBudget } from '../../src/architectures/retries.js';
import { StepRunner } from '../../src/architectures/step.js';
import type { Turn } from '../../src/base/clock.js';
import { Deliveries } from '../../src/events/deliveries.js';
import { Attempts } from '../../src/load/attempts.js';
import { PLACES } from '../../src/measurement/event-timelines.js';
import type { Consumer, Service, Step } from '../../src/scenarios/scenario.js';
import { RANK, scalingCalls } from '../../src/scenarios/turn.js';
import { Line, type Place } from '../../src/services/line.js';
import { SimulatedService } from '../../src/services/simulated.js';
import { simulateTrial, type TrialInput } from '../../src/simulation/trial.js';
import { consumer, event, service, step } from '../architectures/orders.js';
import { differences } from '../support/agreement.js';
import { liveTrial } from '../support/live-trial.js';
import { VirtualClock } from '../support/virtual-clock.js';

interface Chain {
  services: Service[];
  steps?: Step[];
  consumers?: Consumer[];
  change?: Partial<TrialInput>;
}

/** A trial of half a second: of `hybrid` where there are consumers, and else of `sync`; 100 requests a second, evenly. */
function trialOf({ services, steps = [step('payment')], consumers = [], change }: Chain): TrialInput {
  const architecture = consumers.length > 0 ? 'hybrid' : 'sync';
  return {
    architecture: 'planted', base: architecture, round: 1, load: { model: 'open', rate: 100 }, seed: 1,
    subject: { name: 'planted', architecture, services, steps, event: event(consumers), server: { processes: 1, work: 0.15 }, faults: [] },
    warmup: 0, duration: 500, drain: 10_000, timeout: 10_000, entry: 0, think: 0, handling: 0, ...change,
  };
}

type Method = (...args: never[]) => unknown;

/** Puts something in the place of a method. @returns takes it away again */
function replaced<O extends Record<K, Method>, K extends PropertyKey>(owner: O, name: K, change: (self: O, real: O[K]) => O[K]): () => void {
  const real = owner[name];
  owner[name] = function (this: O, ...args: never[]) {
    return change(this, real.bind(this) as O[K])(...args);
  } as O[K];
  return () => void (owner[name] = real);
}

/** What a class keeps to itself, of which a plant knows. */
const deliveries = Deliveries.prototype as unknown as { again: (item: { failures: number }) => void };
const line = Line.prototype as unknown as { last: Place<unknown> | null; next: () => unknown; leave: (place: Place<unknown>) => void };
const parts = Parts.prototype as unknown as { poolOf: () => unknown; bus: Parts['bus'] };
const breaker = BreakerState.prototype as unknown as { reset: number; admit: () => unknown };

/** Serves the one who came last. */
function lastComeFirstServed(): () => void {
  return replaced(line, 'next', (self) => () => {
    const { last } = self;
    if (!last) return undefined;
    self.leave(last);
    return last.item;
  });
}

/** Everything of one rank happens at another moment, or in another turn. */
function shifted(rank: number, ms: number, change: Partial<Turn> = {}): () => void {
  return replaced(VirtualClock.prototype, 'at', (_, real) => (moment, run, turn) =>
    turn?.rank === rank ? real(moment + ms, run, { ...turn, ...change }) : real(moment, run, turn));
}

/** What workers that scale wait for happens at another moment. */
function scaledLater(which: 'started' | 'look', ms: number): () => void {
  const call = scalingCalls('service')[which];
  return replaced(VirtualClock.prototype, 'at', (_, real) => (moment, run, turn) =>
    real(turn?.rank === RANK.delivery && turn.call === call ? moment + ms : moment, run, turn));
}

/** The books are taken as if the event that was processed last had not been. @param isHeld the bus says that it has it */
function unprocessed(isHeld: boolean): () => void {
  let last: string | undefined;
  const inHistory = replaced(Parts.prototype, 'history', (_, real) => () =>
    real().filter(({ kind, event: identity }) => kind !== 'processed' || identity !== last));
  const atBus = replaced(Parts.prototype, 'held', (self, real) => async () => {
    last = self.history().findLast(({ kind }) => kind === 'processed')?.event;
    return { ...(await real()), ...(isHeld && { email: [last ?? ''] }) };
  });
  return () => {
    inHistory();
    atBus();
  };
}

const SLOW_AT_TIMES = { kind: 'values' as const, values: [1, 2, 40] };
const SCALED = service('payment', 30, { workers: 8, scaling: { min: 0, start: 40, target: 0.7, idle: 20 } });
const FLAKY = service('payment', 3, { errors: 0.5 });

interface Plant {
  trial: TrialInput;
  /** Plants it. @returns takes it away again */
  plant: () => () => void;
  /** Figures that show it, among others. */
  figures: string[];
}

const PLANTS: Record<string, Plant> = {
  'the order of a queue: last come, first served': {
    trial: trialOf({ services: [service('payment', 0, { latency: SLOW_AT_TIMES, workers: 1 })] }),
    plant: lastComeFirstServed,
    figures: ['steps.payment.queueTime.p50: live 23, simulated 121', 'steps.payment.queueTime.max: live 639, simulated 194'],
  },
  'the line for connections: last come, first served': {
    trial: trialOf({ services: [service('payment', 0, { latency: SLOW_AT_TIMES })], steps: [step('payment', { connections: 1 })] }),
    plant: lastComeFirstServed,
    figures: ['responseTime.p50: live 41, simulated 132', 'responseTime.max: live 641, simulated 204'],
  },
  'the timeout: it strikes before an answer of the same moment': {
    trial: trialOf({ services: [service('payment', 30)], steps: [step('payment', { timeout: 30 })] }),
    plant: () => shifted(RANK.callTimeout, 0, { rank: RANK.served }),
    figures: ['outcomes.ok: live 0, simulated 50', 'steps.payment.timeouts: live 50, simulated 0'],
  },
  'the timeout: it strikes 1 ms late': {
    trial: trialOf({ services: [service('payment', 31)], steps: [step('payment', { timeout: 30 })] }),
    plant: () => shifted(RANK.callTimeout, 1),
    figures: ['outcomes.ok: live 50, simulated 0', 'steps.payment.timeouts: live 0, simulated 50'],
  },
  'the retry budget: each call deposits twice': {
    trial: trialOf({ services: [FLAKY], steps: [step('payment', { retries: { attempts: 2, backoff: 5, jitter: 'none', budget: 0.2 } })] }),
    plant: () => replaced(RetryBudget.prototype, 'deposit', (_, real) => () => {
      real();
      real();
    }),
    figures: ['steps.payment.calls: live 67, simulated 60', 'steps.payment.budgetExhausted: live 4, simulated 11'],
  },
  'the backoff: 1 ms longer': {
    trial: trialOf({ services: [FLAKY], steps: [step('payment', { retries: { attempts: 2, backoff: 5, jitter: 'none', budget: 1 } })] }),
    plant: () => shifted(RANK.retry, 1),
    figures: ['responseTime.max: live 12, simulated 11'],
  },
  'the reset of the breaker: it takes twice as long': {
    trial: trialOf({ services: [FLAKY], steps: [step('payment', { breaker: { trip: 0.4, minimum: 2, window: 100, reset: 30 } })] }),
    plant: () => replaced(breaker, 'admit', (self, real) => () => {
      self.reset = 60;
      return real();
    }),
    figures: ['steps.payment.breakerOpened: live 4, simulated 8', 'steps.payment.shortCircuited: live 22, simulated 21'],
  },
  'the wait before a redelivery: it does not double': {
    trial: trialOf({
      services: [service('payment', 2), service('email', 3, { errors: 0.5 })],
      consumers: [consumer('email', { attempts: 4, backoff: 10 })],
    }),
    plant: () => replaced(deliveries, 'again', (_, real) => (item) => {
      const { failures } = item;
      item.failures = 1;
      real(item);
      item.failures = failures;
    }),
    figures: ['events.completionTime.max: live 260, simulated 274', 'events.consumers.email.processingRate: live 96, simulated 92'],
  },
  'calls that are given up: they are worked on although they are dropped': {
    trial: trialOf({ services: [service('payment', 30, { workers: 2, abandoned: 'drop' })], steps: [step('payment', { timeout: 25 })] }),
    plant: () => replaced(SimulatedService.prototype, 'leave', () => () => {}),
    figures: ['outcomes.ok: live 16, simulated 0', 'steps.payment.serviceTime.censored: live 0, simulated 50'],
  },
  'outages: they begin 10 ms late': {
    trial: trialOf({ services: [service('payment', 2, { outages: [{ from: 400, for: 100, kind: 'error' }] })] }),
    plant: () => replaced(SimulatedService.prototype, 'observe', (_, real) => ({ startAt, endAt }) => real({ startAt: startAt + 10, endAt })),
    figures: ['outcomes.http5xx: live 9, simulated 10', 'steps.payment.errors: live 9, simulated 10'],
  },
  'the pause of users: 1 ms longer': {
    trial: trialOf({ services: [service('payment', 10)], change: { load: { model: 'closed', users: 3 }, think: 20 } }),
    plant: () => shifted(RANK.ready, 1),
    figures: ['responseTime.max: live 11, simulated 10'],
  },
  'compensation: what failed is not undone': {
    trial: trialOf({
      services: [service('payment', 2), service('stock', 2, { errors: 0.5 }), service('refund', 1)],
      steps: [step('payment', { compensate: 'refund' }), step('stock', { after: ['payment'] })],
    }),
    plant: () => replaced(StepRunner.prototype, 'run', (self, real) => (request, attempt) => (self.name === 'payment-compensation' ? Promise.resolve(true) : real(request, attempt))),
    figures: ['orphaned: live 26, simulated 0', 'steps.payment-compensation.calls: live 0, simulated 26'],
  },
  'pools: each step has one of its own': {
    trial: trialOf({
      services: [service('payment', 15), service('stock', 15)],
      steps: [step('payment', { pool: { name: 'db', connections: 1 } }), step('stock', { after: ['payment'], pool: { name: 'db', connections: 1 } })],
    }),
    plant: () => replaced(parts, 'poolOf', () => () => undefined),
    figures: ['responseTime.p50: live 30, simulated 885', 'steps.payment.pooled: live undefined, simulated 49'],
  },
  'the delay of a consumer: 1 ms longer': {
    trial: trialOf({ services: [service('payment', 2), service('email', 3)], consumers: [consumer('email', { delay: 40 })] }),
    plant: () => shifted(RANK.redelivery, 1),
    figures: ['events.lag.max: live 1, simulated 0', 'events.completionTime.max: live 46, simulated 45'],
  },
  'batches: they wait 1 ms longer': {
    trial: trialOf({ services: [service('payment', 2), service('email', 3)], consumers: [consumer('email', { batch: { size: 3, wait: 15 } })] }),
    plant: () => shifted(RANK.paced, 1),
    figures: ['events.completionTime.max: live 21, simulated 20', 'events.backlog.end: live 2, simulated 0'],
  },
  'replies first: in order of arrival': {
    trial: trialOf({
      services: [service('payment', 15, { workers: 2, priority: 'replies' })],
      consumers: [consumer('email', { call: 'payment' })],
    }),
    plant: () => replaced(SimulatedService.prototype, 'take', (_, real) => ({ step: name, request, call }, client) => real({ step: name, request, call }, client)),
    figures: ['responseTime.p50: live 90, simulated 20', 'responseTime.max: live 170, simulated 25'],
  },
  'workers that scale: they start 1 ms later': {
    trial: trialOf({ services: [SCALED] }),
    plant: () => scaledLater('started', 1),
    figures: ['responseTime.max: live 71, simulated 70', 'steps.payment.scaled.mean: live 5.446, simulated 5.4'],
  },
  'workers that scale: they are stopped 1 ms later': {
    trial: trialOf({ services: [{ ...SCALED, latency: SLOW_AT_TIMES }] }),
    plant: () => scaledLater('look', 1),
    figures: ['steps.payment.scaled.mean: live 4.054, simulated 4.05'],
  },
  'workers of a consumer that scale: there are always as many': {
    trial: trialOf({
      services: [service('payment', 2), service('email', 30)],
      consumers: [consumer('email', { workers: 8, scaling: { min: 0, start: 40, target: 0.7, idle: 100 } })],
    }),
    plant: () => replaced(parts, 'bus', (_, real) => async (stream, publishes) => {
      const bus = await real(stream, publishes);
      return { ...bus, subscribe: ({ scaling: _scaling, ...subscription }) => bus.subscribe(subscription) };
    }),
    figures: ['events.lag.max: live 0, simulated 40', 'events.consumers.email.backlog.peak: live 3, simulated 7'],
  },
  'the deadline: 1 ms later': {
    trial: trialOf({ services: [service('payment', 30)], change: { subject: { ...trialOf({ services: [service('payment', 31)] }).subject, deadline: 30 } } }),
    plant: () => shifted(RANK.callTimeout, 1),
    figures: ['outcomes.ok: live 50, simulated 0'],
  },
  'attempts of a client: 1 ms later': {
    trial: trialOf({ services: [service('payment', 10, { errors: 1 })], change: { retries: { attempts: 3, backoff: 20, on: ['http5xx'] } } }),
    plant: () => shifted(RANK.retry, 1),
    figures: ['responseTime.max: live 92, simulated 90'],
  },
  'attempts of a client: none but the first': {
    trial: trialOf({ services: [service('payment', 10, { errors: 1 })], change: { retries: { attempts: 3, backoff: 20, on: ['http5xx'] } } }),
    plant: () => replaced(Attempts.prototype, 'goesOn', () => () => false),
    figures: ['attempts: live undefined, simulated 150', 'received: live 50, simulated 150', 'steps.payment.calls: live 50, simulated 150'],
  },
  'the ledger: an event that was processed is pending': {
    trial: trialOf({ services: [service('payment', 2), service('email', 10)], consumers: [consumer('email')] }),
    plant: () => unprocessed(true),
    figures: ['events.processed: live 49, simulated 50', 'events.pending: live 1, simulated 0'],
  },
  'the ledger: an event that was processed is lost': {
    trial: trialOf({ services: [service('payment', 2), service('email', 10)], consumers: [consumer('email')] }),
    plant: () => unprocessed(false),
    figures: ['events.processed: live 49, simulated 50', 'events.lost: live 1, simulated 0', 'failedLater: live 1, simulated 0'],
  },
  'the ledger: what waits is lost': {
    trial: trialOf({
      services: [service('payment', 2), service('email', 100)], consumers: [consumer('email', { workers: 1 })], change: { drain: 50 },
    }),
    plant: () => replaced(Parts.prototype, 'held', () => () => Promise.resolve({})),
    figures: ['events.pending: live 0, simulated 45', 'events.lost: live 45, simulated 0', 'events.backlog.end: live 1, simulated 46'],
  },
  'the ledger: an event stands for its best delivery': {
    trial: trialOf({
      services: [service('payment', 2), service('email', 10), service('sms', 10, { errors: 0.5 })],
      consumers: [consumer('email'), consumer('sms', { attempts: 1 })],
    }),
    plant: () => {
      const places = PLACES as unknown as string[];
      const worstFirst = places.splice(0);
      places.push(...worstFirst.toReversed());
      return () => void places.splice(0, Infinity, ...worstFirst);
    },
    figures: ['events.processed: live 50, simulated 28', 'events.deadLettered: live 0, simulated 22'],
  },
};

it.each(Object.entries(PLANTS))('the agreement sees a difference in %s', async (_, { trial, plant, figures }) => {
  const simulated = simulateTrial(trial);
  const parting = async (): Promise<string[]> => differences(await liveTrial(trial), simulated);
  expect(await parting(), 'before').toEqual([]);
  const uproot = plant();
  const seen = await parting().finally(uproot);
  expect(seen).toEqual(expect.arrayContaining(figures));
  expect(await parting(), 'afterwards').toEqual([]);
});
