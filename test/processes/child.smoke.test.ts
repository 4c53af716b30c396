import { afterEach, describe, expect, it } from 'vitest';
import { UserError } from '../../src/base/errors.js';
import { startChild, type Child } from '../../src/processes/child.js';

type TestRemote = {
  double(number: number): number;
  filled(options: { length: number }): Float64Array;
  tell(data: unknown): void;
  fail(message: string): void;
  mistake(message: string): void;
  end(code: number): void;
  spin(nothing: undefined): void;
  unknown(nothing: undefined): void;
};

const started: Child<TestRemote>[] = [];

async function start(): Promise<Child<TestRemote>> {
  const child = await startChild<TestRemote>('../../test/support/child.js');
  started.push(child);
  return child;
}

afterEach(() => Promise.all(started.splice(0).map((child) => child.stop())));

describe('a child process', () => {
  it('answers calls, with typed arrays as they are', async () => {
    const child = await start();
    await expect(child.calls.double(21)).resolves.toBe(42);
    await expect(child.calls.filled({ length: 3 })).resolves.toEqual(new Float64Array([1.5, 1.5, 1.5]));
  });

  it('is not waited for beyond a deadline, and ended all the same', async () => {
    const child = await start();
    await expect(child.calls.spin(undefined, 50)).rejects.toThrow('did not answer "spin" within 50ms');
    await child.stop(0);
    await expect(child.exited).resolves.toMatchObject({ signal: 'SIGKILL' });
  });

  it('that is paused on purpose is late for nobody', async () => {
    const child = await start();
    child.kill('SIGSTOP');
    const answer = child.calls.double(4, 400);
    setTimeout(() => child.kill('SIGCONT'), 500);
    await expect(answer).resolves.toBe(8);
  });

  it('tells what it has to tell', async () => {
    const child = await start();
    const told = new Promise((resolve) => {
      child.on('told', resolve);
    });
    await child.calls.tell({ sent: 3 });
    await expect(told).resolves.toEqual({ sent: 3 });
  });

  it('hands on what a call threw, and keeps a mistake of the user apart', async () => {
    const child = await start();
    await expect(child.calls.fail('broken')).rejects.toThrow('broken');
    await expect(child.calls.mistake('port taken')).rejects.toBeInstanceOf(UserError);
  });

  it('refuses a function that it does not have', async () => {
    const child = await start();
    await expect(child.calls.unknown(undefined)).rejects.toThrow('unknown');
  });

  it('rejects the calls that wait when it ends, with its last words', async () => {
    const child = await start();
    await expect(child.calls.end(7)).rejects.toThrow('ended with code 7: Error: the disk is on fire');
    await expect(child.calls.double(1)).rejects.toThrow('ended with code 7');
  });

  it('rejects a call that is made while it dies, with what it died of', async () => {
    const child = await start();
    process.kill(child.pid, 'SIGKILL');
    await expect(child.calls.double(1)).rejects.toThrow('was killed by SIGKILL');
  });

  it('that cannot start says why', async () => {
    await expect(startChild('no-such-process.js')).rejects.toThrow(/ended with code 1: .*Cannot find module/);
  });
});
