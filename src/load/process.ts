/** The load generator as a process of its own, so that it never waits for the server it measures. */
import { serveParent, tellParent } from '../processes/channel.js';
import type { LoadJob, LoadRemote, LoadResult } from './load.js';
import { startLoad, type LoadRun } from './run.js';

let running: LoadRun | undefined;

function current(): LoadRun {
  if (!running) throw new Error('No load is running');
  return running;
}

const remote: LoadRemote = {
  async run(job: LoadJob): Promise<LoadResult> {
    if (running) throw new Error('Expected one load at a time: another is still running');
    running = startLoad(job, (progress) => tellParent('progress', progress));
    try {
      return await running.result;
    } finally {
      running = undefined;
    }
  },
  newRows: () => current().newRows(),
  begin: (lead) => current().begin(lead),
  finish: (lead) => current().finish(lead),
  stop: () => running?.stop(),
};

serveParent(remote);
