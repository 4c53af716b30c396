/** The architecture as a test: which folder may import which, and which file may import which outside package. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

/** From the ground up: each folder, and the folders before it that it may import. What is not said is not allowed. */
const ALLOWED = {
  base: [],
  processes: ['base'],
  scenarios: ['base'],
  services: ['base', 'processes', 'scenarios'],
  events: ['base', 'processes', 'scenarios', 'services'],
  architectures: ['base', 'processes', 'scenarios', 'services', 'events'],
  load: ['base', 'processes', 'scenarios'],
  measurement: ['base', 'processes', 'scenarios', 'services', 'events', 'architectures', 'load'],
  simulation: ['base', 'scenarios', 'services', 'events', 'architectures', 'load', 'measurement'],
  verdict: ['base', 'scenarios', 'load', 'measurement'],
  advice: ['scenarios', 'measurement', 'simulation'],
  traces: ['base', 'scenarios', 'services', 'events', 'architectures', 'load', 'measurement'],
  engines: ['base', 'scenarios', 'load'],
  report: ['base', 'scenarios', 'services', 'events', 'architectures', 'load', 'measurement', 'simulation', 'verdict', 'advice', 'traces'],
  experiment: ['base', 'processes', 'scenarios', 'services', 'events', 'architectures', 'load', 'measurement', 'simulation', 'verdict', 'advice'],
  roles: ['base', 'processes', 'scenarios', 'services', 'events', 'architectures', 'measurement', 'engines', 'experiment'],
  deploy: ['events', 'engines', 'roles'],
  cli: ['base', 'scenarios', 'services', 'events', 'load', 'measurement', 'simulation', 'verdict', 'advice', 'traces', 'engines', 'report', 'experiment', 'roles', 'deploy'],
  // The other way in: what programs call.
  programs: ['base', 'scenarios', 'measurement', 'verdict', 'advice', 'report', 'experiment', 'cli'],
} as const satisfies Record<string, readonly string[]>;

const FOLDERS: readonly string[] = Object.keys(ALLOWED);

function mayImport(folder: string, target: string): boolean {
  return folder === target || ((ALLOWED as Record<string, readonly string[]>)[folder] ?? []).includes(target);
}

/** Outside packages, and where alone they may be imported. */
const PACKAGES: Record<string, RegExp> = {
  autocannon: /^load\/client\.ts$/,
  express: /^architectures\//,
  yaml: /^(scenarios|deploy)\//,
  valibot: /^(scenarios\/|base\/described|measurement\/(schema\/|readRecord\.ts$))/,
  'csv-parse': /^scenarios\/csv\/table\.ts$/,
  chalk: /^report\/terminal/,
  'cli-table3': /^report\/terminal/,
  '@bufbuild/protobuf': /^traces\/formats\//,
  commander: /^cli\//,
  uplot: /^report\/html\//,
  libsql: /^events\/(adapters\/|buses)/,
  '@nats-io/jetstream': /^events\/adapters\/nats\.ts$/,
  '@nats-io/transport-node': /^events\/adapters\/nats\.ts$/,
  '@redis/client': /^events\/adapters\/redis\.ts$/,
  '@aws-sdk/client-sqs': /^events\/adapters\/sqs/,
  bullmq: /^events\/adapters\/bullmq/,
  ioredis: /^events\/adapters\/bullmq/,
  amqplib: /^events\/adapters\/rabbitmq/,
  '@platformatic/kafka': /^events\/adapters\/kafka/,
  pg: /^events\/adapters\/postgres/,
};

/** Folders that touch no file, socket, process or clock, and reach none through another folder. */
const PURE = ['scenarios', 'measurement', 'simulation', 'verdict', 'advice', 'traces', 'engines', 'deploy'];

/** Tables whose names alone are read there: beside them stands how a broker is started, and how a role is kept in a folder. */
const NAMES: Record<string, readonly string[]> = { measurement: ['events/buses.ts'], deploy: ['events/buses.ts', 'roles/run-folder.ts'] };

/** Node modules that are only computation; of `crypto`, hashes. */
const COMPUTATION = new Set(['node:path', 'node:util', 'node:zlib', 'node:crypto']);

interface Import {
  from: string;
  to: string;
}

/** One sentence for each import that breaks a rule. */
function violations(imports: readonly Import[]): string[] {
  return imports.flatMap(({ from, to }) => {
    const folder = folderOf(from);
    if (to.startsWith('.')) {
      const target = folderOf(path.posix.join(path.posix.dirname(from), to));
      if (mayImport(folder, target)) return [];
      return [`${from}: ${folder} must not import ${target}`];
    }
    if (to.startsWith('node:')) {
      return PURE.includes(folder) && !COMPUTATION.has(to) ? [`${from}: ${folder} is pure and must not import ${to}`] : [];
    }
    const packageName = to.split('/').slice(0, to.startsWith('@') ? 2 : 1).join('/');
    const allowed = PACKAGES[packageName];
    if (!allowed) return [`${from}: the package ${packageName} has no place yet: say in this test where it may be imported`];
    return allowed.test(from) ? [] : [`${from}: ${packageName} may only be imported by ${allowed.source}`];
  });
}

function folderOf(file: string): string {
  return file.split('/')[0] ?? '';
}

const SOURCE = path.resolve(import.meta.dirname, '../src');

function importsOf(file: string): Import[] {
  return importsIn(file, readFileSync(path.join(SOURCE, file), 'utf8'));
}

