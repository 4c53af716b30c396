import { describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.js';
import { fakeIo } from '../support/fake-io.js';

async function dryRun(...args: string[]) {
  const io = fakeIo(['bench', '-a', 'sync', '--dry-run', ...args]);
  const code = await main(io, { runTrial: () => Promise.reject(new Error('not to be run')) });
  return { code, out: io.out(), err: io.err() };
}

describe('the load on the command line', () => {
  it.each([
    [['--stages', '10s:50,30s:200'], 'up to 200 users, warm-up 0ms, window 40s'],
    [['-s', '10s:50', '-c', '5'], 'up to 50 users, warm-up 1575ms, window 10s'],
    [['-s', '10s:50', '-R', '80'], 'up to 80 requests/s, warm-up 1575ms, window 10s'],
    [['-R', '80', '--arrivals', 'poisson'], '80 requests/s, warm-up'],
    [['-c', '5', '--think', '1s'], '5 users, warm-up'],
    [['-c', '5', '--attempts', '3'], 'timeout 10s, 3 attempts after timeout, http5xx, connection, hangup, 1s apart at first'],
  ])('%j is planned as %s', async (args, text) => {
    const { code, out, err } = await dryRun(...args);
    expect(err).toBe('');
    expect(code).toBe(0);
    expect(out).toContain(text);
    expect(out).toContain('1 trials');
  });

  it.each([
    [['-s', '10s'], 'Expected stages such as 10s:50,30s:200; got "10s".'],
    [['-s', '0s:50'], 'Expected stages that take some time'],
    [['-s', '10s:50', '-d', '5s'], '--duration and stages both say how long the window is'],
    [['-c', '5', '--arrivals', 'poisson'], '--arrivals is how the requests of a rate are spaced'],
    [['-R', '5', '--arrivals', 'bursts'], 'Allowed choices are even, poisson.'],
    [['-R', '5', '--think', '1s'], '--think is the pause of a user'],
    [['-c', '5', '--attempts', '10'], 'Expected a whole number between 1 and 9.'],
    [['-c', '5', '--think', 'long'], 'Expected a duration such as 0s, 250ms or 2s.'],
  ])('%j is refused', async (args, message) => {
    const { code, out, err } = await dryRun(...args);
    expect(code).toBe(2);
    expect(err).toContain(message);
    expect(out).toBe('');
  });
});
