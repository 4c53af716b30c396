/**
 * A clock that wakes within about 0.2 ms, for arrivals that must be even. Node's timers count whole milliseconds; a
 * loop of `setImmediate` would be exact, but keep a core busy and the event loop with it. A thread that sleeps on a
 * futex until the moment, and then sends a message, costs next to nothing.
 */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { now } from '../base/clock.js';
import type { LoadClock } from './clock.js';

/** The built file, also when this one runs from its source. */
const THREAD = new URL('../../dist/load/metronome-thread.js', import.meta.url);

/** A wake-up that is so late has been lost on its way from the thread, which has been seen to happen, ms. */
const LOST_MS = 5;

/** A running metronome. One moment can be waited for at a time: a new one takes the place of the last. */
export interface Metronome extends LoadClock {
  stop(): Promise<void>;
}

/** What is shared with the thread, in 16 bytes: how often a moment was set, and the moment. */
export function settingIn(shared: SharedArrayBuffer): { count: Int32Array; moment: Float64Array } {
  return { count: new Int32Array(shared, 0, 1), moment: new Float64Array(shared, 8, 1) };
}

/** Starts a metronome; settles when its thread listens. */
export async function startMetronome(): Promise<Metronome> {
  const shared = new SharedArrayBuffer(16);
  const { count, moment } = settingIn(shared);
  const thread = new Worker(THREAD, { workerData: shared });
  await once(thread, 'message');
  let waiting: (() => void) | undefined;
  const set = (at: number): void => {
    moment[0] = at;
    Atomics.add(count, 0, 1);
    Atomics.notify(count, 0);
  };
  const wake = (): void => {
    const run = waiting;
    waiting = undefined;
    run?.();
  };
  thread.on('message', () => {
    const due = moment[0] ?? 0;
    // The thread reads its own clock, which may be some microseconds ahead.
    if (now() < due) return set(due);
    wake();
  });
  // One that is lost would be the last: nothing is set anew before somebody wakes.
  const rescue = setInterval(() => {
    if (waiting && now() >= (moment[0] ?? 0) + LOST_MS) wake();
  }, LOST_MS);
  return {
    now,
    at(at, run) {
      waiting = run;
      set(at);
    },
    stop: async () => {
      clearInterval(rescue);
      await thread.terminate();
    },
  };
}
