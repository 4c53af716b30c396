/** Processes that end together. */
import { UserError } from '../base/errors.js';
import { endedSentence, startChild, type Child } from '../processes/child.js';
import type { Remote } from '../processes/channel.js';

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
    const starting = startChild<R>(entry);
    // One that is still starting when the group is stopped is waited for: none is left.
    this.stops.push(() => starting.then((child) => child.stop(graceMs), () => {}));
    const child = await starting;
    void this.watch(child);
    return child;
  }

  private async watch(child: Pick<Child<Remote>, 'name' | 'exited'>): Promise<void> {
    const exit = await child.exited;
    if (!this.stopping && !this.condemned.has(child)) this.died(new UserError(endedSentence(child.name, exit)));
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
