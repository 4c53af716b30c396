/** How a private RabbitMQ server is started. */
import path from 'node:path';
import type { BrokerPlace, PrivateBroker } from './private-broker.js';

export const rabbitmqBroker: PrivateBroker = {
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
  probe: { say: 'AMQP\u0000\u0000\u0009\u0001', hear: ['\u0001'] },
  startTime: 8000,
  settleTime: 2500,
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
