/** A real server under load, its spans written, imported and simulated: what comes out is what was measured. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { seriesOf } from '../../src/experiment/series.js';
import type { MeasuredTrial, RunRecord } from '../../src/measurement/record.js';
import { percentileInterval } from '../../src/verdict/statistics/percentile-intervals.js';
import { telling, unfitness } from '../support/live.js';

const BINARY = path.resolve(import.meta.dirname, '../../bin/sync-vs-events.js');
const LONG = { timeout: 300_000 };

let folder: string;
let server: ChildProcess | undefined;
beforeEach(() => void (folder = mkdtempSync(path.join(os.tmpdir(), 'sync-vs-events-trip-'))));
afterEach(() => {
  server?.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

const SHOP = `
services:
  payment: { latency: { p50: 60ms, p99: 140ms } }
  stock: 40ms
  email: { latency: { p50: 80ms, p99: 200ms } }
steps: [{ call: payment, critical: true }, { call: stock, critical: true, after: [] }, { call: email, after: [payment] }]
`;

function run(...args: string[]) {
  const { GITHUB_ACTIONS: _, ...env } = process.env;
  return spawnSync(process.execPath, [BINARY, ...args], { cwd: folder, encoding: 'utf8', env });
}

function trialIn(name: string): MeasuredTrial {
  const { trials } = JSON.parse(readFileSync(path.join(folder, name), 'utf8')) as RunRecord;
  return trials[0] as MeasuredTrial;
}

/** Serves a design, loads it as any server, and imports what it did. */
async function trip(architecture: string, yaml: string, load: readonly string[]): Promise<{ measured: MeasuredTrial; simulated: MeasuredTrial; said: string }> {
  writeFileSync(path.join(folder, 'shop.yaml'), yaml);
  server = spawn(process.execPath, [BINARY, 'serve', architecture, 'shop.yaml', '-o', 'otlp=spans.jsonl'], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
  let out = '';
  server.stdout?.on('data', (piece) => void (out += String(piece)));
  await expect.poll(() => out).toContain('Ctrl-C ends it.');
  const [, orders = ''] = / (\S+\/orders)/.exec(out) ?? [];
  const order = path.join(folder, 'target.yaml');
  writeFileSync(order, `targets: { shop: { url: "${orders}", method: POST } }\n`);
  const bench = run('bench', 'target.yaml', ...load, '--no-progress', '--quiet', '-o', 'json=measured.json');
  expect([0, 3]).toContain(bench.status);
  const exit = once(server, 'exit');
  server.kill('SIGINT');
  await exit;
  const imported = run('import', 'spans.jsonl', '-o', 'traced.yaml', '--force');
  expect({ status: imported.status, stderr: imported.stderr }).toEqual({ status: 0, stderr: '' });
  expect(run('simulate', 'traced.yaml', '-a', 'parallel', '-c', '1', '--quiet', '-o', 'json=simulated.json').status).toBe(0);
  return { measured: trialIn('measured.json'), simulated: trialIn('simulated.json'), said: imported.stdout };
}

/** Whether a simulated trial is within 5 % of a measured one; of p95, which some hundred requests tell within limits, of what it lies between. */
function within({ measured, simulated }: { measured: MeasuredTrial; simulated: MeasuredTrial }): Record<'p50' | 'p95', boolean> {
  const { low, high } = percentileInterval(seriesOf(measured).toSorted(), 0.95, 0.95);
  const [p50, p95] = [simulated.responseTime.p50! / measured.responseTime.p50!, simulated.responseTime.p95!];
  return { p50: Math.abs(p50 - 1) < 0.05, p95: p95 > 0.95 * low! && p95 < 1.05 * high! };
}

describe.each(['sync', 'parallel', 'hybrid'])('%s, served and imported', (architecture) => {
  it('answers within 5 % as it was measured', LONG, async (context) => {
    const round = await telling(context, () => trip(architecture, SHOP, ['-c', '8', '-d', '8s']), ({ measured }) => unfitness(measured));
    expect(round.measured.responseTime.count).toBeGreaterThan(200);
    expect({ ...within(round), said: round.said }).toEqual({ p50: true, p95: true, said: round.said });
    expect(round.said).not.toContain('waiting was imported as work');
  });
});

describe('a service that is busy for 80 % of the time', () => {
  it('is told to be traced with its waiting', LONG, async (context) => {
    const busy = 'services: { payment: { latency: 20ms, workers: 1 }, stock: 10ms }\nsteps: [payment!, stock!]\n';
    const load = ['-R', '40', '--arrivals', 'poisson', '-d', '12s'];
    const round = await telling(context, () => trip('sync', busy, load), ({ measured }) => unfitness(measured));
    expect(round.said).toMatch(/payment takes longer the more of its calls are under way .*: waiting was imported as work/);
    expect(round.said).not.toMatch(/stock takes longer/);
  });
});
