import { describe, expect, it } from 'vitest';
import { ProcessGroup } from '../../src/experiment/process-group.js';

/** Work that waits for what nobody ever ends. */
const forever = (): Promise<never> => new Promise(() => {});

describe('work with a group of processes', () => {
  it('is given up when it is interrupted, whatever it waits for, also before it began', async () => {
    const controller = new AbortController();
    const group = new ProcessGroup();
    const working = group.during(controller.signal, forever);
    controller.abort();
    await expect(working).rejects.toThrow('interrupted');
    expect(group.over.aborted).toBe(true);
    await expect(new ProcessGroup().during(controller.signal, forever)).rejects.toThrow('interrupted');
  });

  it('is given up when it has failed elsewhere, and ends what it goes on waiting for', async () => {
    const group = new ProcessGroup();
    const working = group.during(new AbortController().signal, () => new Promise((_, reject) => group.over.addEventListener('abort', () => reject(new Error('waits no longer')))));
    group.fail(new Error('a process died'));
    await expect(working).rejects.toThrow('a process died');
    expect(group.over.aborted).toBe(true);
  });

  it('starts nothing more when it is over, and does everything that ends it once', async () => {
    const group = new ProcessGroup();
    const done: string[] = [];
    group.afterStop(() => done.push('cleaned up'));
    expect(await group.during(new AbortController().signal, () => Promise.resolve('measured'))).toBe('measured');
    await Promise.all([group.stop(), group.stop()]);
    expect(done).toEqual(['cleaned up']);
    await expect(group.start('load-process.js')).rejects.toThrow('The trial is over');
  });
});
