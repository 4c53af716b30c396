/** Which bus, and how events are published on it: what the user chose, with what a careful team would choose filled in. */
import { UserError } from '../base/errors.js';
import { brokerUrl } from './access.js';
import { BUSES, BUS_NAMES, type BusName } from './buses.js';
import type { BusDescriptor, PublishMode } from './descriptor.js';

/** A choice that can be carried out. */
export interface BusSettings {
  name: BusName;
  publish: PublishMode;
  /** The user's own broker, or the file of the outbox; null: a private one, or none at all. */
  url: string | null;
}

/** The bus inside the server's process, which needs nothing. */
export const MEMORY: BusSettings = { name: 'memory', publish: 'confirmed', url: null };

type Env = Readonly<Record<string, string | undefined>>;

/** What was said on the command line; nothing is the memory bus. */
export interface BusChoice {
  bus?: BusName;
  publish?: PublishMode;
  busUrl?: string;
}

/**
 * @param env where the variables of the brokers' own tools may say who one is
 * @throws UserError for choices that contradict each other, and for an address that is none
 */
export function busSettings({ bus: name = 'memory', publish, busUrl }: BusChoice, env: Env = process.env): BusSettings {
  const { at, publishes, authentication }: BusDescriptor = BUSES[name];
  if (at === null && busUrl !== undefined) {
    const others = BUS_NAMES.filter((other) => BUSES[other].at !== null);
    throw new UserError(`--bus-url is where a broker is, and the ${name} bus has none: give --bus ${oneOf(others)} as well.`);
  }
  if (publish !== undefined && !publishes.includes(publish)) {
    throw new UserError(`--bus ${name} cannot publish ${publish}: choose one of ${publishes.join(', ')}.`);
  }
  const url = busUrl !== undefined && authentication ? brokerUrl(busUrl, authentication, env) : busUrl;
  return { name, publish: publish ?? publishes[0], url: url ?? null };
}

/** `nats, redis or rabbitmq` */
export function oneOf(names: readonly string[]): string {
  return [names.slice(0, -1).join(', '), names.at(-1)].filter(Boolean).join(' or ');
}
