/** The consumers of an architecture, in whichever process they are. */
import { limitOf, stepsBeforeEvent } from '../scenarios/scenario.js';
import { subscribeConsumer } from './consumers.js';
import { subscribeOrders } from './event-driven.js';
import { tellOver, type Tell } from './news.js';
import { Parts, wiringTo, type ArrangementOptions } from './parts.js';
import { publisher } from './publisher.js';
import { consumerStep } from './step.js';
import { awaitsReplies, businessTopic, replyTopic, submissionTopic } from './topics.js';
import type { BusPlace } from '../events/place.js';

/** Subscribes every consumer. @param tell what the server waits for */
export async function consume(options: ArrangementOptions, parts: Parts, tell: Tell): Promise<void> {
  const { architecture, steps, event, orderWorkers = 'unlimited' } = options;
  if (architecture !== 'hybrid' && architecture !== 'event-driven') return;
  const topic = businessTopic(event);
  const critical = steps.filter((step) => step.critical);
  const isDriven = architecture === 'event-driven';
  const runners = isDriven ? critical.map((step) => parts.runner(step)) : [];
  const bus = await parts.bus(topic, isDriven);
  for (const consumer of event.consumers) {
    const step = parts.runner(consumerStep(consumer));
    await subscribeConsumer(bus, consumer, step, event.wait && !isDriven ? tell : null);
  }
  if (!isDriven) return;
  const submissions = await parts.bus(submissionTopic(event), false);
  const path = { steps: runners, before: stepsBeforeEvent(critical, event), publish: publisher(bus, topic, event, parts.clock) };
  await subscribeOrders(submissions, limitOf(orderWorkers), path, tell);
}

/** The consumers alone, of a server in another process. */
export async function startConsumers(options: ArrangementOptions, place: BusPlace): Promise<Parts> {
  const { architecture, event } = options;
  const parts = new Parts(options, wiringTo(place, 'consumers'));
  const topic = replyTopic(event);
  const tell = awaitsReplies(architecture, event) ? tellOver(await parts.plainBus(topic, true), topic, parts.clock) : async () => {};
  await consume(options, parts, tell);
  return parts;
}
