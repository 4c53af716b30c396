import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.js';
import type { RunTrial } from '../../src/experiment/trial.js';
import type { RunRecord } from '../../src/measurement/record.js';
import { fakeIo } from '../support/fake-io.js';
import { Terminal } from '../support/terminal.js';
import { simulations } from '../support/simulations.js';
import { checkout } from '../support/record.js';
import { trialOf } from '../support/trial.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'sync-vs-events-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Trials of a made-up network instead of processes. */
const fakeTrial: RunTrial = async ({ architecture, load, round }) => {
  if (load.model !== 'closed') throw new Error('only users here');
  return trialOf({ scenario: checkout(), architecture: architecture as 'sync', users: load.users, round });
};

async function run(args: string[], runTrial: RunTrial = fakeTrial) {
  const io = fakeIo(args, folder);
  const code = await main(io, { runTrial, simulations });
  return { code, out: io.out(), err: io.err() };
}

function readRecord(name: string): RunRecord {
  return JSON.parse(readFileSync(path.join(folder, name), 'utf8')) as RunRecord;
}

describe('bench', () => {
  it('measures, reports and passes', async () => {
    const { code, out, err } = await run(['bench', '-c', '10,100', '--no-progress', '-o', 'json=run.json']);
    expect(code).toBe(0);
    expect(err).toBe('');
    expect(out).toContain('What happened');
    const record = readRecord('run.json');
    expect(record.trials.map(({ architecture, load }) => [architecture, load])).toEqual([
      ['sync', { model: 'closed', users: 10 }],
      ['hybrid', { model: 'closed', users: 10 }],
      ['sync', { model: 'closed', users: 100 }],
      ['hybrid', { model: 'closed', users: 100 }],
    ]);
    expect(record.verdict).toBe('pass');
  });

  it.each([
    ['--quiet'],
    ['--no-progress', '-o', 'json=-'],
  ])('says why trials could not be run where it prints no report: %s', async (...args) => {
    const dies: RunTrial = (plan, ...rest) => (plan.architecture === 'sync' ? Promise.reject(new Error('Killed: redis://me:geheim@h')) : fakeTrial(plan, ...rest));
    const { code, err } = await run(['bench', '-c', '10', '--rounds', '2', ...args], dies);
    expect(code).toBe(2);
    expect(err).toBe('error: sync at 10 users: Killed: redis://me:***@h\n');
  });

  it('turns the order of the architectures in every second round', async () => {
    await run(['bench', '-c', '10', '--rounds', '3', '--quiet', '-o', 'json=run.json']);
    expect(readRecord('run.json').trials.map(({ architecture, round }) => `${round} ${architecture}`)).toEqual([
      '1 sync',
      '1 hybrid',
      '2 hybrid',
      '2 sync',
      '3 sync',
      '3 hybrid',
    ]);
  });

  it.each([
    ['holds', 'hybrid@100: p95 < 600ms', 0],
    ['fails', 'hybrid@100: p95 < 400ms', 1],
    ['is about a ratio that holds', 'sync/hybrid@100: p50 >= 1.5', 0],
    // Nothing is run for it.
    ['is about a load never measured', 'hybrid@77: p95 < 600ms', 2],
  ])('ends with the code of a threshold that %s', async (_, threshold, expected) => {
    const { code } = await run(['bench', '-c', '100', '--quiet', '--threshold', threshold]);
    expect(code).toBe(expected);
  });

  it('plans without running', async () => {
    const { code, out } = await run(['bench', '--dry-run', '-c', '10'], () => Promise.reject(new Error('not to be run')));
    expect(code).toBe(0);
    expect(out).toMatch(/1 {2}round 1, sync at 10 users, warm-up 1575ms, window 3s to 10s, client timeout 10s\n/);
    expect(out).toMatch(/2 {2}round 1, hybrid at 10 users, warm-up 1s, window 3s to 10s, client timeout 10s, drain at most 500ms\n/);
    expect(out).toMatch(/2 trials, about \d+ s\n$/);
  });

  it('goes on after a trial that failed, and ends with 2', async () => {
    const { code, out } = await run(['bench', '-c', '10', '--no-progress', '-o', 'json=run.json'], (plan, ...rest) =>
      plan.architecture === 'sync' ? Promise.reject(new Error('The server process was killed')) : fakeTrial(plan, ...rest),
    );
    expect(code).toBe(2);
    expect(out).toContain('The server process was killed');
    expect(readRecord('run.json').trials.map(({ state }) => state)).toEqual(['errored', 'measured']);
  });

  it('writes what it has when interrupted, and ends with 130', async () => {
    const io = fakeIo(['bench', '-c', '10', '--quiet', '-o', 'json=run.json'], folder);
    const code = await main(io, {
      simulations,
      runTrial: (plan, signal, onProgress) => {
        if (plan.architecture === 'sync') return fakeTrial(plan, signal, onProgress);
        return new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(new Error('aborted')));
          io.signal('SIGTERM');
        });
      },
    });
    expect(code).toBe(130);
    expect(readRecord('run.json').trials.map(({ state }) => state)).toEqual(['measured', 'aborted']);
  });

  it('writes nothing else on stdout when a report goes there', async () => {
    const { out } = await run(['bench', '-c', '10', '--no-progress', '-o', 'json=-']);
    expect((JSON.parse(out) as RunRecord).trials).toHaveLength(2);
  });

  it('tells its progress on stderr only', async () => {
    const io = fakeIo(['bench', '-c', '10'], folder);
    let now = 0;
    io.time = { date: () => new Date(0), now: () => now };
    const runTrial: RunTrial = (plan, signal, onProgress) => {
      now += 10_000;
      onProgress({ phase: 'measuring', load: { sent: 12, ok: 9, failed: 1, inFlight: 2, p95: 501 }, measured: 1000, backlog: 7 });
      return fakeTrial(plan, signal, onProgress);
    };
    await main(io, { runTrial, simulations });
    const lines = io.err().split('\n');
    expect(lines[0]).toMatch(/^trial 1 of 2: sync at 10 users, predicting, 0:00 elapsed, /);
    // The answer of the model before anything is measured, then a line for each trial.
    expect(lines.slice(1, 6)).toEqual(['predicted:', expect.stringMatching(/^users +architecture +p50/), expect.stringMatching(/^─+$/),
      expect.stringMatching(/^ +10 +sync +predicted +1\.05 s/), expect.stringMatching(/^ +hybrid +predicted +500 ms/)]);
    expect(lines[6]).toMatch(/^trial 1 of 2: sync at 10 users, measuring, 9(\.0)? ok\/s, p95 501 ms, 1 failed, backlog 7, /);
    expect(lines[7]).toMatch(/^trial 1 of 2: sync at 10 users, measured, p50 1\.05 s, p95 1\.05 s, /);
    expect(lines.filter((line) => line.includes(', measured, '))).toHaveLength(2);
  });

  it('keeps its table in place on a terminal, however low that is, and clears it for the report', async () => {
    const io = fakeIo(['bench', '-c', '10,100,500'], folder);
    const terminal = new Terminal(100, 8);
    const seen: string[][] = [];
    await main({ ...io, stderr: terminal }, {
      simulations,
      runTrial: (plan, signal, onProgress) => {
        onProgress({ phase: 'measuring', load: null, measured: 0, backlog: null });
        seen.push(terminal.shown());
        return fakeTrial(plan, signal, onProgress);
      },
    });
    for (const [i, lines] of seen.entries()) {
      expect(lines).toHaveLength(7);
      expect(lines.filter((line) => line.includes('measuring'))).toHaveLength(2);
      expect(lines.at(-1)).toContain(`${i + 1}/6 `);
    }
    expect(seen.at(-1)?.join('\n')).toMatch(/500 +sync +measured .*\n +hybrid +measuring/);
    expect(terminal.shown()).toEqual(['']);
    expect(io.out()).toMatch(/^checkout - /);
  });
});

