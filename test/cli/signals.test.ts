/** Interrupted or bereaved at any moment: the promised exit code, and the record. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.js';
import type { Parts } from '../../src/cli/parts.js';
import { abortOnSignal, hearSignals } from '../../src/cli/signals.js';
import type { RunRecord } from '../../src/measurement/record.js';
import { fakeIo, type FakeIo } from '../support/fake-io.js';
import { simulations } from '../support/simulations.js';
import { pairsOf, spreadOf } from '../verdict/pairs/blocks.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'sync-vs-events-'));
  writeFileSync(path.join(folder, 'shop.yaml'), 'services: { pay: 20ms }\nsteps: [pay!]\nload: { users: 5, duration: 500ms, warmup: 100ms }\n');
});
afterEach(() => rmSync(folder, { recursive: true }));

async function run(args: string[], parts: (io: FakeIo) => Parts) {
  const io = fakeIo([...args, '-o', 'json=run.json'], folder);
  const code = await main(io, { simulations, ...parts(io) });
  const record = JSON.parse(readFileSync(path.join(folder, 'run.json'), 'utf8')) as RunRecord;
  return { code, err: io.err(), record, ended: io.ended() };
}

describe('signals', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s aborts what is under way, and a second one ends the process at once', (name) => {
    const io = fakeIo([]);
    const { interrupted } = hearSignals(io);
    const { signal } = abortOnSignal(io);
    expect([signal.aborted, interrupted(), io.ended()]).toEqual([false, false, null]);
    io.signal(name);
    expect([signal.aborted, interrupted(), io.ended()]).toEqual([true, true, null]);
    io.signal('SIGINT');
    expect(io.ended()).toBe(130);
  });

  it('end a command at once that has nothing to finish: before it begins, and when it is over', () => {
    const io = fakeIo([]);
    hearSignals(io);
    const { signal, release } = abortOnSignal(io);
    release();
    io.signal('SIGTERM');
    expect([signal.aborted, io.ended()]).toEqual([false, 130]);
  });

  it('are no defect to what was waiting', async () => {
    const io = fakeIo(['advise', 'shop.yaml', '--no-progress'], folder);
    const code = await main(io, {
      simulations: () => ({
        simulate: async () => {
          io.signal('SIGINT');
          throw new Error('gone with the threads');
        },
        end: () => Promise.resolve(),
      }),
    });
    expect([code, io.err()]).toEqual([130, expect.not.stringContaining('defect')]);
  });
});

describe('capacity', () => {
  const args = ['capacity', 'shop.yaml', '-a', 'sync', '--no-progress'];

  it('interrupted before anything is known ends with 130 and its record', async () => {
    const { code, record, ended } = await run(args, (io) => ({
      runTrial: async () => {
        io.signal('SIGINT');
        throw new Error('interrupted');
      },
    }));
    expect([code, ended]).toEqual([130, null]);
    expect(record.trials.map(({ state }) => state)).toEqual(['aborted']);
  });

  it('bereaved of a process ends with 2, the reason and the record', async () => {
    const died = 'The services process was killed by SIGKILL';
    const { code, record, err } = await run(args, () => ({ runTrial: () => Promise.reject(new Error(died)) }));
    expect([code, err]).toEqual([2, `error: sync could not be measured with one user: ${died}\n`]);
    expect(record.trials).toEqual([expect.objectContaining({ state: 'errored', message: died })]);
  });
});

describe('bench --compare', () => {
  it('bereaved of a process ends with 2, the reason and the pairs in the record', async () => {
    const message = 'The load process was killed by SIGKILL';
    const pairs = pairsOf(spreadOf(3, 0, 0.01));
    const { code, record, err } = await run(['bench', 'shop.yaml', '--compare', 'sync,parallel', '--quiet'], () => ({
      comparePaired: async ({ base, head, load, seed }) => ({ base: base.name, head: head.name, load, seed, pairs, message }),
    }));
    expect([code, err]).toEqual([2, `error: ${message}\n`]);
    expect(record.paired).toEqual([expect.objectContaining({ pairs, message })]);
  });
});
