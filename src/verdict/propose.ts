/** Limits that a run as it is predicted passes with room to spare, for a CI check to begin with. Pure. */
import { loadSize } from '../measurement/loads.js';
import type { MeasuredTrial, TrialKey } from '../measurement/record.js';
import { judge } from './judge.js';
import { parseThresholds } from './thresholds.js';

/** How much later than predicted p95 may be: a CI machine is slow, and a change that doubles it is found. */
const ROOM = 1.5;
/** A load is calm as long as p95 is no more than so many times that of the lowest: beyond, a little slower is much later. */
const CALM = 2;
/** How much of a predicted ratio has to be left. */
const LEFT = 0.75;
/** A ratio of two designs is worth a limit when it is at least that. */
const WORTH_A_LIMIT = 1.3;

/**
 * The limits of each subject at the highest load that is calm and at which it passes them, and of the ratio of the first to each other one.
 * Each was judged by what would judge it in CI: what comes out unknown, for want of requests, is not among them.
 * @param trials as simulated, in windows as long as they will be measured in
 */
export function proposeLimits(trials: readonly MeasuredTrial[], planned: readonly TrialKey[]): { thresholds: string[]; loads: number[] } {
  const names = [...new Set(trials.map(({ architecture }) => architecture))];
  const passes = (text: string): boolean => {
    const { checks } = judge(parseThresholds([text], { subjects: names }), trials, planned);
    return checks.length > 0 && checks.every(({ state }) => state === 'pass');
  };
  const own = names.flatMap((name) => {
    const descending = trials.filter(({ architecture }) => architecture === name).toSorted((a, b) => loadSize(b.load) - loadSize(a.load));
    const calm = CALM * (descending.at(-1)?.responseTime.p95 ?? 0);
    const [found] = descending
      .filter(({ responseTime: { p95 } }) => p95 !== null && p95 <= calm)
      .map((trial) => ({ trial, limits: limitsOf(trial) }))
      .filter(({ limits }) => limits.every(passes));
    return found ? [found] : [];
  });
  const ratios = own.slice(1).flatMap((other) => ratioOf(trials, names[0] ?? '', other.trial).filter(passes));
  const loads = [...new Set(own.map(({ trial }) => loadSize(trial.load)))].toSorted((a, b) => a - b);
  return { thresholds: [...own.flatMap(({ limits }) => limits), ...ratios], loads };
}

function limitsOf({ architecture, load, responseTime: { p95 }, events }: MeasuredTrial): string[] {
  const subject = `${architecture}@${loadSize(load)}`;
  return [
    `${subject}: failure_rate < 1%`,
    ...(p95 === null ? [] : [`${subject}: p95 < ${Math.ceil(Number((p95 * ROOM).toPrecision(2)))}ms`]),
    ...(events === null ? [] : [`${subject}: lost == 0`]),
  ];
}

/** How many times as fast a subject is as the first, at the same load. */
function ratioOf(trials: readonly MeasuredTrial[], first: string, { architecture, load, responseTime: { p95 } }: MeasuredTrial): string[] {
  const slower = trials.find((trial) => trial.architecture === first && loadSize(trial.load) === loadSize(load))?.responseTime.p95 ?? null;
  if (p95 === null || slower === null || first === architecture || slower / p95 < WORTH_A_LIMIT) return [];
  return [`${first}/${architecture}@${loadSize(load)}: p95 >= ${Math.max(1.1, Math.floor(((slower / p95) * LEFT) * 10) / 10)}`];
}
