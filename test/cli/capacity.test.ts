import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.js';
import { UserError } from '../../src/base/errors.js';
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

/** Trials in virtual time, told as measured ones. */
const virtual: RunTrial = async (plan) => {
  const { subject } = plan;
  if (isTarget(subject)) throw new Error('only simulated ones here');
  return simulateTrial({ ...plan, subject });
};

/** Email serves 50 a second and holds nobody: 52 users of 1050 ms. */
const SCENARIO = `
services:
  payment: 300ms
  inventory: 200ms
  email: { latency: 400ms, workers: 20, queue: 0 }
  analytics: 150ms
steps: [payment!, inventory!, email, analytics]
`;

const run = (...args: string[]) => runOf(SCENARIO, ...args);

async function runOf(scenario: string, ...args: string[]) {
  writeFileSync(path.join(folder, 'shop.yaml'), scenario);
  const io = fakeIo(['capacity', 'shop.yaml', ...args], folder);
  const code = await main(io, { runTrial: virtual, simulations });
  return { code, out: io.out(), err: io.err() };
}

describe('capacity', () => {
  it('finds what arithmetic says, twice in a row, with the step that limits it', async () => {
    for (let i = 0; i < 2; i++) {
      const { code } = await run('-a', 'sync', '--quiet', '-o', 'json=run.json');
      expect(code).toBe(0);
      const record = JSON.parse(readFileSync(path.join(folder, 'run.json'), 'utf8')) as RunRecord;
      const [answer] = record.capacity ?? [];
      expect(Math.abs((answer?.most ?? 0) / 52 - 1)).toBeLessThan(0.1);
      expect(answer).toMatchObject({ architecture: 'sync', limit: 'failureRate', step: 'email', end: 'limit' });
      // One user alone, and the probes.
      expect(record.trials).toHaveLength(1 + (answer?.probes.length ?? 0));
    }
  });

  it('does not take work that has only begun for a backlog that grows', async () => {
    // 150 workers of 3 s send 50 mails a second; until then as many are in hand as come in 3 s.
    const { code } = await runOf('services: { payment: 500ms, email: { latency: 3s, workers: 150 } }\nsteps: [payment!, { call: email, timeout: 5s }]', '-a', 'hybrid', '--quiet', '-o', 'json=run.json');
    expect(code).toBe(0);
    const { capacity } = JSON.parse(readFileSync(path.join(folder, 'run.json'), 'utf8')) as RunRecord;
    expect(capacity).toMatchObject([{ limit: 'backlogGrowth', step: 'email' }]);
    expect(Math.abs(capacity![0]!.most / 25 - 1)).toBeLessThan(0.1);
  });

  it('prints the answer, the limit and the probes; the progress goes elsewhere', async () => {
    const { out, err } = await run('-a', 'sync');
    // Orders first: users are so many only because they do not pause.
    expect(out).toMatch(/^sync carries 49\.\d orders a second: 5\d users who ask again at once\n {2}limit at 5\d: failures, by email\n/m);
    expect(out).toMatch(/^ {2}limits: p95 2\.10 s \(unloaded 1\.05 s\), failures 1\.0%, backlog growing by 2\.0% of what arrives$/m);
    expect(out).toMatch(/^ {6}load {2}round {5}p95 {2}failed {2}ok\/s {2}result$/m);
    expect(out).toMatch(/5\d users {6}1 {2}1\.05 s {6}0% .* carried$/m);
    expect(err).toMatch(/^sync with one user alone: p95 1\.05 s\nsync at 5\d users: carried \(p95 1\.05 s, failed 0%\)\n/);
  });

  it('is dated by its start, not by its end', async () => {
    let hour = 9;
    const anHour: RunTrial = async (plan, ...rest) => {
      hour += 1;
      return virtual(plan, ...rest);
    };
    writeFileSync(path.join(folder, 'shop.yaml'), SCENARIO);
    const io = fakeIo(['capacity', 'shop.yaml', '-a', 'sync', '--quiet', '-o', 'json=run.json'], folder);
    io.time = { date: () => new Date(Date.UTC(2026, 2, 1, hour)), now: () => 0 };
    await main(io, { runTrial: anHour, simulations });
    expect(hour).toBeGreaterThan(9);
    const record = JSON.parse(readFileSync(path.join(folder, 'run.json'), 'utf8')) as RunRecord;
    expect(record.startedAt).toBe('2026-03-01T09:00:00.000Z');
    expect(record.plan.trials).toHaveLength(record.trials.length);
  });

  it.each([
    // 52 or so.
    [['sync: users >= 30'], 0, 'pass'],
    [['sync: users >= 52', 'sync: users < 60'], 0, 'pass'],
    [['sync: users >= 80'], 1, 'fail'],
    [['warn: sync: users >= 80'], 0, 'fail'],
    [['hybrid/sync: users >= 1'], 1, 'fail'],
  ])('with --threshold %j ends with %s', async (thresholds, expected, state) => {
    const { code, out } = await run('-a', 'sync,hybrid', '--most', '60', '--no-progress', ...thresholds.flatMap((text) => ['--threshold', text]), '-o', 'json=run.json');
    const { checks, verdict } = JSON.parse(readFileSync(path.join(folder, 'run.json'), 'utf8')) as RunRecord;
    expect([code, new Set(checks.map((check) => check.state))]).toEqual([expected, new Set([state])]);
    expect(verdict).toBe({ 0: 'pass', 1: 'fail', 3: 'unknown' }[expected]);
    expect(out).toContain(`Checks\n  `);
    for (const text of thresholds) expect(out).toContain(text);
  });

  it('says why it is not known further, and blames no machine for a server that is gone', async () => {
    writeFileSync(path.join(folder, 'shop.yaml'), SCENARIO);
    const gone: RunTrial = async (plan, ...rest) => {
      if (plan.load.model === 'closed' && plan.load.users > 10) throw new UserError('sync did not serve within 2s: nothing accepts connections');
      return virtual(plan, ...rest);
    };
    for (const [threshold, expected] of [[[], 3], [['--threshold', 'sync: users >= 10'], 0], [['--threshold', 'sync: users >= 11'], 3]] as const) {
      const io = fakeIo(['capacity', 'shop.yaml', '-a', 'sync', ...threshold], folder);
      expect(await main(io, { runTrial: gone, simulations })).toBe(expected);
      expect(io.out()).toContain('sync carries at least 9.5 orders a second: 10 users who ask again at once\n  beyond that it is not known: sync did not serve within 2s');
      expect(io.out()).not.toContain('machine');
    }
  });

  it('begins where the model says that the answer lies, and confirms it: the same answer from two probes', async () => {
    const probesOf = async (...args: string[]): Promise<[number, number]> => {
      await run('-a', 'sync', '--no-progress', '-o', 'json=run.json', ...args);
      const record = JSON.parse(readFileSync(path.join(folder, 'run.json'), 'utf8')) as RunRecord;
      return [record.capacity?.[0]?.most ?? 0, record.capacity?.[0]?.probes.length ?? 0];
    };
    const [found, tried] = await probesOf('--simulate', '-d', '5s');
    const [confirmed, probes] = await probesOf();
    expect(confirmed).toBe(found);
    expect(probes).toBe(2);
    // Four cycles of a user where trials before it, and the model, have ten: a request of a user takes 1050 ms.
    const { trials } = JSON.parse(readFileSync(path.join(folder, 'run.json'), 'utf8')) as RunRecord;
    expect(trials.slice(1).map((trial) => 'window' in trial && trial.window.seconds)).toEqual([5, 5]);
    // Said, the level to begin with is where it begins.
    expect((await probesOf('--from', '10'))[1]).toBeGreaterThan(6);
    expect(tried).toBeGreaterThan(6);
  });

  it('tells users with the pause that they make', async () => {
    const { out } = await run('-a', 'sync', '--no-progress', '--think', '1s');
    expect(out).toMatch(/^sync carries 4\d(?:\.\d)? orders a second: \d+ users who pause 1\.00 s in between$/m);
  });

  it('searches for a rate', async () => {
    const { out } = await run('-a', 'sync', '--rate', '--no-progress');
    expect(out).toMatch(/^sync carries (4[5-9]|5[0-5]) requests\/s$/m);
  });

  it.each([
    [['--p95', '0.5x'], 'Expected a duration such as 600ms, or 2x'],
    [['--failures', '0'], 'Expected a share above 0'],
    [['-a', 'synk'], 'Unknown architecture "synk"'],
    [['--threshold', 'sync: p95 < 1s'], 'unknown metric "p95".\nMetrics: users'],
    [['--threshold', 'sync@5: users >= 1'], 'leave out @5'],
    [['--rate', '--threshold', 'sync: users >= 1'], 'unknown metric "users".\nMetrics: rate'],
    [['--from', '0'], 'Expected a whole number between 1'],
    [['--target', 'a=https://shop.example/', '-a', 'a'], '--yes says that these are'],
  ])('%j is refused', async (args, message) => {
    const { code, err } = await run(...args);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });
});
