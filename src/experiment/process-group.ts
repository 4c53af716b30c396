/** Processes that end together. */
import { UserError } from '../base/errors.js';
import { within } from '../events/within.js';
import { endedSentence, startChild, type Child } from '../processes/child.js';
import type { Remote } from '../processes/channel.js';

/** Longest time for what is done before the processes are ended, ms: a broker of the user's own may not answer any more. */
const FAREWELL_MS = 15_000;

/** Keeps the processes it started, so that every one of them is ended whatever happens. */
export class ProcessGroup {
  private readonly stops: (() => Promise<void>)[] = [];
  private readonly farewells: (() => Promise<void>)[] = [];
  private readonly cleanUps: (() => void)[] = [];
  private readonly expectedExits = new Set<unknown>();
  private readonly ending = new AbortController();
  private stopped: Promise<void> | undefined;
  private died!: (error: Error) => void;

  /** Rejects when a process ends by itself. */
  readonly failure = new Promise<never>((_, reject) => {
    this.died = reject;
  });

  constructor() {
    // Whoever waits for it sees the rejection; nobody may be waiting.
    this.failure.catch(() => {});
  }

  /** Aborts when the group is being stopped: whoever waits for anything else than its processes waits no longer. */
  get over(): AbortSignal {
    return this.ending.signal;
  }

  /**
   * What `work` resolves with, unless a process dies by itself before, or `signal` aborts: whatever it waits for then holds
   * nobody up. However it ends, no process is left.
   */
  async during<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    let abort = (): void => {};
    const aborted = new Promise<never>((_, reject) => (abort = () => reject(new Error('interrupted'))));
    aborted.catch(() => {});
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    try {
      return await Promise.race([aborted, this.failure, work()]);
    } finally {
      // A search runs dozens of trials on one signal.
      signal.removeEventListener('abort', abort);
      await this.stop();
    }
  }

  /**
   * @param graceMs time it has to end by itself
   * @throws Error when the group is being stopped
   */
  async start<R extends Remote>(entry: string, graceMs?: number): Promise<Child<R>> {
    if (this.over.aborted) throw new Error('The trial is over');
    const starting = this.begin<R>(entry);
    // One that is still starting when the group is stopped is waited for: none is left.
    this.stops.push(() => starting.then((child) => child.stop(graceMs), () => {}));
    const child = await starting;
    void this.watch(child);
    return child;
  }

  /** Makes a process serve: one of this machine's. */
  protected begin<R extends Remote>(entry: string): Promise<Child<R>> {
    return startChild<R>(entry);
  }

  private async watch(child: Pick<Child<Remote>, 'name' | 'exited'>): Promise<void> {
    const exit = await child.exited;
    if (!this.over.aborted && !this.expectedExits.has(child)) this.died(new UserError(endedSentence(child.name, exit)));
  }

  /** Kills a process (SIGKILL), and the trial goes on; resolves when it is dead. */
  async kill(child: Pick<Child<Remote>, 'kill' | 'exited'>): Promise<void> {
    this.expectedExits.add(child);
    child.kill('SIGKILL');
    await child.exited;
  }

  /** Whether it was killed by `kill`. */
  isCondemned(child: unknown): boolean {
    return this.expectedExits.has(child);
  }

  /** Gives the trial up for a reason that no process of ours has died of. */
  fail(error: Error): void {
    if (!this.over.aborted) this.died(error);
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
  stop(): Promise<void> {
    this.stopped ??= this.end();
    return this.stopped;
  }

  private async end(): Promise<void> {
    this.ending.abort();
    await Promise.allSettled(this.farewells.map((farewell) => within(FAREWELL_MS, farewell(), 'done')));
    await Promise.all(this.stops.map((stop) => stop()));
    for (const cleanUp of this.cleanUps) cleanUp();
  }
}
