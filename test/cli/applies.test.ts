/** No option is ignored: every pair of a way to use a command and an option changes something, or is refused with a sentence. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Command, Option } from 'commander';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.js';
import { UserError } from '../../src/base/errors.js';
import { buildProgram } from '../../src/cli/program.js';
import type { ComparePaired } from '../../src/experiment/paired.js';
import type { RunTrial } from '../../src/experiment/trial.js';
import { isTarget } from '../../src/scenarios/subject.js';
import type { Simulate } from '../../src/simulation/simulate.js';
import { simulateTrial } from '../../src/simulation/trial.js';
import { fakeIo } from '../support/fake-io.js';
import { measured } from '../support/measured.js';
import { simulations } from '../support/simulations.js';
import { FORMS, shopRequest } from '../traces/fixtures.js';
import { pairsOf, spreadOf } from '../verdict/pairs/blocks.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'sync-vs-events-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A short chain, so that what is simulated takes no time. */
const SHOP = `
services: { payment: { latency: 30ms, workers: 40 }, email: { latency: 20ms, workers: 20 } }
steps: [payment!, email]
load: { users: [2, 5], duration: 500ms, warmup: 100ms }
`;

/** Requests in traces, one of them failed. */
const TRACES = FORMS['OTLP JSON']!(Array.from({ length: 40 }, (_, n) => shopRequest(n).map((span) => ({ ...span, failed: n === 7 && span.parent === '' }))).flat());

/** What a subject is served with is all that is looked at here. */
const SERVED = 'Served in no process.';

/** Files that are read. */
const GIVEN = new Set(['shop.yaml', 'other.yaml', 'traces.json', 'base.json', 'head.json', 'exported/export.json', 'exported/rows.jsonl']);

/** A saved run. */
const RECORD = (async () => {
  const from = mkdtempSync(path.join(os.tmpdir(), 'sync-vs-events-'));
  writeFileSync(path.join(from, 'shop.yaml'), SHOP);
  await main(fakeIo(['simulate', 'shop.yaml', '--quiet', '-o', 'json=run.json'], from), { simulations });
  const text = readFileSync(path.join(from, 'run.json'), 'utf8');
  rmSync(from, { recursive: true });
  return text;
})();

/** A folder of `export`, with the rows that an engine wrote into it. */
const EXPORTED = (async () => {
  const from = mkdtempSync(path.join(os.tmpdir(), 'sync-vs-events-'));
  writeFileSync(path.join(from, 'shop.yaml'), SHOP);
  await main(fakeIo(['export', 'locust', 'shop.yaml', '-a', 'sync', '--target', 'http://127.0.0.1:1', '--rate', '50', '-d', '2s', '-o', 'exported'], from), {});
  const manifest = readFileSync(path.join(from, 'exported', 'export.json'), 'utf8');
  rmSync(from, { recursive: true });
  const rows = Array.from({ length: 100 }, (_, n) => JSON.stringify({ worker: 0, startedAt: 1e12, row: [n, n * 20, n * 20 + 0.5, n * 20 + 100, 'ok', 200] }));
  return { manifest, rows: [...rows, JSON.stringify({ end: { engine: 'locust', rows: 100, requests: 100, workers: 1, done: 1 } })].join('\n') };
})();

interface Outcome {
  code: number;
  err: string;
  /** What was planned, printed and written. */
  done: string;
}

/** Runs a command on a terminal of GitHub's, where every wish to see less would be heeded. */
/** The same is simulated the same: hundreds of commands ask for a few. */
const simulated = new Map<string, ReturnType<Simulate>>();

function remembered(simulate: Simulate): Simulate {
  return (input) => {
    const key = JSON.stringify(input);
    const known = simulated.get(key) ?? simulate(input);
    simulated.set(key, known);
    return known;
  };
}

/** Whether an option is used is told by what is asked for; what comes of it need not be known well, and takes no long window. */
function briefly(simulate: Simulate): Simulate {
  const most = (length: number): number => Math.min(length, 200);
  return (input) => {
    const { load, duration, warmup, drain } = input;
    const length = load.ramp ? duration : most(duration);
    return simulate({ ...input, duration: length, warmup: most(warmup), drain: most(drain), until: null });
  };
}

