/** The server of a trial: a process that may be killed and started again in the middle of it. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServerOptions, ServerRemote, ServerReport, StepReport } from '../architectures/architecture.js';
import { takeHistories } from '../architectures/survival.js';
import type { HistoryEntry } from '../events/history.js';
import type { MeasuredWindow } from '../load/load.js';
import type { Calls, Child } from '../processes/child.js';
import { removeFolder, temporaryFolder } from '../processes/folder.js';
import type { Victim } from './faults.js';
import type { ProcessGroup } from './process-group.js';
import { revive } from './revive.js';

const ENTRY = 'architectures/process.js';
/** Longest wait for what a server has to say before it is killed, ms: one that does not answer is killed all the same. */
const LAST_WORDS_MS = 200;

/** One server after the other, at one address. What a killed one had counted stays in the books. */
export class MortalServer implements Victim {
  readonly url: string;
  private readonly group: ProcessGroup;
  private readonly options: ServerOptions;
  private child: Child<ServerRemote>;
  private window: MeasuredWindow | undefined;
  /** Of the servers that were killed. */
  private readonly history: HistoryEntry[] = [];
  private readonly counted: StepReport[] = [];

  private constructor(group: ProcessGroup, child: Child<ServerRemote>, options: ServerOptions, url: string) {
    this.group = group;
    this.child = child;
    this.options = { ...options, port: Number(new URL(url).port) };
    this.url = url;
  }

  /** Starts the first one. */
  static async start(group: ProcessGroup, options: ServerOptions): Promise<MortalServer> {
    const child = await group.start<ServerRemote>(ENTRY);
    const willDie = options.faults?.some((fault) => fault.kind === 'crash' && fault.process === 'server');
    const folder = willDie ? temporaryFolder('server') : undefined;
    if (folder !== undefined) group.afterStop(() => removeFolder(folder));
    const kept = folder === undefined ? options : { ...options, folder };
    const { url } = await child.calls.start(kept);
    return new MortalServer(group, child, kept, url);
  }

  /** Functions of the server that lives now; between two lives they reject. */
  get calls(): Calls<ServerRemote> {
    return this.child.calls;
  }

  /** Tells the window to this server and to every later one. */
  async observe(window: MeasuredWindow): Promise<void> {
    this.window = window;
    // One that has just been killed need not know.
    await this.calls.window(window).catch((error: unknown) => {
      if (!this.group.isCondemned(this.child)) throw error;
    });
  }

  /** What all of them saw; usage is that of the last. */
  async report(): Promise<ServerReport> {
    const report = await this.calls.report(undefined);
    return { ...report, steps: [...this.counted, ...report.steps], history: [...this.history, ...report.history] };
  }

  async kill(): Promise<void> {
    const steps = await Promise.race([this.calls.steps(undefined), sleep(LAST_WORDS_MS, [])]);
    await this.group.kill(this.child);
    this.counted.push(...steps);
    if (this.options.folder !== undefined) this.history.push(...takeHistories(this.options.folder));
  }

  async restart(): Promise<void> {
    this.child = await revive<ServerRemote>(this.group, ENTRY, ({ calls }) => calls.start(this.options));
    if (this.window) await this.calls.window(this.window);
  }

  pause(): void {
    this.child.kill('SIGSTOP');
  }

  resume(): void {
    this.child.kill('SIGCONT');
  }
}
