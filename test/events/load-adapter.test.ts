import { describe, expect, it } from 'vitest';
import { BUS_NAMES } from '../../src/events/buses.js';
import { loadAdapter } from '../../src/events/load-adapter.js';

/** Addresses with nothing behind them. */
const NOWHERE = {
  nats: 'nats://127.0.0.1:9',
  redis: 'redis://127.0.0.1:9',
  rabbitmq: 'amqp://me:secret@127.0.0.1:9',
  kafka: 'kafka://me:secret@127.0.0.1:9',
};

describe('loadAdapter', () => {
  it.each(BUS_NAMES)('loads %s', async (name) => {
    expect(await loadAdapter(name)).toEqual({ connect: expect.any(Function) });
  });

  it.each(['nats', 'redis', 'rabbitmq', 'kafka'] as const)('says when nothing is at the address of %s', async (name) => {
    const adapter = await loadAdapter(name);
    const connecting = adapter.connect({ url: NOWHERE[name], topic: 'x', consumers: [], publishTimeout: 100 });
    await expect(connecting).rejects.toMatchObject({ name: 'UserError' });
    await expect(connecting).rejects.toThrow(/^(?!.*secret)/);
  });
});
