/** What a killed server leaves behind, of any length. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ServerOptions } from '../../src/architectures/architecture.js';
import { fileRecorder } from '../../src/events/durable.js';
import type { ProcessGroup } from '../../src/experiment/process-group.js';
import { MortalServer } from '../../src/experiment/server.js';
import { makeFolder, removeFolder } from '../../src/processes/folder.js';

/** Each order leaves about ten entries: of a bench of 20 s at 1,000 a second. */
const ENTRIES = 200_000;

describe('a server that is killed', () => {
  it('leaves a history longer than a list of arguments may be', async () => {
    let folder = '';
    const calls = {
      start: async (options: ServerOptions) => {
        folder = options.folder ?? '';
        makeFolder(folder);
        return { url: 'http://127.0.0.1:1/' };
      },
      steps: async () => [],
      report: async () => ({ steps: [], history: [] }),
    };
    const group = { start: async () => ({ calls }), kill: async () => {}, afterStop: () => {} } as unknown as ProcessGroup;
    const faults = [{ kind: 'crash', process: 'server', at: 0, for: 1 }];
    const server = await MortalServer.start(group, { faults } as unknown as ServerOptions);
    const recorder = fileRecorder(join(folder, 'order.history'));
    for (let i = 0; i < ENTRIES; i++) recorder.record({ kind: 'attempted', event: 'a', request: i, sequence: 1, consumer: '', at: i });
    recorder.close();
    await server.kill();
    const { history } = await server.report();
    removeFolder(folder);
    expect(history).toHaveLength(ENTRIES);
  });
});
