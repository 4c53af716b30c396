/** The services process: opens every service of a scenario in an event loop of its own. */
import path from 'node:path';
import { serveParent } from '../processes/channel.js';
import { temporaryFolder } from '../processes/folder.js';
import { UsageWatch } from '../processes/usage.js';
import { openService, type OpenService } from './service.js';
import type { ServicesRemote } from './services.js';

let services: OpenService[] = [];
const usage = new UsageWatch();

const remote: ServicesRemote = {
  start: async (options) => {
    const folder = options.hop === 'unix' ? socketFolder() : undefined;
    const opened = options.services.map((service, position) =>
      openService(service, options.seed, folder === undefined ? { host: options.host } : { path: path.join(folder, `${position}.sock`) }),
    );
    services = await Promise.all(opened);
    return Object.fromEntries(services.map((service, position) => [options.services[position]?.name ?? '', service.url]));
  },
  window: (window) => {
    for (const service of services) service.observe(window);
    usage.watch(window);
  },
  used: () => usage.sinceLast(),
  report: () => ({ services: services.map((service) => service.report()), usage: usage.report() }),
};

function socketFolder(): string {
  const folder = temporaryFolder('services');
  return folder;
}

serveParent(remote);
