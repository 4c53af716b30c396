import { describe, expect, it } from 'vitest';
import { now } from '../../src/base/clock.js';
import { timers } from '../../src/load/clock.js';

describe('timers', () => {
  it('wake at a moment or after it, never before', async () => {
    const start = now();
    const early = await Promise.all(
      Array.from({ length: 50 }, (_, i) => {
        const moment = start + i * 0.7;
        return new Promise<number>((resolve) => timers.at(moment, () => resolve(moment - now())));
      }),
    );
    expect(Math.max(...early)).toBeLessThanOrEqual(0);
  });
});
