/** Measured latencies out of a CSV text. */
import { nearest } from '../base/units.js';
import { MOST_VALUES, type CsvValues } from './format/latency.js';
import { describe, didYouMean } from './problem.js';

const LONGEST_MS = 600_000;

/**
 * The latencies of a CSV text in ms, sorted; more than MOST_VALUES are thinned to evenly spaced quantiles. A first line
 * that is no number is the heading. Separators are commas, semicolons and tabs.
 * @throws Error that says which line is wrong
 */
export function csvLatencies(text: string, { column }: Pick<CsvValues, 'column'>): number[] {
  const rows = text.split(/\r?\n/).map((line) => line.split(/[,;\t]/).map(unquoted));
  const headed = column !== undefined || !isNumber(rows[0]?.[0]);
  const position = columnPosition(rows[0] ?? [], column);
  const values: number[] = [];
  for (const [index, row] of rows.entries()) {
    if ((headed && index === 0) || (row.length === 1 && row[0] === '')) continue;
    values.push(latencyOf(row[position], index + 1));
  }
  if (values.length === 0) throw new Error('it holds no latencies');
  return thinned(values.toSorted((a, b) => a - b));
}

function unquoted(cell: string): string {
  return cell.trim().replace(/^"(.*)"$/, '$1');
}

function columnPosition(headings: readonly string[], column: string | undefined): number {
  if (column === undefined) return 0;
  const position = headings.indexOf(column);
  if (position >= 0) return position;
  throw new Error(`it has no column ${describe(column)}${didYouMean(nearest(column, headings))}`);
}

function latencyOf(cell: string | undefined, line: number): number {
  const value = isNumber(cell) ? Number(cell) : NaN;
  if (value >= 0 && value <= LONGEST_MS) return value;
  throw new Error(`line ${line}: expected a latency in ms from 0 to ${LONGEST_MS}, got ${describe(cell)}`);
}

function isNumber(cell: string | undefined): boolean {
  return cell !== undefined && /^\d+(\.\d+)?(e[+-]?\d+)?$/i.test(cell);
}

function thinned(sorted: number[]): number[] {
  if (sorted.length <= MOST_VALUES) return sorted;
  const position = (i: number): number => Math.floor(((i + 0.5) * sorted.length) / MOST_VALUES);
  return Array.from({ length: MOST_VALUES }, (_, i) => sorted[position(i)] ?? 0);
}
