/**
 * What `export` writes for Kubernetes and for operators in it, against the types made of Kubernetes' own OpenAPI document: by a compiler, which takes
 * no field that a type does not have. Values that a type leaves open (`restartPolicy` is any text there) are for other tests.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { locustTest, testRun } from '../../src/engines/operators.js';
import { exported } from './commands.js';

const ROOT = path.join(import.meta.dirname, '../..');
/** Of each kind, the module that has its type. */
const MODULES: Readonly<Record<string, string>> = { Job: 'batch/v1', Pod: 'core/v1', Service: 'core/v1', Namespace: 'core/v1', PersistentVolumeClaim: 'core/v1' };

interface Manifest {
  kind: string;
}

let folder = '';
beforeEach(() => void (folder = mkdtempSync(path.join(tmpdir(), 'schema-'))));
afterEach(() => rmSync(folder, { recursive: true }));

/** What the compiler has to say of objects as values of their types. */
function refused(objects: readonly Manifest[]): string[] {
  const kinds = [...new Set(objects.map(({ kind }) => kind))];
  const imports = kinds.map((kind) => `import type { ${kind} } from 'kubernetes-types/${MODULES[kind] ?? ''}';`);
  const values = objects.map((object, i) => `export const value${i}: ${object.kind} = ${JSON.stringify(object, null, 1)};`);
  writeFileSync(path.join(folder, 'manifests.ts'), [...imports, ...values].join('\n'));
  const compilerOptions = { strict: true, noEmit: true, types: [], module: 'nodenext', paths: { 'kubernetes-types/*': [`${ROOT}/node_modules/kubernetes-types/*.d.ts`] } };
  writeFileSync(path.join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['manifests.ts'] }));
  try {
    execFileSync(process.execPath, [path.join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', folder], { encoding: 'utf8', stdio: 'pipe' });
    return [];
  } catch (error) {
    return (error as { stdout: string }).stdout.split('\n').filter(Boolean);
  }
}

const documents = (text: string): Manifest[] => parseAllDocuments(text).map((document) => document.toJS() as Manifest);

/** All that kustomize would apply. */
async function manifests(...args: string[]): Promise<Manifest[]> {
  expect(await exported(folder, 'kubernetes', 'checkout', '-a', 'hybrid', '-R', '50', ...args)).toMatchObject({ code: 0, err: '' });
  const read = (name: string): string => readFileSync(path.join(folder, 'run', name), 'utf8');
  return (parse(read('kustomization.yaml')) as { resources: string[] }).resources.flatMap((name) => documents(read(name)));
}

describe('the manifests', () => {
  it.each([[[]], [['--bus', 'nats', '--load-workers', '3']], [['--bus', 'kafka']]])('have no field that Kubernetes does not have, and every field its type: %j', async (args) => {
    const all = await manifests(...args);
    expect(all.length).toBeGreaterThan(8);
    expect(refused(all)).toEqual([]);
  });

  it('are refused with a field too many, wherever it is, and with one of another type', async () => {
    const all = JSON.stringify(await manifests());
    const first = (field: string, instead: string): string[] => refused(JSON.parse(all.replace(field, instead)) as Manifest[]);
    expect(first('"allowPrivilegeEscalation"', '"allowPrivilegesEscalation"').join('\n')).toMatch(/allowPrivilegesEscalation.* does not exist in type 'SecurityContext'/);
    expect(first('"backoffLimit":0', '"backoffLimit":"0"').join('\n')).toMatch(/Type 'string' is not assignable to type 'number'/);
  });
});

it.each([['TestRun', testRun(3)], ['LocustTest', locustTest(3, 90)]])('what a %s brings with it is of Kubernetes as well', (_, text) => {
  const [, ...others] = documents(text);
  expect(others.map(({ kind }) => kind)).toEqual(['PersistentVolumeClaim', 'Pod']);
  expect(refused(others)).toEqual([]);
});
