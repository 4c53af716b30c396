/** The processes of one trial: services, architecture server, load generator. */
import type { LoadRemote } from '../load/load.js';
import { endedSentence, startChild, type Child } from '../processes/child.js';
import type { Remote } from '../processes/channel.js';
import type { Subject } from '../scenarios/subject.js';
import type { ServicesRemote } from '../services/services.js';
import { MortalServer } from './server.js';

/** A subject that serves: its services and its server, each in a process of its own. */
export interface Serving {
  services: Child<ServicesRemote>;
  server: MortalServer;
  /** Base URL of the server. */
  url: string;
}

/** Keeps the processes it started, so that every one of them is ended whatever happens. */
export class ProcessGroup {
  private readonly children: Pick<Child<Remote>, 'stop'>[] = [];
  private readonly farewells: (() => Promise<void>)[] = [];
  private readonly cleanUps: (() => void)[] = [];
  private readonly condemned = new Set<unknown>();
  private stopping = false;
  private died!: (error: Error) => void;

  /** Rejects when a process ends by itself. */
  readonly failure = new Promise<never>((_, reject) => {
    this.died = reject;
  });

  constructor() {
    // Whoever waits for it sees the rejection; nobody may be waiting.
    this.failure.catch(() => {});
  }

  /** @throws Error when the group is being stopped */
  async start<R extends Remote>(entry: string): Promise<Child<R>> {
    if (this.stopping) throw new Error('The trial is over');
    const child = await startChild<R>(entry);
    this.children.push(child);
    if (this.stopping) await child.stop(0);
    void this.watch(child);
    return child;
  }

  private async watch(child: Pick<Child<Remote>, 'name' | 'exited'>): Promise<void> {
    const exit = await child.exited;
    if (!this.stopping && !this.condemned.has(child)) this.died(new Error(endedSentence(child.name, exit)));
  }

  /** Kills a process (SIGKILL), and the trial goes on; resolves when it is dead. */
  async kill(child: Pick<Child<Remote>, 'kill' | 'exited'>): Promise<void> {
    this.condemned.add(child);
    child.kill('SIGKILL');
    await child.exited;
  }

  /** Whether it was killed by `kill`. */
  isCondemned(child: unknown): boolean {
    return this.condemned.has(child);
  }

  /** Gives the trial up for a reason that no process of ours has died of. */
  fail(error: Error): void {
    if (!this.stopping) this.died(error);
  }

  /** What is to be done before the processes are ended; what fails in it is of no interest any more. */
  beforeStop(farewell: () => Promise<void>): void {
    this.farewells.push(farewell);
  }

  /** What is to be done when no process is left. */
  afterStop(cleanUp: () => void): void {
    this.cleanUps.push(cleanUp);
  }

  /** Ends every process; resolves when none is left. */
  async stop(): Promise<void> {
    this.stopping = true;
    await Promise.allSettled(this.farewells.map((farewell) => farewell()));
    await Promise.all(this.children.map((child) => child.stop()));
    for (const cleanUp of this.cleanUps.splice(0)) cleanUp();
  }
}

/**
 * Starts the services of a subject and its server over them.
 * @param port of the server on 127.0.0.1; 0 is any free one
 */
export async function startServing(group: ProcessGroup, subject: Subject, seed: number, port = 0): Promise<Serving> {
  const services = await group.start<ServicesRemote>('services/process.js');
  const urls = await services.calls.start({ services: subject.services, seed });
  const server = await MortalServer.start(group, { subject, services: urls, seed, port });
  return { services, server, url: server.url };
}

/** Starts the load generator. */
export function startLoad(group: ProcessGroup): Promise<Child<LoadRemote>> {
  return group.start<LoadRemote>('load/process.js');
}
