/** What stands for a topic that is not there where nothing may be created: it holds nothing, and there is nothing to delete. */
import type { ConnectOptions } from './adapter.js';
import type { Bus } from './bus.js';

export function absentBus(name: string, { consumers }: Pick<ConnectOptions, 'consumers'>): Bus {
  const nowhere = (): Promise<never> => Promise.reject(new Error('There is no such topic'));
  return {
    name,
    publish: nowhere,
    subscribe: nowhere,
    held: () => Promise.resolve(Object.fromEntries(consumers.map((consumer) => [consumer, []]))),
    close: () => Promise.resolve(),
    remove: () => Promise.resolve(),
  };
}
