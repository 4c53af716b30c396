/** The server process: one architecture in an event loop of its own. */
import { serveParent } from '../processes/channel.js';
import { makeFolder } from '../processes/folder.js';
import type { ServerRemote } from './architecture.js';
import { startServer, type RunningServer } from './server.js';

let server: RunningServer | undefined;

function started(): RunningServer {
  if (!server) throw new Error('The server has not been started');
  return server;
}

const remote: ServerRemote = {
  start: async (options) => {
    for (const folder of [options.place?.folder, options.folder]) if (folder !== undefined) makeFolder(folder, options.keeps);
    server = await startServer(options);
    return { url: server.url };
  },
  window: (window) => started().watch(window),
  backlog: () => started().backlog(),
  counts: () => started().counts(),
  drain: (options) => started().drain(options),
  held: () => started().held(),
  steps: () => started().steps(),
  close: () => started().close(),
  report: () => started().report(),
  used: () => server?.used() ?? null,
  spans: () => started().spans(),
};

serveParent(remote);
