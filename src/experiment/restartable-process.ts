/** A process of a trial that may be killed and started again in the middle of it. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { StepReport } from '../architectures/architecture.js';
import { now } from '../base/clock.js';
import type { MeasuredWindow } from '../load/load.js';
import type { Remote } from '../processes/channel.js';
import type { Child } from '../processes/child.js';
import type { Victim } from './faults.js';
import type { ProcessGroup } from './process-group.js';

/** Longest wait for what it has to say before it is killed, ms: one that does not answer is killed all the same. */
const LAST_WORDS_MS = 200;
/** What a process needs may be away as well, a broker or a port: so long it is tried again, and so often, ms. */
const PATIENCE_MS = 60_000;
const PAUSE_MS = 100;

/** One process after the other, each in the place of the last. What a killed one had counted stays in the books. */
export abstract class RestartableProcess<R extends Remote> implements Victim {
  /** Of those that were killed. */
  protected readonly counted: StepReport[] = [];
  protected readonly group: ProcessGroup;
  /** The one that lives now. */
  protected child: Child<R>;
  private readonly entry: string;
  private window: MeasuredWindow | undefined;

  protected constructor(group: ProcessGroup, entry: string, child: Child<R>) {
    this.group = group;
    this.entry = entry;
    this.child = child;
  }

  /** Makes a new one serve as the last did. */
  protected abstract begin(child: Child<R>): Promise<unknown>;
  protected abstract tellWindow(child: Child<R>, window: MeasuredWindow): Promise<void>;
  /** What its steps have counted so far. */
  protected abstract stepsOf(child: Child<R>): Promise<StepReport[]>;

  /** Tells the window to this process and to every later one. */
  async observe(window: MeasuredWindow): Promise<void> {
    this.window = window;
    const { child } = this;
    // One that has just been killed need not know.
    await this.tellWindow(child, window).catch((error: unknown) => {
      if (!this.group.isCondemned(child)) throw error;
    });
  }

  async kill(): Promise<void> {
    const steps = await Promise.race([this.stepsOf(this.child), sleep(LAST_WORDS_MS, [])]);
    await this.group.kill(this.child);
    this.counted.push(...steps);
  }

  async restart(): Promise<void> {
    this.child = await restart<R>(this.group, this.entry, (child) => this.begin(child));
    if (this.window) await this.tellWindow(this.child, this.window);
  }

  pause(): void {
    this.child.kill('SIGSTOP');
  }

  resume(): void {
    this.child.kill('SIGCONT');
  }
}

/**
 * Starts a process again and again until it serves.
 * @param begin makes it serve
 * @throws Error that the last one failed with, when it takes too long or the trial is over
 */
async function restart<R extends Remote>(
  group: ProcessGroup,
  entry: string,
  begin: (child: Child<R>) => Promise<unknown>,
): Promise<Child<R>> {
  for (const until = now() + PATIENCE_MS; ; await sleep(PAUSE_MS)) {
    const child = await group.start<R>(entry);
    try {
      await begin(child);
      return child;
    } catch (error) {
      await group.kill(child);
      if (now() > until) throw error;
    }
  }
}