/** A trial as it is simulated, in place of a measured one. */
const trialOf = briefly(remembered((input) => Promise.resolve(simulateTrial(input))));

async function run(args: readonly string[]): Promise<Outcome> {
  for (const name of readdirSync(folder)) rmSync(path.join(folder, name), { recursive: true });
  for (const name of ['shop.yaml', 'other.yaml']) writeFileSync(path.join(folder, name), SHOP);
  writeFileSync(path.join(folder, 'traces.json'), TRACES);
  for (const name of ['base.json', 'head.json']) writeFileSync(path.join(folder, name), await RECORD);
  writeFileSync(path.join(folder, 'results.jtl'), 'timeStamp,elapsed,success,allThreads\n1700000000000,20,true,1\n1700000000050,20,true,1\n');
  mkdirSync(path.join(folder, 'exported'));
  const { manifest, rows } = await EXPORTED;
  writeFileSync(path.join(folder, 'exported', 'export.json'), manifest);
  writeFileSync(path.join(folder, 'exported', 'rows.jsonl'), rows);
  const plans: unknown[] = [];
  const runTrial: RunTrial = async (plan) => {
    plans.push(plan);
    const { subject, base, round, load } = plan;
    if (!isTarget(subject)) return trialOf({ ...plan, subject });
    return measured({ subject: subject.name, ms: 100, change: { base, round, load, ideal: null, server: { received: null, unreached: 0 } } });
  };
  const comparePaired: ComparePaired = async (plan, _signal, onPair) => {
    plans.push(plan);
    const { base, head, load, seed } = plan;
    onPair(1, 8);
    return { base: base.name, head: head.name, load, seed, pairs: pairsOf(spreadOf(8, 0, 0.01)) };
  };
  const io = fakeIo(args, folder);
  io.env = { GITHUB_ACTIONS: 'true', FORCE_COLOR: '1', LANG: 'C.UTF-8' };
  const code = await main(io, {
    runTrial,
    comparePaired,
    simulations: (...started) => {
      const all = simulations(...started);
      const simulate = briefly(remembered(all.simulate));
      return { ...all, simulate: (input) => (plans.push(input), simulate(input)) };
    },
    startServing: async (_, ...asked) => {
      plans.push(asked);
      throw new UserError(SERVED);
    },
  });
  const found = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const files = found.map(({ parentPath, name }) => path.relative(folder, path.join(parentPath, name))).filter((name) => !GIVEN.has(name));
  // The words of the command are in every record, whatever becomes of them; a token is another each time.
  const texts = files.map((name) => readFileSync(path.join(folder, name), 'utf8').replace(/"command": \[[^\]]*\]|_TOKEN=\w+/, ''));
  const isServed = io.err().includes(SERVED);
  return { code: isServed ? 0 : code, err: isServed ? '' : io.err(), done: JSON.stringify([code, plans, io.out(), io.err(), files, texts]) };
}

const bases = new Map<string, Promise<Outcome>>();

/** What is compared with: the same words say the same. */
function baseOf(args: readonly string[]): Promise<Outcome> {
  const key = JSON.stringify(args);
  const base = bases.get(key) ?? run(args);
  bases.set(key, base);
  return base;
}

const TARGET = ['--target', 'shop=http://127.0.0.1:1/'];
const LOAD = ['-c', '5'];

