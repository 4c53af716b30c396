/** Every bus there is. A new one is an entry here, a file in `adapters/` and, with a private broker, one in `brokers/`. */
import type { BusDescriptor } from './descriptor.js';
import { kafkaBroker } from './brokers/kafka.js';
import { natsBroker } from './brokers/nats.js';
import { rabbitmqBroker } from './brokers/rabbitmq.js';
import { redisBroker } from './brokers/redis.js';

export const BUSES = {
  memory: {
    title: "a queue in the server's process",
    capabilities: {
      survives: { process: false, broker: false, power: false },
      separateProcesses: false,
      keepsDeadLetters: false,
      deduplicates: false,
      order: 'topic',
      remarks: ['Lives in the process of the server: what waits is lost with it.', 'Costs nothing.'],
    },
    publishes: ['confirmed', 'fire-and-forget'],
    load: () => import('./adapters/memory.js'),
    packages: [],
    at: null,
    broker: null,
  },
  outbox: {
    title: 'a SQLite file',
    capabilities: {
      survives: { process: true, broker: true, power: true },
      separateProcesses: true,
      keepsDeadLetters: true,
      deduplicates: true,
      order: 'topic',
      remarks: [
        'Every publish waits for a sync of the disk, which it shares with those that come at the same time.',
        'Consumers in other processes see an event up to 20 ms later.',
      ],
    },
    // What it acknowledges is committed with the order.
    publishes: ['outbox', 'fire-and-forget'],
    // Its thread needs the package: one that is not installed is missed here already.
    load: async () => {
      await import('libsql');
      return import('./adapters/outbox.js');
    },
    packages: ['libsql@0.5.29'],
    at: 'file',
    broker: null,
  },
  nats: {
    title: 'NATS',
    capabilities: {
      survives: { process: true, broker: true, power: false },
      separateProcesses: true,
      keepsDeadLetters: true,
      deduplicates: true,
      order: 'topic',
      remarks: [
        'An acknowledged event has been written, not synced: a power failure can take the last two minutes (the default).',
        'What a killed consumer had in hand comes again 5 s later.',
      ],
    },
    publishes: ['confirmed', 'outbox', 'fire-and-forget'],
    load: () => import('./adapters/nats.js'),
    packages: ['@nats-io/transport-node@3.3.1', '@nats-io/jetstream@3.3.1'],
    at: 'broker',
    broker: natsBroker,
  },
  redis: {
    title: 'Redis',
    capabilities: {
      survives: { process: true, broker: true, power: true },
      separateProcesses: true,
      keepsDeadLetters: true,
      deduplicates: false,
      order: 'topic',
      remarks: [
        'A private server syncs its log before every answer (appendfsync always): one sync of the disk for each batch of ' +
          'commands. With everysec, the default elsewhere, the last second can be lost.',
        'A server given by --bus-url keeps its own settings.',
      ],
    },
    publishes: ['confirmed', 'outbox', 'fire-and-forget'],
    load: () => import('./adapters/redis.js'),
    packages: ['@redis/client@6.3.1'],
    at: 'broker',
    broker: redisBroker,
  },
  rabbitmq: {
    title: 'RabbitMQ',
    capabilities: {
      survives: { process: true, broker: true, power: true },
      separateProcesses: true,
      keepsDeadLetters: true,
      deduplicates: false,
      order: 'topic',
      remarks: [
        'Quorum queues sync the disk before they confirm: one sync for each batch of publishes.',
        'The first connection to a new topic waits 1.5 s, until the broker has its queues on the disk.',
        'More than 1000 events between two attempts hold up the others.',
        'Looking at what is held counts as a delivery.',
      ],
    },
    publishes: ['confirmed', 'outbox', 'fire-and-forget'],
    load: () => import('./adapters/rabbitmq.js'),
    packages: ['amqplib@2.3.1'],
    at: 'broker',
    broker: rabbitmqBroker,
  },
  kafka: {
    title: 'Kafka',
    capabilities: {
      survives: { process: true, broker: true, power: false },
      separateProcesses: true,
      keepsDeadLetters: true,
      deduplicates: false,
      order: 'subject',
      remarks: [
        'An acknowledged event has been written by all replicas in sync, not synced to the disk (the default): a private ' +
          'broker is one replica, and a power failure can take what the operating system had not written.',
        'Events of one order are worked on one after another, however many workers there are; one that failed comes again behind its successors.',
        'What a killed consumer had in hand comes again 6 s later, with what it had finished and not yet committed.',
        'Deliveries are not counted: an event that kills its consumer comes again for ever.',
        'More than 1000 events between two attempts hold up each other.',
      ],
    },
    publishes: ['confirmed', 'outbox', 'fire-and-forget'],
    load: () => import('./adapters/kafka.js'),
    packages: ['@platformatic/kafka@1.22.0'],
    at: 'broker',
    broker: kafkaBroker,
  },
} as const satisfies Record<string, BusDescriptor>;

/** The buses, by the name that the user says. */
export type BusName = keyof typeof BUSES;
export const BUS_NAMES = Object.keys(BUSES) as [BusName, ...BusName[]];

/** Those with a broker that the tool can start. */
export type BrokerKind = { [Name in BusName]: (typeof BUSES)[Name]['broker'] extends null ? never : Name }[BusName];
export const BROKERS = BUS_NAMES.filter(hasPrivateBroker);

export function hasPrivateBroker(name: BusName): name is BrokerKind {
  return BUSES[name].broker !== null;
}
