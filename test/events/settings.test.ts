import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/base/errors.js';
import { BUS_NAMES } from '../../src/events/buses.js';
import { busSettings, MEMORY } from '../../src/events/settings.js';

describe('busSettings', () => {
  it('is the memory bus when nothing is said', () => {
    expect(busSettings({})).toEqual(MEMORY);
  });

  it('publishes as a careful team would', () => {
    const careful = { memory: 'confirmed', outbox: 'outbox', nats: 'confirmed', redis: 'confirmed', rabbitmq: 'confirmed', postgres: 'outbox', kafka: 'confirmed' };
    expect(Object.fromEntries(BUS_NAMES.map((bus) => [bus, busSettings({ bus }).publish]))).toEqual(careful);
  });

  it('takes what is said', () => {
    const said = { bus: 'nats', publish: 'outbox', busUrl: 'nats://127.0.0.1:4222' } as const;
    expect(busSettings(said)).toEqual({ name: 'nats', publish: 'outbox', url: 'nats://127.0.0.1:4222' });
  });

  it.each([
    [{ bus: 'memory', publish: 'outbox' }, '--bus memory cannot publish outbox: choose one of confirmed, fire-and-forget.'],
    [{ bus: 'outbox', publish: 'confirmed' }, '--bus outbox cannot publish confirmed: choose one of outbox, fire-and-forget.'],
    [{ busUrl: 'nats://x' }, '--bus-url is where a broker is'],
  ] as const)('refuses %j', (choice, message) => {
    expect(() => busSettings(choice)).toThrow(UserError);
    expect(() => busSettings(choice)).toThrow(message);
  });
});
