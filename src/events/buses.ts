/** Every bus there is. A new one is an entry here, a file in `adapters/`, and what docs/architecture.md lists ("What something new touches"). */
import type { BusDescriptor, PublishMode } from './descriptor.js';
import { kafkaBroker } from './brokers/kafka.js';
import { natsBroker } from './brokers/nats.js';
import { postgresBroker } from './brokers/postgres.js';
import { rabbitmqBroker } from './brokers/rabbitmq.js';
import { redisBroker } from './brokers/redis.js';
import { sqsBroker } from './brokers/sqs.js';

/** How one gets into Redis, as redis-cli takes it. */
const REDIS = {
  schemes: { plain: 'redis:', secure: 'rediss:' },
  hasTokens: false,
  files: { ca: 'cacert', certificate: 'cert', key: 'key' },
  variables: { password: 'REDISCLI_AUTH' },
} as const;
const SAY_TO_REDIS =
  'Say who you are: redis://user:password@host, redis://:password@host, or REDISCLI_AUTH; rediss:// is TLS, ?cacert=FILE names who signed the certificate of the server, ?cert=FILE&key=FILE is your own';

export const BUSES = {
  memory: {
    title: 'memory bus',
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
    authentication: null,
    advice: {},
    broker: null,
  },
  outbox: {
    title: 'outbox',
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
    publishes: ['outbox', 'fire-and-forget'],
    // Its thread needs the package: one that is not installed is missed here already.
    load: async () => {
      await import('libsql');
      return import('./adapters/outbox.js');
    },
    packages: ['libsql@0.5.29'],
    at: 'file',
    authentication: null,
    advice: {
      connect: 'Its folder has to be there, with room on the disk, and no other program may hold the file',
      create: 'Name a file of its own by --bus-url: one that does not exist yet, or one that an outbox of this tool is in',
      publish: 'Look for room on the disk, and for the rights to the file and its folder',
    },
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
    authentication: {
      schemes: { plain: 'nats:', secure: 'tls:' },
      hasTokens: true,
      files: { credentials: 'creds', seed: 'nkey', ca: 'tlsca', certificate: 'tlscert', key: 'tlskey' },
      variables: {
        user: 'NATS_USER',
        password: 'NATS_PASSWORD',
        token: 'NATS_TOKEN',
        credentials: 'NATS_CREDS',
        seed: 'NATS_NKEY',
        ca: 'NATS_CA',
        certificate: 'NATS_CERT',
        key: 'NATS_KEY',
      },
    },
    advice: {
      authenticate: 'Say who you are: nats://user:password@host, nats://token@host, ?creds=FILE, ?nkey=FILE, or NATS_USER and NATS_PASSWORD; ?tlsca=FILE names who signed the certificate of the server, ?tlscert=FILE&tlskey=FILE is your own',
      create: 'It needs JetStream (nats-server -js) with room for streams in the account, and the rights to publish to $JS.API.> and $JS.ACK.>',
      publish: 'Its max_payload, the room of the account and the right to publish on sync-vs-events-* decide that',
      read: 'It needs the right to $JS.API.CONSUMER.> and to subscribe to _INBOX.>',
    },
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
    authentication: REDIS,
    advice: {
      authenticate: SAY_TO_REDIS,
      create: 'It has to be a primary of Redis 5 or newer with room, and the user needs the rights to XGROUP, XADD, XREADGROUP, XACK, XPENDING, XINFO, XRANGE and DEL on sync-vs-events-*',
      publish: 'Its maxmemory, its role (a replica takes nothing) and the right to XADD on sync-vs-events-* decide that',
    },
    broker: redisBroker,
  },
  bullmq: {
    title: 'BullMQ',
    capabilities: {
      survives: { process: true, broker: true, power: true },
      separateProcesses: true,
      keepsDeadLetters: true,
      deduplicates: true,
      order: 'topic',
      remarks: [
        'A queue for each consumer, which the publisher fills: their jobs are not added in one transaction.',
        'What a killed or stopped worker had in hand is found stalled within 7 s and worked on again (lockDuration 5 s, stalledInterval 1 s; 30 s each by default).',
        'A job is given up once more than 20 workers died with it, by default once two did (maxStalledCount); by default one that failed is never tried again (attempts).',
        'An event is taken once while its job is kept: the last 10000 finished ones of a queue. By default all are kept, for ever (removeOnComplete).',
        'A private server syncs its log before every answer (appendfsync always). With everysec, the default elsewhere, the last second can be lost, and without a log (the default of redis-server) all since the last snapshot.',
      ],
    },
    publishes: ['confirmed', 'outbox', 'fire-and-forget'],
    load: () => import('./adapters/bullmq.js'),
    packages: ['bullmq@6.7.0', 'ioredis@5.11.1'],
    at: 'broker',
    authentication: REDIS,
    advice: {
      authenticate: SAY_TO_REDIS,
      create: 'It has to be Redis 5 or newer with maxmemory-policy noeviction, and the user needs the right to INFO',
      publish: 'Its maxmemory, its role (a replica takes nothing) and the rights to EVALSHA and to what the scripts of BullMQ call on bull:sync-vs-events-* decide that',
      read: 'The user needs the rights to EVALSHA, BZPOPMIN and what the scripts of BullMQ call on bull:sync-vs-events-*',
    },
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
    authentication: {
      schemes: { plain: 'amqp:', secure: 'amqps:' },
      hasTokens: false,
      files: { ca: 'cacertfile', certificate: 'certfile', key: 'keyfile' },
      variables: {},
    },
    advice: {
      authenticate: 'Say who you are: amqp://user:password@host/vhost; guest is let in from the same machine only; amqps:// is TLS, ?cacertfile=FILE names who signed the certificate of the server, ?certfile=FILE&keyfile=FILE is your own',
      create: 'The user needs the rights to configure, write and read sync-vs-events-* on the virtual host (rabbitmqctl set_permissions), and the server quorum queues',
      publish: 'An alarm of memory or disk stops every publish (rabbitmqctl status names it)',
    },
    broker: rabbitmqBroker,
  },
  postgres: {
    title: 'PostgreSQL',
    capabilities: {
      survives: { process: true, broker: true, power: true },
      separateProcesses: true,
      keepsDeadLetters: true,
      deduplicates: true,
      order: 'topic',
      remarks: [
        'Order and event are one transaction, committed and synced before the publish is acknowledged (synchronous_commit, the default).',
        'Consumers take events on a lease (FOR UPDATE SKIP LOCKED): what a killed one had in hand comes again 5 s later.',
        'A server given by --bus-url keeps its own settings; each topic is a schema of its own there, and is dropped at the end.',
      ],
    },
    publishes: ['outbox', 'fire-and-forget'],
    load: () => import('./adapters/postgres.js'),
    packages: ['pg@8.23.1'],
    at: 'broker',
    // Its client reads addresses and PGUSER, PGPASSWORD, PGSSLMODE and the like as libpq does.
    authentication: null,
    advice: {
      authenticate: 'Say who you are: postgres://user:password@host/database, or PGUSER and PGPASSWORD; ?sslmode=verify-full&sslrootcert=FILE is TLS, and names who signed the certificate of the server, &sslcert=FILE&sslkey=FILE is your own',
      create: 'The user needs the right to create schemas in the database (GRANT CREATE ON DATABASE), and to own what it creates',
      publish: 'Room on the disk, and the rights to the schemas sync-vs-events-* decide that',
    },
    broker: postgresBroker,
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
    // Its addresses are lists of hosts, which its adapter reads.
    authentication: null,
    advice: {
      authenticate: 'Say who you are: kafka://user:password@host:port, with ?mechanism=SCRAM-SHA-512 where it is not PLAIN; kafkas:// is TLS, ?ssl.ca.location=FILE names who signed the certificate of the server, ?ssl.certificate.location=FILE&ssl.key.location=FILE is your own',
      create: 'The user needs the rights to create, describe, write, read and delete topics and groups that begin with sync-vs-events-',
      publish: 'Its message.max.bytes, min.insync.replicas and the right to write sync-vs-events-* decide that',
    },
    broker: kafkaBroker,
  },
  sqs: {
    title: 'SQS',
    capabilities: {
      survives: { process: true, broker: true, power: false },
      separateProcesses: true,
      keepsDeadLetters: true,
      deduplicates: true,
      order: 'subject',
      remarks: [
        'A FIFO queue for each consumer, which the publisher fills: a call for each (up to ten events in one), not in one transaction.',
        'Events of one order are worked on one after another, also one that failed before its successors; an event is taken once within 5 minutes.',
        'What a killed consumer had in hand comes again 5 s later (VisibilityTimeout, 30 s by default).',
        'An event that its consumer gives up is sent to a queue of dead letters; SQS itself does so after 1000 deliveries (maxReceiveCount), and tells nobody.',
        'A private server is ElasticMQ, which writes what it takes to a file (by default it has it in memory alone, and loses all when it dies). Its times are not those of SQS.',
        'Looking at what is held counts as a delivery.',
      ],
    },
    publishes: ['confirmed', 'outbox', 'fire-and-forget'],
    load: () => import('./adapters/sqs.js'),
    packages: ['@aws-sdk/client-sqs@3.1175.0'],
    at: 'broker',
    // Where the address names nobody, its client looks where all tools of AWS do: variables, files, the role of the machine.
    authentication: { schemes: { plain: 'http:', secure: 'https:' }, hasTokens: false, files: { ca: 'ca_bundle' }, variables: { ca: 'AWS_CA_BUNDLE' } },
    advice: {
      authenticate: 'Say who you are as to every tool of AWS: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, AWS_PROFILE, or https://key:secret@host; the region is of the host, ?region=NAME or AWS_REGION, ?ca_bundle=FILE names who signed the certificate of the server',
      create: 'The user needs the rights to GetQueueUrl, CreateQueue, GetQueueAttributes, SendMessage, ReceiveMessage, ChangeMessageVisibility, DeleteMessage and DeleteQueue on sync-vs-events-*',
      publish: 'The right to SendMessage on sync-vs-events-* and its largest message (1 MiB) decide that',
    },
    broker: sqsBroker,
  },
} as const satisfies Record<string, BusDescriptor>;

/** The buses, by the name that the user says. */
export type BusName = keyof typeof BUSES;
export const BUS_NAMES = Object.keys(BUSES) as [BusName, ...BusName[]];

/** Those with a broker that the tool can start. */
export type BrokerKind = { [Name in BusName]: (typeof BUSES)[Name]['broker'] extends null ? never : Name }[BusName];
export const BROKERS = BUS_NAMES.filter(hasPrivateBroker);

/** Whether an event takes the way over an outbox and a relay, in place of straight to the bus. */
export function hasRelay({ name, publish }: { name: BusName; publish: PublishMode }): boolean {
  const { publishes }: BusDescriptor = BUSES[name];
  return publish === 'outbox' && publishes.includes('confirmed');
}

export function hasPrivateBroker(name: BusName): name is BrokerKind {
  return BUSES[name].broker !== null;
}
