/** `capacity` where arithmetic knows the answer: even and Poisson arrivals, quick and slow chains, with and without a pause. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CASES, scenarioOf } from '../../benchmarks/support/capacity-cases.js';
import { main } from '../../src/cli/main.js';
import type { RunTrial } from '../../src/experiment/trial.js';
import type { RunRecord } from '../../src/measurement/record.js';
import { isTarget } from '../../src/scenarios/subject.js';
import { simulateTrial } from '../../src/simulation/trial.js';
import { fakeIo } from '../support/fake-io.js';
import { simulations } from '../support/simulations.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'sync-vs-events-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Probes as long as live ones, in virtual time. One that is repeated meets other draws, as on a machine. */
const probes: RunTrial = async (plan) => {
  const { subject } = plan;
  if (isTarget(subject)) throw new Error('only simulated ones here');
  return simulateTrial({ ...plan, subject, seed: plan.seed + plan.round - 1 });
};

describe.each([['measured', []], ['simulated', ['--simulate', '--duration', '1m']]])('capacity, %s', (_, how) => {
  it.each(CASES)('is what arithmetic says, within 10 %: $name', async (one) => {
    const { options, expected } = one;
    writeFileSync(path.join(folder, 'chain.yaml'), scenarioOf(one));
    const io = fakeIo(['capacity', 'chain.yaml', '-a', 'sync', ...options, ...how, '--quiet',  '-o', 'json=run.json'], folder);
    const code = await main(io, { runTrial: probes, simulations });
    expect({ code, err: io.err() }).toEqual({ code: 0, err: '' });
    const record = JSON.parse(readFileSync(path.join(folder, 'run.json'), 'utf8')) as RunRecord;
    const most = record.capacity?.[0]?.most ?? 0;
    expect(Math.abs(most / expected - 1), `${most} for ${expected}`).toBeLessThanOrEqual(0.1);
  });
});
