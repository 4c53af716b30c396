/** Simulations in threads, through the real binary: the same digits as in one, and Ctrl-C is heard in the midst of a trial. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { simulationThreads } from '../../src/experiment/simulations.js';
import { planTrials } from '../../src/experiment/plan.js';
import type { RunRecord } from '../../src/measurement/record.js';
import { builtIn } from '../../src/scenarios/library/library.js';
import type { Scenario } from '../../src/scenarios/scenario.js';
import { subjectOf, type Subject } from '../../src/scenarios/subject.js';
import { simulate } from '../support/simulations.js';

const BIN = path.resolve(import.meta.dirname, '../../bin/sync-vs-events.js');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'sync-vs-events-simulate-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('threads that simulate', () => {
  it('give what this thread gives, to the digit', async () => {
    const scenario = builtIn('audit-and-third-party') as Scenario;
    const subjects = ['sync', 'hybrid'].map((name) => subjectOf(scenario, name) as Subject);
    const load = { ...scenario.load, users: [10, 20], duration: 2000, until: 0.2, maxDuration: 10_000 };
    const { trials } = planTrials({ ...scenario, load }, subjects, 1);
    const threads = simulationThreads(new AbortController().signal);
    try {
      expect(await Promise.all(trials.map(threads.simulate))).toEqual(await Promise.all(trials.map(simulate)));
    } finally {
      await threads.end();
    }
  });

  it('say what went wrong in them', async () => {
    const scenario = builtIn('checkout') as Scenario;
    const [plan] = planTrials(scenario, [subjectOf(scenario, 'sync') as Subject], 1).trials;
    if (!plan) throw new Error('Expected a trial');
    const threads = simulationThreads(new AbortController().signal);
    try {
      const broken = { ...plan, subject: { ...plan.subject, services: [] } };
      await expect(threads.simulate(broken)).rejects.toThrow('No service payment for step payment');
      expect((await threads.simulate(plan)).state).toBe('simulated');
    } finally {
      await threads.end();
    }
  });
});

/** Runs a command, sends a SIGINT when `isTime`, and waits until it has ended by itself. */
function interrupted(args: readonly string[], isTime: (stderr: string) => boolean) {
  const child = spawn(process.execPath, [BIN, ...args], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  const texts = { stdout: '', stderr: '' };
  const look = setInterval(() => {
    if (!isTime(texts.stderr)) return;
    clearInterval(look);
    child.kill('SIGINT');
  }, 50);
  for (const name of ['stdout', 'stderr'] as const) child[name].on('data', (chunk: Buffer) => (texts[name] += chunk.toString()));
  return new Promise<{ code: number | null; signal: NodeJS.Signals | null; stdout: string; stderr: string }>((resolve) => {
    child.on('close', (code, signal) => {
      clearInterval(look);
      resolve({ code, signal, ...texts });
    });
  });
}

const statesIn = (name: string): string[] => (JSON.parse(readFileSync(path.join(folder, name), 'utf8')) as RunRecord).trials.map(({ state }) => state);

/** Whether the first trial has been written. */
function isBegun(name: string): boolean {
  try {
    return statesIn(name).length > 0;
  } catch {
    return false;
  }
}

describe('Ctrl-C', () => {
  // A day in virtual time takes many minutes: none of these would end by itself within the time of a test.
  it('ends simulate in the midst of a trial, with 130 and what was done so far', async () => {
    const args = ['simulate', '-a', 'sync', '-c', '1,20000', '-d', '24h', '-o', 'json=run.json'];
    const { code, signal, stdout } = await interrupted(args, () => isBegun('run.json'));
    expect({ code, signal }).toEqual({ code: 130, signal: null });
    expect(stdout).toMatch(/^ +1 +sync +1\.05 s/m);
    expect(stdout).toContain('aborted: interrupted');
    expect(statesIn('run.json')).toEqual(['simulated', 'aborted']);
  });

  it('ends capacity --simulate, with the probes that were made', async () => {
    const args = ['capacity', '--simulate', '-a', 'sync', '--from', '1', '-d', '12h'];
    const { code, signal, stdout } = await interrupted(args, (stderr) => stderr.includes('sync at 1 user: carried'));
    expect({ code, signal }).toEqual({ code: 130, signal: null });
    expect(stdout).toContain('  the search was interrupted\n');
    expect(stdout).toMatch(/^ +1 user +1 +1\.05 s +0% .* carried$/m);
  });
});
