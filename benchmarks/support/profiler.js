/** Preloaded into every process of a run (NODE_OPTIONS=--import=...): writes its CPU profile to PROFILE_DIR when it ends. */
import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector';
import path from 'node:path';

const INTERVAL_US = 500;
/** What a process does before is loading and compiling its code, ms. */
const START_MS = 3000;

const session = new Session();
session.connect();

setTimeout(() => {
  session.post('Profiler.enable');
  session.post('Profiler.setSamplingInterval', { interval: INTERVAL_US });
  session.post('Profiler.start');
  // The answer comes before `post` returns: there is no other thread to wait for.
  process.on('exit', () => {
    session.post('Profiler.stop', (error, answer) => {
      if (!error) writeFileSync(path.join(process.env.PROFILE_DIR, `${process.pid}.cpuprofile`), JSON.stringify(answer.profile));
    });
  });
}, START_MS).unref();
