/** Lets the measured window begin when response times are steady, and end when they are known well enough. */
import type { LoadClock } from '../load/clock.js';
import type { TimedJob, LoadRemote, MeasuredWindow } from '../load/load.js';
import type { Calls } from '../processes/child.js';
import type { TrialPlan } from './plan.js';
import { untilNextLook, type Follower } from './follower.js';
import { isSteady } from './series.js';
import { TIMERS, until } from './timers.js';

/** What happens on the way. */
export interface Scenes {
  warming(): void;
  /** At the start of the window. */
  started(): void;
  ended(): void;
}

/**
 * Whether enough is known.
 * @param times response times of the window so far, in the order of their start, ms
 * @param elapsed since the window began, ms
 */
export type IsKnown = (times: Float32Array, elapsed: number) => boolean;

/** From a decision until it holds, ms: the time it takes to tell all processes. */
const LEAD = 150;

/** What is looked at, and what moves the edges of the window. */
export type Conducted = Pick<Calls<LoadRemote>, 'begin' | 'finish'> & Pick<Follower, 'look'>;

/** Conducts one load. */
export class WindowController {
  /** Where the window is, as far as is known: it may still come earlier. */
  window: MeasuredWindow;
  private readonly plan: TrialPlan;
  private readonly job: TimedJob;
  private readonly load: Conducted;
  private readonly tellWindow: (window: MeasuredWindow) => Promise<void>;
  private readonly isKnown: IsKnown;
  private readonly clock: LoadClock;

  /**
   * @param job with the longest warm-up and window
   * @param tellWindow tells where the window is to whoever needs to know it; it may be told again with another end
   * @param isKnown whether a window that may end sooner has told enough
   */
  constructor(
    plan: TrialPlan,
    job: TimedJob,
    load: Conducted,
    tellWindow: (window: MeasuredWindow) => Promise<void>,
    isKnown: IsKnown,
    clock: LoadClock = TIMERS,
  ) {
    this.plan = plan;
    this.job = job;
    this.load = load;
    this.tellWindow = tellWindow;
    this.isKnown = isKnown;
    this.clock = clock;
    this.window = { startAt: job.startAt, endAt: job.startAt + job.duration };
  }

  /** Resolves at the end of the window. */
  async conduct(scenes: Scenes): Promise<void> {
    const { plan, job } = this;
    const beginAt = job.startAt - job.warmup;
    if (plan.maxWarmup > plan.warmup) {
      await until(this.clock, beginAt);
      scenes.warming();
      await until(this.clock, beginAt + plan.warmup - LEAD);
      await this.look(beginAt, this.window.startAt, async () => isSteady((await this.load.look()).warmup));
      this.window = await this.load.begin(LEAD);
      await this.tellWindow(this.window);
    } else {
      await this.tellWindow(this.window);
      await until(this.clock, beginAt);
      scenes.warming();
    }
    await until(this.clock, this.window.startAt);
    scenes.started();
    if (plan.until) await this.finish(plan.until.early?.shortest ?? plan.duration);
    await until(this.clock, this.window.endAt);
    scenes.ended();
  }

  /** @param shortest length of the window, ms */
  private async finish(shortest: number): Promise<void> {
    await until(this.clock, this.window.startAt + shortest - LEAD);
    const known = async (): Promise<boolean> => this.isKnown((await this.load.look()).measured, this.clock.now() - this.window.startAt);
    if (!(await this.look(this.window.startAt, this.window.endAt, known))) return;
    this.window = await this.load.finish(LEAD);
    await this.tellWindow(this.window);
  }

  /** Looks again and again until something holds, or it is too late to act on it. Whether it held. */
  private async look(since: number, latest: number, holds: () => Promise<boolean>): Promise<boolean> {
    for (;;) {
      const pause = untilNextLook(this.clock.now() - since);
      if (this.clock.now() >= latest - pause - LEAD) return false;
      if (await holds()) return true;
      await until(this.clock, this.clock.now() + pause);
    }
  }
}
