/** Whether a bus can be had at all: asked before anything is started. */
import type { Adapter } from './adapter.js';
import { findBroker } from './brokers/find.js';
import { BUSES, hasPrivateBroker, hasRelay, type BusName } from './buses.js';
import type { Bus, Subscription } from './bus.js';
import { orderEvent } from './envelope.js';
import { loadAdapter } from './load-adapter.js';
import { BusRefusal, type BusCall } from './refusal.js';
import type { BusSettings } from './settings.js';
import { within } from './within.js';

const ANSWER_WITHIN_MS = 5000;
const HELD_EVERY_MS = 20;
const CONSUMER = 'check';

/**
 * Looks for the packages and the program that a bus needs, and tries everything that a trial will ask of a broker of the
 * user's own, on a topic that it deletes again: a right that is missing is better told before the first request.
 * @throws UserError that says what to install, what is refused and why, or that nobody answers
 */
export async function checkBus(settings: BusSettings): Promise<void> {
  const { name, url } = settings;
  if (BUSES[name].at === null) return;
  const adapter = await loadAdapter(name);
  await checkServer(name, url, adapter);
  if (!hasRelay(settings)) return;
  const outbox = settings.outbox ?? { name: 'outbox', url: null };
  await checkServer(outbox.name, outbox.url, await loadAdapter(outbox.name));
}

async function checkServer(name: BusName, url: string | null, adapter: Adapter): Promise<void> {
  if (url !== null) await tryOut(name, url, adapter);
  else if (hasPrivateBroker(name)) findBroker(name);
}

async function tryOut(name: BusName, url: string, adapter: Adapter): Promise<void> {
  const topic = `sync-vs-events-check-${process.pid}`;
  const bus = await adapter.connect({ url, topic, consumers: [CONSUMER], publishTimeout: ANSWER_WITHIN_MS });
  const refused = (call: BusCall) => (error: unknown): never => {
    throw error instanceof BusRefusal ? error : new BusRefusal(name, url, call, error);
  };
  const answered = <T>(call: BusCall, answer: Promise<T>): Promise<T> => within(ANSWER_WITHIN_MS, answer, 'answered').catch(refused(call));
  try {
    await answered('publish', bus.publish(eventToTry()));
    // While it certainly holds something: of a topic where all is done less is asked.
    await answered('hold', bus.held());
    const { received, refusal } = receive(bus);
    const heard = refusal.then(({ call, error }) => refused(call)(error));
    await answered('read', Promise.race([received, heard]));
    await answered('acknowledge', Promise.race([isDone(bus).catch(refused('hold')), heard]));
  } catch (error) {
    // What is refused to one who asks may be refused to one who tidies up.
    await within(ANSWER_WITHIN_MS, bus.remove(), 'removed').catch(() => {});
    throw error;
  }
  await answered('remove', bus.remove());
}

/** What a subscription was told. */
interface Refused {
  call: 'read' | 'acknowledge';
  error: unknown;
}

/** @returns when the first event comes, and the first refusal to hand one out or to let it go */
function receive(bus: Bus): { received: Promise<void>; refusal: Promise<Refused> } {
  let refuse: (refusal: Refused) => void = () => {};
  const refusal = new Promise<Refused>((resolve) => (refuse = resolve));
  const onRefusal: Subscription['onRefusal'] = (call, error) => refuse({ call, error });
  const received = new Promise<void>((resolve) => {
    const handler = (): Promise<void> => Promise.resolve(resolve());
    const subscription = { consumer: CONSUMER, workers: 1, attempts: 1, backoff: () => 0, handler, onDeadLetter: () => {}, onRefusal };
    bus.subscribe(subscription).catch((error: unknown) => onRefusal('read', error));
  });
  return { received, refusal };
}

/** Resolves when the bus holds the event no more. */
async function isDone(bus: Bus): Promise<void> {
  while ((await bus.held())[CONSUMER]?.length !== 0) await new Promise((resolve) => setTimeout(resolve, HELD_EVERY_MS));
}

function eventToTry(): ReturnType<typeof orderEvent> {
  const order = { orderId: 'check', userId: 'check', request: 0, message: 0, payload: 0, time: new Date() };
  return orderEvent({ source: '/sync-vs-events', type: 'check', ...order });
}
