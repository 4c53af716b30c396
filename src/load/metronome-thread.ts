/**
 * The thread of the metronome: sleeps until the moment it was set to, and says so.
 *
 * No wake-up can be lost: whatever ends a wait, the thread looks again at what is set and what it has told. It sleeps without
 * end only on the number of a setting that it has told, which no later one has. That it was notified says nothing: the
 * notification of a setting may come when the thread has seen its number already and sleeps for its moment.
 */

/** What the thread needs of its surroundings. */
export interface Surroundings {
  /** ms, monotonic. */
  now: () => number;
  /** `Atomics.wait`. */
  wait: (numbers: Int32Array, index: number, value: number, timeout: number) => unknown;
  /** Says that the moment of a setting has come. */
  tell: (setting: number) => void;
}

/** What is shared with the thread, in 16 bytes: the number of the setting, and its moment, which is written first. */
export const SHARED_BYTES = 16;

/** Runs for ever. Its text is what the thread gets: it knows nothing outside of itself. */
export function keepTime(shared: SharedArrayBuffer, { now, wait, tell }: Surroundings): never {
  const setting = new Int32Array(shared, 0, 1);
  const moment = new Float64Array(shared, 8, 1);
  // The setting that it begins with is past, and telling it says that the thread listens.
  let told = -1;
  for (;;) {
    const seen = Atomics.load(setting, 0);
    const left = seen === told ? Infinity : (moment[0] as number) - now();
    if (left > 0) wait(setting, 0, seen, left);
    else tell((told = seen));
  }
}

/** The thread, as a script: tests and what they start are of one build. */
export const SCRIPT = `
  const { parentPort, workerData } = process.getBuiltinModule('node:worker_threads');
  (${keepTime.toString()})(workerData, {
    now: () => Number(process.hrtime.bigint()) / 1e6,
    wait: Atomics.wait,
    tell: (setting) => parentPort.postMessage(setting),
  });
`;
