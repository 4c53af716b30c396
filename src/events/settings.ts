/** Which bus, and how events are published on it: what the user chose, with what a careful team would choose filled in. */
import { UserError } from '../base/errors.js';
import { maskUrls } from '../base/urls.js';
import { brokerUrl } from './access.js';
import { BUSES, BUS_NAMES, hasRelay, type BusName } from './buses.js';
import type { BusDescriptor, PublishMode } from './descriptor.js';

/** A choice that can be carried out. */
export interface BusSettings {
  name: BusName;
  publish: PublishMode;
  /** The user's own broker, or the file of the outbox; null: a private one, or none at all. */
  url: string | null;
  /** The database whose outbox a relay publishes from, where it is no file of the trial's own. */
  outbox?: OutboxSettings;
  /** What the model takes for its times where nobody has measured them; none where it takes no time, or is measured. */
  times?: BusTimes;
}

/** What a bus takes when nothing waits for it, ms. */
export interface BusTimes {
  /** Until it has taken an event, as the reply to a user waits for that. */
  publish: BusTime;
  /** From the publish until a consumer that is free begins. */
  lag: BusTime;
}

/** Order statistics of one of them, ms. */
export type BusTime = Readonly<Record<'min' | 'p50' | 'p95', number>>;

/** An outbox at a server. */
export interface OutboxSettings {
  name: 'postgres';
  /** The user's own; null: a private one. */
  url: string | null;
}

/** The bus inside the server's process, which needs nothing. */
export const MEMORY: BusSettings = { name: 'memory', publish: 'confirmed', url: null };

type Env = Readonly<Record<string, string | undefined>>;

/** What was said on the command line; nothing is the memory bus. */
export interface BusChoice {
  bus?: BusName | undefined;
  publish?: PublishMode;
  busUrl?: string;
  /** `file`, `postgres`, or an address of PostgreSQL. */
  outbox?: string;
}

/**
 * @param env where the variables of the brokers' own tools may say who one is
 * @throws UserError for choices that contradict each other, and for an address that is none
 */
export function busSettings({ bus: name = 'memory', publish, busUrl, outbox }: BusChoice, env: Env = process.env): BusSettings {
  const { at, publishes, authentication }: BusDescriptor = BUSES[name];
  if (at === null && busUrl !== undefined) {
    const others = BUS_NAMES.filter((other) => BUSES[other].at !== null);
    throw new UserError(`--bus-url is where a broker is, and the ${name} bus has none: give --bus ${oneOf(others)} as well.`);
  }
  if (publish !== undefined && !publishes.includes(publish)) {
    throw new UserError(`--bus ${name} cannot publish ${publish}: choose one of ${publishes.join(', ')}.`);
  }
  const url = busUrl !== undefined && authentication ? brokerUrl(busUrl, authentication, env) : busUrl;
  const settings = { name, publish: publish ?? publishes[0], url: url ?? null };
  return outbox === undefined ? settings : { ...settings, ...outboxSettings(outbox, settings) };
}

function outboxSettings(text: string, bus: BusSettings): Pick<BusSettings, 'outbox'> {
  if (!hasRelay(bus)) {
    throw new UserError(`--outbox is where a relay takes its events from, and --bus ${bus.name} has no relay when it publishes ${bus.publish}: give --publish outbox and a broker as well.`);
  }
  if (text === 'file') return {};
  if (text === 'postgres') return { outbox: { name: 'postgres', url: null } };
  if (/^postgres(ql)?:\/\//.test(text)) return { outbox: { name: 'postgres', url: text } };
  throw new UserError(`--outbox ${maskUrls(text)} is none: expected file, postgres, or postgres://user:password@host/database.`);
}

/** `nats, redis or rabbitmq` */
export function oneOf(names: readonly string[]): string {
  return [names.slice(0, -1).join(', '), names.at(-1)].filter(Boolean).join(' or ');
}
