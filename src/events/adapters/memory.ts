/** The bus inside the process, as one of the adapters. */
import type { Adapter } from '../adapter.js';
import { memoryBus } from '../memory.js';

export const adapter: Adapter = { connect: () => Promise.resolve(memoryBus()) };
