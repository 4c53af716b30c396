/** The services process: opens every service of a scenario in an event loop of its own. */
import { serveParent } from '../processes/channel.js';
import { UsageWatch } from '../processes/usage.js';
import { openService, type OpenService } from './service.js';
import type { ServicesRemote } from './services.js';

let services: OpenService[] = [];
const usage = new UsageWatch();

const remote: ServicesRemote = {
  start: async (options) => {
    services = await Promise.all(options.services.map((service) => openService(service, options.seed)));
    return Object.fromEntries(services.map((service, position) => [options.services[position]?.name ?? '', service.url]));
  },
  window: (window) => {
    for (const service of services) service.observe(window);
    usage.watch(window);
  },
  report: () => ({ services: services.map((service) => service.report()), usage: usage.report() }),
};

serveParent(remote);
