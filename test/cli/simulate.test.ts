import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.js';
import type { RunRecord } from '../../src/measurement/record.js';
import { simulateTrial } from '../../src/simulation/trial.js';
import { fakeIo } from '../support/fake-io.js';
import { simulations } from '../support/simulations.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'sync-vs-events-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function run(...args: string[]) {
  const io = fakeIo(args, folder);
  io.stdout.columns = 80;
  const code = await main(io, { simulations });
  return { code, out: io.out(), err: io.err() };
}

function recordIn(name: string): RunRecord {
  return JSON.parse(readFileSync(path.join(folder, name), 'utf8')) as RunRecord;
}

/** Its percentiles take some requests to know. */
const SCENARIO = 'services: { pay: { latency: { p50: 100ms, p99: 150ms } } }\nsteps: [pay!]\n';

function windowsIn(name: string): number[] {
  return recordIn(name).trials.flatMap((trial) => (trial.state === 'simulated' ? [trial.window.seconds] : []));
}

describe('simulate', () => {
  it('goes on until p95 and p99 are known where nobody says how long, and says how long that was', async () => {
    writeFileSync(path.join(folder, 'shop.yaml'), SCENARIO);
    const { code, out } = await run('simulate', 'shop.yaml', '-a', 'sync', '-c', '5,50', '-o', 'json=run.json');
    expect(code).toBe(0);
    const { trials, scenario } = recordIn('run.json');
    for (const trial of trials) {
      if (trial.state !== 'simulated' || !trial.p95Interval) throw new Error('Expected an interval');
      const { low, high } = trial.p95Interval;
      expect((high - low) / (high + low)).toBeLessThanOrEqual(0.02);
    }
    const [few = 0, many = 0] = windowsIn('run.json');
    // As many requests take so many times as long.
    expect(few / many).toBeGreaterThan(5);
    expect(out).toContain(`\nSimulated, not measured, in windows of ${many}s to ${few}s.\n`);
    expect(scenario.load).toMatchObject({ duration: 10_000, until: 0.02, maxDuration: 3_600_000 });
  });

  it.each([
    ['the command line says how long', SCENARIO, ['-d', '7s'], 7],
    ['the file says how long', `${SCENARIO}load: { duration: 7s }\n`, [], 7],
    ['stages say how long', SCENARIO, ['--stages', '3s:5,4s:20'], 7],
    ['an outage comes at a moment of the window', SCENARIO.replace('} } }', '}, outages: [{ from: 1s, for: 1s, kind: error }] } }'), [], 10],
  ])('is as long as it is where %s', async (_, scenario, args, seconds) => {
    writeFileSync(path.join(folder, 'shop.yaml'), scenario);
    const { code, err } = await run('simulate', 'shop.yaml', '-a', 'sync', '-c', '20', ...args, '-o', 'json=run.json');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(windowsIn('run.json')).toEqual([seconds]);
  });

  it('takes --until and --max-duration at their word', async () => {
    writeFileSync(path.join(folder, 'shop.yaml'), `${SCENARIO}load: { duration: 7s }\n`);
    const args = ['simulate', 'shop.yaml', '-a', 'sync', '-c', '20', '-o', 'json=run.json'];
    await run(...args, '--until', '5%');
    const [known = 0] = windowsIn('run.json');
    expect(known).toBeGreaterThan(7);
    const { out } = await run(...args, '--until', '0.1%', '--max-duration', '30s');
    expect(windowsIn('run.json')).toEqual([30]);
    expect(out.replaceAll(/\s+/g, ' ')).toMatch(/After 30 s p95 is known to \S+ % more or less, p99 is known to \S+ % more or less, and should be to 0\.1 %: allow a longer window\./);
  });

  it.each([
    [['--until', '2%', '--stages', '10s:50'], '--until makes a window longer, and stages say how long it is'],
    [['-d', '10s', '--max-duration', '1m'], '--max-duration is the longest that --until may take: give --until as well'],
  ])('%j is refused', async (args, message) => {
    const { code, out, err } = await run('simulate', ...args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(message);
  });

  it('tells what it has when it is interrupted, and ends with 130', async () => {
    const io = fakeIo(['simulate', '-c', '10,100', '-o', 'json=run.json'], folder);
    let asked = 0;
    const code = await main(io, {
      simulations: (signal) => ({
        simulate: async (input) => {
          const isLast = ++asked === 4;
          if (input.architecture === 'sync') return simulateTrial(input);
          return new Promise((_, reject) => {
            signal.addEventListener('abort', () => reject(new Error('interrupted')));
            if (isLast) io.signal('SIGINT');
          });
        },
        end: () => Promise.resolve(),
      }),
    });
    expect(code).toBe(130);
    expect(recordIn('run.json').trials.map(({ architecture, state }) => `${architecture} ${state}`)).toEqual([
      'sync simulated',
      'hybrid aborted',
      'sync simulated',
      'hybrid aborted',
    ]);
    expect(io.out()).toContain('aborted: interrupted');
  });
});

describe('simulate --sweep', () => {
  it('records each value as a variant that can be reported again', async () => {
    const { code, out } = await run('simulate', '-a', 'sync', '-c', '100', '--sweep', 'email.workers=20,40', '--quiet', '-o', 'json=run.json', '-o', 'csv=run.csv');
    expect({ code, out }).toEqual({ code: 0, out: '' });
    const record = recordIn('run.json');
    expect(record.trials.map(({ architecture, state }) => `${architecture} ${state}`)).toEqual([
      'sync email.workers=20 simulated',
      'sync email.workers=40 simulated',
    ]);
    expect(record.plan.trials.map(({ architecture }) => architecture)).toEqual(record.scenario.variants.map(({ name }) => name));
    expect(record.scenario.variants.map(({ services }) => services.find(({ name }) => name === 'email')?.workers)).toEqual([20, 40]);
    expect(readFileSync(path.join(folder, 'run.csv'), 'utf8')).toContain('\r\nsync email.workers=40,closed,100,1,0,');
    expect((await run('report', 'run.json')).out).toContain('sync email.workers=40');
  });

  it('sweeps users as loads, once for each architecture', async () => {
    const { out } = await run('simulate', '--sweep', 'users=10,500', '-o', 'json=run.json');
    expect(out).toMatch(/^sync\nusers +p50 +p95 +ok\/s +failed\n─+\n +10 +1\.05 s .*\n +500 +3\.50 s .* 100%$/m);
    expect(recordIn('run.json').trials.map(({ architecture, load }) => [architecture, load])).toEqual([
      ['sync', { model: 'closed', users: 10 }],
      ['sync', { model: 'closed', users: 500 }],
      ['hybrid', { model: 'closed', users: 10 }],
      ['hybrid', { model: 'closed', users: 500 }],
    ]);
  });

  it.each([
    [['--sweep', 'email.worker=10'], 'did you mean email.workers?'],
    [['--sweep', 'users=ten'], '--sweep users=ten: expected one such as'],
    [['--sweep', 'users=10', '--threshold', 'sync: p95 < 1s'], 'leave out --threshold'],
  ])('%j is refused', async (args, message) => {
    const { code, out, err } = await run('simulate', ...args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(message);
  });
});

describe('capacity --simulate', () => {
  it('finds what the live search finds, and says that it was not measured', async () => {
    const { code, out } = await run('capacity', '--simulate', '--no-progress', '-o', 'json=run.json');
    expect(code).toBe(0);
    expect(out).toContain('\nSimulated, not measured.\n\nsync carries 50 orders a second: 100 users who ask again at once\n  limit at 102: p95, by email\n');
    // Email works off 50 a second: 25 users of 500 ms.
    expect(out).toContain('\nhybrid carries 50 orders a second: 25 users who ask again at once\n  limit at 26: a growing backlog, by email\n');
    expect(new Set(recordIn('run.json').trials.map(({ state }) => state))).toEqual(new Set(['simulated']));
  });

  it('knows the unloaded time of users who pause longer than a window', async () => {
    const { code, out } = await run('capacity', 'client-case', '--simulate', '--no-progress', '-a', 'sync');
    expect(code).toBe(0);
    expect(out).toMatch(/^sync carries \d/m);
  });

  it('refuses a server of one\'s own', async () => {
    const { code, err } = await run('capacity', '--simulate', '--target', 'shop=http://127.0.0.1:1/', '-a', 'shop');
    expect(code).toBe(2);
    expect(err).toContain('cannot be simulated');
  });
});
