/** How busy a process was: the raw material of the validity guard. */
import { performance } from 'node:perf_hooks';
import { after, now } from '../base/clock.js';
import { readThrottling, throttledBetween, type Throttling } from './control-group.js';
import { readTicks, stolenBetween } from './stolen-time.js';

/** What one process used between two moments. */
export interface Usage {
  /** Share of the time its event loop was busy, 0-1. */
  eventLoop: number;
  /** How late the process reacts to what happens at any moment, 99th percentile, ms. */
  delayP99: number;
  /** CPU time, user and system, ms. */
  cpu: number;
  /** Length of the time observed, ms. */
  elapsed: number;
  /** Resident memory at the end, bytes. */
  rss: number;
  /** How often it had to wait for its quota of CPU; nothing where there is none. */
  throttling?: Throttling;
  /** Share of the time of its machine's processors that a hypervisor gave to other machines; nothing where it gave none. */
  stolen?: number;
}

/** A timer of this period finds out how late the event loop is, ms. */
const PERIOD_MS = 10;
/** Delays shorter than this are a timer's own, ms. */
const TIMER_MS = 1.5;

/** The same of a stretch of time, so that several can be put together. */
export interface UsageStretch extends Omit<Usage, 'delayP99'> {
  /** Its end on the machine's monotonic clock, ms. */
  at: number;
  /** How late the event loop was, each time that it was late, ms. */
  delays: number[];
}

/** What was used in several stretches, as if they were one; nothing without any. */
export function usageOf(stretches: readonly UsageStretch[]): Usage | null {
  const last = stretches.at(-1);
  if (!last) return null;
  const sum = (of: (one: UsageStretch) => number): number => stretches.reduce((total, one) => total + of(one), 0);
  const elapsed = sum((one) => one.elapsed);
  const periods = sum(({ throttling }) => throttling?.periods ?? 0);
  const stolen = sum((one) => (one.stolen ?? 0) * one.elapsed) / elapsed;
  return {
    eventLoop: sum((one) => one.eventLoop * one.elapsed) / elapsed,
    delayP99: delayAt(stretches.flatMap(({ delays }) => delays), elapsed, 0.99),
    cpu: sum(({ cpu }) => cpu),
    elapsed,
    rss: last.rss,
    ...(periods > 0 && { throttling: { periods, throttled: sum(({ throttling }) => throttling?.throttled ?? 0) } }),
    ...(stolen > 0 && { stolen }),
  };
}

/** Starts observing this process; the function returned ends it and tells what was used. */
export function observeUsage(): () => Usage {
  const observed = observeStretch();
  return () => {
    const { delays, at: _, ...used } = observed();
    return { ...used, delayP99: delayAt(delays, used.elapsed, 0.99) };
  };
}

function observeStretch(): () => UsageStretch {
  const loopAtStart = performance.eventLoopUtilization();
  const cpuAtStart = process.cpuUsage();
  const startedAt = performance.now();
  const throttlingAtStart = readThrottling();
  const ticksAtStart = readTicks();
  const delays: number[] = [];
  let lastAt = startedAt;
  const tick = (): void => {
    const at = performance.now();
    if (at - lastAt > PERIOD_MS + TIMER_MS) delays.push(at - lastAt - PERIOD_MS);
    lastAt = at;
  };
  const timer = setInterval(tick, PERIOD_MS).unref();
  return () => {
    clearInterval(timer);
    tick();
    const cpu = process.cpuUsage(cpuAtStart);
    const elapsed = performance.now() - startedAt;
    const throttling = throttledBetween(throttlingAtStart, readThrottling());
    const stolen = stolenBetween(ticksAtStart, readTicks());
    return {
      at: now(),
      eventLoop: performance.eventLoopUtilization(loopAtStart).utilization,
      delays,
      cpu: (cpu.user + cpu.system) / 1000,
      elapsed,
      rss: residentMemory(),
      ...(throttling && { throttling }),
      ...(stolen > 0 && { stolen }),
    };
  };
}

/** Bytes now; the most there ever were when no file can be opened to ask. */
function residentMemory(): number {
  try {
    return process.memoryUsage.rss();
  } catch {
    return process.resourceUsage().maxRSS * 1024;
  }
}

/**
 * A percentile of how late a process reacts. By the time and not by the count of delays: one of 400 ms in ten seconds is
 * one among a thousand readings, and yet everything that happens in 4 % of the time is late.
 * A moment at random falls into a delay d with what is left of it ahead: the time with more than x ahead is the sum of
 * all d - x above 0.
 */
export function delayAt(delays: readonly number[], elapsed: number, share: number): number {
  const longestFirst = delays.toSorted((a, b) => b - a);
  const time = (1 - share) * elapsed;
  let sum = 0;
  for (const [count, delay] of longestFirst.entries()) {
    // With x at this delay, the sum is that of the longer ones beyond it.
    if (sum - count * delay >= time) return (sum - time) / count;
    sum += delay;
  }
  return Math.max(0, longestFirst.length === 0 ? 0 : (sum - time) / longestFirst.length);
}

/** Observes this process within a window whose edges lie ahead; they may be told again, as long as they do. */
export class UsageWatch {
  private observed = observeUsage();
  private stretch: (() => UsageStretch) | undefined;
  private usage: Usage | undefined;
  private startAt = Number.NaN;
  private callOffStart = (): void => {};
  private callOffEnd = (): void => {};

  /** Moments of the machine's monotonic clock, ms. */
  watch({ startAt, endAt }: { startAt: number; endAt: number }): void {
    if (startAt !== this.startAt) {
      this.callOffStart();
      this.callOffStart = after(startAt - now(), () => this.begin(), { unref: true });
      this.startAt = startAt;
    }
    this.callOffEnd();
    this.callOffEnd = after(endAt - now(), () => (this.usage = this.observed()), { unref: true });
  }

  /** What was used within the window: so far, or up to its end. */
  report(): Usage {
    return this.usage ?? this.observed();
  }

  /** What was used since it was asked last; the first time, nothing yet. */
  sinceLast(): UsageStretch | null {
    const ended = this.stretch?.() ?? null;
    this.stretch = observeStretch();
    return ended;
  }

  private begin(): void {
    this.observed();
    this.observed = observeUsage();
    this.usage = undefined;
  }
}
