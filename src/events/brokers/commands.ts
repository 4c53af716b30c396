/** How each broker is started privately: on 127.0.0.1, in a folder of its own, safe against being killed. */
import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { UserError } from '../../base/errors.js';

/** Brokers that the tool can start. */
export const BROKERS = ['nats', 'redis', 'rabbitmq'] as const;
export type BrokerKind = (typeof BROKERS)[number];

/** Where a broker lives. */
export interface BrokerPlace {
  folder: string;
  port: number;
  /** A second port, for those that need one. */
  otherPort: number;
}

/** What it takes to run one. */
export interface BrokerCommand {
  binary: string;
  /** Where the program itself is when the one on the path is a wrapper for the system's own instance. */
  preferred?: string;
  install: string;
  url: (place: BrokerPlace) => string;
  /** Files to write before the start, by name. */
  files: (place: BrokerPlace) => Record<string, string>;
  args: (place: BrokerPlace) => string[];
  env: (place: BrokerPlace) => Record<string, string>;
  /** It serves when it answers `say` on its port with something that starts with `hear`. */
  probe: { say: string; hear: string };
}

/** Largest event a private NATS takes: above its default of 1 MiB, so that bloated payloads can be measured. */
const NATS_MAX_PAYLOAD = 8 * 1024 * 1024;

export const BROKER_COMMANDS: Record<BrokerKind, BrokerCommand> = {
  nats: {
    binary: 'nats-server',
    install: 'Debian and Ubuntu: apt install nats-server, macOS: brew install nats-server',
    url: ({ port }) => `nats://127.0.0.1:${port}`,
    // An acknowledged message has been handed to the operating system, so that killing the server takes nothing.
    files: ({ folder, port }) => ({
      'nats.conf': [
        `listen: "127.0.0.1:${port}"`,
        `max_payload: ${NATS_MAX_PAYLOAD}`,
        `jetstream { store_dir: ${JSON.stringify(path.join(folder, 'jetstream'))} }`,
      ].join('\n'),
    }),
    args: ({ folder }) => ['-c', path.join(folder, 'nats.conf')],
    env: () => ({}),
    probe: { say: '', hear: 'INFO' },
  },
  redis: {
    binary: 'redis-server',
    install: 'Debian and Ubuntu: apt install redis-server, macOS: brew install redis',
    url: ({ port }) => `redis://127.0.0.1:${port}`,
    // With `everysec` a reply may go out before its command is written, while an earlier sync is still running.
    files: ({ folder, port }) => ({
      'redis.conf': [
        `port ${port}`,
        'bind 127.0.0.1',
        `dir ${JSON.stringify(folder)}`,
        'save ""',
        'appendonly yes',
        'appendfsync always',
      ].join('\n'),
    }),
    args: ({ folder }) => [path.join(folder, 'redis.conf')],
    env: () => ({}),
    probe: { say: 'PING\r\n', hear: '+PONG' },
  },
  rabbitmq: {
    binary: 'rabbitmq-server',
    // Packages put a wrapper on the path that insists on the system's user and folders.
    preferred: '/usr/lib/rabbitmq/bin/rabbitmq-server',
    install: 'Debian and Ubuntu: apt install rabbitmq-server, macOS: brew install rabbitmq',
    url: ({ port }) => `amqp://guest:guest@127.0.0.1:${port}`,
    files: ({ port }) => ({
      'rabbitmq.conf': `listeners.tcp.default = 127.0.0.1:${port}\n`,
      enabled_plugins: '[].\n',
    }),
    args: () => [],
    env: rabbitEnvironment,
    probe: { say: 'AMQP\u0000\u0000\u0009\u0001', hear: '\u0001' },
  },
};

/** Everything in the folder, no name server (epmd) that would outlive the broker, no busy waiting of the Erlang machine. */
function rabbitEnvironment({ folder, port, otherPort }: BrokerPlace): Record<string, string> {
  const flags = ['+sbwt none', '+sbwtdcpu none', '+sbwtdio none', '-start_epmd false', `-erl_epmd_port ${otherPort}`];
  return {
    HOME: folder,
    RABBITMQ_NODENAME: `sync-vs-events-${port}@localhost`,
    RABBITMQ_DIST_PORT: String(otherPort),
    RABBITMQ_MNESIA_BASE: path.join(folder, 'mnesia'),
    RABBITMQ_LOG_BASE: path.join(folder, 'log'),
    RABBITMQ_LOGS: '-',
    RABBITMQ_ENABLED_PLUGINS_FILE: path.join(folder, 'enabled_plugins'),
    RABBITMQ_CONFIG_FILE: path.join(folder, 'rabbitmq.conf'),
    RABBITMQ_CONF_ENV_FILE: '/dev/null',
    RABBITMQ_PID_FILE: path.join(folder, 'pid'),
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: [...flags, '-kernel inet_dist_use_interface {127,0,0,1}'].join(' '),
  };
}

/**
 * The program of a broker.
 * @param searchPath folders as in PATH
 * @throws UserError when it is not installed: what to install
 */
export function findBroker(kind: BrokerKind, searchPath = process.env['PATH'] ?? ''): string {
  const { binary, preferred, install } = BROKER_COMMANDS[kind];
  const found = searchPath
    .split(path.delimiter)
    .map((folder) => path.join(folder, binary))
    .find(isExecutable);
  if (!found) throw new UserError(`--bus ${kind} needs ${binary}, which is not on the PATH (${install}), or --bus-url`);
  return preferred && isExecutable(preferred) ? preferred : found;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
