/** Puts an architecture together: its steps, its events and, where they are in this process, its consumers. */
import { stepsBeforeEvent, type Step } from '../scenarios/scenario.js';
import { Completions } from './completions.js';
import { consume } from './consume.js';
import { eventDriven } from './event-driven.js';
import { hybrid } from './hybrid.js';
import { hearOver, listener } from './news.js';
import { OrderBook, type PlaceOrder } from './order.js';
import { parallel } from './parallel.js';
import { Parts, type ArrangementOptions, type Wiring } from './parts.js';
import { publisher } from './publisher.js';
import type { StepRunner } from './step.js';
import { sync } from './sync.js';
import { awaitsReplies, businessTopic, replyTopic, submissionTopic } from './topics.js';

/** An architecture that is ready to take orders. */
export interface Arrangement {
  place: PlaceOrder;
  book: OrderBook;
  parts: Parts;
}

/** Arranges the steps; whoever is to hear something is subscribed when it resolves. */
export async function arrange(options: ArrangementOptions, wiring: Wiring): Promise<Arrangement> {
  const { architecture, event } = options;
  const parts = new Parts(options, wiring);
  const book = new OrderBook();
  const completions = event.wait ? new Completions(event.messages * event.consumers.length) : null;
  const place = await placing(options, parts, book, completions);
  const hear = listener(book, completions);
  if (wiring.isEmbedded) await consume(options, parts, async (order, news) => hear(order.id, news));
  else if (awaitsReplies(architecture, event)) await hearOver(await parts.plainBus(replyTopic(event), false), hear);
  return { place, book, parts };
}

async function placing(
  { architecture, steps, event }: ArrangementOptions,
  parts: Parts,
  book: OrderBook,
  completions: Completions | null,
): Promise<PlaceOrder> {
  const runners = (chosen: readonly Step[]): StepRunner[] => chosen.map((step) => parts.runner(step));
  switch (architecture) {
    case 'sync':
      return sync(runners(steps));
    case 'parallel':
      return parallel(runners(steps), steps);
    case 'hybrid': {
      const critical = steps.filter((step) => step.critical);
      const topic = businessTopic(event);
      const before = stepsBeforeEvent(critical, event);
      const publish = publisher(await parts.bus(topic, true), topic, event, parts.clock);
      return hybrid({ steps: runners(critical), before, publish }, completions);
    }
    case 'event-driven': {
      const topic = submissionTopic(event);
      return eventDriven(publisher(await parts.bus(topic, true), topic, { messages: 1, payload: 0 }, parts.clock), book);
    }
  }
}
