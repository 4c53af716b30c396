/** Whether a bus can be had at all: asked before anything is started. */
import { findBroker } from './brokers/find.js';
import { BUSES, hasPrivateBroker } from './buses.js';
import { loadAdapter } from './load-adapter.js';
import type { BusSettings } from './settings.js';

const CONNECT_WITHIN_MS = 3000;

/**
 * Looks for the packages and the program that a bus needs, and asks a broker of the user's own whether it is there.
 * @throws UserError that says what to install, or that nobody answers
 */
export async function checkBus({ name, publish, url }: BusSettings): Promise<void> {
  if (BUSES[name].at === null) return;
  const adapter = await loadAdapter(name);
  if (publish === 'outbox') await loadAdapter('outbox');
  if (url !== null) {
    const topic = `sync-vs-events-check-${process.pid}`;
    await (await adapter.connect({ url, topic, consumers: [], publishTimeout: CONNECT_WITHIN_MS })).remove();
  } else if (hasPrivateBroker(name)) findBroker(name);
}
