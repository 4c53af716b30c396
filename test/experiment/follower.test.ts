import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Follower, untilNextLook } from '../../src/experiment/follower.js';
import { Journal } from '../../src/load/journal.js';

describe('a follower', () => {
  it('knows every request that has ended, in the order of their start, and is told of each once', async () => {
    // A moment of a request's start and end, and whether it is looked after it.
    const request = fc.record({ at: fc.integer({ min: 0, max: 200 }), takes: fc.integer({ min: 0, max: 500 }) });
    const arbitrary = fc.tuple(fc.array(request, { maxLength: 60 }), fc.array(fc.integer({ min: 0, max: 800 }), { maxLength: 8 }));
    await fc.assert(
      fc.asyncProperty(arbitrary, async ([requests, looks]) => {
        const journal = new Journal(100);
        let told = 0;
        const follower = new Follower({
          newRows: async () => {
            const news = journal.newRows();
            told += news.index.length;
            return news;
          },
        });
        const begun = requests.toSorted((a, b) => a.at - b.at).map((one) => ({ ...one, row: -1 }));
        const all = [
          ...begun.map((one) => ({ at: one.at, kind: 0, run: () => void (one.row = journal.begin(one.at, one.at)) })),
          ...begun.map((one) => ({ at: one.at + one.takes, kind: 1, run: () => journal.end(one.row, one.at + one.takes, 'ok', 200, true) })),
          ...looks.map((at) => ({ at, kind: 2, run: () => at })),
        ].toSorted((a, b) => a.at - b.at || a.kind - b.kind);
        for (const { at, kind, run } of all) {
          run();
          if (kind < 2) continue;
          const ended = begun.filter((one) => one.at + one.takes <= at);
          const { warmup, measured } = await follower.look();
          expect(Array.from(warmup)).toEqual(ended.filter((one) => one.at < 100).map(({ takes }) => takes));
          expect(Array.from(measured)).toEqual(ended.filter((one) => one.at >= 100).map(({ takes }) => takes));
        }
        await follower.look();
        expect(told).toBe(requests.length);
      }),
    );
  });

  it('remembers as many as there are', async () => {
    const journal = new Journal(0);
    const follower = new Follower({ newRows: async () => journal.newRows() });
    for (let i = 0; i < 100_000; i++) journal.end(journal.begin(i, i), i + 5, 'ok', 200, true);
    expect((await follower.look()).measured).toEqual(new Float32Array(100_000).fill(5));
  });
});

describe('untilNextLook', () => {
  it('is a quarter of a second at first, and a twentieth of the time passed later', () => {
    expect([0, 5000, 10_000, 600_000].map(untilNextLook)).toEqual([250, 250, 500, 30_000]);
  });
});
