import { describe, expect, it } from 'vitest';
import { extraWork } from '../../src/architectures/server.js';

describe('extraWork', () => {
  it('is what Express does not do anyway, and holds the process for so long', () => {
    let at = 100;
    const work = extraWork(5.15, () => (at += 0.5));
    work();
    // From the first look to one that is 5 ms later.
    expect(at).toBe(100.5 + 5);
  });

  it('is none where nothing is said, or less than Express takes', () => {
    expect(extraWork()).toBe(extraWork(0.05));
  });
});
