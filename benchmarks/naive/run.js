/**
 * The comparison that one would write in an afternoon: Express, undici, autocannon, real hops, a process for each part.
 * It gets a warm-up of its own; everything else is as the packages have it.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';

const start = (file, ...args) => fork(new URL(file, import.meta.url), args.map(String));
const message = async (child) => (await once(child, 'message'))[0];

async function usageOf(child) {
  const answer = message(child);
  child.send('usage');
  return (await answer).cpu;
}

/** Loads hybrid with so many users for so many seconds: rate, percentiles, and CPU time of each process, ms. */
export async function runNaive(users, seconds) {
  const services = start('services.js');
  const children = [services];
  try {
    const server = start('server.js', (await message(services)).port);
    children.push(server);
    const load = start('load.js', (await message(server)).port, users, seconds);
    children.push(load);
    await message(load);
    const before = await Promise.all([usageOf(server), usageOf(services)]);
    const result = await message(load);
    const after = await Promise.all([usageOf(server), usageOf(services)]);
    return { ...result, cpu: { load: result.cpu, server: after[0] - before[0], services: after[1] - before[1] } };
  } finally {
    for (const child of children) child.kill();
  }
}
