/** Measured latencies out of a CSV text. */
import { nearest } from '../../base/units.js';
import { LONGEST_LATENCY, MOST_VALUES, type CsvValues } from '../format/latency.js';
import { describe, didYouMean } from '../problem.js';
import { formOf, isVegeta, UNITS, unitOf, VEGETA, type Form, type Unit } from './forms.js';
import { readTable, type Row, type Table } from './table.js';

const POINT = /^\d+(\.\d+)?(e[+-]?\d+)?$/i;
const COMMA = /^\d+,\d+$/;
/** May be a thousand and more, or one and less: 1,234. */
const EITHER = /^\d{1,3},\d{3}$/;

/** What a text was understood to say. */
export interface CsvLatencies {
  /** ms; more than MOST_VALUES are thinned to evenly spaced ones: sorted ones to quantiles. */
  values: number[];
  /** How it was read, in words. */
  understood: string;
}

/** Where the latencies of a table are, and how they are written. */
interface Reading {
  form: Form | undefined;
  headings: readonly string[];
  rows: readonly Row[];
  position: number;
  unit: Unit;
}

/**
 * The latencies of a CSV text. A first line without a number is the heading.
 * @throws Error that says which line is wrong, or what cannot be told
 */
export function csvLatencies(text: string, asked: Pick<CsvValues, 'column' | 'unit'>): CsvLatencies {
  const { values, understood } = csvColumn(text, asked);
  return { values: thinned(values.toSorted((a, b) => a - b)), understood };
}

/**
 * A column of rows that belong together, ms, in their order; of more than MOST_VALUES evenly spaced ones, the same of every column.
 * @throws Error that says which line is wrong, or what cannot be told
 */
export function csvRows(text: string, asked: { column: string; unit?: Unit }): CsvLatencies {
  const { values, understood } = csvColumn(text, asked);
  return { values: thinned(values), understood };
}

/** The latencies of a column, in their order. */
function csvColumn(text: string, asked: Pick<CsvValues, 'column' | 'unit'>): CsvLatencies {
  const table = readTable(text, requestsUnder);
  const reading = readingOf(table, asked);
  const { form, rows, position, unit } = reading;
  const { taken, failed } = requestsOf(reading);
  const decimal = decimalOf(taken.map(({ cells }) => cells[position]));
  const values = taken.map((row) => latencyOf(row, position, unit, decimal));
  if (values.length === 0) throw new Error(failed > 0 ? `it holds no latencies of good answers, and ${failed} of others` : 'it holds no latencies');
  const sorted = values.toSorted((a, b) => a - b);
  const from = `${sorted[0]} to ${sorted.at(-1)} ms`;
  const where = reading.headings.length > 0 ? `column ${describe(reading.headings[position])}` : rows[0] && rows[0].cells.length > 1 ? 'the first column' : 'one a line';
  const words = [
    ...(form ? [`samples of ${form.tool}`] : []),
    `${where} in ${unit}${decimal === 'comma' ? ' with decimal commas' : ''}`,
    `${sorted.length} ${sorted.length === 1 ? 'latency' : 'latencies'} of ${from}`,
    ...(failed > 0 ? [`${failed} without a good answer left out`] : []),
  ];
  return { values, understood: words.join(', ') };
}

function readingOf({ rows, separator }: Table, { column, unit }: Pick<CsvValues, 'column' | 'unit'>): Reading {
  const [first] = rows;
  if (first && isVegeta(first.cells)) {
    return { form: VEGETA, headings: VEGETA.all, rows, position: positionOf(VEGETA.all, column ?? VEGETA.column), unit: unit ?? VEGETA.unit };
  }
  if (!first) throw new Error('it holds no latencies');
  const headed = column !== undefined || !first.cells.some(isNumber);
  if (!headed) {
    refuseTwoMeanings(rows, separator);
    return { form: undefined, headings: [], rows, position: 0, unit: unit ?? 'ms' };
  }
  const headings = first.cells;
  const form = formOf(headings);
  const position = positionOf(headings, column ?? form?.column ?? onlyHeading(headings));
  const heading = headings[position] ?? '';
  if (column === undefined && !form && NUMBER_LIKE.test(heading)) throw new Error(`line 1: ${expected(unit ?? 'ms', heading)}`);
  return { form, headings, rows: rows.slice(1), position, unit: unit ?? form?.unit ?? unitOf(heading) ?? 'ms' };
}

/** What begins like a number was meant to be one, and is no heading: `-5`, `12ms`, `1_000`. */
const NUMBER_LIKE = /^[-+.]*\d|^[-+]?(nan|inf)/i;

