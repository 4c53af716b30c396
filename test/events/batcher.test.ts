import { describe, expect, it } from 'vitest';
import { Batcher } from '../../src/events/batcher.js';

/** Notes what it is given, and answers in its own time. */
function told(fitting?: (items: readonly string[]) => number) {
  const lots: string[][] = [];
  const answers: (() => void)[] = [];
  const send = (items: string[]) => {
    lots.push(items);
    return new Promise<[]>((resolve) => answers.push(() => resolve([])));
  };
  const answered = async (): Promise<void> => {
    answers.shift()?.();
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
  };
  return { batches: new Batcher<string>(send, fitting), lots, answered };
}

describe('Batcher', () => {
  it('tells the first at once, and together what comes meanwhile', async () => {
    const { batches, lots, answered } = told();
    for (const item of ['a', 'b', 'c']) void batches.add(item);
    expect(lots).toEqual([['a']]);
    await answered();
    expect(lots).toEqual([['a'], ['b', 'c']]);
  });

  it('tells no more at once than fit', async () => {
    const { batches, lots, answered } = told((items) => Math.min(2, items.length));
    const all = ['a', 'b', 'c', 'd'].map((item) => batches.add(item));
    for (let lot = 0; lot < 3; lot++) await answered();
    expect(lots).toEqual([['a'], ['b', 'c'], ['d']]);
    await Promise.all(all);
  });

  it('fails whom it failed for, or all of a lot, and goes on with the next', async () => {
    let calls = 0;
    const batches = new Batcher<string>((items) => {
      calls++;
      return calls === 3 ? Promise.reject(new Error('gone')) : Promise.resolve(items.map((item) => (item === 'bad' ? new Error('no') : undefined)));
    });
    const results = await Promise.allSettled(['good', 'bad', 'good'].map((item) => batches.add(item)));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    await expect(batches.add('good')).rejects.toThrow('gone');
    await expect(batches.add('good')).resolves.toBeUndefined();
  });
});
