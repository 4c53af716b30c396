/** `export compose`, by the structure of what it writes. */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseScenario } from '../../src/scenarios/parse.js';
import type { Scenario } from '../../src/scenarios/scenario.js';
import { subjectOf } from '../../src/scenarios/subject.js';
import { exported, parsed } from './commands.js';

interface Service {
  image?: string;
  build?: string;
  command?: string[];
  restart: unknown;
  user?: string;
  env_file?: string[];
  environment?: Record<string, string>;
  volumes?: string[];
  healthcheck?: { test: string[] };
  depends_on?: Record<string, { condition: string }>;
}

let folder = '';
beforeEach(() => void (folder = mkdtempSync(path.join(tmpdir(), 'compose-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const file = (name: string): string => readFileSync(path.join(folder, 'run', name), 'utf8');

async function services(...args: string[]): Promise<Record<string, Service>> {
  expect(await exported(folder, 'compose', 'checkout', '-a', 'hybrid', '-R', '50', '-d', '5s', ...args)).toMatchObject({ code: 0, err: '' });
  // Compose reads YAML 1.2, podman-compose 1.1: it has to be the same.
  const [old, now] = (['1.1', '1.2'] as const).map((version) => parse(file('compose.yaml'), { version }) as { services: Record<string, Service> });
  expect(old).toEqual(now);
  return now!.services;
}

/** Ours: not of others' images. */
const isOurs = ({ build }: Service): boolean => build === '.';
const PINNED = /^[\w./-]+:\d+\.\d+\.\d+(-\w+)?$/;

describe('export compose', () => {
  it.each([
    [['--bus', 'nats', '--load-workers', '2'], ['broker', 'control', 'services', 'server', 'consumers', 'generator', 'worker-1', 'worker-2', 'collect']],
    [['--bus', 'kafka'], ['broker', 'control', 'services', 'server', 'consumers', 'generator', 'worker-1', 'collect']],
    [['--bus', 'nats', '--bus-url', 'nats://10.0.0.5:4222'], ['control', 'services', 'server', 'consumers', 'generator', 'worker-1', 'collect']],
    [[], ['control', 'services', 'server', 'generator', 'worker-1', 'collect']],
  ])('has the processes that the roles have: %j', async (args, names) => {
    const all = await services(...args);
    expect(Object.keys(all)).toEqual(names);
    for (const service of Object.values(all)) {
      expect(service.image).toMatch(PINNED);
      expect(service.restart).toBe('no');
      expect(service.env_file).toEqual(isOurs(service) ? ['token.env'] : undefined);
      for (const name of Object.keys(service.depends_on ?? {})) expect(names).toContain(name);
    }
  });

  it('has commands that our own program takes', async () => {
    const all = await services('--bus', 'redis', '--publish', 'confirmed', '--seed', '7');
    const ours = Object.entries(all).filter(([, service]) => isOurs(service));
    const options = Object.fromEntries(await Promise.all(ours.map(async ([name, { command }]) => [name, await parsed(command!)] as const)));
    expect(options['control']).toMatchObject({ architectures: ['hybrid'], seed: 7, bus: 'redis', busUrl: 'redis://broker:6379', publish: 'confirmed', host: '0.0.0.0', keep: '/run/load' });
    for (const role of ['services', 'server', 'consumers']) expect(options[role]).toMatchObject({ join: `http://control:${String(options['control']?.['port'])}`, host: '0.0.0.0', args: [role, 'checkout'].slice(0, 1) });
    expect(options['collect']).toMatchObject({ end: 'http://control:7000', args: ['/run/load'] });
    // Each is asked at the port that it listens on, at a path that it has.
    for (const [name, { healthcheck }] of ours.filter(([role]) => role !== 'collect')) {
      expect(healthcheck?.test.at(-1)).toBe(`http://127.0.0.1:${String(options[name]?.['port'])}/${name === 'control' ? 'live' : 'ready'}`);
    }
    expect(file('load/locustfile.py')).toContain(`TARGET = "http://server:${String(options['server']?.['port'])}/orders"`);
  });

  it('serves what is loaded', async () => {
    await services();
    const { scenario } = JSON.parse(file('load/export.json')) as { scenario: Scenario };
    expect(subjectOf(parseScenario(file('scenario.yaml'), { file: 'scenario.yaml' }), 'hybrid')).toEqual(subjectOf(scenario, 'hybrid'));
  });

  it('starts each when those are ready that it needs, and collects in the end', async () => {
    const all = await services('--bus', 'postgres', '--load-workers', '2');
    const after = (name: string): string[] => Object.entries(all[name]?.depends_on ?? {}).map(([other, { condition }]) => `${other} ${condition}`);
    expect(after('control')).toEqual(['broker service_healthy']);
    expect(after('server')).toEqual(['control service_healthy']);
    expect(after('generator')).toEqual(['services service_healthy', 'server service_healthy', 'consumers service_healthy']);
    expect(after('collect')).toEqual(['worker-1 service_started', 'worker-2 service_started', 'generator service_completed_successfully']);
    const healthy = Object.keys(all).flatMap(after).filter((words) => words.endsWith('service_healthy')).map((words) => words.split(' ')[0]!);
    for (const name of healthy) expect([name, all[name]?.healthcheck?.test[0]]).toEqual([name, 'CMD']);
    expect(all['generator']?.command).toEqual(expect.arrayContaining(['--expect-workers', '2']));
  });

  it('has a secret of its own, that only its owner reads', async () => {
    await services();
    const [, token = ''] = /^SYNC_VS_EVENTS_TOKEN=([0-9a-f]{48})\n$/.exec(file('token.env')) ?? [];
    expect(token).not.toBe('');
    expect(statSync(path.join(folder, 'run', 'token.env')).mode & 0o77).toBe(0);
    for (const name of ['compose.yaml', 'Dockerfile', 'README.md', 'load/export.json']) expect(file(name)).not.toContain(token);
    await exported(folder, 'compose', 'checkout', '-a', 'hybrid', '-R', '50', '--force');
    expect(file('token.env')).not.toContain(token);
  });

  it('has an image of two stages, not of root, whose program is process 1', async () => {
    await services('--bus', 'nats');
    const lines = file('Dockerfile').split('\n');
    expect(lines.filter((line) => line.startsWith('FROM '))).toHaveLength(2);
    expect(lines.find((line) => line.startsWith('ARG NODE='))).toMatch(/^ARG NODE=node:\d+\.\d+\.\d+-\w+-slim$/);
    expect(lines.filter((line) => line.startsWith('USER '))).toEqual(['USER 1000:1000']);
    const entry = JSON.parse(lines.find((line) => line.startsWith('ENTRYPOINT '))!.slice('ENTRYPOINT '.length)) as string[];
    expect(entry).toEqual(['node', '/app/node_modules/sync-vs-events/bin/sync-vs-events.js']);
    expect(lines.find((line) => line.startsWith('RUN '))).toContain('@nats-io/jetstream@3.3.1');
    // What is built with, and nothing else of the folder: it has a secret.
    expect(file('.dockerignore').split('\n')).toEqual(['*', '!probe.mjs', '!*.tgz', '!ca.pem', '']);
  });

  it.each([
    [['-a', 'hybrid', '--target', 'http://10.0.0.1'], '--target is where a server is, and a whole run has one of its own'],
    [['-a', 'hybrid', '--bus', 'outbox'], '--bus outbox is a file, which hosts of their own do not share'],
    [['-a', 'sync', '--bus', 'nats'], '--bus is about events, and nothing here publishes any'],
    [['-a', 'hybrid', '--bus', 'nats', '--bus-url', 'nats://me:secret@host'], 'who one is is not written into files'],
    [['-a', 'sync,hybrid'], 'One export is one subject under one load'],
  ])('refuses %j', async (args, message) => {
    const { code, err } = await exported(folder, 'compose', 'checkout', '-c', '5', ...args);
    expect([code, err]).toEqual([2, expect.stringContaining(message)]);
    expect(err).not.toContain('secret@');
  });

  it('refuses real services', async () => {
    writeFileSync(path.join(folder, 'real.yaml'), 'services: { pay: { url: "http://127.0.0.1:9/pay" } }\nsteps: [pay!]\nload: { users: [1] }\n');
    const { code, err } = await exported(folder, 'compose', 'real.yaml', '-a', 'sync');
    expect([code, err]).toEqual([2, expect.stringContaining('pay is a real service')]);
  });
});
