/** The forms in which a latency is written. */
import { nearest } from '../../base/units.js';
import { Z99 } from '../draw.js';
import { checked, either, fields, isMapping, list, mapped, optional, required, scalar, type Field } from './field.js';
import type { Latency } from '../scenario.js';
import type { Unit } from '../csv/forms.js';
import { choice, duration, number, text } from './values.js';

/** Measured latencies that are still to be read from a file. */
export interface CsvValues {
  kind: 'csv';
  file: string;
  /** Heading of the column; needed where there are several, and nobody knows them. */
  column?: string;
  /** What the numbers are in; ms where neither the file nor this says so. */
  unit?: Unit;
}

/** A column of the scenario's rows, still to be looked up. */
export interface ColumnOfRows {
  kind: 'column';
  column: string;
}

export type LatencyDraft = Latency | CsvValues | ColumnOfRows;

/** Most measured values that are kept; more are thinned to evenly spaced quantiles. */
export const MOST_VALUES = 5000;

/** How long one call can take, ms. */
export const LONGEST_LATENCY = 600_000;
export const time = duration(0, LONGEST_LATENCY);
// Zero has no logarithm.
const positive = duration(0.001, LONGEST_LATENCY);
// However it varies, p99 is less than 15 times the mean and p50 more than a tenth: both stay within their bounds.
const mean = duration(0.1, LONGEST_LATENCY / 15);

const constant: Field<LatencyDraft> = mapped(time, (ms) => ({ kind: 'constant', ms }));

const quantiles: Field<LatencyDraft> = mapped(
  checked(
    fields('a latency by quantiles', {
      p50: required(positive, 'Half of the calls are faster'),
      p99: required(positive, '99 of 100 calls are faster'),
    }),
    'expected p99 to be at least p50',
    ({ p50, p99 }) => p99 >= p50,
  ),
  ({ p50, p99 }) => ({ kind: 'lognormal', p50, p99 }),
);

const moments: Field<LatencyDraft> = mapped(
  fields('a latency by mean and variation', {
    mean: required(mean, 'Mean'),
    cv: required(number(0, 10), 'Standard deviation divided by the mean'),
  }),
  (written) => lognormalOf(written.mean, written.cv),
);

const exponential: Field<LatencyDraft> = mapped(
  fields('an exponential latency', { exponential: required(time, 'Mean of an exponential distribution') }),
  (written) => ({ kind: 'exponential', mean: written.exponential }),
);

const uniform: Field<LatencyDraft> = mapped(
  checked(
    fields('a uniform latency', { uniform: required(list('least and most', time, 2, 2), 'Least and most') }),
    'expected the least before the most',
    ({ uniform: [min = 0, max = 0] }) => min <= max,
  ),
  ({ uniform: [min = 0, max = 0] }) => ({ kind: 'uniform', min, max }),
);

const inline: Field<LatencyDraft> = mapped(
  fields('measured latencies', {
    values: required(list('measured latencies', time, 1, MOST_VALUES), 'Measured latencies'),
  }),
  ({ values }) => ({ kind: 'values', values: values.toSorted((a, b) => a - b) }),
);

const csv: Field<LatencyDraft> = mapped(
  fields('measured latencies', {
    values: required(text(400), 'CSV file with one latency per line, or samples of hey, oha, ab, JMeter, k6 or vegeta; its path counts from the scenario file'),
    column: optional(text(100), 'Heading of the column that holds them; not needed where there is one, or for samples of those tools'),
    unit: optional(choice<Unit>('s', 'ms', 'us', 'ns'), 'What its numbers are in; without it what the heading or the tool says, or ms'),
  }),
  ({ values: file, ...how }) => ({ kind: 'csv', file, ...how }),
);

const ofRows: Field<LatencyDraft> = mapped(
  fields('a column of the rows', { column: required(text(100), 'Heading of a column of the scenario\'s `rows`: one request takes one row of all of them') }),
  ({ column }) => ({ kind: 'column', column }),
);

/** The form that each key belongs to. */
const FORMS: Record<string, Field<LatencyDraft>> = {
  p50: quantiles,
  p99: quantiles,
  mean: moments,
  cv: moments,
  exponential,
  uniform,
  values: inline,
  column: csv,
  unit: csv,
};
const KEYS = Object.keys(FORMS);

const unknownForm: Field<never> = scalar<never>(
  'a latency: 300ms, {p50, p99}, {mean, cv}, {exponential}, {uniform: [least, most]}, {values} or {column}',
  { not: {} },
  () => undefined,
);

/** How long a service works on one call. */
export const latency: Field<LatencyDraft> = either(
  [constant, quantiles, moments, exponential, uniform, inline, csv, ofRows],
  (input) => {
    if (!isMapping(input)) return typeof input === 'string' || typeof input === 'number' ? constant : unknownForm;
    if (typeof input['values'] === 'string') return csv;
    if (typeof input['column'] === 'string' && Object.keys(input).length === 1) return ofRows;
    // A mistyped key still tells the form that was meant.
    const meant = Object.keys(input).map((candidate) => nearest(candidate, KEYS));
    return FORMS[meant.find((key) => key !== undefined) ?? ''] ?? unknownForm;
  },
);

/**
 * The lognormal distribution of a mean (ms) and a coefficient of variation: sigma^2 = ln(1 + cv^2),
 * median = mean / sqrt(1 + cv^2).
 */
export function lognormalOf(average: number, cv: number): Latency {
  const p50 = average / Math.sqrt(1 + cv * cv);
  const sigma = Math.sqrt(Math.log1p(cv * cv));
  return { kind: 'lognormal', p50, p99: p50 * Math.exp(Z99 * sigma) };
}
