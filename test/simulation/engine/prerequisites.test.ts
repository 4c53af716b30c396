import { describe, expect, it } from 'vitest';
import type { Step } from '../../../src/scenarios/scenario.js';
import { Prerequisites } from '../../../src/simulation/engine/prerequisites.js';

const steps = [
  { name: 'stock', after: [] },
  { name: 'price', after: [] },
  { name: 'pay', after: ['stock', 'price'] },
] as unknown as Step[];

describe('prerequisites', () => {
  it('tell which steps come first, and which follow', () => {
    const order = new Prerequisites(steps);
    expect([0, 1, 2].map((step) => order.isFirst(step))).toEqual([true, true, false]);
    expect([0, 1, 2].map((step) => order.followersOf(step))).toEqual([[2], [2], []]);
  });

  it('are met by the last of those a step comes after, for each request by itself, however many there are', () => {
    const order = new Prerequisites(steps);
    for (const row of [0, 5000]) order.begin(row);
    expect([order.meet(0, 2), order.meet(5000, 2), order.meet(5000, 2), order.meet(0, 2)]).toEqual([false, false, true, true]);
    // A row that is used again begins anew.
    order.begin(0);
    expect([order.meet(0, 2), order.meet(0, 2)]).toEqual([false, true]);
  });
});
