/** What makes a measurement invalid, provoked in real processes: the machine, not the architecture, is the limit. */
import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { planTrials, type TrialPlan } from '../../src/experiment/plan.js';
import { isOpen } from '../../src/experiment/target/ask.js';
import { runTrial } from '../../src/experiment/trial.js';
import type { Calibration, MeasuredTrial } from '../../src/measurement/record.js';
import { calibrationProblem } from '../../src/measurement/validity.js';
import { parseScenario } from '../../src/scenarios/parse.js';
import { subjectOf, type Subject } from '../../src/scenarios/subject.js';
import { starve } from '../support/children.js';
import { needs } from '../support/needs.js';
import { commandOf, freePort } from '../support/target/targets.js';

const SMALL = parseScenario(
  'services: { payment: 20ms }\nsteps: [payment!]\nload: { rate: 100, duration: 1s, warmup: 100ms, timeout: 3s }',
  { file: 'small.yaml' },
);

/** Runs a trial while something is done to its processes, from the middle of its window. */
async function disturbed(disturb: () => Promise<void>, change: Partial<TrialPlan> = {}): Promise<MeasuredTrial> {
  const [trial] = planTrials(SMALL, [subjectOf(SMALL, 'sync') as Subject], 1).trials;
  let disturbing: Promise<void> | undefined;
  const result = await runTrial({ ...(trial as TrialPlan), calibrate: false, ...change }, new AbortController().signal, ({ phase }) => {
    if (phase === 'measuring') disturbing ??= sleep(200).then(disturb);
  });
  await disturbing;
  return result;
}

describe('a trial is not valid', needs('ps'), () => {
  it('when the load generator is starved', async () => {
    const { validity, schedule, outcomes } = await disturbed(() => starve('load-process.js', 400));
    expect(validity.valid).toBe(false);
    expect(validity.problems.join('\n')).toMatch(/^Requests were sent \d+ ms after their time .* did not keep to its schedule\.$/m);
    // Everything that was due in the meantime is late, and in the books.
    expect(schedule?.late).toBeGreaterThan(20);
    expect(Math.abs(outcomes.sent - 100)).toBeLessThanOrEqual(1);
  });

  it('when the server is starved', async () => {
    const { validity } = await disturbed(() => starve('server-process.js', 400));
    expect(validity.valid).toBe(false);
    expect(validity.problems.join('\n')).toMatch(/^The server reacted \d+ ms late \(99th percentile\): these response times are the machine's\.$/m);
  });

  it('when the simulated services are starved', async () => {
    const { validity } = await disturbed(() => starve('services-process.js', 400));
    expect(validity.problems.join('\n')).toContain('The process of the simulated services reacted');
  });
});

describe('a trial', () => {
  it('tells what an unloaded request took, beside what it should take, and is not valid when they are too far apart', async () => {
    const { calibration, server, outcomes, validity } = await disturbed(async () => {}, { calibrate: true });
    expect(calibration).toEqual({ ideal: 20, measured: expect.any(Number) as number });
    const problem = calibrationProblem(calibration as Calibration);
    expect(validity.problems.filter((text) => text.startsWith('With nothing waiting'))).toEqual(problem === null ? [] : [problem]);
    // They are no part of the books of the window.
    expect(server.received).toBe(outcomes.sent);
  });
});

describe('too few descriptors', () => {
  const bin = fileURLToPath(new URL('../../bin/sync-vs-events.js', import.meta.url));
  const limited = (limit: number, args: string[]) =>
    spawnSync('sh', ['-c', `ulimit -n ${limit}; exec "$0" "$@"`, process.execPath, bin, ...args], { encoding: 'utf8', timeout: 50_000 });

  it('are told before anything is run', () => {
    const { status, stderr, stdout } = limited(256, ['bench', '-c', '500', '--no-progress']);
    expect(status).toBe(2);
    expect(stderr).toBe(
      'error: 500 users take 564 open files, and a process may have 256 here: raise the limit (ulimit -n 1128) or use fewer users.\n',
    );
    expect(stdout).toBe('');
  });

  it('while a rate is kept up are failures in the books', async () => {
    const port = await freePort();
    const args = ['bench', '--target', `shop=http://127.0.0.1:${port}/`, '-R', '400', '-d', '1s', '--warmup', '0s', '-t', '2s'];
    // A server that never answers: each request keeps its connection.
    const server = spawn(commandOf(port, 'silent'), { shell: true, detached: true, stdio: 'ignore' });
    while (!(await isOpen(`http://127.0.0.1:${port}/`))) await sleep(20);
    const { stdout, stderr } = limited(200, [...args, '--no-progress', '-o', 'json=-']);
    process.kill(-(server.pid as number), 'SIGKILL');
    expect(stderr).toContain('At worst a process of this run would need');
    const { trials } = JSON.parse(stdout) as { trials: MeasuredTrial[] };
    expect(trials[0]).toMatchObject({ state: 'measured' });
    const { outcomes, server: books } = trials[0] as MeasuredTrial;
    expect(outcomes.sent).toBe(400);
    expect(outcomes.connection + outcomes.timeout).toBe(400);
    expect(outcomes.connection).toBeGreaterThan(150);
    expect(books.unreached).toBe(outcomes.connection);
  });
});
