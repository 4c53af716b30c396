/** The consumers of a trial: a process that may be killed and started again in the middle of it. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ConsumersOptions, ConsumersRemote, ConsumersReport, StepReport } from '../architectures/architecture.js';
import type { MeasuredWindow } from '../load/load.js';
import type { Child } from '../processes/child.js';
import type { Victim } from './faults.js';
import type { ProcessGroup } from './process-group.js';
import { revive } from './revive.js';

const ENTRY = 'architectures/consumers/process.js';
/** Longest wait for what they have to say before they are killed, ms. */
const LAST_WORDS_MS = 200;

/** One process of consumers after the other. What a killed one has done is in the files of its histories. */
export class MortalConsumers implements Victim {
  private readonly group: ProcessGroup;
  private readonly options: ConsumersOptions;
  private child: Child<ConsumersRemote>;
  private window: MeasuredWindow | undefined;
  /** Of those that were killed. */
  private readonly counted: StepReport[] = [];

  private constructor(group: ProcessGroup, child: Child<ConsumersRemote>, options: ConsumersOptions) {
    this.group = group;
    this.child = child;
    this.options = options;
  }

  /** Starts the first one; every consumer is subscribed when it resolves. */
  static async start(group: ProcessGroup, options: ConsumersOptions): Promise<MortalConsumers> {
    const child = await group.start<ConsumersRemote>(ENTRY);
    await child.calls.start(options);
    return new MortalConsumers(group, child, options);
  }

  /** Tells the window to this process and to every later one. */
  async observe(window: MeasuredWindow): Promise<void> {
    this.window = window;
    const { child } = this;
    // One that has just been killed need not know.
    await child.calls.window(window).catch((error: unknown) => {
      if (!this.group.isCondemned(child)) throw error;
    });
  }

  /** Takes no more deliveries; resolves when those in progress are done. */
  close(): Promise<void> {
    return this.child.calls.close(undefined);
  }

  /** What all of them saw; usage is that of the last. */
  async report(): Promise<ConsumersReport> {
    const report = await this.child.calls.report(undefined);
    return { ...report, steps: [...this.counted, ...report.steps] };
  }

  async kill(): Promise<void> {
    const last = await Promise.race([this.child.calls.report(undefined), sleep(LAST_WORDS_MS)]);
    await this.group.kill(this.child);
    this.counted.push(...(last?.steps ?? []));
  }

  async restart(): Promise<void> {
    this.child = await revive<ConsumersRemote>(this.group, ENTRY, ({ calls }) => calls.start(this.options));
    if (this.window) await this.child.calls.window(this.window);
  }

  pause(): void {
    this.child.kill('SIGSTOP');
  }

  resume(): void {
    this.child.kill('SIGCONT');
  }
}
