/** How a bus is loaded: its client only when it is chosen. */
import { UserError } from '../base/errors.js';
import type { Adapter, BusName } from './adapter.js';

interface Loader {
  load: () => Promise<{ adapter: Adapter }>;
  /** Optional packages it needs. */
  packages: string[];
}

const LOADERS: Record<BusName, Loader> = {
  memory: { load: () => import('./adapters/memory.js'), packages: [] },
  outbox: {
    // Its thread needs the package: one that is not installed is missed here already.
    load: async () => {
      await import('libsql');
      return import('./adapters/outbox.js');
    },
    packages: ['libsql@0.5.29'],
  },
  nats: {
    load: () => import('./adapters/nats.js'),
    packages: ['@nats-io/transport-node@3.3.1', '@nats-io/jetstream@3.3.1'],
  },
  redis: { load: () => import('./adapters/redis.js'), packages: ['@redis/client@6.3.1'] },
  rabbitmq: { load: () => import('./adapters/rabbitmq.js'), packages: ['amqplib@2.3.1'] },
};

/**
 * Loads one kind of bus.
 * @throws UserError when its client is not installed: what to install
 */
export async function loadAdapter(name: BusName): Promise<Adapter> {
  const { load, packages } = LOADERS[name];
  try {
    return (await load()).adapter;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const isMissing = packages.some((wanted) => message.includes(`'${wanted.slice(0, wanted.lastIndexOf('@'))}'`));
    if (code !== 'ERR_MODULE_NOT_FOUND' || !isMissing) throw error;
    throw new UserError(`--bus ${name} needs a package that is not installed: npm install ${packages.join(' ')}`, {
      cause: error,
    });
  }
}
