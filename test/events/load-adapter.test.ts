import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { BUSES } from '../../src/events/adapter.js';
import { loadAdapter } from '../../src/events/load-adapter.js';

/** Addresses with nothing behind them. */
const NOWHERE = {
  outbox: '/missing/outbox.db',
  nats: 'nats://127.0.0.1:9',
  redis: 'redis://127.0.0.1:9',
  rabbitmq: 'amqp://me:secret@127.0.0.1:9',
};

describe('loadAdapter', () => {
  it.each(BUSES)('loads %s, which has its name and says what it survives', async (name) => {
    const adapter = await loadAdapter(name);
    expect(adapter.name).toBe(name);
    expect(Object.keys(adapter.capabilities.survives)).toEqual(['process', 'broker', 'power']);
  });

  it.each(['outbox', 'nats', 'redis', 'rabbitmq'] as const)('says when nothing is at the address of %s', async (name) => {
    const adapter = await loadAdapter(name);
    const connecting = adapter.connect({ url: NOWHERE[name], topic: 'x', consumers: [], publishTimeout: 100 });
    await expect(connecting).rejects.toMatchObject({ name: 'UserError' });
    await expect(connecting).rejects.toThrow(/^(?!.*secret)/);
  });
});

describe('without the optional clients', () => {
  // As Node answers when a package is not installed, whatever is installed above this folder.
  const hooks = `export function resolve(name, context, next) {
    const wanted = /^(@[^/]+\\/)?[^./:][^/:]*$/.exec(name)?.[0];
    if (!wanted || !context.parentURL?.includes('/events/')) return next(name, context);
    const message = "Cannot find package '" + wanted + "' imported from " + context.parentURL;
    throw Object.assign(new Error(message), { code: 'ERR_MODULE_NOT_FOUND' });
  }`;
  const load = (name: string): string => {
    const script = `
      import { register } from 'node:module';
      register('data:text/javascript,' + encodeURIComponent(${JSON.stringify(hooks)}));
      const { loadAdapter } = await import(${JSON.stringify(new URL('../../dist/events/load-adapter.js', import.meta.url).href)});
      const said = await loadAdapter('${name}').then(() => 'loaded', (error) => error.name + ': ' + error.message);
      console.log(said);`;
    return spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' }).stdout.trim();
  };

  it.each([
    ['outbox', 'npm install libsql@0.5.29'],
    ['nats', 'npm install @nats-io/transport-node@3.4.0 @nats-io/jetstream@3.4.0'],
    ['redis', 'npm install @redis/client@6.3.1'],
    ['rabbitmq', 'npm install amqplib@2.3.1'],
  ])('says what --bus %s needs', (name, install) => {
    expect(load(name)).toBe(`UserError: --bus ${name} needs a package that is not installed: ${install}`);
  });

  it('has the memory bus all the same', () => {
    expect(load('memory')).toBe('loaded');
  });
});
