/** One decision out of many numbers. */
import { isWorthIt, type Gain } from './gain.js';
import type { Grounds, StepAdvice } from './grounds.js';

/** What to do, and the numbers that say so. */
export type Decision =
  /** Nothing that could be moved gains anything. */
  | { kind: 'stay'; because: 'nothing-to-move' | 'too-little-gain'; gain: number }
  /** Requests answer quickly and without failures as it is: ms, ratio. */
  | { kind: 'stay'; because: 'quick-enough'; p95: number; failureRate: number; gain: number }
  /** Calling side by side gains as much without any event: shares of the response time. */
  | { kind: 'parallel'; gain: number; eventsGain: number }
  /** Begin with this step; `workers` its consumer needs at the peak when it has fewer, null when it keeps up. */
  | { kind: 'move'; first: string; gain: number; workers: number | null }
  /** The first step to move creates a backlog that is never worked off, unless its consumer gets these workers. */
  | { kind: 'buy-workers'; first: string; gain: number; workers: number; has: number | null };

/** Response time that does not break a user's flow of thought, ms (Nielsen, Usability Engineering, 1993, ch. 5). */
export const QUICK_MS = 1000;
/** Failures that nobody would rebuild anything for. */
export const FEW_FAILURES = 0.01;
/** Shares of the response time that are as good as equal. */
const AS_GOOD = 0.05;

/** The four answers, the cheapest first that does. */
export function decide(grounds: Grounds): Decision {
  const { parallel, moved, steps, order } = grounds;
  const [sideBySide, byEvents] = [meanShare(parallel), meanShare(moved)];
  const first = steps.find(({ step }) => step === order[0]);
  if (parallel.some(({ gain }) => isWorthIt(gain)) && (!first || isAsGood(grounds))) {
    return { kind: 'parallel', gain: sideBySide, eventsGain: byEvents };
  }
  if (!first) {
    const because = steps.some(({ hindrance }) => hindrance === null) ? 'too-little-gain' : 'nothing-to-move';
    return { kind: 'stay', because, gain: byEvents };
  }
  return quickEnough(grounds, byEvents) ?? moveOf(first);
}

/** At every load side by side is as quick as events are, and fails no more. */
function isAsGood({ parallel, moved }: Grounds): boolean {
  return parallel.every(({ gain }, i) => {
    const events = moved[i]?.gain;
    return !events || (gain.share >= events.share - AS_GOOD && gain.failuresAfter <= events.failuresAfter + FEW_FAILURES);
  });
}

function quickEnough({ sync }: Grounds, gain: number): Decision | null {
  const p95 = Math.max(...sync.map(({ responseTime }) => responseTime.p95 ?? Infinity));
  const failureRate = Math.max(...sync.map((trial) => trial.failureRate));
  if (p95 > QUICK_MS || failureRate > FEW_FAILURES) return null;
  return { kind: 'stay', because: 'quick-enough', p95, failureRate, gain };
}

function moveOf({ step, gain, verdict, workers, loads }: StepAdvice): Decision {
  const needed = Math.max(...loads.map((at) => at.workersNeeded));
  if (verdict === 'only-with-workers') return { kind: 'buy-workers', first: step, gain, workers: needed, has: workers };
  return { kind: 'move', first: step, gain, workers: verdict === 'move' ? null : needed };
}

function meanShare(at: readonly { gain: Gain }[]): number {
  return at.reduce((sum, { gain }) => sum + gain.share, 0) / Math.max(1, at.length);
}
