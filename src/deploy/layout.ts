/** A run on many hosts as plain data: which processes there are, what each runs, where it listens and what it waits for. */
import { BUSES, type BusName } from '../events/buses.js';
import { LOCUST_IMAGE } from '../engines/operators.js';
import { CONTROL, type Role } from '../roles/run-folder.js';
import { BROKERS, type Broker } from './brokers.js';

/** What is run on many hosts. */
export interface Deployment {
  scenario: string;
  subject: string;
  seed: number;
  roles: readonly Role[];
  bus: BusName;
  /** A broker of the user's own, without anything secret; null: one is started. */
  busUrl: string | null;
  publish: string | null;
  /** Workers of the load generator. */
  workers: number;
  /** Longest that the load takes, from the order to begin, s. */
  longest: number;
  /** Name of the image, and its version after a colon. */
  image: string;
  /** Package that the image is made of, as npm takes it. */
  package: string;
  /** Who writes into the folder of the run. */
  user: { uid: number; gid: number };
}

/** One process of a run. */
export interface Process {
  name: string;
  /** An image of others; ours without it. */
  image?: string;
  /** Arguments of our own program, or of the image's entry point. */
  args: readonly string[];
  env?: Readonly<Record<string, string>>;
  /** Port by which others know it, and the path there that tells that it is ready; one without a path takes connections. */
  port?: number;
  readyPath?: string;
  /** Whole cores, and MiB of memory, that it has to itself. */
  cpu: number;
  memory: number;
}

/** Folder of the run in every container, as the load was exported to it. */
export const RUN_FOLDER = '/run/load';
/** Where the scenario is. */
export const SCENARIO_FILE = 'scenario.yaml';
export const SCENARIO_PLACE = '/run/scenario/scenario.yaml';
export const LOCUSTFILE = 'locustfile.py';
/** What all have to know, one NAME=VALUE a line. */
export const TOKEN_FILE = 'token.env';
/** What the README of an exported run says of it. */
export const TOKEN_NOTE = `\`${TOKEN_FILE}\` is a secret, made for this run: keep it out of repositories.`;

/** How that README begins. */
export function titleOf({ scenario, subject }: Deployment): string {
  return `# ${scenario} on ${subject}`;
}

/** Ports; each process has an address of its own. */
export const PORTS = { control: 7000, services: 7001, server: 3000, consumers: 7002, generator: 5557 } as const;
/** Address that is listened on: all of a container's. */
const ALL = '0.0.0.0';
const LISTEN = ['--host', ALL, '--yes'];

export const CONTROL_URL = `http://${CONTROL}:${PORTS.control}`;
export const SERVER_URL = `http://server:${PORTS.server}`;

/** Who starts, drains and ends the run, and keeps what all saw. */
export function controlOf({ subject, bus, busUrl, publish, seed }: Deployment): Process {
  const broker = busUrl ?? brokerOf(bus)?.url;
  const events = [...(bus === 'memory' ? [] : ['--bus', bus]), ...(broker === undefined ? [] : ['--bus-url', broker]), ...(publish === null ? [] : ['--publish', publish])];
  const args = ['serve', CONTROL, SCENARIO_PLACE, '-a', subject, '--seed', String(seed), ...events, '--keep', RUN_FOLDER, ...LISTEN, '-p', String(PORTS.control)];
  return { name: CONTROL, args, port: PORTS.control, readyPath: '/ready', cpu: 1, memory: 1024 };
}

/** One role. More than one core: what the runtime does beside its one thread is not to hold that up. */
export function roleOf(role: Role): Process {
  const args = ['serve', role, '--join', CONTROL_URL, ...LISTEN, '-p', String(PORTS[role])];
  return { name: role, args, port: PORTS[role], readyPath: '/ready', cpu: 2, memory: 2048 };
}

/** The broker between server and consumers; null where none is started. */
export function brokerProcess({ bus, busUrl }: Pick<Deployment, 'bus' | 'busUrl'>): (Process & { health: readonly string[] }) | null {
  const broker = busUrl === null ? brokerOf(bus) : undefined;
  if (!broker) return null;
  const { image, args, env, port, health } = broker;
  return { name: 'broker', image, args, env, port, health, cpu: 2, memory: 2048 };
}

function brokerOf(bus: BusName): Broker | undefined {
  return (BROKERS as Partial<Record<BusName, Broker>>)[bus];
}

/** The master: it gives the word, and has the rows of all workers. */
export function generatorOf({ workers, longest }: Deployment): Process {
  const times = ['-u', '1', '-r', '1', '-t', `${longest}s`];
  const waits = ['--expect-workers', String(workers), '--expect-workers-max-wait', '300'];
  const args = ['-f', `${RUN_FOLDER}/${LOCUSTFILE}`, '--headless', ...times, '--master', ...waits, '--exit-code-on-error', '0'];
  return { name: 'generator', image: LOCUST_IMAGE, args, port: PORTS.generator, cpu: 1, memory: 1024 };
}

/** A worker makes its part of the load, with one core. */
export function workerOf(name: string): Process {
  return { name, image: LOCUST_IMAGE, args: ['-f', `${RUN_FOLDER}/${LOCUSTFILE}`, '--worker', '--master-host', 'generator', '--master-port', String(PORTS.generator)], cpu: 1, memory: 1024 };
}

/** Ends the run, and makes a record of it. */
export function collectOf(outputs: readonly string[]): Process {
  return { name: 'collect', args: ['collect', RUN_FOLDER, '--end', CONTROL_URL, ...outputs.flatMap((output) => ['-o', output])], cpu: 1, memory: 2048 };
}

/** Packages that the image has beside ours. */
export function clientsOf(bus: BusName): readonly string[] {
  return BUSES[bus].packages;
}