describe('mistakes', () => {
  const notRun: RunTrial = () => Promise.reject(new Error('a trial was started'));

  it.each([
    [['bench', 'chekout'], 'error: Unknown scenario "chekout": did you mean checkout?'],
    [['bench', 'nowhere.yaml'], 'error: nowhere.yaml: there is no such file.'],
    [['bench', '-a', 'synk'], 'error: Unknown architecture "synk": did you mean sync?'],
    [['bench', '-c', '0'], 'between 1 and 100000'],
    [['bench', '-c', '10,,20'], 'none empty'],
    [['bench', '-c', 'ten'], 'got "ten"'],
    [['bench', '-d', '10'], 'Expected a duration such as 250ms, 10s or 2m.'],
    [['bench', '-c', '1', '-R', '1'], '--users and --rate'],
    [['bench', '--rounds', '0'], 'between 1 and 1000'],
    [['bench', '--threshold', 'hybrid: p59 < 1s'], 'p59'],
    [['bench', '--threshold', 'nobody: p95 < 1s'], 'nobody'],
    [['bench', '-o', 'jason=x'], 'Did you mean json?'],
    [['bench', '-o', 'json=no/such/folder/x.json'], 'does not exist'],
    [['bench', '-o', 'json=/dev/full'], 'no space is left'],
    [['bench', '--frobnicate'], "unknown option '--frobnicate'"],
    [['bnch'], 'Did you mean bench?'],
    [['report', 'nothing.json'], 'error: nothing.json: there is no such file.'],
    [['serve', 'nothing'], 'error: Unknown architecture "nothing"'],
    [['scenarios', 'nothing'], 'error: Unknown scenario "nothing"'],
    [['init', '-', '--steps', 'payment=soon'], 'soon'],
    [[], 'Usage: sync-vs-events'],
  ])('%j is one clear message and exit code 2', async (args, message) => {
    const { code, out, err } = await run(args, notRun);
    expect(code).toBe(2);
    expect(err).toContain(message);
    expect(err).not.toMatch(/\n {4}at /);
    expect(out).toBe('');
  });

  it('leave an existing output as it was', async () => {
    writeFileSync(path.join(folder, 'run.json'), 'precious');
    await run(['bench', '-a', 'synk', '-o', 'json=run.json'], notRun);
    expect(readFileSync(path.join(folder, 'run.json'), 'utf8')).toBe('precious');
  });

  it('keep the stack of a defect', async () => {
    const io = fakeIo(['scenarios'], folder);
    io.stdout.write = () => {
      throw new TypeError('broken');
    };
    expect(await main(io)).toBe(2);
    expect(io.err()).toMatch(/TypeError: broken\n {4}at .*\nThis is a defect/s);
  });
});

