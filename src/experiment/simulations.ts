/**
 * Simulated trials on all cores. Which thread computes a trial, and which is done first, is no part of any result: each
 * is asked for by a promise of its own.
 */
import { Worker } from 'node:worker_threads';
import { BUILD } from '../base/build.js';
import { UserError } from '../base/errors.js';
import type { MeasuredTrial } from '../measurement/record.js';
import { simulationInput, type Simulate, type SimulationInput } from '../simulation/simulate.js';
import { usableCores } from './environment.js';
import type { SimulationAnswer } from './simulation-thread.js';

/** Trials done, of those asked for so far. */
export interface SimulationProgress {
  done: number;
  asked: number;
}

/** Simulated trials, until they are ended. */
export interface Simulations {
  simulate: Simulate;
  /** Nothing of it is left when it resolves; what is still asked for rejects. */
  end: () => Promise<void>;
}

/**
 * Starts them: what is asked for rejects as soon as `signal` aborts.
 * @param onProgress hears of every trial, and now and then while one takes its time; nobody does without it
 */
export type StartSimulations = (signal: AbortSignal, onProgress?: (progress: SimulationProgress) => void) => Simulations;

/** A thread as it is used here: one trial at a time. */
export interface SimulationThread {
  simulate: Simulate;
  /** Whether it can be asked again. */
  isAlive(): boolean;
  /** In the midst of a trial if need be. */
  stop(): Promise<void>;
}

/** How often a terminal is told that time passes, ms. */
const TICK = 500;

/**
 * Work that takes less CPU time than this is done by one thread, ms. Each thread takes about half of it to load and compile the
 * model before it is of use: what the first one has done by then is worth the same again, and a machine that has other things
 * to do would lose by less.
 */
const WORTH_MORE = 1000;
const LOOK_EVERY = 50;

/**
 * Room for new objects in a thread, MB. The model keeps its numbers in arrays outside of V8's heap, and arrays that it has
 * outgrown are given back only when V8 looks for new objects to throw away: the less room these have, the sooner.
 */
const YOUNG_MB = 1;

/** Up to one thread for each core, started when there is work for it. */
export const simulationThreads: StartSimulations = (signal, onProgress) => {
  const pool = new SimulationPool(startThread, usableCores(), onProgress);
  let patience: NodeJS.Timeout | undefined;
  pool.onBusy = () => (patience ??= onceUsed(WORTH_MORE, () => pool.widen()));
  pool.onIdle = () => {
    // Nothing ticks while something is measured.
    clearInterval(patience);
    patience = undefined;
  };
  const timer = onProgress && setInterval(() => onProgress(pool.progress), TICK);
  const abort = (): void => void pool.end();
  if (signal.aborted) abort();
  else signal.addEventListener('abort', abort, { once: true });
  return {
    simulate: pool.simulate,
    end: () => {
      clearInterval(timer);
      clearInterval(patience);
      signal.removeEventListener('abort', abort);
      return pool.end();
    },
  };
};

/** Runs something once this process has used so much CPU time from now on, ms. */
function onceUsed(ms: number, run: () => void): NodeJS.Timeout {
  const before = process.cpuUsage();
  const timer = setInterval(() => {
    const { user, system } = process.cpuUsage(before);
    if ((user + system) / 1000 < ms) return;
    clearInterval(timer);
    run();
  }, LOOK_EVERY);
  return timer;
}

interface Job {
  input: SimulationInput;
  resolve: (trial: MeasuredTrial) => void;
  reject: (error: Error) => void;
}

/** Hands trials to threads in the order asked for. */
export class SimulationPool implements Simulations {
  readonly progress: SimulationProgress = { done: 0, asked: 0 };
  private readonly start: () => SimulationThread;
  private readonly most: number;
  private readonly onProgress: (progress: SimulationProgress) => void;
  private readonly threads: SimulationThread[] = [];
  private readonly idle: SimulationThread[] = [];
  private readonly waiting: Job[] = [];
  private ending: Promise<unknown> | undefined;
  private isWide = false;
  /** There is more to do than the first thread can do at once: whoever hears of it may `widen` the pool, at once or later. */
  onBusy: () => void = () => {};
  /** All that was asked for is done. */
  onIdle: () => void = () => {};

  /** @param most threads at once */
  constructor(start: () => SimulationThread, most: number, onProgress: (progress: SimulationProgress) => void = () => {}) {
    this.start = start;
    this.most = most;
    this.onProgress = onProgress;
  }

  readonly simulate: Simulate = (input) => {
    if (this.ending) return Promise.reject(new Error('interrupted'));
    this.progress.asked++;
    return new Promise((resolve, reject) => {
      this.waiting.push({ input, resolve, reject });
      this.handOut();
    });
  };

  /** From now on there are as many threads as there may be. */
  widen(): void {
    this.isWide = true;
    this.handOut();
  }

  async end(): Promise<void> {
    for (const { reject } of this.waiting.splice(0)) reject(new Error('interrupted'));
    this.ending ??= Promise.all(this.threads.map((thread) => thread.stop()));
    await this.ending;
  }

  private handOut(): void {
    while (this.waiting.length > 0 && !this.ending) {
      let thread: SimulationThread | undefined;
      try {
        thread = this.idle.pop() ?? this.another();
      } catch (error) {
        // Another thread is not to be had: those that there are go on, or nobody does.
        if (this.threads.length === 0) (this.waiting.shift() as Job).reject(error as Error);
        return;
      }
      if (!thread) return;
      void this.work(thread, this.waiting.shift() as Job);
    }
  }

  private async work(thread: SimulationThread, { input, resolve, reject }: Job): Promise<void> {
    try {
      resolve(await thread.simulate(input));
    } catch (error) {
      reject(this.ending ? new Error('interrupted') : (error as Error));
    }
    if (this.ending) return;
    if (thread.isAlive()) this.idle.push(thread);
    else this.threads.splice(this.threads.indexOf(thread), 1);
    this.progress.done++;
    this.onProgress(this.progress);
    this.handOut();
    if (this.idle.length === this.threads.length) this.onIdle();
  }

  private another(): SimulationThread | undefined {
    if (this.threads.length >= (this.isWide ? this.most : 1)) {
      if (!this.isWide) this.onBusy();
      return undefined;
    }
    const thread = this.start();
    this.threads.push(thread);
    return thread;
  }
}

const SCRIPT = new URL('bundle/simulation-thread.js', BUILD);

function startThread(): SimulationThread {
  const worker = new Worker(SCRIPT, { resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB } });
  let waiting: Omit<Job, 'input'> | undefined;
  let alive = true;
  const die = (error: Error): void => {
    alive = false;
    // Without effect where it has answered: each trial settles once.
    waiting?.reject(error);
  };
  worker.on('message', (answer: SimulationAnswer) => {
    if ('trial' in answer) waiting?.resolve(answer.trial);
    else waiting?.reject(answer.user ? new UserError(answer.failed.message) : answer.failed);
  });
  worker.on('error', die);
  worker.on('exit', () => die(new Error('The thread of a simulation ended.')));
  return {
    simulate: (input) =>
      new Promise((resolve, reject) => {
        waiting = { resolve, reject };
        // A thread has no origin.
        // oxlint-disable-next-line unicorn/require-post-message-target-origin
        worker.postMessage(simulationInput(input));
      }),
    isAlive: () => alive,
    stop: async () => void (await worker.terminate()),
  };
}
