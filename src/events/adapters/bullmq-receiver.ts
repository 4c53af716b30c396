/** One consumer's place at BullMQ: a worker that locks jobs, renews their locks, and finds those that others left behind. */
import { UnrecoverableError, Worker, type Job } from 'bullmq';
import type { Redis } from 'ioredis';
import { messageOf } from '../../base/errors.js';
import type { CloudEvent, Subscription } from '../bus.js';
import { prefetchOf } from '../prefetch.js';
import { ScaledGate } from '../scaled-gate.js';
import { within } from '../within.js';

/** What a worker that is gone had in hand is nobody's after this time, ms: 30 s by default. It is renewed twice as often. */
const LOCK_MS = 5000;
/** How often jobs are looked for that nobody holds any more, ms: every 30 s by default. */
const STALLED_EVERY_MS = 1000;
/** Deaths of its workers that a job outlives: one by default. */
const MOST_STALLED = 20;

export class Receiver {
  private readonly subscription: Subscription;
  private readonly worker: Worker<CloudEvent>;
  /** Where workers scale: BullMQ takes up as many jobs as there may be, and they wait here for one. */
  private readonly gate: ScaledGate | null;
  private readonly inProgress = new Set<Promise<void>>();
  /** Refusals to take note, which the worker tells of once more among all others. */
  private readonly toldOf = new WeakSet<object>();

  /** Resolves when it works; rejects when it is not let in. */
  readonly started: Promise<unknown>;

  /** @param client shared with others; the worker waits for jobs on a connection of its own */
  constructor(client: Redis, queue: string, subscription: Subscription) {
    this.subscription = subscription;
    const { scaling, workers } = subscription;
    this.gate = scaling ? new ScaledGate(scaling, workers) : null;
    if (this.gate) subscription.onScaler?.(this.gate.scaler);
    this.worker = new Worker<CloudEvent>(queue, (job) => this.work(job), {
      connection: client,
      // It takes no Infinity.
      concurrency: Math.min(workers, prefetchOf(workers)),
      lockDuration: LOCK_MS,
      stalledInterval: STALLED_EVERY_MS,
      maxStalledCount: MOST_STALLED,
      settings: { backoffStrategy: (failures) => Math.ceil(subscription.backoff(failures)) },
    });
    this.worker.on('error', (error) => {
      // A lock that was lost shows when the job is done, if it matters then.
      if (!this.toldOf.has(error) && !error.message.startsWith('could not renew lock')) subscription.onRefusal?.('read', error);
    });
    this.worker.on('failed', (job) => {
      // One that comes again is not finished.
      if (job?.finishedOn !== undefined) subscription.onDeadLetter(job.data);
    });
    this.started = this.worker.waitUntilReady();
  }

  /**
   * Resolves when what is in progress is done and told. A worker that closes while its connections are broken waits for ever, also when
   * they come back: what it could not tell within the time of a lock comes again anyway.
   */
  async close(): Promise<void> {
    const closed = this.worker.close();
    await Promise.allSettled(this.inProgress);
    await within(LOCK_MS, closed, 'closed').catch(() => {});
  }

  private work(job: Job<CloudEvent>): Promise<void> {
    const work = this.gate ? this.gate.run(() => this.handle(job)) : this.handle(job);
    this.inProgress.add(work);
    return work.finally(() => this.inProgress.delete(work));
  }

  private async handle(job: Job<CloudEvent>): Promise<void> {
    const { handler, attempts } = this.subscription;
    this.watch(job);
    try {
      await handler({ event: job.data, attempt: job.attemptsStarted });
    } catch (error) {
      throw job.attemptsMade + 1 < attempts ? error : new UnrecoverableError(messageOf(error));
    }
  }

  /**
   * The worker tells of every error alike: which of them are refusals to take note is known at the job alone. What it could not
   * complete it tries to fail: the reason is that of the first.
   */
  private watch(job: Job<CloudEvent>): void {
    let isTold = false;
    const told = (error: unknown): never => {
      this.toldOf.add(error as object);
      if (!isTold) this.subscription.onRefusal?.('acknowledge', error);
      isTold = true;
      throw error;
    };
    const [complete, fail] = [job.moveToCompleted.bind(job), job.moveToFailed.bind(job)];
    job.moveToCompleted = (...answer) => complete(...answer).catch(told);
    job.moveToFailed = (...answer) => fail(...answer).catch(told);
  }
}
