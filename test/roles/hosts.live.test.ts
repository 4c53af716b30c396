/**
 * Hosts, imitated: a network namespace and a monotonic clock for each role, and a wire of 5 ms between one of them and the
 * control line. The truth is known all the same, because the clocks are those of one machine, moved by whole days.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readHistory } from '../../src/events/durable.js';
import type { HistoryEntry } from '../../src/events/history.js';
import { decodeFloats } from '../../src/measurement/samples.js';
import { needs } from '../support/needs.js';
import { Commands, type Command } from './commands.js';

/** Consumers that cannot keep up: a lag that any clock can measure. */
const SHOP = `
services: { payment: { latency: 30ms }, email: { latency: 40ms, workers: 2 } }
steps: [payment!, email]
load: { users: [2], duration: 5s, warmup: 1s, drain: 30s }
`;

const TOKEN = 'open-sesame';
const DAY = 86_400;
/** Role, its network, and by how many days its clock is before that of the others. */
const HOSTS = { services: { net: 1, days: 3 }, server: { net: 2, days: 1 }, consumers: { net: 3, days: 2 } } as const;
type Role = keyof typeof HOSTS;

const id = process.pid.toString(36);
const namespace = (host: string): string => `sve-${id}-${host}`;
const address = (net: number, side: 1 | 2): string => `10.77.${net}.${side}`;

function ip(...args: string[]): void {
  execFileSync('ip', args, { stdio: 'pipe' });
}

/** A network of the control's own, and one of each role, joined by a wire; the control forwards between them. */
function makeHosts(): void {
  const control = namespace('control');
  ip('netns', 'add', control);
  ip('-n', control, 'link', 'set', 'lo', 'up');
  ip('netns', 'exec', control, 'sh', '-c', 'echo 1 > /proc/sys/net/ipv4/ip_forward');
  for (const [role, { net }] of Object.entries(HOSTS)) {
    const own = namespace(role);
    ip('netns', 'add', own);
    ip('link', 'add', `v${net}a${id}`, 'netns', control, 'type', 'veth', 'peer', 'name', `v${net}b${id}`, 'netns', own);
    for (const [where, name, side] of [[control, `v${net}a${id}`, 1], [own, `v${net}b${id}`, 2]] as const) {
      ip('-n', where, 'addr', 'add', `${address(net, side)}/24`, 'dev', name);
      ip('-n', where, 'link', 'set', name, 'up');
    }
    ip('-n', own, 'link', 'set', 'lo', 'up');
    ip('-n', own, 'route', 'add', 'default', 'via', address(net, 1));
  }
}

function removeHosts(): void {
  for (const host of ['control', ...Object.keys(HOSTS)]) {
    try {
      ip('netns', 'del', namespace(host));
    } catch {
      // It was not made.
    }
  }
}

let commands: Commands;
beforeEach(() => {
  commands = new Commands();
  writeFileSync(path.join(commands.folder, 'shop.yaml'), SHOP);
  makeHosts();
});
afterEach(async () => {
  await commands.end();
  removeHosts();
});

const inControl = (program: string, ...args: string[]): Command => commands.startProgram('ip', ['netns', 'exec', namespace('control'), program, ...args]);
const inRole = (role: Role, ...args: string[]): Command =>
  commands.startProgram('ip', ['netns', 'exec', namespace(role), 'unshare', '-T', '--kill-child', '--monotonic', String(HOSTS[role].days * DAY), process.execPath, ...args]);

const SERVE = [commandPath(), 'serve'];
function commandPath(): string {
  return path.join(import.meta.dirname, '../../bin/sync-vs-events.js');
}

/** The true lag of every event, ascending: from its publish to the first start of its consumer, on one clock. */
function trueLags(folder: string): number[] {
  const entries = (role: Role): HistoryEntry[] => readHistory(path.join(folder, `orders.${role}.history`)).filter(({ request }) => request >= 0);
  const onOne = (role: Role, at: number): number => at - HOSTS[role].days * DAY * 1000;
  const published = new Map(entries('server').filter(({ kind }) => kind === 'attempted').map(({ event, at }) => [event, onOne('server', at)]));
  const starts = new Map<string, number>();
  for (const { kind, event, at } of entries('consumers')) if (kind === 'started' && !starts.has(event)) starts.set(event, onOne('consumers', at));
  return [...starts].map(([event, at]) => at - published.get(event)!).toSorted((a, b) => a - b);
}

/** A run on these hosts: its control line, its roles, and what sends its load when it is told to. */
interface Hosts {
  control: Command;
  roles: Record<Role, Command>;
  url: string;
  load: () => Promise<void>;
}

