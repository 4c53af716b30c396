import type { Command, Commands } from './commands.js';
import type { Host, Hosts } from './hosts.js';

/** What all of its processes have to know. */
export const TOKEN: string;

export type HostName = 'control' | 'broker' | 'services' | 'server' | 'consumers' | 'master' | 'worker-1' | 'worker-2';
/** Clocks days apart, and wires of 5 ms to services, consumers and both workers of the load. */
export const LAYOUT: Readonly<Record<HostName, Host>>;

/** `hybrid` of a scenario on hosts of its own, with NATS. */
export class HostsRun {
  constructor(layout?: Readonly<Record<HostName, Host>>);
  readonly commands: Commands;
  readonly hosts: Hosts<HostName>;
  readonly control: Command;
  readonly roles: Readonly<Record<'services' | 'server' | 'consumers', Command>>;
  /** Where the server is. */
  readonly url: string;
  /** Makes the hosts, and has everything serve. @param scenario as a file has it */
  start(scenario: string): Promise<void>;
  /** Locust's master and two workers send a load, to its end. @param load options of `export` */
  loadWithLocust(...load: string[]): Promise<void>;
  /** Our own generator sends it, from the host of a worker. @param load options of `bench` @returns where its record is */
  loadWithOurs(...load: string[]): Promise<{ code: number | null; said: string; file: string }>;
  /** Ends what serves in order. @returns exit codes of the control line and of the roles */
  finish(): Promise<(number | null)[]>;
  /** The true lag of every event, ms, ascending: from its publish to the first start of its consumer, on one clock. */
  trueLags(): number[];
  /** Ends what still runs, and removes hosts and folder. */
  end(): Promise<void>;
}
