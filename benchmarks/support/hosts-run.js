/** A run on imitated hosts: the broker, the control line and each role on one of its own, and the load from others. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { readHistory } from '../../dist/events/durable.js';
import { COMMAND } from './bench.js';
import { Commands } from './commands.js';
import { Hosts } from './hosts.js';

export const TOKEN = 'open-sesame';
export const LAYOUT = {
  control: {},
  broker: { days: 6 },
  services: { days: 3, wire: 5 },
  server: { days: 1 },
  consumers: { days: 2, wire: 5 },
  master: { days: 4 },
  'worker-1': { days: 5, wire: 5 },
  'worker-2': { days: 7, wire: 5 },
};
const ROLES = ['services', 'server', 'consumers'];
const WORKERS = ['worker-1', 'worker-2'];
/** Longest that Locust waits for its workers, and then runs, s; it ends by itself. */
const WAIT = '60';
const LONGEST = '300s';

export class HostsRun {
  commands = new Commands();

  constructor(layout = LAYOUT) {
    this.hosts = new Hosts(layout, this.commands);
  }

  async start(scenario) {
    const { hosts, commands } = this;
    writeFileSync(path.join(commands.folder, 'shop.yaml'), scenario);
    await hosts.make();
    await hosts.start('broker', 'nats-server', '-js', '-a', '0.0.0.0', '-p', '4222', '-sd', path.join(commands.folder, 'nats')).says(/Server is ready/);
    const bus = ['--bus', 'nats', '--bus-url', `nats://${hosts.address('broker')}:4222`];
    const listens = ['--host', '0.0.0.0', '--yes', '--token', TOKEN];
    this.control = this.#ours('control', 'serve', 'control', 'shop.yaml', '-a', 'hybrid', ...bus, ...listens, '-p', '4000', '--keep', 'load');
    await this.control.says(/control line of/);
    const join = ['--join', `http://${hosts.address('control')}:4000`, ...listens];
    this.roles = Object.fromEntries(ROLES.map((role) => [role, this.#ours(role, 'serve', role, ...join, '-p', role === 'server' ? '3000' : '0')]));
    this.url = await this.control.says(/serves at (\S+)/);
  }

  async loadWithLocust(...load) {
    const { commands, hosts, url } = this;
    const { code, said } = await commands.run('export', 'locust', 'shop.yaml', '-a', 'hybrid', '--target', url, ...load, '-o', 'load');
    if (code !== 0) throw new Error(said);
    const locust = (host, ...args) => hosts.start(host, 'env', 'ROWS_FILE=load/rows.jsonl', 'locust', '-f', 'load/locustfile.py', ...args);
    const cluster = ['--expect-workers', String(WORKERS.length), '--expect-workers-max-wait', WAIT];
    const master = locust('master', '--headless', '-u', '1', '-r', '1', '-t', LONGEST, '--master', ...cluster);
    const workers = WORKERS.map((host) => locust(host, '--worker', '--master-host', hosts.address('master')));
    await Promise.all([master, ...workers].map(({ ended }) => ended));
  }

  async loadWithOurs(...load) {
    const { folder } = this.commands;
    writeFileSync(path.join(folder, 'ours.yaml'), JSON.stringify({ targets: { hosts: { url: `${this.url}/orders`, method: 'POST' } } }));
    const bench = this.#ours('worker-1', 'bench', 'ours.yaml', ...load, '--yes', '--quiet', '--no-progress', '-o', 'json=ours.json');
    return { code: await bench.ended, said: bench.said(), file: path.join(folder, 'ours.json') };
  }

  async finish() {
    this.control.process.kill('SIGTERM');
    return Promise.all([this.control, ...Object.values(this.roles)].map(({ ended }) => ended));
  }

  trueLags() {
    const entries = (role) =>
      readHistory(path.join(this.commands.folder, 'load', `orders.${role}.history`))
        .filter(({ request }) => request >= 0)
        .map(({ kind, event, at }) => ({ kind, event, at: at - this.hosts.ahead(role) }));
    const published = new Map(entries('server').filter(({ kind }) => kind === 'attempted').map(({ event, at }) => [event, at]));
    const starts = new Map();
    for (const { kind, event, at } of entries('consumers')) if (kind === 'started' && !starts.has(event)) starts.set(event, at);
    return [...starts].map(([event, at]) => at - published.get(event)).toSorted((a, b) => a - b);
  }

  async end() {
    await this.commands.end();
    this.hosts.remove();
  }

  #ours(host, ...args) {
    return this.hosts.start(host, process.execPath, COMMAND, ...args);
  }
}
