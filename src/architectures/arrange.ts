/** Puts an architecture together: its steps, its events and their consumers. */
import type { Bus } from '../events/bus.js';
import { fileRecorder } from '../events/durable.js';
import { withFaults } from '../events/faults.js';
import { recorded } from '../events/recorded.js';
import { memoryRecorder, type HistoryRecorder } from '../events/recorder.js';
import { stepsBeforeEvent, type Step } from '../scenarios/scenario.js';
import type { ServerOptions } from './architecture.js';
import type { CriticalPath } from './critical-path.js';
import { Completions, subscribeConsumer } from './consumers.js';
import { eventDriven, subscribeOrders } from './event-driven.js';
import { hybrid } from './hybrid.js';
import { OrderBook, type Order, type PlaceOrder } from './order.js';
import { parallel } from './parallel.js';
import { publisher } from './publisher.js';
import { historyFile } from './survival.js';
import { consumerStep, StepRunner, type StepOptions } from './step.js';
import { sync } from './sync.js';
import { businessTopic, submissionTopic } from './topics.js';

/** Makes the bus of one topic. */
export type NewBus = () => Bus;

/** What an architecture needs to be arranged. */
export type ArrangementOptions = Omit<ServerOptions, 'port'>;

/** An architecture that is ready to take orders. */
export interface Arrangement {
  place: PlaceOrder;
  book: OrderBook;
  parts: Parts;
}

/** Arranges the steps; consumers are subscribed when it resolves. */
export async function arrange(options: ArrangementOptions, newBus: NewBus): Promise<Arrangement> {
  const parts = new Parts(options, newBus);
  const book = new OrderBook();
  return { place: await placing(options, parts, book), book, parts };
}

async function placing(options: ArrangementOptions, parts: Parts, book: OrderBook): Promise<PlaceOrder> {
  const { architecture, steps, event } = options;
  const runners = (chosen: readonly Step[]): StepRunner[] => chosen.map((step) => parts.runner(step));
  switch (architecture) {
    case 'sync':
      return sync(runners(steps));
    case 'parallel':
      return parallel(runners(steps), steps);
    case 'hybrid': {
      const completions = event.wait ? new Completions(event.messages * event.consumers.length) : null;
      return hybrid(await criticalPath(options, parts, completions), completions);
    }
    case 'event-driven': {
      const path = await criticalPath(options, parts, null);
      const submissions = parts.bus();
      await subscribeOrders(submissions, options.orderWorkers ?? 'unlimited', path, book);
      return eventDriven(publisher(submissions, submissionTopic(event), { messages: 1, payload: 0 }), book);
    }
  }
}

async function criticalPath(
  options: ArrangementOptions,
  parts: Parts,
  completions: Completions | null,
): Promise<CriticalPath> {
  const { steps, event } = options;
  const critical = steps.filter((step) => step.critical);
  return {
    steps: critical.map((step) => parts.runner(step)),
    before: stepsBeforeEvent(critical, event),
    publish: await businessEvents(options, parts, completions),
  };
}

/** Subscribes the consumers of the business event; the function publishes it for an order. */
async function businessEvents(
  { event }: ArrangementOptions,
  parts: Parts,
  completions: Completions | null,
): Promise<(order: Order) => Promise<void>> {
  const bus = parts.bus();
  for (const consumer of event.consumers) {
    const step = parts.runner(consumerStep(consumer));
    await subscribeConsumer(bus, consumer, step, (orderId) => completions?.done(orderId));
  }
  return publisher(bus, businessTopic(event), event);
}

/** Everything an architecture is made of, as it is made. */
class Parts {
  readonly steps: StepRunner[] = [];
  /** One bus and one history for each topic. */
  readonly buses: Bus[] = [];
  readonly histories: HistoryRecorder[] = [];
  private readonly options: ArrangementOptions;
  private readonly newBus: NewBus;

  constructor(options: ArrangementOptions, newBus: NewBus) {
    this.options = options;
    this.newBus = newBus;
  }

  runner(step: StepOptions): StepRunner {
    const origin = this.options.services[step.call];
    if (origin === undefined) throw new Error(`No service ${step.call} for step ${step.name}`);
    const runner = new StepRunner(step, origin, this.options.seed);
    this.steps.push(runner);
    return runner;
  }

  bus(): Bus {
    const { faults = [], folder, seed } = this.options;
    const history = folder === undefined ? memoryRecorder() : fileRecorder(historyFile(folder, this.buses.length));
    const bus = withFaults(this.newBus(), faults, (delivering) => recorded(delivering, history), { seed });
    this.histories.push(history);
    this.buses.push(bus);
    return bus;
  }
}