/** Ways to use the commands. */
const WAYS: readonly (readonly [name: string, command: string, args: readonly string[]])[] = [
  ['bench', 'bench', ['shop.yaml']],
  ['bench without events', 'bench', ['shop.yaml', '-a', 'sync']],
  ['bench --dry-run', 'bench', ['shop.yaml', '--dry-run']],
  ['bench --compare names', 'bench', ['shop.yaml', '--compare', 'sync,hybrid']],
  ['bench --compare files', 'bench', ['--compare', 'shop.yaml,other.yaml']],
  ['bench --compare --dry-run', 'bench', ['shop.yaml', '--compare', 'sync,hybrid', '--dry-run']],
  ['bench of a target', 'bench', [...TARGET]],
  ['bench of a target beside sync', 'bench', ['shop.yaml', ...TARGET, '-a', 'sync,shop']],
  ['bench --stages', 'bench', ['shop.yaml', '--stages', '1s:5,1s:10']],
  ['bench --rate', 'bench', ['shop.yaml', '--rate', '50']],
  ['bench --quick', 'bench', ['shop.yaml', '--quick']],
  ['capacity', 'capacity', ['shop.yaml', '--most', '20']],
  ['capacity --rate', 'capacity', ['shop.yaml', '--rate', '--most', '20']],
  ['capacity --rate from,most', 'capacity', ['shop.yaml', '--rate', '10,20']],
  ['capacity --simulate', 'capacity', ['shop.yaml', '--simulate', '--most', '20']],
  ['capacity of a target', 'capacity', [...TARGET, '--most', '20']],
  ['simulate', 'simulate', ['shop.yaml']],
  ['simulate without events', 'simulate', ['shop.yaml', '-a', 'sync']],
  ['simulate --sweep of a service', 'simulate', ['shop.yaml', '--sweep', 'email.workers=10,20']],
  ['simulate --sweep users', 'simulate', ['shop.yaml', '--sweep', 'users=2,4']],
  ['simulate --sweep rate', 'simulate', ['shop.yaml', '--sweep', 'rate=10,20']],
  ['simulate --sweep think', 'simulate', ['shop.yaml', '--sweep', 'think=0,100']],
  ['advise', 'advise', ['shop.yaml', ...LOAD]],
  ['noise', 'noise', ['shop.yaml', '--aa', '2', '-a', 'sync']],
  ['init', 'init', ['mine.yaml']],
  ['init -', 'init', ['-']],
  ['validate', 'validate', ['shop.yaml']],
  ['scenarios', 'scenarios', []],
  ['scenarios of one', 'scenarios', ['checkout']],
  ['schema', 'schema', []],
  ['schema of records', 'schema', ['--record']],
  ['export', 'export', ['locust', 'shop.yaml', '-a', 'sync', '--target', 'http://127.0.0.1:1', '-o', 'script', '--rate', '50']],
  ['compare', 'compare', ['base.json', 'head.json']],
  ['report', 'report', ['base.json']],
  ['report -o', 'report', ['base.json', '-o', 'markdown=run.md']],
  ['report of two', 'report', ['base.json', 'head.json']],
  ['export k6', 'export', ['k6', 'shop.yaml', '-a', 'hybrid', '--target', 'http://127.0.0.1:1', '-o', 'script', '-c', '5']],
  ['export compose', 'export', ['compose', 'shop.yaml', '-a', 'hybrid', '-o', 'script', '--rate', '50']],
  ['collect', 'collect', ['exported']],
  ['collect of a JTL', 'collect', ['results.jtl']],
  ['import', 'import', ['traces.json']],
  ['serve', 'serve', ['hybrid', 'shop.yaml']],
  ['serve without events', 'serve', ['sync', 'shop.yaml']],
  ['serve all', 'serve', ['all', 'shop.yaml']],
  ['serve --host', 'serve', ['hybrid', 'shop.yaml', '--host', '0.0.0.0', '--yes']],
];

/** A value that no way above has, and that is no default. */
const VALUES: Record<string, string> = {
  architectures: 'event-driven', users: '3', rate: '40', arrivals: 'poisson', stages: '2s:7', think: '7ms', duration: '12s', until: '20%',
  maxDuration: '3s', warmup: '700ms', rounds: '2', timeout: '9s', drain: '77ms', fault: 'duplicate 5%', threshold: 'event-driven: p95 < 1ms',
  output: 'csv=out.csv', seed: '7', bus: 'outbox', busUrl: 'orders.db', publish: 'fire-and-forget', outbox: 'postgres', services: 'unix', target: 'mine=http://127.0.0.1:2/',
  receivedUrl: 'http://127.0.0.1:1/count', baseline: 'nowhere.json', compare: 'sync,parallel', sweep: 'email.workers=3', from: '3', most: '9', p95: '40ms',
  failures: '90%', drainWithin: '9s', aa: '3', steps: 'a=1ms!', otlp: 'http://127.0.0.1:4318',
  loadWorkers: '3', image: 'mine:1.0.0', end: 'http://127.0.0.1:1',
};

