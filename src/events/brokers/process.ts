/**
 * The process that minds one private broker. It ends with its parent, however that died, and takes the broker and its
 * folder with it; where it is killed itself, a reaper does.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { serveParent } from '../../processes/channel.js';
import { removeFolder, temporaryFolder } from '../../processes/folder.js';
import { startReaper, type Reaper } from '../../processes/reaper.js';
import { answers } from './probe.js';
import { BUSES, type BrokerKind } from '../buses.js';
import { findBroker } from './find.js';
import type { BrokerPlace, PrivateBroker } from './private-broker.js';

/** Functions of the process. */
export type BrokerRemote = {
  /** Prepares a folder and free ports, and starts the broker. */
  start(options: { kind: BrokerKind; settings: string }): Promise<{ url: string; pid: number }>;
  /** Starts it again after its death, in the same place with the same data. */
  restart(): Promise<void>;
  /** Signals the broker and its helpers; after SIGKILL, resolves when it is dead. */
  signal(name: NodeJS.Signals): Promise<void>;
};

/** RabbitMQ takes 5-10 s on an idle machine, the others less than one. */
const START_WITHIN_MS = 60_000;
const PROBE_EVERY_MS = 20;

let kind: BrokerKind = 'nats';
let place: BrokerPlace | undefined;
let broker: ChildProcess | undefined;
let reaper: Reaper | undefined;

serveParent({
  start: async (options) => {
    kind = options.kind;
    const program = findBroker(kind);
    const folder = temporaryFolder(kind);
    reaper = startReaper(folder);
    const [port = 0, otherPort = 0] = await freePorts(2);
    place = { folder, port, otherPort };
    for (const [index, [name, text]] of Object.entries(BUSES[kind].broker.files(place)).entries()) {
      writeFileSync(path.join(folder, name), index === 0 ? `${text}\n${options.settings}` : text);
    }
    descriptor().prepare?.(place, program);
    return { url: BUSES[kind].broker.url(place), pid: await launch(place) };
  },
  restart: async () => {
    if (!place) throw new Error('The broker has never been started');
    if (isRunning()) throw new Error('The broker is still running');
    await launch(place);
  },
  signal: async (name) => {
    const ended = broker && isRunning() ? once(broker, 'exit') : undefined;
    signalBroker(name);
    if (name === 'SIGKILL') await ended;
  },
} satisfies BrokerRemote);

process.on('exit', () => {
  signalBroker('SIGKILL');
  if (place) removeFolder(place.folder);
});
for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(0));

function descriptor(): PrivateBroker {
  return BUSES[kind].broker;
}

async function launch(at: BrokerPlace): Promise<number> {
  const { args, env, probe, runsAs } = descriptor();
  const child = spawn(findBroker(kind), args(at), {
    cwd: at.folder,
    env: { ...process.env, ...env(at) },
    ...runsAs?.(),
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, so that helpers of the broker are signalled with it.
    detached: true,
  });
  broker = child;
  reaper?.watch(child.pid);
  child.once('exit', () => reaper?.watch(undefined));
  let said = '';
  const hear = (chunk: Buffer): void => void (said = (said + chunk.toString()).slice(-1000));
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  let failure: string | undefined;
  child.once('error', (error) => (failure = error.message));
  for (const until = Date.now() + START_WITHIN_MS; Date.now() < until; await sleep(PROBE_EVERY_MS)) {
    if (failure !== undefined || !isRunning()) {
      throw new Error(`The private ${kind} broker did not start: ${failure ?? lastLine(said)}`);
    }
    if (await answers(at.port, probe)) return child.pid ?? -1;
  }
  throw new Error(`The private ${kind} broker did not answer within ${START_WITHIN_MS / 1000} s: ${lastLine(said)}`);
}

function isRunning(): boolean {
  return broker !== undefined && broker.exitCode === null && broker.signalCode === null;
}

function signalBroker(name: NodeJS.Signals): void {
  if (!broker?.pid || !isRunning()) return;
  // Stopped first, so that it starts no more helpers while they are listed: one that outlives it can keep it from starting again.
  signalProcess(-broker.pid, 'SIGSTOP');
  // Helpers may have left the group: those of PostgreSQL lead one each.
  for (const id of [-broker.pid, ...childrenOf(broker.pid)]) signalProcess(id, name);
}

function signalProcess(id: number, name: NodeJS.Signals): void {
  try {
    process.kill(id, name);
  } catch {
    // It has just ended by itself.
  }
}

/** Processes that were started by one; none where the system does not tell. */
function childrenOf(parent: number): number[] {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=', '-o', 'ppid='], { encoding: 'utf8' });
  const pairs = (stdout ?? '').split('\n').map((line) => line.trim().split(/\s+/).map(Number));
  return pairs.flatMap(([id = 0, of]) => (of === parent ? [id] : []));
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}

/** Ports that were free a moment ago, held all at once so that they differ. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}
