/** `export kubernetes`, by the structure of what it writes. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { exported, parsed } from './commands.js';
import { containers, pods, type Manifest } from './manifests.js';

let folder = '';
beforeEach(() => void (folder = mkdtempSync(path.join(tmpdir(), 'kubernetes-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const file = (name: string): string => readFileSync(path.join(folder, 'run', name), 'utf8');

async function manifests(...args: string[]): Promise<Manifest[]> {
  expect(await exported(folder, 'kubernetes', 'checkout', '-a', 'hybrid', '-R', '50', '-d', '5s', ...args)).toMatchObject({ code: 0, err: '' });
  const { resources } = parse(file('kustomization.yaml')) as { resources: string[] };
  return resources.flatMap((name) => parseAllDocuments(file(name)).map((document) => document.toJS() as Manifest));
}

describe('export kubernetes', () => {
  it('restarts nothing that is measured, gives it whole cores of its own, and is not root', async () => {
    const all = await manifests('--bus', 'nats', '--load-workers', '3');
    expect(all.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
      'Namespace sync-vs-events', 'Pod broker', 'Service broker', 'Job run', 'Service control', 'Service generator',
      'Job services', 'Service services', 'Job server', 'Service server', 'Job consumers', 'Service consumers', 'Job worker',
    ]);
    for (const [, pod] of pods(all)) {
      expect(pod.restartPolicy).toBe('Never');
      expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 1000 });
    }
    for (const { spec } of all.filter(({ kind }) => kind === 'Job')) expect(spec.backoffLimit).toBe(0);
    for (const { name, image, resources, securityContext, restartPolicy } of containers(all)) {
      expect(resources.requests).toEqual(resources.limits);
      expect(resources.limits['cpu']).toMatch(/^\d+$/);
      expect(securityContext).toEqual({ allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } });
      expect(image).toMatch(/^(sync-vs-events|[\w./-]+:\d+\.\d+\.\d+(-\w+)?)$/);
      // The control line lives as long as its pod: that is what a container beside others is.
      expect(restartPolicy).toBe(name === 'control' ? 'Always' : undefined);
    }
    expect(all.find(({ metadata }) => metadata.name === 'worker')?.spec.completions).toBe(3);
  });

  it('keeps load and server apart', async () => {
    const all = Object.fromEntries(pods(await manifests('--bus', 'nats')));
    const apart = (name: string): string[] => all[name]?.affinity?.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0]?.labelSelector.matchExpressions[0]?.values ?? [];
    expect([apart('server'), apart('run'), apart('worker'), apart('services')]).toEqual([['run', 'worker'], ['server'], ['server'], []]);
  });

  it('has commands that our own program takes, and asks ports and paths that are there', async () => {
    const all = await manifests('--bus', 'rabbitmq');
    const ours = containers(all).filter(({ image, command }) => image === 'sync-vs-events' && !command);
    expect(ours.map(({ name }) => name)).toEqual(['control', 'collect', 'services', 'server', 'consumers']);
    for (const { name, args, ports } of ours) {
      const options = await parsed(args!);
      expect([name, options['port'], options['host']]).toEqual(name === 'collect' ? [name, undefined, undefined] : [name, ports?.[0]?.containerPort, '0.0.0.0']);
    }
    const run = pods(all).find(([name]) => name === 'run')![1];
    expect(run.initContainers?.map(({ name }) => name)).toEqual(['wait', 'control', 'generator']);
    expect(run.initContainers?.[1]?.startupProbe?.httpGet).toEqual({ path: '/ready', port: 7000 });
    // A name and a port for everything that is called.
    const named = new Set(all.filter(({ kind }) => kind === 'Service').map(({ metadata, spec }) => `${metadata.name}:${String(spec.ports?.[0]?.port)}`));
    const called = containers(all).flatMap(({ command = [], args = [] }) => [...command, ...args]).flatMap((word) => /^\w+:\/\/([\w.]+:\d+)/.exec(word)?.[1] ?? []);
    expect(called.length).toBeGreaterThan(6);
    for (const address of called) expect(named).toContain(address);
    expect(file('load/locustfile.py')).toContain('http://server:3000/orders');
  });

  it('mounts what there is', async () => {
    for (const [, pod] of pods(await manifests())) {
      const names = pod.volumes.map(({ name }) => name);
      for (const { volumeMounts } of [...(pod.initContainers ?? []), ...pod.containers]) for (const { name } of volumeMounts) expect(names).toContain(name);
    }
    const { configMapGenerator, secretGenerator } = parse(file('kustomization.yaml')) as Record<string, { name: string; files: string[]; envs: string[] }[]>;
    for (const name of [...configMapGenerator![0]!.files, ...secretGenerator![0]!.envs]) expect(existsSync(path.join(folder, 'run', name))).toBe(true);
  });
});
