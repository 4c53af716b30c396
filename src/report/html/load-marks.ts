/** What is marked in the charts against load: limits, knees, crossovers. */
import { isOf } from '../../measurement/finding.js';
import { UserError } from '../../base/errors.js';
import { parseThreshold } from '../../verdict/thresholds.js';
import { formatCount, formatRate } from '../format.js';
import type { Mark, Series } from './chart.js';
import { subjectNamed, type Context } from './context.js';

/** Difference at either side of a crossing, as a share. */
const CLEAR = 0.05;

/** Limits that were set on this metric of a single subject. */
export function limits(context: Context, metric: string): Mark[] {
  const subjects = context.subjects.map(({ name }) => name);
  const found = context.record.checks.flatMap(({ expression }): Mark[] => {
    const threshold = readThreshold(expression, subjects);
    if (!threshold || threshold.metric !== metric || threshold.against !== null) return [];
    const { colour } = subjectNamed(context, threshold.subject);
    return [{ kind: 'horizontal', at: threshold.limit, label: expression, colour }];
  });
  return [...new Map(found.map((mark) => [mark.label, mark])).values()];
}

/** The record may be of a version that knew other thresholds: then there is nothing to draw. */
function readThreshold(expression: string, subjects: string[]): ReturnType<typeof parseThreshold> | undefined {
  try {
    return parseThreshold(expression, { subjects });
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

/** The number of users from which a subject's bottleneck makes them wait. */
export function knees(context: Context): Mark[] {
  if (context.loads[0]?.model !== 'closed') return [];
  const found = context.record.advice.filter((finding) => isOf(finding, 'bottleneck')).filter(({ numbers }) => numbers.knee > 0);
  const first = new Map(found.toReversed().map((finding) => [finding.architecture, finding]));
  const ascending = [...first.values()].toSorted((a, b) => a.numbers.knee - b.numbers.knee);
  return ascending.map(({ architecture, numbers, names }) => ({
    kind: 'vertical',
    at: numbers.knee,
    label: `knee of ${architecture}: ${formatCount(numbers.knee)} users (${names.step})`,
    colour: subjectNamed(context, architecture).colour,
  }));
}

/** Loads between which the order of the first subject and another one turns, where their lines cross. */
export function crossovers([first, ...others]: readonly Series[]): Mark[] {
  return others.flatMap((other) => (first ? crossings(first, other) : []));
}

function crossings(a: Series, b: Series): Mark[] {
  const value = ({ x, y }: Series, at: number): number | null => y[x.indexOf(at)] ?? null;
  const gap = (x: number): number => (value(b, x) ?? 0) - (value(a, x) ?? 0);
  const common = a.x.filter((x) => value(a, x) !== null && value(b, x) !== null);
  return common.slice(1).flatMap((to, i) => {
    const from = common[i] ?? to;
    const [before, after] = [gap(from), gap(to)];
    // Two lines that nearly lie on each other cross by chance.
    const isClear = [from, to].every((x) => Math.abs(gap(x)) >= CLEAR * (value(a, x) ?? 0));
    if (before * after >= 0 || !isClear) return [];
    const at = from + (to - from) * (before / (before - after));
    return [
      {
        kind: 'vertical' as const,
        at,
        label: `${a.label} and ${b.label} cross at about ${formatRate(at)}`,
        colour: 'ink-2',
      },
    ];
  });
}
