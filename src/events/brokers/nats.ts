/** How a private NATS server is started. */
import path from 'node:path';
import type { PrivateBroker } from './private-broker.js';

/** Largest event a private NATS takes: above its default of 1 MiB, so that bloated payloads can be measured. */
const MAX_PAYLOAD = 8 * 1024 * 1024;

export const natsBroker: PrivateBroker = {
  binary: 'nats-server',
  install: 'Debian and Ubuntu: apt install nats-server, macOS: brew install nats-server',
  url: ({ port }) => `nats://127.0.0.1:${port}`,
  // An acknowledged message has been handed to the operating system, so that killing the server takes nothing.
  files: ({ folder, port }) => ({
    'nats.conf': [
      `listen: "127.0.0.1:${port}"`,
      `max_payload: ${MAX_PAYLOAD}`,
      `jetstream { store_dir: ${JSON.stringify(path.join(folder, 'jetstream'))} }`,
    ].join('\n'),
  }),
  args: ({ folder }) => ['-c', path.join(folder, 'nats.conf')],
  env: () => ({}),
  probe: { say: '', hear: ['INFO'] },
  startTime: 500,
  settleTime: 0,
};
