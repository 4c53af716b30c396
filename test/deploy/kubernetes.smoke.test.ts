/** `export kubernetes` as kustomize renders it: names, images and files as the cluster would have them. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { needs } from '../support/needs.js';
import { exported } from './commands.js';
import { containers, pods, type Manifest } from './manifests.js';

it('kubectl renders it, with the image, the namespace and the files that it is given', needs('kubectl'), async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'kustomize-'));
  try {
    const args = ['checkout', '-a', 'hybrid', '-R', '50', '--bus', 'nats', '--image', 'registry.example/team/sync:9.9.9'];
    expect(await exported(folder, 'kubernetes', ...args)).toMatchObject({ code: 0, err: '' });
    const text = execFileSync('kubectl', ['kustomize', path.join(folder, 'run')], { encoding: 'utf8' });
    const all = parseAllDocuments(text).map((document) => document.toJS() as Manifest & { data?: Record<string, string> });
    expect(all.map(({ kind, metadata }) => [kind, metadata.namespace])).toEqual(all.map(({ kind }) => [kind, kind === 'Namespace' ? undefined : 'sync-vs-events']));
    expect(new Set(containers(all).map(({ image }) => image))).toEqual(new Set(['registry.example/team/sync:9.9.9', 'locustio/locust:2.32.2', 'nats:2.10.22-alpine']));
    const map = all.find(({ kind }) => kind === 'ConfigMap');
    expect(Object.keys(map?.data ?? {})).toEqual(['export.json', 'locustfile.py', 'scenario.yaml']);
    // Names of what is generated end with a hash, wherever they are used.
    const used = pods(all).flatMap(([, { volumes }]) => volumes.flatMap(({ configMap }) => configMap?.name ?? []));
    expect(new Set(used)).toEqual(new Set([map?.metadata.name]));
  } finally {
    rmSync(folder, { recursive: true });
  }
});
