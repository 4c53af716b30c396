/** Tiny real trials on every bus: consumers in their own process, private brokers, and books that balance. */
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { describe, expect, it, type TestOptions } from 'vitest';
import { BROKERS, BUS_NAMES, BUSES, type BusName } from '../../src/events/buses.js';
import { busSettings, type BusChoice } from '../../src/events/settings.js';
import { planTrials, type TrialPlan } from '../../src/experiment/plan.js';
import { runTrial } from '../../src/experiment/trial.js';
import type { EventsResult, MeasuredTrial } from '../../src/measurement/record.js';
import { parseScenario } from '../../src/scenarios/parse.js';
import { subjectOf, type Subject } from '../../src/scenarios/subject.js';
import { emptiness, telling, unknown, type Judged } from '../support/live.js';
import { needs } from '../support/needs.js';

const SMALL = parseScenario(
  `
services:
  payment: { latency: 30ms, workers: 50 }
  email: { latency: 20ms, workers: 50 }
  analytics: { latency: 10ms, workers: 50 }
steps: [payment!, email, analytics]
load: { users: [4], duration: 500ms, warmup: 200ms, drain: 15s, timeout: 10s }
variants:
  wait: { architecture: hybrid, event: { wait: true } }
`,
  { file: 'small.yaml' },
);

/** Two events of one request, one of them with a consumer of a consumer, and a consumer that works in batches. */
const SEVERAL = parseScenario(
  `
services:
  payment: { latency: 20ms, workers: 50 }
  stock: { latency: 10ms, workers: 50 }
  mail: { latency: 10ms, workers: 50 }
  ledger: { latency: 5ms, workers: 50 }
  warehouse: { latency: 30ms, workers: 50 }
steps: [payment!, stock!, mail]
events:
  order-placed: { messages: 2 }
  payment-captured: { after: payment, consumers: { ledger: {}, close: { call: ledger, after: ledger } } }
load: { users: [8], duration: 500ms, warmup: 200ms, drain: 15s, timeout: 10s }
variants:
  batches:
    architecture: hybrid
    events: { payment-captured: { consumers: { warehouse: { workers: 2, batch: { size: 5, wait: 100ms } } } } }
`,
  { file: 'several.yaml' },
);

/** The broker of SQS compiles what it does while it is asked for the first time, and takes few events a second; ms. */
const COLD = { warmup: 3000, duration: 3000, think: 200 };

function measure(context: Judged, name: string, choice: BusChoice, change: Partial<TrialPlan> = {}, scenario = SMALL): Promise<MeasuredTrial> {
  const [trial] = planTrials(scenario, [subjectOf(scenario, name) as Subject], 1, busSettings(choice)).trials;
  const plan = { ...(trial as TrialPlan), calibrate: false, ...(choice.bus === 'sqs' && COLD), ...change };
  return telling(context, () => runTrial(plan, new AbortController().signal, () => {}), emptiness);
}

function expectBalance({ events }: MeasuredTrial): void {
  const { acknowledged, processed, deadLettered, pending, lost, consumers } = events as EventsResult;
  expect(acknowledged).toBeGreaterThan(0);
  expect([lost, pending, deadLettered]).toEqual([0, 0, 0]);
  expect(processed).toBe(acknowledged);
  for (const { acknowledged: theirs, processed: done } of Object.values(consumers)) expect(done).toBe(theirs);
}

function folders(): string[] {
  return readdirSync(tmpdir()).filter((name) => name.startsWith('sync-vs-events-trial-'));
}

/** A broker of its own, for buses that have one. */
const needsBroker = (bus: BusName): TestOptions => needs(...BROKERS.filter((kind) => kind === bus));

for (const bus of BUS_NAMES) {
  describe(`a trial on ${bus}`, { timeout: 90_000, ...needsBroker(bus) }, () => {
    it('of publish-and-wait hears of its consumers over the bus, and leaves nothing behind', async (context) => {
      const before = folders();
      const trial = await measure(context, 'wait', { bus }, { drain: 0 });
      // Nothing is left to drain: no reply came before its consumers were done.
      expectBalance(trial);
      expect(trial.events?.acknowledged).toBe(trial.outcomes.ok);
      expect(trial.steps.payment?.ok).toBeGreaterThanOrEqual(trial.outcomes.ok);
      expect('consumers' in trial.processes).toBe(BUSES[bus].capabilities.separateProcesses);
      expect(folders().filter((folder) => !before.includes(folder))).toEqual([]);
    });

    it('of two events has both in the books, with a consumer of a consumer', async (context) => {
      const trial = await measure(context, 'hybrid', { bus }, {}, SEVERAL);
      expectBalance(trial);
      const { byEvent = {}, consumers } = trial.events!;
      const { ok } = trial.outcomes;
      expect(Object.fromEntries(Object.entries(byEvent).map(([name, { acknowledged }]) => [name, acknowledged]))).toEqual({ 'order-placed': 2 * ok, 'payment-captured': ok, 'after-ledger': ok });
      expect(Object.fromEntries(Object.entries(consumers).map(([name, { processed }]) => [name, processed]))).toEqual({ mail: 2 * ok, ledger: ok, close: ok });
    });

    it('of a consumer that works in batches has each of its events in the books, and fewer calls', async (context) => {
      const trial = await measure(context, 'batches', { bus }, {}, SEVERAL);
      expectBalance(trial);
      const { calls = 0, ok = 0 } = trial.steps['warehouse'] ?? {};
      expect([trial.events?.consumers['warehouse']?.processed, ok]).toEqual([trial.outcomes.ok, trial.outcomes.ok]);
      if (ok < 5) unknown(context, `Of ${ok} events no batch is to be expected.`);
      // One whose first message is of the warm-up is counted there.
      expect(calls).toBeGreaterThan(0);
      expect(calls).toBeLessThan(ok);
    });

    // RabbitMQ takes ten seconds to start: one trial says that it is wired up.
    if (bus === 'rabbitmq') return;
    it('of event-driven has its orders and its events in the books', async (context) => {
      const trial = await measure(context, 'event-driven', { bus });
      expectBalance(trial);
      expect(trial.events?.acknowledged).toBe(2 * trial.outcomes.ok);
    });
  });
}

/** Ways of publishing beside the one that is safe with the bus. */
const PUBLISHED = [
  { bus: 'nats', publish: 'outbox', architecture: 'hybrid' },
  { bus: 'redis', publish: 'outbox', outbox: 'postgres', architecture: 'hybrid' },
  { bus: 'redis', publish: 'fire-and-forget', architecture: 'event-driven' },
  { bus: 'bullmq', publish: 'outbox', architecture: 'hybrid' },
  { bus: 'sqs', publish: 'outbox', architecture: 'event-driven' },
  { bus: 'outbox', publish: 'fire-and-forget', architecture: 'hybrid' },
] as const;

describe('publishing', { timeout: 90_000 }, () => {
  for (const { architecture, ...choice } of PUBLISHED) {
    const servers: BusName[] = [choice.bus, ...('outbox' in choice ? [choice.outbox] : [])];
    it(`of ${architecture} on ${servers.join(' from ')} by ${choice.publish} loses nothing while nothing dies`, needs(...BROKERS.filter((kind) => servers.includes(kind))), async (context) => {
      const trial = await measure(context, architecture, choice);
      expectBalance(trial);
      expect(trial.validity.problems.filter((problem) => problem.includes('books'))).toEqual([]);
    });
  }
});
