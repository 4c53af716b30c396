import { expect, it } from 'vitest';
import { wait } from '../../src/base/clock.js';
import { ScaledGate } from '../../src/events/scaled-gate.js';
import { VirtualClock } from '../support/virtual-clock.js';

it('work goes through as workers come up, and one that fails gives its worker back', async () => {
  const clock = new VirtualClock();
  const gate = new ScaledGate({ min: 0, start: 30, target: 1, idle: 1000 }, 2, clock);
  const log: string[] = [];
  const runs = ['a', 'b', 'c'].map((name) =>
    gate.run(async () => {
      log.push(`${clock.now()}: ${name}`);
      await wait(clock, 10);
      if (name === 'a') throw new Error('a failed');
    }));
  const ends = Promise.allSettled(runs);
  await clock.advance(100);
  expect((await ends).map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
  // Two workers for three pieces of work: the third waits for one of them.
  expect(log).toEqual(['30: a', '30: b', '40: c']);
});
