/** Latencies that belong together, as they are written: a CSV file with a column for each step, or the columns themselves. */
import { checked, either, fields, isMapping, list, mapped, named, optional, required, type Field } from './field.js';
import type { Unit } from '../csv/forms.js';
import { MOST_VALUES, time } from './latency.js';
import { choice, text } from './values.js';

/** Rows that are still to be read from a file, or stand in the scenario: by column, ms. */
export type RowsDraft = { file: string; unit?: Unit } | { columns: Map<string, number[]> };

const file: Field<RowsDraft> = mapped(text(400), (path) => ({ file: path }));
const fileWithUnit: Field<RowsDraft> = fields('rows', {
  file: required(text(400), 'CSV file with one row for each request, and a heading; its path counts from the scenario file'),
  unit: optional(choice<Unit>('s', 'ms', 'us', 'ns'), 'What its numbers are in; without it what the heading says, or ms'),
});
const columns: Field<RowsDraft> = mapped(
  checked(
    named('columns by heading', text(100), list('latencies', time, 1, MOST_VALUES), 100),
    'expected columns of equal length: a row has a time in each of them',
    (all) => new Set([...all.values()].map(({ length }) => length)).size <= 1,
  ),
  (all) => ({ columns: all }),
);

/** `shop.csv`, `{ file: shop.csv, unit: s }`, or `{ payment: [12ms, 15ms], email: [80ms, 95ms] }`. */
export const rows: Field<RowsDraft> = either<RowsDraft>([file, fileWithUnit, columns], (input) => {
  if (!isMapping(input)) return file;
  return typeof input['file'] === 'string' ? fileWithUnit : columns;
});
