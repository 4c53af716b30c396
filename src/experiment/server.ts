/** The server of a trial: a process that may be killed and started again in the middle of it. */
import type { ServerOptions, ServerRemote, ServerReport, StepReport } from '../architectures/architecture.js';
import { takeHistories } from '../architectures/crash-files.js';
import type { HistoryEntry } from '../events/history.js';
import type { MeasuredWindow } from '../load/load.js';
import type { Calls, Child } from '../processes/child.js';
import { removeFolder, namedFolder } from '../processes/folder.js';
import { RestartableProcess } from './restartable-process.js';
import type { ProcessGroup } from './process-group.js';

const ENTRY = 'server-process.js';

/** One server after the other, at one address. What a killed one had counted stays in the books. */
export class MortalServer extends RestartableProcess<ServerRemote> {
  readonly url: string;
  private readonly options: ServerOptions;
  /** Of the servers that were killed. */
  private readonly history: HistoryEntry[] = [];

  private constructor(group: ProcessGroup, child: Child<ServerRemote>, options: ServerOptions, url: string) {
    super(group, ENTRY, child);
    this.options = { ...options, port: Number(new URL(url).port) };
    this.url = url;
  }

  /** Starts the first one. */
  static async start(group: ProcessGroup, options: ServerOptions): Promise<MortalServer> {
    const child = await group.start<ServerRemote>(ENTRY);
    const willDie = options.faults?.some((fault) => fault.kind === 'crash' && fault.process === 'server');
    const folder = willDie && options.folder === undefined ? namedFolder('server') : undefined;
    if (folder !== undefined) group.afterStop(() => removeFolder(folder));
    const kept = folder === undefined ? options : { ...options, folder };
    const { url } = await child.calls.start(kept);
    return new MortalServer(group, child, kept, url);
  }

  /** Functions of the server that lives now; between two lives they reject. */
  get calls(): Calls<ServerRemote> {
    return this.child.calls;
  }

  /** What all of them saw; usage is that of the last. */
  async report(): Promise<ServerReport> {
    const report = await this.calls.report(undefined);
    return { ...report, steps: [...this.counted, ...report.steps], history: [...this.history, ...report.history] };
  }

  override async kill(): Promise<void> {
    await super.kill();
    // One by one: a history is longer than a list of arguments may be.
    if (this.options.folder !== undefined) for (const entry of takeHistories(this.options.folder)) this.history.push(entry);
  }

  protected begin({ calls }: Child<ServerRemote>): Promise<unknown> {
    return calls.start(this.options);
  }

  protected async tellWindow({ calls }: Child<ServerRemote>, window: MeasuredWindow): Promise<void> {
    await calls.window(window);
  }

  protected stepsOf({ calls }: Child<ServerRemote>): Promise<StepReport[]> {
    return calls.steps(undefined);
  }
}
