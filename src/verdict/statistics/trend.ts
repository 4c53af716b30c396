/** Whether a series rises or falls over its length, when neighbours resemble each other as the blocks of one machine do. */
import type { Interval } from './percentile-intervals.js';
import { studentQuantile } from './student.js';

/** Few and long, so that each is nearly independent of the next. */
const SECTIONS = 10;

/**
 * How much a series rises from its first value to its last along a straight line, and the interval of that; below 0 it
 * falls. The least-squares line is drawn through the means of ten sections (through every value of fewer than 20), so that
 * correlation within a section is not taken for a trend. Source: Draper and Smith, Applied Regression Analysis (1998), 1.4.
 * @param values in order of time, evenly apart; any unit, and the rise has the same
 * @returns null for fewer than 3 values, which leave no error to judge by
 */
export function trendOf(values: readonly number[], confidence: number): (Interval & { estimate: number }) | null {
  if (values.length < 3) return null;
  const points = sectionsOf(values, values.length < 2 * SECTIONS ? values.length : SECTIONS);
  const at = mean(points.map(({ x }) => x));
  const level = mean(points.map(({ y }) => y));
  const across = sum(points.map(({ x }) => (x - at) ** 2));
  const slope = sum(points.map(({ x, y }) => (x - at) * y)) / across;
  const residual = sum(points.map(({ x, y }) => (y - level - slope * (x - at)) ** 2)) / (points.length - 2);
  const span = values.length - 1;
  const half = studentQuantile((1 + confidence) / 2, points.length - 2) * Math.sqrt(residual / across) * span;
  return { estimate: slope * span, low: slope * span - half, high: slope * span + half };
}

/** The middle and the mean of each of `count` sections that differ in length by one value at most. */
function sectionsOf(values: readonly number[], count: number): { x: number; y: number }[] {
  const edge = (section: number): number => Math.floor((section * values.length) / count);
  return Array.from({ length: count }, (_, section) => {
    const [from, to] = [edge(section), edge(section + 1)];
    return { x: (from + to) / 2, y: mean(values.slice(from, to)) };
  });
}

function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