/** Starts the bus, the control line and the roles, one of them at the end of a wire. */
async function started(): Promise<Hosts> {
  const broker = inControl('nats-server', '-js', '-a', '0.0.0.0', '-p', '4222', '-sd', path.join(commands.folder, 'nats'));
  await broker.says(/Server is ready/);
  const bus = ['--bus', 'nats', '--bus-url', `nats://${address(2, 1)}:4222`];
  const token = ['--token', TOKEN];
  const control = inControl(process.execPath, ...SERVE, 'control', 'shop.yaml', '-a', 'hybrid', ...bus, '--host', '0.0.0.0', '-p', '4000', '--yes', '--keep', 'load', ...token);
  await control.says(/control line of/);
  const wire = inRole('consumers', path.join(import.meta.dirname, '../support/delay.js'), '4001', address(3, 1), '4000', '5');
  await wire.says(/ready/);
  const roles = {
    services: inRole('services', ...SERVE, 'services', '--join', `http://${address(1, 1)}:4000`, '--host', '0.0.0.0', '--yes', ...token),
    server: inRole('server', ...SERVE, 'server', '--join', `http://${address(2, 1)}:4000`, '--host', '0.0.0.0', '-p', '3000', '--yes', ...token),
    consumers: inRole('consumers', ...SERVE, 'consumers', '--join', 'http://127.0.0.1:4001', ...token),
  };
  const url = await control.says(/serves at (\S+)/);
  expect(await commands.run('export', 'locust', 'shop.yaml', '-a', 'hybrid', '--target', url, '-R', '60', '-o', 'load')).toMatchObject({ code: 0 });
  const load = async (): Promise<void> => {
    await inControl('locust', '-f', 'load/locustfile.py', '--headless', '-u', '1', '-r', '1', '-t', '60s').ended;
    renameSync(path.join(commands.folder, 'rows.jsonl'), path.join(commands.folder, 'load/rows.jsonl'));
  };
  return { control, roles, url, load };
}

/** What is wrong, but for machines that have no time. */
const BOOKS = /books|role|end in order|bus held|clock/;

describe('hosts', { timeout: 180_000, ...needs('ip', 'iptables', 'unshare', 'nats', 'locust') }, () => {
  it('with clocks of their own become one record, whose lags are within the stated bound of the truth', async () => {
    const { control, roles, url, load } = await started();
    expect(url).toBe(`http://${address(2, 2)}:3000`);
    await load();
    control.process.kill('SIGTERM');
    expect(await control.ended).toBe(0);
    for (const role of Object.values(roles)) expect(await role.ended).toBe(0);
    const { trial } = await commands.collected('load');
    const { clocks, events } = trial;
    expect(trial.validity.problems.filter((problem) => BOOKS.test(problem))).toEqual([]);
    expect([trial.outcomes.sent, trial.server.received]).toEqual([300, 300]);
    expect(events).toMatchObject({ acknowledged: 300, processed: 300, lost: 0, pending: 0 });
    for (const role of ['server', 'consumers'] as const) {
      const { offset, bound } = clocks!.hosts[role]!;
      expect(Math.abs(offset + HOSTS[role].days * DAY * 1000)).toBeLessThanOrEqual(bound);
    }
    // Half of what the wire takes there and back is as well as that clock can be known.
    expect(clocks!.hosts['consumers']!.roundTrip).toBeGreaterThanOrEqual(10);
    expect(clocks!.hosts['consumers']!.bound).toBeGreaterThanOrEqual(5);
    const measured = decodeFloats(events!.samples!.lag);
    const truth = trueLags(path.join(commands.folder, 'load'));
    expect(measured).toHaveLength(truth.length);
    const errors = truth.map((lag, i) => Math.abs(lag - measured[i]!));
    expect(Math.max(...errors)).toBeLessThanOrEqual(clocks!.lagBound + 0.01);
    expect(readFileSync(path.join(commands.folder, 'run.json'), 'utf8')).not.toContain(TOKEN);
  });

  it('that lose the line in the middle serve on, and all is accounted for', async () => {
    const { control, roles, load } = await started();
    // Written while it runs.
    const rows = path.join(commands.folder, 'rows.jsonl');
    const loading = load();
    await until(() => existsSync(rows) && readFileSync(rows, 'utf8').length > 0);
    // The control line, and nothing else of it: the bus is on another port.
    const cut = (how: '-A' | '-D'): void => ip('netns', 'exec', namespace('control'), 'iptables', how, 'INPUT', '-p', 'tcp', '--dport', '4000', '-j', 'DROP');
    cut('-A');
    await sleep(3000);
    cut('-D');
    await loading;
    control.process.kill('SIGTERM');
    expect(await control.ended).toBe(0);
    for (const role of Object.values(roles)) expect(await role.ended).toBe(0);
    const { trial } = await commands.collected('load');
    expect(trial.validity.problems.filter((problem) => BOOKS.test(problem))).toEqual([]);
    expect([trial.outcomes.sent, trial.server.received]).toEqual([300, 300]);
    expect(trial.events).toMatchObject({ acknowledged: 300, processed: 300, lost: 0, pending: 0 });
  });
});

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(50);
}
