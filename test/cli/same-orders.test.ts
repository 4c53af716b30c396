import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.js';
import type { TrialPlan } from '../../src/experiment/plan.js';
import type { RunRecord } from '../../src/measurement/record.js';
import type { Subject } from '../../src/scenarios/subject.js';
import { simulateTrial } from '../../src/simulation/trial.js';
import { fakeIo } from '../support/fake-io.js';
import { simulations } from '../support/simulations.js';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(path.join(os.tmpdir(), 'sync-vs-events-'))));
afterEach(() => rmSync(folder, { recursive: true }));

/** A run whose trials are those of the model. */
async function run(...args: string[]) {
  const io = fakeIo(['bench', ...args, '--no-progress', '-o', 'json=run.json'], folder);
  const code = await main(io, { simulations, runTrial: async (plan) => simulateTrial(plan as TrialPlan<Subject>) });
  const record = (): RunRecord => JSON.parse(readFileSync(path.join(folder, 'run.json'), 'utf8')) as RunRecord;
  return { code, out: io.out(), err: io.err(), record };
}

describe('the same orders', () => {
  it('are told after a closed loop', async () => {
    const { code, out, record } = await run('checkout', '-c', '100');
    expect(code).toBe(0);
    expect(out).toContain('At the same orders (predicted)');
    expect(record().advice.map(({ kind }) => kind)).toContain('same-orders');
    expect(record().sameOrders?.map(({ rate }) => rate)).toEqual([50, 50, 95.2, 95.2]);
  });

  it('are measured with --same-orders: as rates, the same arrivals for every subject, one right after the other', async () => {
    const { code, out, err, record } = await run('checkout', '-c', '100', '--same-orders', '-a', 'all');
    expect(code).toBe(0);
    expect(err).toContain('the same orders for all: 50 a second (as many as are carried of 100 users) and 95.2 a second (as many as 100 users want to make)\n');
    const { trials, sameOrders } = record();
    const names = ['sync', 'parallel', 'hybrid', 'event-driven'];
    expect(trials.map(({ architecture, load }) => [architecture, load])).toEqual(
      [50, 95.2].flatMap((rate) => names.map((name) => [name, { model: 'open', rate, arrivals: 'poisson' }])),
    );
    for (const rate of [50, 95.2]) {
      const sent = trials.filter(({ load }) => load.model === 'open' && load.rate === rate).map((trial) => ('outcomes' in trial ? trial.outcomes.sent : -1));
      expect(new Set(sent).size).toBe(1);
    }
    // What would be told of it is measured.
    expect(sameOrders).toBeUndefined();
    expect(out).not.toContain('(predicted)');
  });

  it.each([
    [['checkout', '--same-orders', '-R', '50'], '--rate is the same for all already'],
    [['checkout', '--same-orders', '-s', '10s:50'], '--stages'],
    [['--same-orders', '--target', 'mine=http://127.0.0.1:1/'], 'only servers of your own are measured: say them with --rate'],
    [['open.yaml', '--same-orders'], 'a rate is the same for all already: leave it out'],
  ])('%j is refused with a sentence', async (args, sentence) => {
    writeFileSync(path.join(folder, 'open.yaml'), 'services: { pay: 20ms }\nsteps: [pay!]\nload: { rate: 50 }\n');
    const { code, err, out } = await run(...args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(sentence);
  });
});
