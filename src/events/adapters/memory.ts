/** The bus inside the process, as one of the adapters. */
import type { Adapter } from '../adapter.js';
import { memoryBus } from '../memory.js';

export const adapter: Adapter = {
  name: 'memory',
  capabilities: {
    survives: { process: false, broker: false, power: false },
    separateProcesses: false,
    keepsDeadLetters: false,
    deduplicates: false,
    remarks: ['Lives in the process of the server: what waits is lost with it.', 'Costs nothing.'],
  },
  connect: () => Promise.resolve(memoryBus()),
};
