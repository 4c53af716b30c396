import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/base/errors.js';
import { BUS_NAMES } from '../../src/events/buses.js';
import { busSettings, MEMORY } from '../../src/events/settings.js';

describe('busSettings', () => {
  it('is the memory bus when nothing is said', () => {
    expect(busSettings({})).toEqual(MEMORY);
  });

  it('publishes as a careful team would', () => {
    const careful = { memory: 'confirmed', outbox: 'outbox', nats: 'confirmed', redis: 'confirmed', bullmq: 'confirmed', rabbitmq: 'confirmed', postgres: 'outbox', kafka: 'confirmed', sqs: 'confirmed' };
    expect(Object.fromEntries(BUS_NAMES.map((bus) => [bus, busSettings({ bus }).publish]))).toEqual(careful);
  });

  it('takes what is said', () => {
    const said = { bus: 'nats', publish: 'outbox', busUrl: 'nats://127.0.0.1:4222' } as const;
    expect(busSettings(said)).toEqual({ name: 'nats', publish: 'outbox', url: 'nats://127.0.0.1:4222' });
  });

  it('takes the outbox of a relay from a file, a private server or the user\'s own', () => {
    const relayed = { bus: 'kafka', publish: 'outbox' } as const;
    expect(busSettings({ ...relayed, outbox: 'file' })).toEqual(busSettings(relayed));
    expect(busSettings({ ...relayed, outbox: 'postgres' }).outbox).toEqual({ name: 'postgres', url: null });
    expect(busSettings({ ...relayed, outbox: 'postgresql://me@shop/db' }).outbox).toEqual({ name: 'postgres', url: 'postgresql://me@shop/db' });
  });

  it.each([
    [{ bus: 'memory', publish: 'outbox' }, '--bus memory cannot publish outbox: choose one of confirmed, fire-and-forget.'],
    [{ bus: 'outbox', publish: 'confirmed' }, '--bus outbox cannot publish confirmed: choose one of outbox, fire-and-forget.'],
    [{ bus: 'nats', outbox: 'postgres' }, '--outbox is where a relay takes its events from, and --bus nats has no relay when it publishes confirmed'],
    [{ bus: 'postgres', outbox: 'postgres' }, '--bus postgres has no relay when it publishes outbox'],
    [{ bus: 'nats', publish: 'outbox', outbox: 'mysql://me:secret@x' }, '--outbox mysql://me:***@x is none: expected file, postgres, or postgres://'],
    [{ busUrl: 'nats://x' }, '--bus-url is where a broker is'],
  ] as const)('refuses %j', (choice, message) => {
    expect(() => busSettings(choice)).toThrow(UserError);
    expect(() => busSettings(choice)).toThrow(message);
  });
});
