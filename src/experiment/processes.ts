/** The processes of one trial: services, architecture server, load generator; with an external bus, its event side. */
import type { Backlog, StepReport } from '../architectures/architecture.js';
import { orderWorkers } from '../architectures/event-driven.js';
import { MEMORY, type BusSettings } from '../events/settings.js';
import type { LoadRemote } from '../load/load.js';
import { endedSentence, startChild, type Child } from '../processes/child.js';
import type { Remote } from '../processes/channel.js';
import type { Subject } from '../scenarios/subject.js';
import type { ServicesRemote } from '../services/services.js';
import { openPlace, startEventSide, type EventSide } from './events.js';
import { MortalServer } from './server.js';

/** A subject that serves: its services, its server and, with an external bus, its event side, in processes of their own. */
export interface Serving {
  services: Child<ServicesRemote>;
  server: MortalServer;
  events: EventSide | null;
  /** Base URL of the server. */
  url: string;
}

/** Keeps the processes it started, so that every one of them is ended whatever happens. */
export class ProcessGroup {
  private readonly stops: (() => Promise<void>)[] = [];
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

  /**
   * @param graceMs time it has to end by itself
   * @throws Error when the group is being stopped
   */
  async start<R extends Remote>(entry: string, graceMs?: number): Promise<Child<R>> {
    if (this.stopping) throw new Error('The trial is over');
    const child = await startChild<R>(entry);
    this.stops.push(() => child.stop(graceMs));
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
    await Promise.all(this.stops.map((stop) => stop()));
    for (const cleanUp of this.cleanUps.splice(0)) cleanUp();
  }
}

/** How a subject is served. */
export interface ServingOptions {
  seed: number;
  /** Port of the server on 127.0.0.1; 0 is any free one. */
  port?: number;
  bus?: BusSettings;
}

/** Starts the services of a subject, its event side, and its server over them. */
export async function startServing(
  group: ProcessGroup,
  subject: Subject,
  { seed, port = 0, bus = MEMORY }: ServingOptions,
): Promise<Serving> {
  const [services, opened] = await Promise.all([
    group.start<ServicesRemote>('services/process.js'),
    openPlace(group, subject, bus),
  ]);
  const { architecture, steps, event, faults } = subject;
  const arranged = {
    architecture,
    steps,
    event,
    faults,
    orderWorkers: orderWorkers(steps, subject.services),
    services: await services.calls.start({ services: subject.services, seed }),
    seed,
  };
  const events = opened && (await startEventSide(group, opened, arranged));
  const server = await MortalServer.start(group, { ...arranged, port, ...(opened ? { place: opened.place } : {}) });
  return { services, events, server, url: server.url };
}

/** Events acknowledged and not finished, by consumer, wherever these are. */
export async function backlogOf({ server, events }: Serving): Promise<Backlog> {
  return events ? events.histories.backlog() : server.calls.backlog(undefined);
}

/** What steps and consumers have counted so far, in whichever process. */
export async function stepsOf({ server, events }: Serving): Promise<StepReport[]> {
  const [steps, consumers] = await Promise.all([server.calls.steps(undefined), events?.consumers.report()]);
  return [...steps, ...(consumers?.steps ?? [])];
}

/** Starts the load generator. */
export function startLoad(group: ProcessGroup): Promise<Child<LoadRemote>> {
  return group.start<LoadRemote>('load/process.js');
}
