/** The thread of the metronome: sleeps until the moment it was set to, and says so. */
import { parentPort, workerData } from 'node:worker_threads';
import { now } from '../base/clock.js';
import { settingIn } from './metronome.js';

const { count, moment } = settingIn(workerData as SharedArrayBuffer);
const tell = (): void => parentPort?.postMessage(0, []);

tell();
for (let seen = 0; ; ) {
  Atomics.wait(count, 0, seen);
  seen = Atomics.load(count, 0);
  // Set anew while it sleeps: the new moment counts.
  if (Atomics.wait(count, 0, seen, Math.max(0, (moment[0] ?? 0) - now())) === 'timed-out') tell();
}