function importsIn(file: string, text: string): Import[] {
  const pattern = /^\s*(?:import|export)\s(?:[^'";]*?\sfrom\s)?'([^']+)'|\bimport\('([^']+)'\)|\brequire\('([^']+)'\)/gm;
  return [...text.matchAll(pattern)].map((match) => ({ from: file, to: match[1] ?? match[2] ?? match[3] ?? '' }));
}

/** What is left of the imports of a file when it runs: those of types alone are gone. */
function runtimeImportsOf(file: string): Import[] {
  const text = readFileSync(path.join(SOURCE, file), 'utf8');
  const withoutTypes = text
    .replaceAll(/^\s*(?:import|export)\s+type\s[^'";]*?\sfrom\s'[^']+'/gm, '')
    .replaceAll(/^\s*(?:import|export)\s\{(?:\s*type\s[^,{}]+,?)+\s*\}\sfrom\s'[^']+'/gm, '');
  return importsIn(file, withoutTypes);
}

/** One sentence for each pure file that reaches what is no computation, with the way to it. @param graph by file: what it imports when it runs */
function impurities(graph: ReadonlyMap<string, readonly Import[]>): string[] {
  return [...graph.keys()].filter((file) => PURE.includes(folderOf(file))).flatMap((start) => {
    const cameFrom = new Map<string, string | null>([[start, null]]);
    for (const file of cameFrom.keys()) {
      for (const { to } of graph.get(file) ?? []) {
        if (to.startsWith('node:') && !COMPUTATION.has(to)) return [`${start} is pure and reaches ${to}: ${wayTo(file, cameFrom)}`];
        const next = path.posix.join(path.posix.dirname(file), to).replace(/\.js$/, '.ts');
        const isName = NAMES[folderOf(file)]?.includes(next) ?? false;
        if (to.startsWith('.') && !isName && !cameFrom.has(next)) cameFrom.set(next, file);
      }
    }
    return [];
  });
}

function wayTo(file: string, cameFrom: ReadonlyMap<string, string | null>): string {
  const before = cameFrom.get(file);
  return before ? `${wayTo(before, cameFrom)} > ${file}` : file;
}

const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll(path.sep, '/'))
  .filter((file) => file.endsWith('.ts'));

describe('imports', () => {
  it('run downwards, and outside packages stay where they belong', () => {
    const imports = files.flatMap(importsOf);
    expect(imports.length).toBeGreaterThan(50);
    expect(violations(imports)).toEqual([]);
  });

  it.each([
    ['of a folder that is lower and not allowed', { from: 'verdict/judge.ts', to: '../events/bus.js' }],
    ['upwards', { from: 'scenarios/parse.ts', to: '../report/terminal.js' }],
    ['from anywhere into cli', { from: 'experiment/run.ts', to: '../cli/main.js' }],
    ['of a package outside its place', { from: 'measurement/trial.ts', to: 'autocannon' }],
    ['of I/O in a pure folder', { from: 'verdict/judge.ts', to: 'node:fs' }],
    ['of I/O in what measures', { from: 'measurement/trial.ts', to: 'node:fs' }],
    ['of a package nobody has placed', { from: 'cli/main.ts', to: 'left-pad' }],
  ])('fails when violated: an import %s', (_, planted) => {
    expect(violations([planted])).toHaveLength(1);
  });

  it('are all needed: nothing is allowed that nobody imports, and nothing upwards', () => {
    const used = new Set(files.flatMap(importsOf).filter(({ to }) => to.startsWith('.')).map(({ from, to }) => `${folderOf(from)} > ${folderOf(path.posix.join(path.posix.dirname(from), to))}`));
    const allowed = Object.entries(ALLOWED).flatMap(([folder, targets]) => targets.map((target): [string, string] => [folder, target]));
    expect(allowed.filter(([folder, target]) => !used.has(`${folder} > ${target}`))).toEqual([]);
    expect(allowed.filter(([folder, target]) => FOLDERS.indexOf(target) >= FOLDERS.indexOf(folder))).toEqual([]);
  });

  it('leave pure folders pure, through whatever they import', () => {
    expect(impurities(new Map(files.map((file) => [file, runtimeImportsOf(file)])))).toEqual([]);
  });

  it('fail when a pure folder reaches I/O through another, and tell the way', () => {
    const planted = new Map([
      ['verdict/judge.ts', [{ from: 'verdict/judge.ts', to: '../base/helper.js' }]],
      ['base/helper.ts', [{ from: 'base/helper.ts', to: './files.js' }]],
      ['base/files.ts', [{ from: 'base/files.ts', to: 'node:fs' }]],
    ]);
    expect(impurities(planted)).toEqual(['verdict/judge.ts is pure and reaches node:fs: verdict/judge.ts > base/helper.ts > base/files.ts']);
  });

  it('knows every folder', () => {
    expect(new Set(files.map(folderOf))).toEqual(new Set(FOLDERS));
  });
});

describe('docs/architecture.md', () => {
  const top = path.resolve(import.meta.dirname, '..');
  const page = readFileSync(path.join(top, 'docs/architecture.md'), 'utf8');

  it('names files that are there', () => {
    // `finding-*.ts` stands for several, `NAME.ts` for one that would be new.
    const named = [...page.matchAll(/`((?:[\w.-]+\/)+[\w.-]+\.(?:ts|js))`/g)].map(([, file = '']) => file).filter((file) => !file.includes('NAME'));
    expect(named.length).toBeGreaterThan(50);
    expect([...new Set(named)].filter((file) => ![file, `src/${file}`].some((place) => existsSync(path.join(top, place))))).toEqual([]);
  });
});
