import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Progress } from '../../../src/events/adapters/kafka-progress.js';

describe('progress in a partition', () => {
  it('stands at the oldest event that is not finished, however many later ones are', () => {
    const progress = new Progress(10n);
    for (const offset of [10n, 11n, 13n]) progress.take(offset);
    expect([progress.finished, progress.next]).toEqual([10n, 14n]);
    progress.finish(11n);
    progress.finish(13n);
    expect(progress.finished).toBe(10n);
    progress.finish(10n);
    expect(progress.finished).toBe(14n);
  });

  it('never passes an event that is in progress, and reaches the end when none is', () => {
    const orders = fc.uniqueArray(fc.nat({ max: 20 }), { minLength: 1 }).chain((taken) => fc.tuple(fc.constant(taken), fc.shuffledSubarray(taken)));
    fc.assert(
      fc.property(orders, ([taken, finished]) => {
        const progress = new Progress(0n);
        for (const offset of taken.toSorted((a, b) => a - b)) progress.take(BigInt(offset));
        for (const offset of finished) progress.finish(BigInt(offset));
        const open = taken.filter((offset) => !finished.includes(offset));
        expect(Number(progress.finished)).toBe(open.length > 0 ? Math.min(...open) : Math.max(...taken) + 1);
      }),
    );
  });
});
