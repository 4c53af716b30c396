/** Where the events of one trial go when they leave the server's process, and how any process gets at them. */
import path from 'node:path';
import type { Causes } from '../base/causes.js';
import { UserError } from '../base/errors.js';
import { maskUrls } from '../base/urls.js';
import type { Bus } from './bus.js';
import { BUSES, hasRelay, type BusName } from './buses.js';
import { watched } from './causes.js';
import type { BusDescriptor, PublishMode } from './descriptor.js';
import { loadAdapter } from './load-adapter.js';
import { BusRefusal, type BusCall } from './refusal.js';
import { Late, within } from './within.js';
import { heldByBoth, RELAY, relayed, unconfirmed } from './publishing.js';

/** Plain data, the same for every process of the trial. */
export interface BusPlace {
  name: BusName;
  publish: PublishMode;
  /** Address of the broker; of the outbox its file. */
  url: string;
  /** The database whose outbox a relay publishes from; without it, a file for each topic in the folder. */
  outbox?: { name: BusName; url: string };
  /** Folder of the trial: histories, and the outboxes of relays. */
  folder: string;
  /** What the names of its topics begin with: no other trial's do. */
  prefix: string;
}

/** A stream of events at a place. */
export interface PlaceTopic {
  /** Letters and digits. */
  name: string;
  consumers: readonly string[];
}

/** Processes that write histories. */
const WRITERS = ['server', 'consumers'] as const;
export type Writer = (typeof WRITERS)[number];

/** A publish that the broker does not acknowledge within this time is refused, ms: the default timeout of a step. */
const PUBLISH_TIMEOUT_MS = 3000;
/** Longest wait for what a bus holds, ms: thousands of events may have to be looked at. */
const HELD_WITHIN_MS = 60_000;

/**
 * Opens a topic, creating what it needs.
 * @param causes counts what is refused
 * @param publishes whether this process publishes on it, in the way of the place; one process alone may do so
 */
export async function connectTopic(place: BusPlace, topic: PlaceTopic, publishes: boolean, causes: Causes): Promise<Bus> {
  const bus = watched(await connectAs(place.name, place, topic), causes);
  if (!publishes) return bus;
  if (place.publish === 'fire-and-forget') return unconfirmed(bus);
  return hasRelay(place) ? relayed(watched(await connectOutbox(place, topic), causes), bus) : bus;
}

/**
 * Identities of the events that the place holds for each consumer of some topics, those that a relay has not published
 * included. Asking creates nothing, and may take them away. Ask it once, when nothing is published or delivered any more.
 * @throws UserError that says what is refused and why, or that they are too many to be told in time
 */
export async function heldAt(place: BusPlace, topics: readonly PlaceTopic[]): Promise<Record<string, string[]>> {
  const held: Record<string, string[]> = {};
  for (const topic of topics) {
    const bus = await connectAs(place.name, place, topic, true);
    const outbox = hasRelay(place) ? await connectOutbox(place, topic, true) : null;
    try {
      const answer = outbox ? heldByBoth(outbox, bus) : bus.held();
      Object.assign(held, await refusedAs('hold', place, inTime(place, answer)));
    } finally {
      await Promise.all([bus.close(), outbox?.close()]);
    }
  }
  return held;
}

/** Deletes topics from a broker that outlives the trial. */
export async function removeTopics(place: BusPlace, topics: readonly PlaceTopic[]): Promise<void> {
  for (const topic of topics) {
    const bus = await connectAs(place.name, place, topic, true);
    await refusedAs('remove', place, bus.remove());
    if (!place.outbox) continue;
    const outbox = await connectOutbox(place, topic, true);
    await refusedAs('remove', place.outbox, outbox.remove());
  }
}

/** Files with the history of a topic, one for each process that may have written some. */
export function historyFiles({ folder }: BusPlace, topic: PlaceTopic): string[] {
  return WRITERS.map((writer) => historyFile(folder, topic, writer));
}

export function historyFile(folder: string, { name }: PlaceTopic, writer: Writer): string {
  return path.join(folder, `${name}.${writer}.history`);
}

function connectOutbox(place: BusPlace, { name }: PlaceTopic, existing = false): Promise<Bus> {
  const { name: kind, url } = place.outbox ?? { name: 'outbox', url: path.join(place.folder, `${name}.db`) };
  return connectAs(kind, { ...place, url }, { name, consumers: [RELAY] }, existing);
}

async function connectAs(bus: BusName, { url, prefix }: BusPlace, { name, consumers }: PlaceTopic, existing = false): Promise<Bus> {
  const adapter = await loadAdapter(bus);
  return adapter.connect({ url, topic: `${prefix}-${name}`, consumers, publishTimeout: PUBLISH_TIMEOUT_MS, existing });
}

/** What a bus holds. @param answer of one that has let this user do all else by now: what takes too long is no matter of rights */
export function inTime<T>({ name, url }: Pick<BusPlace, 'name' | 'url'>, answer: Promise<T>): Promise<T> {
  return within(HELD_WITHIN_MS, answer, 'answered').catch((error: unknown) => {
    if (!(error instanceof Late)) throw error;
    const seconds = HELD_WITHIN_MS / 1000;
    const { title, at }: BusDescriptor = BUSES[name];
    throw new UserError(`The ${title}${at === 'file' ? '' : ' server at'} ${maskUrls(url)} has not told within ${seconds} s which events still wait. Have fewer wait at the end: less load, a shorter trial, or a longer drain.`);
  });
}

async function refusedAs<T>(call: BusCall, { name, url }: Pick<BusPlace, 'name' | 'url'>, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new BusRefusal(name, url, call, error);
  }
}
