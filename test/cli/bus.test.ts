/** What a user is told of buses, before anything is started. */
import { afterEach, describe, expect, it } from 'vitest';
import { BUSES } from '../../src/events/buses.js';
import { main } from '../../src/cli/main.js';
import { fakeIo } from '../support/fake-io.js';

const { PATH } = process.env;
afterEach(() => {
  process.env.PATH = PATH;
});

async function run(...args: string[]) {
  const io = fakeIo(args);
  const code = await main(io, { runTrial: () => Promise.reject(new Error('something was started')) });
  return { code, out: io.out(), err: io.err() };
}

describe('--bus', () => {
  it.each([
    ['nats', 'nats-server'],
    ['redis', 'redis-server'],
    ['bullmq', 'redis-server'],
    ['rabbitmq', 'rabbitmq-server'],
    ['kafka', 'java'],
  ])('%s without %s on the PATH says in one line what to install', async (bus, binary) => {
    process.env.PATH = '';
    const { code, out, err } = await run('bench', '--bus', bus);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(new RegExp(`^error: --bus ${bus} needs ${binary}, which is not on the PATH \\(.*install.*\\), or --bus-url\n$`));
  });

  it('is named by a dry run with what it publishes', async () => {
    const { code, out } = await run('bench', '--bus', 'nats', '--dry-run');
    expect(code).toBe(0);
    expect(out).toContain('events by nats (private), published confirmed');
  });

  it('is named by a dry run with what its settings cost and lose', async () => {
    const { out } = await run('bench', '--bus', 'bullmq', '--dry-run');
    for (const remark of BUSES.bullmq.capabilities.remarks) expect(out).toContain(`       - ${remark}\n`);
  });

  it('is nothing for a simulation', async () => {
    const { code, err } = await run('simulate', '--bus', 'nats');
    expect(code).toBe(2);
    expect(err).toContain("unknown option '--bus'");
  });
});
