/** The architecture as a test: which folder may import which, and which file may import which outside package. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

/** From the ground up: a folder imports only from itself and from those before it. */
const FOLDERS = [
  'base',
  'processes',
  'scenarios',
  'services',
  'events',
  'architectures',
  'load',
  'measurement',
  'simulation',
  'verdict',
  'advice',
  'traces',
  'engines',
  'report',
  'experiment',
  'roles',
  'cli',
  // The other way in: what programs call.
  'programs',
];

/** Outside packages, and where alone they may be imported. */
const PACKAGES: Record<string, RegExp> = {
  autocannon: /^load\/client\.ts$/,
  express: /^architectures\//,
  yaml: /^scenarios\//,
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
  bullmq: /^events\/adapters\/bullmq/,
  ioredis: /^events\/adapters\/bullmq/,
  amqplib: /^events\/adapters\/rabbitmq/,
  '@platformatic/kafka': /^events\/adapters\/kafka/,
  pg: /^events\/adapters\/postgres/,
};

/** Folders that touch no file, socket, process or clock. */
const PURE = ['scenarios', 'simulation', 'verdict', 'advice', 'traces', 'engines'];

/** Node modules that are only computation. */
const COMPUTATION = new Set(['node:path', 'node:util', 'node:zlib']);

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
      if (FOLDERS.indexOf(target) <= FOLDERS.indexOf(folder)) return [];
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
  const text = readFileSync(path.join(SOURCE, file), 'utf8');
  const pattern = /^\s*(?:import|export)\s(?:[^'";]*?\sfrom\s)?'([^']+)'|\bimport\('([^']+)'\)|\brequire\('([^']+)'\)/gm;
  return [...text.matchAll(pattern)].map((match) => ({ from: file, to: match[1] ?? match[2] ?? match[3] ?? '' }));
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
    ['upwards', { from: 'scenarios/parse.ts', to: '../report/terminal.js' }],
    ['from anywhere into cli', { from: 'experiment/run.ts', to: '../cli/main.js' }],
    ['of a package outside its place', { from: 'measurement/trial.ts', to: 'autocannon' }],
    ['of I/O in a pure folder', { from: 'verdict/judge.ts', to: 'node:fs' }],
    ['of a package nobody has placed', { from: 'cli/main.ts', to: 'left-pad' }],
  ])('fails when violated: an import %s', (_, planted) => {
    expect(violations([planted])).toHaveLength(1);
  });

  it('knows every folder', () => {
    expect(new Set(files.map(folderOf))).toEqual(new Set(FOLDERS));
  });
});
