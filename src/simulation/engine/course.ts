import { AmpleStation } from './ample-station.js';
import type { Caller } from './caller.js';
import type { Kernel } from './kernel.js';

/** Makes one call of a course. */
interface CourseStep {
  caller: Caller;
  station: AmpleStation;
}

/**
 * Steps one after another whose calls all find a worker at once: with the latencies drawn, the whole course of a request
 * is known as it begins, and takes one event instead of one for each call. Worth more than half of the engine's speed.
 */
export class Course {
  private readonly kernel: Kernel;
  private readonly steps: readonly CourseStep[];
  private readonly longest: number;
  /** Of the course foreseen last: its beginning, and the end of each step. */
  private readonly moments: Float64Array;

  /** @param longest it may take, ms */
  constructor(kernel: Kernel, steps: readonly CourseStep[], longest: number) {
    this.kernel = kernel;
    this.steps = steps;
    this.longest = longest;
    this.moments = new Float64Array(steps.length + 1);
  }

  /** The moment at which the course foreseen last ends. */
  get end(): number {
    return this.moments[this.steps.length]!;
  }

  /**
   * Runs all steps of a request, which is sure to be waited for so long.
   * @returns false, and nothing has happened, when something might come in between
   */
  foresee(request: number, patience: number): boolean {
    const { steps, moments } = this;
    if (!this.draw(request) || this.end > moments[0]! + Math.min(patience, this.longest)) return false;
    for (let i = 0; i < steps.length; i++) {
      const { caller, station } = steps[i]!;
      station.foresee(moments, i);
      if (request >= 0) caller.tally.addServed(moments, i);
    }
    return true;
  }

  /** Finds the moments of a course. @returns false when a call would be given up */
  private draw(request: number): boolean {
    const { steps, moments } = this;
    moments[0] = this.kernel.now;
    for (let i = 0; i < steps.length; i++) {
      const { caller } = steps[i]!;
      caller.draws.addLatency(request, 0, moments, i);
      if (moments[i + 1]! - moments[i]! > caller.timeouts.delay) return false;
    }
    return true;
  }
}

/** The course of these calls; null when it is not all known ahead. @param longest it may take, ms */
export function courseOf(kernel: Kernel, callers: readonly Caller[], longest: number): Course | null {
  const steps: CourseStep[] = [];
  for (const caller of callers) if (caller.station instanceof AmpleStation) steps.push({ caller, station: caller.station });
  return steps.length > 0 && steps.length === callers.length ? new Course(kernel, steps, longest) : null;
}
