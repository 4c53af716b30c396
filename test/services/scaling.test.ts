import { describe, expect, it } from 'vitest';
import type { Scaling } from '../../src/scenarios/scenario.js';
import { busyShare, Scaler, timersOn, workersWanted } from '../../src/services/scaling.js';
import { VirtualClock } from '../support/virtual-clock.js';

const SCALING: Scaling = { min: 1, start: 30, target: 0.5, idle: 100 };

/** A scaler on a clock, with a load that is told; and what was up at each moment of a change. */
function scaled(scaling: Partial<Scaling> = {}, most = 8) {
  const clock = new VirtualClock();
  let load = 0;
  const log: string[] = [];
  const told = (): void => void log.push(`${clock.now()}: ${scaler.up}`);
  const scaler: Scaler = new Scaler({ ...SCALING, ...scaling }, most, timersOn(clock, 'service', 0, {
    workersUp: () => {
      scaler.started();
      told();
      scaler.note(load);
    },
    stopSpare: () => {
      scaler.stopSpare(Math.min(load, scaler.up), load);
      told();
    },
  }));
  const be = (now: number): void => {
    load = now;
    scaler.note(load);
  };
  return { clock, scaler, log, be };
}

describe('workers wanted', () => {
  it.each([
    [0, 1], [1, 2], [2, 4], [3, 6], [4, 8], [5, 8],
  ])('for a load of %i are %i at a target of 50 %', (load, workers) => {
    expect(workersWanted(SCALING, 8, load)).toBe(workers);
  });

  it('for 21 at 70 % are 30: 21 / 0.7 is a little more', () => {
    expect(21 / 0.7).toBeGreaterThan(30);
    expect(workersWanted({ min: 0, target: 0.7 }, 99, 21)).toBe(30);
    expect(workersWanted({ min: 0, target: 0.7 }, 99, 0)).toBe(0);
  });
});

describe('a scaler', () => {
  it('starts what is missing at once, and counts what is starting already', async () => {
    const { clock, scaler, log, be } = scaled();
    be(2);
    await clock.advance(10);
    be(3);
    expect(scaler.up).toBe(1);
    await clock.advance(40);
    // 4 are wanted at 0, so that 3 are started; 6 at 10, so that 2 more are.
    expect(log).toEqual(['30: 4', '40: 6']);
  });

  it('has no more than there may be', async () => {
    const { clock, scaler, be } = scaled();
    be(1000);
    await clock.advance(30);
    expect(scaler.up).toBe(8);
  });

  it('stops those that have been too many for so long, down to the most that were wanted meanwhile', async () => {
    const { clock, log, be } = scaled();
    be(4);
    await clock.advance(50);
    be(1);
    await clock.advance(60);
    be(2);
    await clock.advance(10);
    be(0);
    await clock.advance(300);
    // Too many since 50: at 150 the 4 that were wanted from 110 to 120 stay; too many again since then, at 250 none of those was wanted.
    expect(log).toEqual(['30: 8', '150: 4', '250: 1']);
  });

  it('does not count what was wanted for no time at all', async () => {
    const { clock, log, be } = scaled();
    be(4);
    await clock.advance(50);
    be(3);
    be(0);
    await clock.advance(100);
    expect(log).toEqual(['30: 8', '150: 1']);
  });

  it('stops nobody where it is needed again in time', async () => {
    const { clock, scaler, log, be } = scaled();
    be(4);
    await clock.advance(50);
    be(0);
    await clock.advance(99);
    be(4);
    await clock.advance(500);
    expect([scaler.up, log]).toEqual([8, ['30: 8', '150: 8']]);
  });

  it('goes down to none, and begins with a cold start again', async () => {
    const { clock, log, be } = scaled({ min: 0, idle: 20 });
    be(1);
    await clock.advance(40);
    be(0);
    await clock.advance(60);
    be(1);
    await clock.advance(60);
    expect(log).toEqual(['30: 2', '60: 0', '130: 2']);
  });

  it('counts those that are starting as paid, within the window', async () => {
    const { clock, scaler, be } = scaled();
    scaler.observe({ startAt: 20, endAt: 120 });
    be(1);
    await clock.advance(70);
    be(2);
    await clock.advance(130);
    // 2 from 20 to 70, 4 from 70 to 120.
    expect(scaler.counts()).toEqual({ time: 300, most: 4, mean: 3 });
    expect(busyShare(150, 300)).toBe(0.5);
    expect(busyShare(0, 0)).toBe(0);
  });
});
