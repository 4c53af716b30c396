/** Two subjects under one load: which is better, and by how much. */
import type { Finding, Found } from '../measurement/finding.js';
import { isKnown, type Percentile } from '../measurement/times.js';
import { fold, type TrialGroup } from './rounds.js';
import { traitsOf } from './traits.js';

/** Response times whose ratio stays below this are called equal: about twice what a machine varies by itself. */
const MARGIN = 1.05;
/** The same for a 95th percentile, which is noisier. */
const TAIL_MARGIN = 1.25;
/** Failure rates that differ by more than this decide before any response time does: failing fast is not fast. */
const FAILURE_MARGIN = 0.05;
/** When both fail more than this, neither is better: the response times left are those of the few survivors. */
const MOST = 0.5;

/** What comes of it. */
export type Compared = Found<'faster' | 'accepts' | 'more-reliable' | 'no-difference' | 'too-few' | 'both-fail'>;

type PairKind = 'faster' | 'more-reliable' | 'no-difference' | 'too-few' | 'both-fail' | 'parallel-wins';

/** Compares two subjects under one load; what failed later failed. `architecture` is the better one, `names.than` the other. */
export function compare(a: TrialGroup, b: TrialGroup): Compared {
  if (badRateOf(a) > MOST && badRateOf(b) > MOST) return pairOf('both-fail', [a, b], 'p50');
  const reliability = badRateOf(b) - badRateOf(a);
  if (Math.abs(reliability) > FAILURE_MARGIN) return pairOf('more-reliable', reliability > 0 ? [a, b] : [b, a], 'p50');
  if (timeOf(a, 'p50') === null || timeOf(b, 'p50') === null) return pairOf('too-few', [a, b], 'p50');
  const margins = [
    ['p50', MARGIN],
    ['p95', TAIL_MARGIN],
  ] as const;
  for (const [percentile, margin] of margins) {
    const [timeA, timeB] = [timeOf(a, percentile), timeOf(b, percentile)];
    if (timeA === null || timeB === null) continue;
    if (timeB / timeA >= margin) return fasterOf(a, b, percentile);
    if (timeA / timeB >= margin) return fasterOf(b, a, percentile);
  }
  return pairOf('no-difference', [a, b], 'p50');
}

/** A reply that only accepts an order is no answer: it is told with the time at which the order is complete. */
function fasterOf(winner: TrialGroup, loser: TrialGroup, percentile: Percentile): Found<'faster' | 'accepts'> {
  const onlyAccepts = traitsOf(winner.base).accepts && !traitsOf(loser.base).accepts;
  if (!onlyAccepts) return pairOf('faster', [winner, loser], percentile);
  const { numbers, ...pair } = pairOf('faster', [winner, loser], percentile);
  return { ...pair, kind: 'accepts', numbers: { ...numbers, ...completionOf(winner) } };
}

/** 95th percentile of the completion time, ms, and how many orders were still not complete. */
function completionOf(group: TrialGroup): Pick<Found<'accepts'>['numbers'], 'completionP95' | 'incomplete' | 'accepted'> {
  const completionP95 = fold(group, ({ events }) =>
    events && isKnown(events.completionTime, 'p95') ? events.completionTime.p95 : null,
  );
  const incomplete = fold(group, (trial) => trial.events?.completionTime.censored ?? null) ?? 0;
  const accepted = fold(group, (trial) => trial.events?.completionTime.count ?? null) ?? 0;
  return completionP95 === null ? {} : { completionP95, incomplete, accepted };
}

/** What is said of a pair: both response times at one percentile (ms), their ratio, both failure rates. */
export function pairOf<K extends PairKind>(kind: K, [winner, loser]: [TrialGroup, TrialGroup], percentile: Percentile): Found<K> {
  const [time, otherTime] = [timeOf(winner, percentile) ?? 0, timeOf(loser, percentile) ?? 0];
  const factor = time > 0 ? otherTime / time : 0;
  const failureRate = failureRateOf(winner);
  const otherFailureRate = failureRateOf(loser);
  return {
    kind,
    architecture: winner.architecture,
    load: winner.load,
    numbers: { factor, time, otherTime, failureRate, otherFailureRate, ...laterOf(winner, loser), margin: MARGIN - 1 },
    names: { than: loser.architecture, metric: percentile },
  };
}

/** Shares of the requests that were told "ok" and whose work died; said where there are any. */
function laterOf(winner: TrialGroup, loser: TrialGroup): { later?: number; otherLater?: number } {
  const [later, otherLater] = [laterRateOf(winner), laterRateOf(loser)];
  return later + otherLater > 0 ? { later, otherLater } : {};
}

/** Whether the comparison came out in favour of this subject. */
export function isGain(finding: Finding, name: string): boolean {
  return finding.architecture === name && (finding.kind === 'faster' || finding.kind === 'more-reliable');
}

/** Median failure rate over the rounds; 1 when nothing was measured. */
export function failureRateOf(group: TrialGroup): number {
  return fold(group, (trial) => trial.failureRate) ?? 1;
}

/** Median share of the requests that were told "ok" and whose work died. */
function laterRateOf(group: TrialGroup): number {
  return fold(group, ({ failedLater, outcomes }) => (outcomes.sent > 0 ? failedLater / outcomes.sent : 0)) ?? 0;
}

/** What failed at once and what failed later. */
function badRateOf(group: TrialGroup): number {
  return failureRateOf(group) + laterRateOf(group);
}

function timeOf(group: TrialGroup, percentile: Percentile): number | null {
  return fold(group, (trial) => (isKnown(trial.responseTime, percentile) ? trial.responseTime[percentile] : null));
}
