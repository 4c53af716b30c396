/** Lengths of sets of intervals of time. */

export type Interval = readonly [start: number, end: number];

/** The union of intervals, in order and without overlap, cut to `from`..`to`: of one beyond them a moment at the edge is left. */
export function union(intervals: readonly Interval[], from: number, to: number): Interval[] {
  const merged: [number, number][] = [];
  const inOrder = intervals.length > 1 ? intervals.toSorted((a, b) => a[0] - b[0]) : intervals;
  for (const [begin, finish] of inOrder) {
    const start = Math.min(Math.max(begin, from), to);
    const end = Math.max(Math.min(finish, to), start);
    const last = merged.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else merged.push([start, end]);
  }
  return merged;
}

/** Total length of disjoint intervals. */
export function lengthOf(intervals: readonly Interval[]): number {
  return intervals.reduce((sum, [start, end]) => sum + end - start, 0);
}

/** The time that two unions share. */
export function shared(a: readonly Interval[], b: readonly Interval[]): number {
  let [total, i, j] = [0, 0, 0];
  while (i < a.length && j < b.length) {
    const [left, right] = [a[i]!, b[j]!];
    total += Math.max(0, Math.min(left[1], right[1]) - Math.max(left[0], right[0]));
    if (left[1] < right[1]) i++;
    else j++;
  }
  return total;
}

/**
 * Above 0 when the first of two unions comes before the other, by its begin; of those that begin at one moment, the one that is over sooner.
 * 0 when their times do not tell.
 */
export function firstOf(a: readonly Interval[], b: readonly Interval[]): number {
  const [from, to] = [a[0]?.[0] ?? 0, b[0]?.[0] ?? 0];
  return from === to ? (b.at(-1)?.[1] ?? 0) - (a.at(-1)?.[1] ?? 0) : to - from;
}
