/** The process of the consumers, beside a server whose bus is outside. */
import { serveParent } from '../../processes/channel.js';
import { makeFolder } from '../../processes/folder.js';
import { UsageWatch } from '../../processes/usage.js';
import type { ConsumersRemote } from '../architecture.js';
import { startConsumers } from '../consume.js';
import type { Parts } from '../parts.js';

const usage = new UsageWatch();
let parts: Parts | undefined;

const remote: ConsumersRemote = {
  start: async (options) => {
    makeFolder(options.place.folder, options.keeps);
    parts = await startConsumers(options, options.place);
  },
  window: (window) => {
    usage.watch(window);
    parts?.observe(window);
  },
  counts: () => parts?.counts() ?? {},
  close: async () => parts?.close(),
  report: () => ({ steps: parts?.steps.map(({ report }) => report) ?? [], causes: parts?.causes() ?? [], scaled: parts?.scaled(), services: parts?.serviceReports() ?? [], usage: usage.report() }),
  used: () => usage.sinceLast(),
  spans: () => parts?.spans?.read() ?? null,
};

serveParent(remote);
