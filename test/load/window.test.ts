import { describe, expect, it } from 'vitest';
import { RunningWindow } from '../../src/load/window.js';
import { fakeClock } from './fake-clock.js';

/** A window from 1000 to 3000 whose end is written down. */
function opened() {
  const clock = fakeClock();
  const ends: number[] = [];
  const window = new RunningWindow(0, { startAt: 1000, endAt: 3000 }, clock, () => ends.push(clock.now()));
  return { clock, ends, window };
}

describe('the window of a load', () => {
  it('ends when it was said', () => {
    const { clock, ends } = opened();
    clock.advanceTo(5000);
    expect(ends).toEqual([3000]);
  });

  it('begins earlier, as long as it was', () => {
    const { clock, ends, window } = opened();
    clock.advanceTo(300);
    expect(window.begin(150)).toBe(true);
    expect(window).toMatchObject({ beginAt: 0, startAt: 450, endAt: 2450 });
    clock.advanceTo(5000);
    expect(ends).toEqual([2450]);
  });

  it('ends earlier', () => {
    const { clock, ends, window } = opened();
    clock.advanceTo(2000);
    expect(window.finish(100)).toBe(true);
    expect(window.finish(500)).toBe(false);
    clock.advanceTo(5000);
    expect(ends).toEqual([2100]);
  });

  it('never begins later, or a second time', () => {
    const { clock, ends, window } = opened();
    clock.advanceTo(900);
    expect(window.begin(150)).toBe(false);
    clock.advanceTo(1500);
    expect(window.begin(0)).toBe(false);
    clock.advanceTo(5000);
    expect(ends).toEqual([3000]);
  });

  it('does not end before it begins', () => {
    const { clock, window } = opened();
    clock.advanceTo(500);
    expect(window.finish(100)).toBe(false);
    expect(window.endAt).toBe(3000);
  });
});