/** The same where another command understands the option otherwise. */
const OWN_VALUES: Record<string, Record<string, string>> = {
  capacity: { threshold: 'sync: users >= 3' },
  export: { output: 'mine', target: 'http://127.0.0.1:2', architectures: 'hybrid' },
  scenarios: { output: 'svg=out.svg' },
  import: { output: 'mine.yaml', operation: 'GET /nothing', at: 'payment:Nothing', critical: 'payment-Charge', workers: 'payment-Charge=7', order: 'parallel' },
  report: { output: 'html=out.html' },
  serve: { output: 'otlp=out.jsonl', port: '3000', host: '127.0.0.2', keep: 'kept' },
};

/** Options that wish for less of what there may be nothing of; one that consents to what may not be asked, and one that judges what there is not. */
const WISHES = new Set(['progress', 'color', 'github', 'yes', 'force', 'commands', 'strict']);

/** What is of a plan and not in its printed lines, and what a dry run only looks at: whether it could be done. */
const UNSAID = new Set(['think', 'until', 'fault', 'output', 'seed', 'inbox', 'yes']);

/** What is begun with once a server serves: tried with real ones. */
const AFTER_SERVING = new Set(['dashboard']);

function argsOf(command: string, option: Option): string[] {
  const value = OWN_VALUES[command]?.[option.attributeName()] ?? VALUES[option.attributeName()];
  return option.required || (option.optional && value !== undefined) ? [option.long ?? '', value ?? ''] : [option.long ?? ''];
}

/** Options that say one thing, given twice, are refused; a way that has an option already is tried without it. */
function without(args: readonly string[], option: Option): string[] {
  const at = args.findIndex((word) => word === option.long || word === option.short);
  if (at < 0) return [...args];
  const takes = args[at + 1] !== undefined && !args[at + 1]?.startsWith('-') && (option.required || option.optional);
  return args.filter((_, i) => i !== at && !(takes && i === at + 1));
}

const commands = new Map(buildProgram(fakeIo([]), {}, () => {}).commands.map((command): [string, Command] => [command.name(), command]));

describe.each(WAYS)('%s', (_name, command, args) => {
  const options = commands.get(command)?.options ?? [];
  it('runs as it is', async () => {
    const { code, err } = await run([command, ...args]);
    expect({ ran: [0, 1, 3].includes(code), err: code === 2 ? err : '' }).toEqual({ ran: true, err: '' });
  });

  it.each(options.map((option) => [option.long ?? '', option] as const))('%s is used or refused', async (flag, option) => {
    if (args.includes(flag) && option.mandatory) return;
    const base = await baseOf([command, ...without(args, option)]);
    const outcome = await run([command, ...without(args, option), ...argsOf(command, option)]);
    const isWish = WISHES.has(option.attributeName()) || (command === 'serve' && AFTER_SERVING.has(option.attributeName())) || (args.includes('--dry-run') && UNSAID.has(option.attributeName()));
    expect(isWish && outcome.code !== 2 ? '' : complaint(command, option, outcome, base)).toBe('');
  });
});

/** What is wrong with what became of an option; empty when it was used, or refused with one sentence about it. */
function complaint(command: string, option: Option, { code, err, done }: Outcome, base: Outcome): string {
  if (code !== 2) return done === base.done ? 'it changed nothing' : '';
  // A page or a server that this tier may not start was begun with.
  if (err.includes('A unit test used')) return ['open', 'bus', 'otlp', 'end'].includes(option.attributeName()) ? '' : 'it is a defect';
  if (!/^error: .*[.!?)]\n/.test(err) || err.includes('defect')) return 'it is refused without a sentence';
  const said = [option.long ?? '', option.short ?? option.long ?? '', ...argsOf(command, option).slice(1), 'Unknown architecture', '--target shop', 'is a server of your own'];
  return said.some((word) => err.includes(word)) ? '' : `it is refused for something else: ${err}`;
}