describe('report', () => {
  it('draws a saved record again, as it was', async () => {
    const { out: first } = await run(['bench', '-c', '10', '--no-progress', '-o', 'json=run.json']);
    const { code, out } = await run(['report', 'run.json']);
    expect(code).toBe(0);
    expect(out).toBe(first);
  });

  it('writes another format', async () => {
    await run(['bench', '-c', '10', '--quiet', '-o', 'json=run.json']);
    const { out } = await run(['report', 'run.json', '-o', 'markdown=run.md']);
    expect(out).toBe('');
    expect(readFileSync(path.join(folder, 'run.md'), 'utf8')).toContain('| hybrid');
  });

  it('lays two records side by side, on the screen or in a file', async () => {
    for (const name of ['a', 'b']) await run(['bench', '-c', '10', '--quiet', '-o', `json=${name}.json`]);
    const { code, out } = await run(['report', 'a.json', 'b.json']);
    expect(code).toBe(0);
    expect(out).toContain('A, the base: a.json');
    expect(out).toContain('p95 A');
    await run(['report', 'a.json', 'b.json', '-o', 'markdown=both.md', '-o', 'html=both.html']);
    expect(readFileSync(path.join(folder, 'both.md'), 'utf8')).toContain('p50 A | p50 B');
    expect(readFileSync(path.join(folder, 'both.html'), 'utf8')).toContain('two runs side by side');
    const { code: refused, err } = await run(['report', 'a.json', 'b.json', '-o', 'csv=both.csv']);
    expect(refused).toBe(2);
    expect(err).toBe('error: --output csv=both.csv: "csv" shows one run, and not this. Expected one of markdown, html.\n');
  });

  it('doubts a limit that nearly anything meets', async () => {
    await run(['bench', '-c', '10', '--quiet', '-o', 'json=run.json']);
    const { code, err } = await run(['report', 'run.json', '--threshold', 'sync: failure_rate < 1']);
    expect([code, err]).toEqual([0, 'warning: sync: failure_rate < 1 holds for nearly anything, because 1 is 100 %: for 1 % write 1%.\n']);
  });

  it('refuses a record of another schema', async () => {
    writeFileSync(path.join(folder, 'next.json'), '{"schemaVersion": 3}');
    const { code, err } = await run(['report', 'next.json']);
    expect(code).toBe(2);
    expect(err).toMatch(/^error: next\.json is a record of schema version 3/);
  });
});

