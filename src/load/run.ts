/** Runs one load from beginning to end. */
import { Causes } from '../base/causes.js';
import { now } from '../base/clock.js';
import { UsageWatch } from '../processes/usage.js';
import { judgeOf } from './answer.js';
import { arrivalsOf } from './arrival-times.js';
import { timers, type LoadClock } from './clock.js';
import { ClosedModel } from './closed.js';
import { Journal } from './journal.js';
import type { LoadJob, NewRows, LoadProgress, LoadRemote, LoadResult, MeasuredWindow, Outcome } from './load.js';
import { startMetronome } from './metronome.js';
import type { Model, Opener } from './model.js';
import { OpenModel } from './open.js';
import { requestWriter } from './request.js';
import { ConnectionSender, type Post } from './sender.js';
import { RunningWindow } from './window.js';

/** What the clock of a schedule takes to start, in a thread of its own. */
const METRONOME_MS = 120;
/** Times a second that progress is told. */
const TICKS_PER_SECOND = 4;

/** ms between two reports. */
const TICK_MS = 1000 / TICKS_PER_SECOND;

/** A running load. */
export interface LoadRun extends Pick<LoadRemote, 'newRows' | 'begin' | 'finish'> {
  result: Promise<LoadResult>;
  /** Ends it at once: what is in flight is cut off, and the result settles. */
  stop(): void;
}

/**
 * Starts a load.
 * @param tell hears the progress, about 4 times a second
 * @throws Error when the measured window has already begun
 */
export function startLoad(job: LoadJob, tell: (progress: LoadProgress) => void): LoadRun {
  const late = now() - (job.startAt ?? Infinity);
  if (late >= 0) throw new Error(`The load came ${Math.ceil(late)} ms after the start of its measured window`);
  const load = new RunningLoad(job);
  const ticking = setInterval(() => tell(load.progress.tick()), TICK_MS);
  const result = load.run().finally(() => clearInterval(ticking));
  return {
    result,
    newRows: () => load.newRows(),
    begin: (lead) => load.move('begin', lead),
    finish: (lead) => load.move('finish', lead),
    stop: () => load.stop(),
  };
}

class RunningLoad {
  readonly progress: Progress;
  private readonly job: LoadJob;
  private readonly journal: Journal;
  private readonly post: Post;
  private readonly senders: ConnectionSender[] = [];
  private readonly window: RunningWindow;
  private model: Model | undefined;
  private over = false;
  private settle: () => void = () => {};
  private readonly finished = new Promise<void>((resolve) => (this.settle = resolve));
  private readonly usage = new UsageWatch();
  private readonly causes = new Causes();

  constructor(job: LoadJob) {
    this.job = job;
    const { warmup, duration, shape } = job;
    const startAt = job.startAt ?? now() + (shape.model === 'open' ? METRONOME_MS : 0) + warmup;
    const beginAt = Math.max(now(), startAt - warmup);
    this.window = new RunningWindow(beginAt, { startAt, endAt: startAt + duration }, timers, () => this.endWindow());
    this.usage.watch(this.window);
    this.journal = new Journal(startAt, job.warmed);
    this.progress = new Progress(this.journal);
    this.post = {
      url: new URL(job.url),
      method: job.method,
      timeout: job.timeout,
      retries: job.retries,
      clock: timers,
      write: requestWriter(job),
      judge: job.expect && judgeOf(job.expect),
      closesIdle: job.closesIdle ?? false,
      journal: this.journal,
      causes: this.causes,
      ended: (row, outcome) => this.ended(row, outcome),
    };
  }

  async run(): Promise<LoadResult> {
    const { job, journal } = this;
    const metronome = job.shape.model === 'open' ? await startMetronome() : undefined;
    this.model = this.modelOf(metronome ?? timers);
    // On a machine that stalls, the window may be over before its clock has started.
    if (this.over) this.settle();
    else this.model.start();
    await this.finished;
    for (const sender of this.senders) sender.stop();
    await metronome?.stop();
    return {
      observations: journal.observations(),
      window: this.window.edges,
      usage: this.usage.report(),
      schedule: journal.schedule(),
      retried: journal.retried,
      causes: this.causes.report(),
      connections: this.senders.length,
    };
  }

  newRows(): NewRows {
    return this.journal.newRows();
  }

  /** Lets the window begin or end earlier. */
  move(edge: 'begin' | 'finish', lead: number): MeasuredWindow {
    const { window } = this;
    if (window[edge](lead)) {
      this.journal.startsAt(window.startAt);
      this.usage.watch(window);
      this.model?.moved();
    }
    return window.edges;
  }

  stop(): void {
    this.over = true;
    this.model?.stop();
    for (const sender of this.senders) sender.stop();
    this.settle();
  }

  private modelOf(clock: LoadClock): Model {
    const { job, window } = this;
    const open: Opener = (done) => {
      const sender = new ConnectionSender(this.post, done);
      this.senders.push(sender);
      return sender;
    };
    if (job.shape.model === 'closed') {
      const { entry, think, shape } = job;
      const { model: _, ...users } = shape;
      return new ClosedModel({ ...users, entry, think }, window, clock, open);
    }
    const arrivals = arrivalsOf(job.shape, job.seed, Math.max(0, window.startAt - window.beginAt));
    return new OpenModel(arrivals, window, clock, open, (intendedAt) => this.refuse(intendedAt));
  }

  /** Books a request for which no connection could be had. */
  private refuse(intendedAt: number): void {
    const row = this.journal.refuse(intendedAt, now());
    if (this.journal.index(row) >= 0) this.causes.note('answer', 'connection', 'every connection was taken when it was due');
    this.ended(row, 'connection');
  }

  private ended(row: number, outcome: Outcome): void {
    this.progress.ended(row, outcome);
    this.checkFinished();
  }

  private endWindow(): void {
    this.over = true;
    this.checkFinished();
  }

  /** Past the window, the load is done when nothing is to start any more and nothing is in flight. */
  private checkFinished(): void {
    if (this.over && this.journal.inFlight === 0 && this.model?.upcoming === false) this.settle();
  }
}

/** Counts since the start of the window, and the response times of the last second. */
export class Progress {
  private readonly journal: Journal;
  private ok = 0;
  private failed = 0;
  /** Response times, ms, by the tick in which they ended; the newest last. */
  private ticks: number[][] = [[]];

  constructor(journal: Journal) {
    this.journal = journal;
  }

  /** A row has ended. */
  ended(row: number, outcome: Outcome): void {
    this.ticks.at(-1)?.push(this.journal.responseTime(row));
    if (this.journal.index(row) < 0) return;
    if (outcome === 'ok') this.ok++;
    else this.failed++;
  }

  /** What to tell now; the next tick begins. */
  tick(): LoadProgress {
    const times = Float64Array.from(this.ticks.flat()).toSorted();
    this.ticks = [...this.ticks.slice(1 - TICKS_PER_SECOND), []];
    return {
      sent: this.journal.measured,
      ok: this.ok,
      failed: this.failed,
      inFlight: this.journal.inFlight,
      p95: times[Math.ceil(times.length * 0.95) - 1] ?? null,
    };
  }
}
