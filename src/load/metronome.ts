/**
 * A clock that wakes within about 0.2 ms, for arrivals that must be even. Node's timers count whole milliseconds; a
 * loop of `setImmediate` would be exact, but keep a core busy and the event loop with it. A thread that sleeps on a
 * futex until the moment, and then sends a message, costs next to nothing.
 */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { now } from '../base/clock.js';
import type { LoadClock } from './clock.js';
import { SCRIPT, SHARED_BYTES } from './metronome-thread.js';

/** A running metronome. One moment can be waited for at a time: a new one takes the place of the last. */
export interface Metronome extends LoadClock {
  stop(): Promise<void>;
}

/** Starts a metronome; settles when its thread listens. */
export async function startMetronome(): Promise<Metronome> {
  const shared = new SharedArrayBuffer(SHARED_BYTES);
  const setting = new Int32Array(shared, 0, 1);
  const moment = new Float64Array(shared, 8, 1);
  const thread = new Worker(SCRIPT, { eval: true, workerData: shared });
  await once(thread, 'message');
  let current = 0;
  let waiting: (() => void) | undefined;
  const set = (at: number): void => {
    moment[0] = at;
    Atomics.add(setting, 0, 1);
    current = Atomics.load(setting, 0);
    Atomics.notify(setting, 0);
  };
  thread.on('message', (told: number) => {
    // Every setting is told, or set anew before: the message of this one is still to come.
    if (told !== current) return;
    const due = moment[0] as number;
    // The thread reads its own clock, which may be some microseconds ahead.
    if (now() < due) return set(due);
    const run = waiting;
    waiting = undefined;
    run?.();
  });
  return {
    now,
    at(at, run) {
      waiting = run;
      set(at);
    },
    stop: async () => {
      await thread.terminate();
    },
  };
}
