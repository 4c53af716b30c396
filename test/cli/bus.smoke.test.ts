/** What a user is told of a broker of their own, before anything is started. */
import { describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.js';
import { fakeIo } from '../support/fake-io.js';

async function run(...args: string[]) {
  const io = fakeIo(args);
  const code = await main(io, { runTrial: () => Promise.reject(new Error('something was started')) });
  return { code, out: io.out(), err: io.err() };
}

describe('--bus-url', () => {
  it.each([
    ['nats', 'nats://127.0.0.1:1', 'No NATS server answers at nats://127.0.0.1:1'],
    ['redis', 'redis://127.0.0.1:1', 'No Redis server answers at redis://127.0.0.1:1'],
    ['bullmq', 'redis://:secret@127.0.0.1:1', 'No BullMQ server answers at redis://:***@127.0.0.1:1'],
    ['rabbitmq', 'amqp://guest:secret@127.0.0.1:1', 'No RabbitMQ server answers at amqp://guest:***@127.0.0.1:1'],
    ['kafka', 'kafka://guest:secret@127.0.0.1:1', 'No Kafka server answers at kafka://guest:***@127.0.0.1:1'],
  ])('%s at %s is asked before anything is started', async (bus, url, message) => {
    const { code, err } = await run('bench', '--bus', bus, '--bus-url', url);
    expect(code).toBe(2);
    expect(err).toContain(message);
    expect(err.trim().split('\n')).toHaveLength(1);
  });
});
