import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { main } from '../../src/cli/main.js';
import type { CiSystem } from '../../src/scenarios/workflow.js';
import { fakeIo } from '../support/fake-io.js';
import { simulations } from '../support/simulations.js';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(path.join(os.tmpdir(), 'sync-vs-events-'))));
afterEach(() => rmSync(folder, { recursive: true }));

async function run(...args: string[]) {
  const io = fakeIo(args, folder);
  const code = await main(io, { simulations });
  return { code, out: io.out(), err: io.err() };
}

const FILES = { github: '.github/workflows/performance.yml', gitlab: '.gitlab-ci.yml' };
const read = (file: string): string => readFileSync(path.join(folder, file), 'utf8');

/** The command that a workflow runs, as words of a shell. */
function commandOf(system: CiSystem): string[] {
  const workflow = parse(read(FILES[system])) as { jobs?: { limits: { steps: { run?: string }[] } }; performance?: { script: string[] } };
  const scripts = workflow.jobs?.limits.steps.flatMap(({ run: script }) => script ?? []) ?? workflow.performance?.script ?? [];
  const script = scripts.find((text) => text.includes(' bench ')) ?? '';
  const words = [...script.replaceAll('\\\n', ' ').matchAll(/'([^']*)'|(\S+)/g)].map(([, inQuotes, plain]) => inQuotes ?? plain ?? '');
  return words.slice(words.indexOf('bench'));
}

describe.each(['github', 'gitlab'] as const)('init --ci %s', (system) => {
  it('writes a workflow next to the scenario, whose limits the prediction of today passes', async () => {
    const { code, out } = await run('init', 'shop.yaml', '--ci', system, '--steps', 'payment=300ms!,stock=40ms!,email=400ms');
    expect(code).toBe(0);
    expect(out).toMatch(/^The workflow is written with \d limits that the prediction of today passes\.$/m);
    const [, scenario = '', ...options] = commandOf(system);
    expect(scenario).toBe('shop.yaml');
    const limits = options.flatMap((option, i) => (option === '--threshold' ? (options[i + 1] ?? []) : []));
    expect(limits).toEqual(expect.arrayContaining(['sync@100: failure_rate < 1%', 'hybrid@100: lost == 0']));
    const users = options[options.indexOf('--users') + 1] ?? '';
    // The same options, simulated: a window as long, and every limit holds.
    const { code: verdict, out: told } = await run('simulate', scenario, '--users', users, ...limits.flatMap((limit) => ['--threshold', limit]));
    expect([verdict, told.match(/ pass /g)?.length]).toEqual([0, limits.length]);
    expect((await run('bench', scenario, '--dry-run', ...options)).code).toBe(0);
  });

  it('takes a scenario that is there, and writes over no workflow', async () => {
    writeFileSync(path.join(folder, 'my shop.yaml'), 'services: { pay: 20ms }\nsteps: [pay!]\nload: { rate: [20, 40] }\nsubjects: [sync]\n');
    const before = read('my shop.yaml');
    expect((await run('init', 'my shop.yaml', '--ci', system)).code).toBe(0);
    expect(read('my shop.yaml')).toBe(before);
    expect(commandOf(system)).toEqual(expect.arrayContaining(['my shop.yaml', '--rate', 'sync@40: p95 < 30ms']));
    const again = await run('init', 'my shop.yaml', '--ci', system);
    expect(again).toMatchObject({ code: 2, err: `error: ${FILES[system]} exists already: --force writes over it.\n` });
    expect((await run('init', 'my shop.yaml', '--ci', system, '--force')).code).toBe(0);
    expect(read('my shop.yaml')).toBe(before);
  });
});

describe('init --ci', () => {
  it.each([
    [['init', '--ci', 'gilab'], 'Allowed choices are github, gitlab'],
    [['init', '-', '--ci', 'github'], 'give a scenario file in it, not -'],
    [['init', '../shop.yaml', '--ci', 'github'], 'give a scenario file in it, not ../shop.yaml'],
    [['init', 'shop.yaml', '--ci', 'github', '--steps', 'pay=soon'], 'soon'],
  ])('%j is one clear message, and nothing is written', async (args, message) => {
    const { code, err } = await run(...args);
    expect(code).toBe(2);
    expect(err).toContain(message);
    expect(Object.values(FILES).some((file) => existsSync(path.join(folder, file)))).toBe(false);
  });

  it('proposes no limits where something goes wrong on purpose', async () => {
    writeFileSync(path.join(folder, 'shop.yaml'), 'services: { pay: 20ms }\nsteps: [pay!]\nload: { users: 5 }\nsubjects: [sync]\nfaults: [crash server at 3s]\n');
    const { code, out } = await run('init', 'shop.yaml', '--ci', 'github');
    expect([code, out]).toEqual([0, 'The workflow is written without limits: the model knows none that it passes.\n']);
    expect(commandOf('github')).not.toContain('--threshold');
  });
});
