/** Which bus, and how events are published on it: what the user chose, with what a careful team would choose filled in. */
import { UserError } from '../base/errors.js';
import type { BusName } from './adapter.js';

/** What a publisher waits for before it tells its user that all is well (see `publishing.ts`). */
export const PUBLISH_MODES = ['fire-and-forget', 'confirmed', 'outbox'] as const;
export type PublishMode = (typeof PUBLISH_MODES)[number];

/** A choice that can be carried out. */
export interface BusSettings {
  name: BusName;
  publish: PublishMode;
  /** The user's own broker, or the file of the outbox; null: a private one, or none at all. */
  url: string | null;
}

/** Modes that make sense of each bus, the careful one first. */
const MODES: Record<BusName, readonly [PublishMode, ...PublishMode[]]> = {
  memory: ['confirmed', 'fire-and-forget'],
  // What it acknowledges is committed with the order.
  outbox: ['outbox', 'fire-and-forget'],
  nats: ['confirmed', 'outbox', 'fire-and-forget'],
  redis: ['confirmed', 'outbox', 'fire-and-forget'],
  rabbitmq: ['confirmed', 'outbox', 'fire-and-forget'],
};

/** The bus inside the server's process, which needs nothing. */
export const MEMORY: BusSettings = { name: 'memory', publish: 'confirmed', url: null };

/** What was said on the command line; nothing is the memory bus. */
export interface BusChoice {
  bus?: BusName;
  publish?: PublishMode;
  busUrl?: string;
}

/** @throws UserError for choices that contradict each other */
export function busSettings({ bus: name = 'memory', publish, busUrl }: BusChoice): BusSettings {
  const modes = MODES[name];
  if (name === 'memory' && busUrl !== undefined) {
    throw new UserError('--bus-url is where a broker is, and the memory bus has none: give --bus nats, redis, rabbitmq or outbox as well.');
  }
  if (publish !== undefined && !modes.includes(publish)) {
    throw new UserError(`--bus ${name} cannot publish ${publish}: choose one of ${modes.join(', ')}.`);
  }
  return { name, publish: publish ?? modes[0], url: busUrl ?? null };
}
