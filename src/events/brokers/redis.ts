/** How a private Redis server is started. */
import path from 'node:path';
import type { PrivateBroker } from './private-broker.js';

export const redisBroker: PrivateBroker = {
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
  probe: { say: 'PING\r\n', hear: ['+PONG', '-NOAUTH'] },
  startTime: 500,
  settleTime: 0,
};
