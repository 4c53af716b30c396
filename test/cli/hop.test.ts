import { describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.js';
import { fakeIo } from '../support/fake-io.js';

async function run(...argv: string[]) {
  const io = fakeIo(argv);
  const code = await main(io);
  return { code, out: io.out(), err: io.err() };
}

describe('--services', () => {
  it('is told by a dry run; http is not', async () => {
    const { code, out } = await run('bench', '--services', 'in-process', '--dry-run');
    expect(code).toBe(0);
    expect(out).toContain("services answered within the server's process, without HTTP hops");
    expect((await run('bench', '--services', 'http', '--dry-run')).out).not.toContain('hops');
  });

  it.each([
    [['bench', '--bus', 'nats'], /--bus nats the consumers are in a process of their own/],
    [['bench', '--fault', 'crash server at 1s'], /the fault "crash server at 1s/],
    [['bench', '--target', 'shop=http://127.0.0.1:1/'], /shop is a server of your own/],
    [['bench', '--compare', 'sync,hybrid', '--bus', 'redis'], /--bus redis/],
    [['capacity', '--target', 'shop=http://127.0.0.1:1/'], /shop is a server of your own/],
    [['capacity', '--simulate'], /--simulate/],
    [['serve', 'sync', '--bus', 'outbox'], /--bus outbox/],
  ])('is refused before anything runs: %j', async (argv, words) => {
    const { code, err } = await run(...argv, '--services', 'in-process');
    expect(code).toBe(2);
    expect(err).toMatch(words);
    expect(err).toContain('--services');
  });

  it('takes unix for real hops: told by a dry run, and possible with a broker, but not without services', async () => {
    const { code, out } = await run('bench', '--services', 'unix', '--dry-run', '--fault', 'crash server at 1s');
    expect(code).toBe(0);
    expect(out).toContain('services called over HTTP by Unix domain sockets');
    const target = await run('bench', '--services', 'unix', '--target', 'shop=http://127.0.0.1:1/');
    expect(target.code).toBe(2);
    expect(target.err).toMatch(/--services unix is not possible here: shop is a server of your own/);
  });

  it('is one of three', async () => {
    const { code, err } = await run('bench', '--services', 'nowhere');
    expect(code).toBe(2);
    expect(err).toContain('http, unix, in-process');
  });
});
