import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { BUS_NAMES, BUSES } from '../../src/events/buses.js';
import { loadAdapter } from '../../src/events/load-adapter.js';

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

  it.each(BUS_NAMES.filter((name) => BUSES[name].packages.length > 0))('says what --bus %s needs', (name) => {
    expect(load(name)).toBe(`UserError: --bus ${name} needs a package that is not installed: npm install ${BUSES[name].packages.join(' ')}`);
  });

  it('has the memory bus all the same', () => {
    expect(load('memory')).toBe('loaded');
  });
});

/** Addresses with nothing behind them. */
const NOWHERE = {
  nats: 'nats://127.0.0.1:9',
  redis: 'redis://127.0.0.1:9',
  bullmq: 'redis://:secret@127.0.0.1:9',
  rabbitmq: 'amqp://me:secret@127.0.0.1:9',
  kafka: 'kafka://me:secret@127.0.0.1:9',
  postgres: 'postgres://me:secret@127.0.0.1:9/shop',
  sqs: 'http://me:secret@127.0.0.1:9',
};

describe('loadAdapter', () => {
  it.each(['nats', 'redis', 'bullmq', 'rabbitmq', 'kafka', 'postgres', 'sqs'] as const)('says when nothing is at the address of %s', async (name) => {
    const adapter = await loadAdapter(name);
    const connecting = adapter.connect({ url: NOWHERE[name], topic: 'x', consumers: ['email'], publishTimeout: 100 });
    await expect(connecting).rejects.toMatchObject({ name: expect.stringMatching(/^(BusRefusal|UserError)$/) });
    await expect(connecting).rejects.toThrow(/^(?!.*secret)/);
  });
});