describe('scenario files', () => {
  it('are started by init, checked by validate and run by bench', async () => {
    expect((await run(['init', 'mine.yaml', '--steps', 'payment=300ms!,email=400ms'])).code).toBe(0);
    expect((await run(['validate', 'mine.yaml'])).out).toBe('mine.yaml is valid: 2 services, 2 steps, 1 consumer.\n');
    expect((await run(['validate', 'mine.yaml', '--resolved'])).out).toContain('400ms');
    expect((await run(['bench', 'mine.yaml', '--dry-run'])).out).toContain('sync at');
  });

  it('are not written over without being told', async () => {
    writeFileSync(path.join(folder, 'mine.yaml'), 'precious');
    const { code, err } = await run(['init', 'mine.yaml']);
    expect([code, err]).toEqual([2, 'error: mine.yaml exists already: --force writes over it.\n']);
    expect(readFileSync(path.join(folder, 'mine.yaml'), 'utf8')).toBe('precious');
    expect((await run(['init', 'mine.yaml', '--force'])).code).toBe(0);
  });

  it('are told every mistake at its place', async () => {
    writeFileSync(path.join(folder, 'bad.yaml'), 'services:\n  payment: 300\nsteps: [paymnt!]\n');
    const { code, err } = await run(['validate', 'bad.yaml']);
    expect(code).toBe(2);
    expect(err).toMatch(/bad\.yaml:2:12: .*\n.*bad\.yaml:3:9: .*payment/s);
  });

  it('are doubted where they are right and hardly meant, which only --strict takes for a failure', async () => {
    const text = 'services: { payment: 300ms, email: 400ms }\nsteps: [{ call: payment, critical: true, timeout: 200ms }, email]\nload: { users: [10] }\n';
    writeFileSync(path.join(folder, 'odd.yaml'), `${text}thresholds: ["hybrid@20: p95 < 1s", "parallel: failure_rate < 1"]\n`);
    const { code, out, err } = await run(['validate', 'odd.yaml']);
    expect([code, out]).toEqual([0, 'odd.yaml is valid: 2 services, 2 steps, 1 consumer.\n']);
    expect(err.trimEnd().split('\n')).toEqual([
      'odd.yaml:2:51: warning: steps.0.timeout: 100 % of the calls of payment take longer than this timeout of 200ms, even when none waits: they fail',
      'odd.yaml:2:60: warning: steps.1: this step never begins: payment, which it comes after, fails every time',
      'odd.yaml:4:14: warning: thresholds.0: the load 20 is not run (10): this comes out unknown unless the command line asks for it',
      expect.stringContaining('odd.yaml:4:37: warning: thresholds.1: parallel: failure_rate < 1 holds for nearly anything'),
      expect.stringContaining('odd.yaml:4:37: warning: thresholds.1: parallel is not among the subjects (sync, hybrid)'),
    ]);
    expect((await run(['validate', 'odd.yaml', '--strict'])).code).toBe(1);
    expect((await run(['validate', 'checkout', '--strict'])).code).toBe(0);
  });

  it('have a JSON Schema', async () => {
    expect(JSON.parse((await run(['schema'])).out)).toHaveProperty('properties.services');
    expect(JSON.parse((await run(['schema', '--record'])).out)).toHaveProperty('properties.trials');
  });

  it('built in are listed, and printed to start from', async () => {
    expect((await run(['scenarios'])).out).toMatch(/^the claim\n {2}checkout /);
    writeFileSync(path.join(folder, 'copy.yaml'), (await run(['scenarios', 'checkout'])).out);
    expect((await run(['validate', 'copy.yaml'])).code).toBe(0);
    expect(existsSync(path.join(folder, 'copy.yaml'))).toBe(true);
  });
});
