/** A file that cannot be written when a run is over takes no result away: it was told before. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { main } from '../../src/cli/main.js';
import type { ComparePaired } from '../../src/experiment/paired.js';
import type { RunTrial } from '../../src/experiment/trial.js';
import type { Subject } from '../../src/scenarios/subject.js';
import { simulateTrial } from '../../src/simulation/trial.js';
import { fakeIo } from '../support/fake-io.js';
import { simulations } from '../support/simulations.js';
import { pairsOf, spreadOf } from '../verdict/pairs/blocks.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'sync-vs-events-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const SHOP = `
services: { payment: { latency: 30ms, workers: 40 }, email: { latency: 20ms, workers: 20 } }
steps: [payment!, email]
load: { users: [2, 5], duration: 500ms, warmup: 100ms }
`;

/** Runs a command whose folder of outputs is gone as soon as something was simulated. */
async function run(args: readonly string[]) {
  writeFileSync(path.join(folder, 'shop.yaml'), SHOP);
  mkdirSync(path.join(folder, 'out'));
  const lose = (): void => rmSync(path.join(folder, 'out'), { recursive: true, force: true });
  const runTrial: RunTrial = async (plan) => {
    lose();
    return simulateTrial({ ...plan, subject: plan.subject as Subject });
  };
  const comparePaired: ComparePaired = async ({ base, head, load, seed }) => {
    lose();
    return { base: base.name, head: head.name, load, seed, pairs: pairsOf(spreadOf(8, 0, 0.01)) };
  };
  const io = fakeIo(args, folder);
  const code = await main(io, {
    runTrial,
    comparePaired,
    simulations: (...started) => {
      const all = simulations(...started);
      return { ...all, simulate: async (input) => (lose(), all.simulate(input)) };
    },
  });
  return { code, out: io.out(), err: io.err() };
}

it.each([
  [['bench', 'shop.yaml', '-o', 'json=out/run.json'], 'hybrid'],
  [['bench', 'shop.yaml', '--compare', 'sync,hybrid', '-o', 'json=out/run.json'], 'hybrid'],
  [['capacity', 'shop.yaml', '-a', 'sync', '--most', '20', '-o', 'json=out/run.json'], 'sync carries'],
  [['simulate', 'shop.yaml', '-o', 'json=out/run.json'], 'hybrid'],
  [['simulate', 'shop.yaml', '--sweep', 'email.workers=1,2', '-o', 'json=out/run.json'], 'email.workers'],
  [['advise', 'shop.yaml', '-o', 'json=out/advice.json'], 'shop'],
])('%j tells what it found, and that it could not be written', async (args, found) => {
  const { code, out, err } = await run(args);
  expect(out).toContain(found);
  expect([code, err.split('\n').filter((line) => line.startsWith('error:'))]).toEqual([2, [expect.stringMatching(/--output json=out\/\w+\.json: cannot write: the folder out does not exist/)]]);
});
