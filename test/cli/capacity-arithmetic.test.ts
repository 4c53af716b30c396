/** `capacity` where arithmetic knows the answer: even and Poisson arrivals, quick and slow chains, with and without a pause. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
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

const QUICK = 'services: { a: { latency: 100ms, workers: 10 } }\nsteps: [{ call: a, critical: true, timeout: 1m }]\n';
const SLOW = 'services: { a: { latency: 8s, workers: 100 } }\nsteps: [{ call: a, critical: true, timeout: 1m }]\n';

/** Unloaded p95 doubled is the limit: 200 ms and 16 s. */
const CASES: [string, string, string, string[], number][] = [
  // 10 workers of 100 ms serve 100 a second, 100 of 8 s 12.5.
  ['even arrivals, a quick chain', QUICK, 'rate: 1', ['--rate', '--from', '20'], 100],
  ['Poisson arrivals, a quick chain', QUICK, 'rate: 1, arrivals: poisson', ['--rate', '--from', '20'], 100],
  ['even arrivals, a slow chain', SLOW, 'rate: 1', ['--rate', '--from', '3'], 12.5],
  ['Poisson arrivals, a slow chain', SLOW, 'rate: 1, arrivals: poisson', ['--rate', '--from', '3'], 12.5],
  // Little: users = served per second x (limit + pause).
  ['users, a quick chain', QUICK, 'users: 1', [], 100 * 0.2],
  ['users who pause, a quick chain', QUICK, 'users: 1, think: 900ms', [], 100 * 1.1],
  ['users, a slow chain', SLOW, 'users: 1', [], 12.5 * 16],
  ['users who pause, a slow chain', SLOW, 'users: 1, think: 1s', [], 12.5 * 17],
];

describe.each([['measured', []], ['simulated', ['--simulate', '--duration', '1m']]])('capacity, %s', (_, how) => {
  it.each(CASES.map((one) => ({ name: one[0], one })))('is what arithmetic says, within 10 %: $name', async ({ one: [, chain, load, options, expected] }) => {
    writeFileSync(path.join(folder, 'chain.yaml'), `${chain}load: { ${load}, timeout: 2m }\n`);
    const io = fakeIo(['capacity', 'chain.yaml', '-a', 'sync', ...options, ...how, '--quiet',  '-o', 'json=run.json'], folder);
    const code = await main(io, { runTrial: probes, simulations });
    expect({ code, err: io.err() }).toEqual({ code: 0, err: '' });
    const record = JSON.parse(readFileSync(path.join(folder, 'run.json'), 'utf8')) as RunRecord;
    const most = record.capacity?.[0]?.most ?? 0;
    expect(Math.abs(most / expected - 1), `${most} for ${expected}`).toBeLessThanOrEqual(0.1);
  });
});