describe('serve', () => {
  it.each([
    [['serve', 'sync', '--bus', 'nats'], '--bus is about events'],
    [['serve', 'sync', '--no-inbox'], '--no-inbox is about events'],
    [['serve', 'all', '--port', '3000'], '--port is one port'],
    [['serve', 'all', '--keep', 'kept'], '--keep keeps one run'],
    [['serve', 'sync', '--join', 'http://127.0.0.1:1'], '--join is for `serve control`'],
    [['serve', 'sync', '--token', 'guess'], '--token is for `serve control`'],
    [['serve', 'control', '--join', 'http://127.0.0.1:1'], '--join is for the roles'],
    [['serve', 'control', '-a', 'hybrid', '--services', 'unix'], '--services is about processes of one machine'],
    [['serve', 'services', 'shop.yaml', '--join', 'http://127.0.0.1:1'], '<scenario> is said to `serve control`'],
    [['serve', 'server', '--join', 'http://127.0.0.1:1', '--bus', 'nats'], '--bus is said to `serve control`'],
    [['serve', 'server'], '`serve server` is a role of a run on many hosts: give --join with the address'],
    [['serve', 'server', '--join', 'http://10.0.0.1:1'], 'give --host with an address of this machine'],
    [['serve', 'control', 'shop.yaml'], 'name it with -a'],
    [['serve', 'control', 'shop.yaml', '-a', 'hybrid'], 'give --keep FOLDER'],
    [['serve', 'control', 'shop.yaml', '-a', 'hybrid', '--bus', 'nats', '--keep', 'kept'], 'give --bus-url with the address of nats'],
    [['serve', 'control', 'shop.yaml', '-a', 'hybrid', '--host', '0.0.0.0', '--yes', '--keep', 'kept'], 'needs a token: put one into SYNC_VS_EVENTS_TOKEN'],
    [['serve', 'control', 'shop.yaml', '-a', 'hybrid', '--token', '', '--keep', 'kept'], '--token is empty'],
    [['serve', 'sync', '--yes'], '--yes is about an address that other machines can reach'],
  ])('%j is refused', async (args, message) => {
    const { code, err } = await run(args);
    expect([code, err]).toEqual([2, expect.stringContaining(message)]);
    expect(err).toMatch(/^error: .*[.]\n$/);
  });

  it('listens where others can reach it only when that is meant', async () => {
    const { code, err } = await run(['serve', 'sync', 'shop.yaml', '--host', '0.0.0.0']);
    expect([code, err]).toEqual([2, expect.stringContaining('sync at 0.0.0.0\nerror: Whoever reaches it may load this machine: --yes says that this is meant.')]);
  });
});

describe('what is said twice', () => {
  it.each([
    [['bench', ...TARGET, '--target', 'shop=http://127.0.0.1:2/'], '--target shop is given twice'],
    [['bench', ...TARGET, '--received-url', 'http://127.0.0.1:1/a', '--received-url', 'shop=http://127.0.0.1:1/b'], 'that of shop is given already'],
    [['bench', '-c', '5', '-c', '6'], '--users is given twice'],
    [['bench', '--seed', '1', '--seed=2'], '--seed is given twice'],
    [['import', 'a.json', '--workers', 'pay=1', '--workers', 'pay=2'], 'The workers of pay are given twice'],
  ])('%j is refused', async (args, message) => {
    const { code, err } = await run(args);
    expect([code, err]).toEqual([2, expect.stringContaining(message)]);
  });
});

describe('what is named and not measured', () => {
  it.each([
    [['bench', 'shop.yaml', ...TARGET, '-a', 'sync'], '--target shop is not among what is measured'],
    [['bench', 'shop.yaml', '-a', 'sync', '--fault', 'duplicate 5%'], 'cannot happen: nothing here publishes events'],
    [['capacity', '--rate', '20,10'], 'the highest to try'],
    [['bench', 'shop.yaml', '--compare', 'shop.yaml,other.yaml'], '<scenario> is measured in no file'],
    [['simulate', 'shop.yaml', '--rate', '10', '--sweep', 'think=0,10'], '--rate leaves nothing of --sweep think'],
  ])('%j is refused', async (args, message) => {
    const { code, err } = await run(args);
    expect([code, err]).toEqual([2, expect.stringContaining(message)]);
  });
});
