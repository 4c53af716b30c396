/** Targets that are started for a test. */
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { TARGET_DEFAULTS, type Target } from '../../../src/scenarios/target.js';

const SERVER = fileURLToPath(new URL('server.js', import.meta.url));

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await once(server.close(), 'close');
  return port;
}

/** A target whose command starts the server above with a behaviour. */
export async function targetOf(behaviour: string, change: Partial<Target> = {}): Promise<Target> {
  const port = await freePort();
  return {
    ...TARGET_DEFAULTS,
    name: 'shop',
    url: `http://127.0.0.1:${port}/orders`,
    command: commandOf(port, behaviour),
    ready: '/health',
    startup: 8000,
    ...change,
  };
}

export function commandOf(port: number, behaviour: string, ...args: string[]): string {
  return [process.execPath, SERVER, String(port), behaviour, ...args].map((word) => JSON.stringify(word)).join(' ');
}
