/** The consumers of a trial, in a process that may be killed and started again in the middle of it. */
import type { ConsumersOptions, ConsumersRemote, ConsumersReport, StepReport } from '../architectures/architecture.js';
import type { KeptSpans } from '../architectures/span-log.js';
import type { EventCounts } from '../events/recorder.js';
import type { MeasuredWindow } from '../load/load.js';
import type { Child } from '../processes/child.js';
import type { UsageStretch } from '../processes/usage.js';
import { RestartableProcess } from './restartable-process.js';
import type { ProcessGroup } from './process-group.js';

const ENTRY = 'consumers-process.js';

/** One process of consumers after the other. What a killed one has done is in the files of its histories. */
export class MortalConsumers extends RestartableProcess<ConsumersRemote> {
  private readonly options: ConsumersOptions;

  private constructor(group: ProcessGroup, child: Child<ConsumersRemote>, options: ConsumersOptions) {
    super(group, ENTRY, child);
    this.options = options;
  }

  /** Starts the first one; every consumer is subscribed when it resolves. */
  static async start(group: ProcessGroup, options: ConsumersOptions): Promise<MortalConsumers> {
    const child = await group.start<ConsumersRemote>(ENTRY);
    await child.calls.start(options);
    return new MortalConsumers(group, child, options);
  }

  /** Takes no more deliveries; resolves when those in progress are done. */
  close(): Promise<void> {
    return this.child.calls.close(undefined);
  }

  /** What has been seen of each topic, counted. */
  counts(): Promise<Record<string, EventCounts>> {
    return this.child.calls.counts(undefined);
  }

  /** What all of them saw; usage is that of the last. */
  async report(): Promise<ConsumersReport> {
    const report = await this.child.calls.report(undefined);
    return { ...report, steps: [...this.counted, ...report.steps] };
  }

  /** What the last of them used since it was asked last. */
  used(): Promise<UsageStretch | null> {
    return this.child.calls.used(undefined);
  }

  /** When the last of them did what: nothing of a killed one is known. */
  spans(): Promise<KeptSpans | null> {
    return this.child.calls.spans(undefined);
  }

  protected begin({ calls }: Child<ConsumersRemote>): Promise<unknown> {
    return calls.start(this.options);
  }

  protected tellWindow({ calls }: Child<ConsumersRemote>, window: MeasuredWindow): Promise<void> {
    return calls.window(window);
  }

  protected async stepsOf({ calls }: Child<ConsumersRemote>): Promise<StepReport[]> {
    return (await calls.report(undefined)).steps;
  }
}