/** Which of several columns holds the latencies is not guessed: any number would pass for one. */
function onlyHeading(headings: readonly string[]): string {
  const [first = '', ...more] = headings;
  if (more.length === 0) return first;
  throw new Error(`it has the columns ${headings.map(describe).join(', ')}: say which holds the latencies with \`column\``);
}

function positionOf(headings: readonly string[], column: string): number {
  const position = headings.indexOf(column);
  if (headings.lastIndexOf(column) > position) throw new Error(`it has several columns ${describe(column)}: give each a name of its own`);
  if (position >= 0) return position;
  throw new Error(`it has no column ${describe(column)}${didYouMean(nearest(column, headings))}`);
}

/** Digits, with points between thousands or without. */
const WHOLE = /^\d+$|^\d{1,3}(\.\d{3})+$/;

/** `12,5` and `1.234,5` without a heading are one number with a decimal comma, or one column and another. */
function refuseTwoMeanings(rows: readonly Row[], separator: string | null): void {
  if (separator !== ',' || !rows.every(({ cells: [whole = '', rest = '', ...more] }) => more.length === 0 && WHOLE.test(whole) && /^\d+$/.test(rest))) return;
  const [{ cells, line } = { cells: [], line: 1 }] = rows;
  throw new Error(
    `line ${line}: ${describe(cells.join(','))} may be two columns or a number with a decimal comma: ` +
      'give the columns headings, or write decimal points',
  );
}

/** What tells the rows about requests from others, where a tool writes of other things too. */
function requestsUnder(headings: readonly string[]): ((cells: readonly string[]) => boolean) | undefined {
  const form = formOf(headings);
  const cellOf = cellsUnder(headings);
  return form?.isRequest && ((cells) => form.isRequest?.(cellOf(cells)) ?? true);
}

function requestsOf({ form, headings, rows }: Reading): { taken: Row[]; failed: number } {
  if (!form) return { taken: [...rows], failed: 0 };
  const cellOf = cellsUnder(headings);
  const taken = rows.filter((row) => !form.failed(cellOf(row.cells)));
  return { taken, failed: rows.length - taken.length };
}

/** The cell of a row below a heading; empty where there is none. */
function cellsUnder(headings: readonly string[]): (cells: readonly string[]) => (heading: string) => string {
  const positions = new Map(headings.map((heading, at) => [heading, at]));
  return (cells) => (heading) => cells[positions.get(heading) ?? -1] ?? '';
}

function latencyOf({ cells, line }: Row, position: number, unit: Unit, decimal: Decimal): number {
  const cell = cells[position];
  if (decimal === 'unsure' && cell?.includes(',')) {
    throw new Error(`line ${line}: ${describe(cell)} may have its comma between thousands or before decimals: write it with a point, or without`);
  }
  const written = numberIn(cell, decimal);
  // Division by 1000 is exact where multiplying by 0.001 is not.
  const value = UNITS[unit] < 1 ? written / Math.round(1 / UNITS[unit]) : written * UNITS[unit];
  if (value >= 0 && value <= LONGEST_LATENCY) return value;
  throw new Error(`line ${line}: ${expected(unit, cell)}`);
}

function expected(unit: Unit, cell: string | undefined): string {
  return `expected a latency in ${unit} from 0 to ${LONGEST_LATENCY / UNITS[unit]}, got ${describe(cell === '' ? undefined : cell)}`;
}

function thinned(values: number[]): number[] {
  if (values.length <= MOST_VALUES) return values;
  const position = (i: number): number => Math.floor(((i + 0.5) * values.length) / MOST_VALUES);
  return Array.from({ length: MOST_VALUES }, (_, i) => values[position(i)] ?? 0);
}

/** How numbers are written in a column: unsure when every one of them with a comma may have it between thousands. */
type Decimal = 'point' | 'comma' | 'unsure';

/** Whether a cell is a number, however it is written. */
function isNumber(cell: string | undefined): boolean {
  return cell !== undefined && (POINT.test(cell) || COMMA.test(cell));
}

/** How the numbers of a column are written, all of them one way. */
function decimalOf(cells: readonly (string | undefined)[]): Decimal {
  const commas = cells.filter((cell) => cell !== undefined && COMMA.test(cell));
  if (commas.length === 0) return 'point';
  return commas.every((cell) => cell !== undefined && EITHER.test(cell)) ? 'unsure' : 'comma';
}

/** The number in a cell; NaN when it is none, or written in another way than the column's others. */
function numberIn(cell: string | undefined, decimal: Decimal): number {
  if (cell === undefined) return NaN;
  if (decimal === 'comma') return /^\d+(,\d+)?$/.test(cell) ? Number(cell.replace(',', '.')) : NaN;
  return POINT.test(cell) ? Number(cell) : NaN;
}
