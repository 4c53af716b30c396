/** Brokers as their makers' images run them, one entry each: pinned, reached under the name `broker`, with what the bus needs switched on. */
import type { BrokerKind } from '../events/buses.js';

export interface Broker {
  /** Official image. */
  image: string;
  args: readonly string[];
  env: Readonly<Record<string, string>>;
  port: number;
  url: string;
  /** Command within the image that fails until it takes connections. */
  health: readonly string[];
}

const REDIS: Broker = {
  image: 'redis:7.4.1-alpine',
  // As careful as a private one: what is acknowledged is on the disk.
  args: ['redis-server', '--appendonly', 'yes', '--appendfsync', 'always', '--maxmemory-policy', 'noeviction', '--dir', '/tmp'],
  env: {},
  port: 6379,
  url: 'redis://broker:6379',
  health: ['redis-cli', 'ping'],
};

export const BROKERS = {
  nats: {
    image: 'nats:2.10.22-alpine',
    args: ['-js', '-sd', '/tmp/jetstream', '-m', '8222'],
    env: {},
    port: 4222,
    url: 'nats://broker:4222',
    health: ['wget', '-q', '-O', '-', 'http://127.0.0.1:8222/healthz'],
  },
  redis: REDIS,
  bullmq: REDIS,
  rabbitmq: {
    image: 'rabbitmq:4.0.4-alpine',
    args: [],
    env: {},
    port: 5672,
    url: 'amqp://broker:5672',
    health: ['rabbitmq-diagnostics', '-q', 'check_port_connectivity'],
  },
  postgres: {
    image: 'postgres:17.2-bookworm',
    args: [],
    env: { POSTGRES_HOST_AUTH_METHOD: 'trust', PGDATA: '/tmp/data' },
    port: 5432,
    url: 'postgres://postgres@broker:5432/postgres',
    health: ['pg_isready', '-h', '127.0.0.1', '-U', 'postgres'],
  },
  kafka: {
    image: 'apache/kafka:3.9.0',
    args: [],
    env: {
      KAFKA_NODE_ID: '1',
      KAFKA_PROCESS_ROLES: 'broker,controller',
      KAFKA_LISTENERS: 'PLAINTEXT://:9092,CONTROLLER://:9093',
      KAFKA_ADVERTISED_LISTENERS: 'PLAINTEXT://broker:9092',
      KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
      KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
      KAFKA_CONTROLLER_QUORUM_VOTERS: '1@localhost:9093',
      KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: '1',
      KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: '1',
      KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: '1',
      KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: '0',
    },
    port: 9092,
    url: 'kafka://broker:9092',
    health: ['/opt/kafka/bin/kafka-broker-api-versions.sh', '--bootstrap-server', '127.0.0.1:9092'],
  },
  // SQS is a service of AWS, which is named by its address.
} as const satisfies Record<Exclude<BrokerKind, 'sqs'>, Broker>;
