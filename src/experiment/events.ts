/** The event side of a trial outside the server's process: broker, consumers, and the histories that all of them write. */
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import type { ConsumersOptions } from '../architectures/architecture.js';
import { replyTopic, topicsOf } from '../architectures/topics.js';
import { startBroker, type Broker } from '../events/brokers/broker.js';
import { BUSES, hasPrivateBroker } from '../events/buses.js';
import { Histories } from '../events/histories.js';
import { heldAt, removeTopics, type BusPlace, type PlaceTopic } from '../events/place.js';
import type { BusSettings } from '../events/settings.js';
import { removeFolder, namedFolder } from '../processes/folder.js';
import type { CallGraph } from '../scenarios/call-graph.js';
import { MortalConsumers } from './consumers.js';
import type { Victim } from './faults.js';
import type { ProcessGroup } from './process-group.js';

/** What a trial has of events outside its server. */
export interface EventSide {
  place: BusPlace;
  consumers: MortalConsumers;
  /** What may be killed: a broker only when it is private. */
  victims: { consumer: Victim; broker?: Victim };
  histories: Histories;
  /** Streams of events, and who is to get them. */
  topics: readonly PlaceTopic[];
  /** What the bus still holds, by consumer. Ask it once server and consumers are closed. */
  held(): Promise<Record<string, string[]>>;
}

/** What the processes of an architecture have in common. */
type Arranged = Omit<ConsumersOptions, 'place'>;

/** Where the events of an arrangement go; null: they stay in the server. @param keep folder of histories that stay */
export async function openPlace(
  group: ProcessGroup,
  graph: CallGraph,
  settings: BusSettings,
  keep?: string,
): Promise<{ place: BusPlace; broker: Broker | null } | null> {
  const { name, publish, outbox } = settings;
  if (!BUSES[name].capabilities.separateProcesses || graph.streams.length === 0) return null;
  const broker = await privateBroker(group, settings);
  const database = outbox ? await privateBroker(group, outbox) : null;
  const folder = namedFolder('trial');
  group.afterStop(() => removeFolder(folder));
  const prefix = `sync-vs-events-${randomBytes(4).toString('hex')}`;
  const place: BusPlace = {
    name,
    publish,
    url: settings.url ?? broker?.url ?? path.join(keep ?? folder, 'outbox.db'),
    ...(outbox && { outbox: { name: outbox.name, url: outbox.url ?? database?.url ?? '' } }),
    folder: keep ?? folder,
    prefix,
  };
  const replies = replyTopic(graph);
  // A broker of the user's own lives on, and so would what was published on it.
  if (settings.url !== null || outbox?.url) group.beforeStop(() => removeTopics(place, [...topicsOf(graph), ...(replies ? [replies] : [])]));
  return { place, broker };
}

/** A broker for the trial alone; null where the user has one, or none is needed. */
async function privateBroker(group: ProcessGroup, { name, url }: Pick<BusSettings, 'name' | 'url'>): Promise<Broker | null> {
  if (!hasPrivateBroker(name) || url !== null) return null;
  return startBroker(name, (entry, graceMs) => group.start(entry, graceMs));
}

/** Starts the consumers, which create what they need at the broker. */
export async function startEventSide(
  group: ProcessGroup,
  { place, broker }: { place: BusPlace; broker: Broker | null },
  arranged: Arranged,
): Promise<EventSide> {
  const topics = topicsOf(arranged.graph);
  const consumers = await MortalConsumers.start(group, { ...arranged, place });
  const victims = { consumer: consumers, ...(broker ? { broker } : {}) };
  return { place, topics, consumers, victims, histories: new Histories(place, topics), held: () => heldAt(place, topics) };
}
