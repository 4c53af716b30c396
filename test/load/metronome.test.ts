/** The protocol between the metronome and its thread, in every order in which the steps of both may come. */
import { describe, expect, it } from 'vitest';
import { keepTime, SHARED_BYTES } from '../../src/load/metronome-thread.js';

/** Thrown when the thread would sleep for ever, and nobody is left who could wake it. */
class Asleep extends Error {}

/**
 * Runs the thread beside a main thread that sets moments.
 * @param moments that are set, one after another
 * @param mainIsNext whether the main thread takes its next step before the thread goes on; then it takes all that are left
 * @returns what was told, and when, until the thread sleeps for ever
 */
function play(moments: readonly number[], mainIsNext: readonly boolean[]): { told: number; at: number }[] {
  const shared = new SharedArrayBuffer(SHARED_BYTES);
  const setting = new Int32Array(shared, 0, 1);
  const moment = new Float64Array(shared, 8, 1);
  const telling: { told: number; at: number }[] = [];
  let time = 0;
  let turn = 0;
  let isAsleep = false;
  const steps = moments.flatMap((at) => [
    () => (moment[0] = at),
    () => Atomics.add(setting, 0, 1),
    () => (isAsleep = false),
  ]);
  const mainGoesOn = (): boolean => steps.length > 0 && (mainIsNext[turn++] ?? true);
  const letMainRun = (): void => {
    while (mainGoesOn()) steps.shift()?.();
  };
  const now = (): number => {
    letMainRun();
    return time;
  };
  const wait = (numbers: Int32Array, index: number, value: number, timeout: number): void => {
    letMainRun();
    if (numbers[index] !== value) return;
    isAsleep = true;
    const isForEver = timeout === Infinity;
    const isFollowed = (): boolean => mainGoesOn() || (isForEver && steps.length > 0);
    while (isFollowed()) {
      steps.shift()?.();
      if (!isAsleep) return;
    }
    if (isForEver) throw new Asleep();
    time += timeout;
  };
  const tell = (told: number): void => {
    telling.push({ told, at: time });
    letMainRun();
  };
  try {
    keepTime(shared, { now, wait, tell });
  } catch (error) {
    if (error instanceof Asleep) return telling;
    throw error;
  }
}

/** Every order of so many turns. */
const TURNS = 14;
const orders = Array.from({ length: 2 ** TURNS }, (_, bits) => Array.from({ length: TURNS }, (_turn, turn) => ((bits >> turn) & 1) === 1));

describe('the thread of the metronome', () => {
  it.each([[[5]], [[5, 10]], [[10, 5]], [[5, 5]], [[0, 0]]])('tells the last of %j once, not before it, and as soon as it can', (moments) => {
    const last = moments.at(-1) as number;
    const wrong = orders.filter((order) => {
      const latest = play(moments, order).filter(({ told }) => told === moments.length);
      // It may be set when an earlier moment has come: nothing else takes time.
      return !(latest.length === 1 && latest.every(({ at }) => at >= last && at <= Math.max(...moments)));
    });
    expect(wrong).toEqual([]);
  });

  it('is not put to sleep by the notification of what it sleeps for already', () => {
    const [goesOn, waits] = [true, false];
    // Moment and number before the thread looks, the notification when it sleeps.
    expect(play([5], [waits, goesOn, goesOn, waits, waits, waits, goesOn])).toEqual([
      { told: 0, at: 0 },
      { told: 1, at: 5 },
    ]);
  });

  it('says first that it listens', () => {
    expect(play([], [])).toEqual([{ told: 0, at: 0 }]);
  });
});
