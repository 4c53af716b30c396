/** Response time and failure rate against users or rate, every subject on the same axes. */
import { fold, loadSize } from '../../advice/rounds.js';
import type { Percentile } from '../../measurement/times.js';
import { columnsOf } from '../columns.js';
import { curvesIn } from '../curves.js';
import { footnotes } from '../notes.js';
import { sideTablesOf } from '../side-tables.js';
import type { Axis, Chart, Series } from './chart.js';
import { isOneAxis, levels, type Context } from './context.js';
import { figure, table } from './figure.js';
import { failureRateKnown, responseTimeKnown, type Known } from './intervals.js';
import { crossovers, knees, limits } from './load-marks.js';
import { html, type Markup } from './markup.js';

export const HEIGHT = 260;
const PERCENTILES = ['p50', 'p95', 'p99'] as const;

export const FAILURES = { title: 'Failure rate', about: 'Share of requests without a good answer in time.' };

/** What each percentile says. */
export const ABOUT: Record<(typeof PERCENTILES)[number], string> = {
  p50: 'Half of the requests ended within this time.',
  p95: 'One request in twenty took longer than this.',
  p99: 'One request in a hundred took longer than this.',
};

/** Four charts and the table of all numbers in them. */
export function loadSection(context: Context): Markup {
  const { rows, record, loads } = context;
  const columns = columnsOf(rows);
  const numbers = table(
    'All subjects at all loads',
    columns.map(({ label, about, align }) => ({ label, about, align })),
    rows.map((row) => columns.map((column) => ({ text: column.cell(row), meaning: column.meaning(row) }))),
  );
  const notes = footnotes(rows, columns, sideTablesOf(record));
  return html`<section id="loads">
    <h2>Response time and failures</h2>
    ${isOneAxis(loads) ? html`<div class="grid">${charts(context)}</div>` : ''}
    ${numbers}
    <ul class="notes">
      ${notes.map((note) => html`<li>${note}</li>`)}
    </ul>
    <p class="notes">
      Whiskers: 95% interval of each value by
      itself${record.trials.some((trial) => trial.round > 1) ? ', all rounds together' : ''}.
    </p>
  </section>`;
}

function charts(context: Context): Markup[] {
  const { record } = context;
  const known = new Map(
    PERCENTILES.map((which) => [which, seriesOf(context, (row) => responseTimeKnown(context, row, which), which)]),
  );
  const top = Math.max(highest([...known.values()].flat()), ...(record.curves ?? []).map(({ p95, p99 }) => p99 ?? p95 ?? 0));
  const times = PERCENTILES.map((which) => timeChart(context, which, known.get(which) ?? [], top));
  const failures = [...seriesOf(context, failureRateKnown), ...(record.curves ? predictions(context, 'failureRate') : [])];
  const marks = [...limits(context, 'failure_rate'), ...knees(context)];
  const failed = figure(FAILURES, { x: loadAxis(context), y: failureAxis(failures), series: failures, marks, height: HEIGHT });
  return [...times, failed, ...ordersChart(context, top)];
}

/** Orders a second against response time: where it turns up is the most that a subject takes. Nothing without a curve. */
function ordersChart(context: Context, top: number): Markup[] {
  const curves = curvesIn(context.record);
  if (curves.length === 0) return [];
  const series = context.subjects.flatMap(({ name, colour, marker }): Series[] => {
    const points = ascending((curves.find((curve) => curve.name === name)?.points ?? []).map(({ orders, p95 }) => ({ x: orders, y: p95 })));
    const rows = context.rows.filter((row) => row.architecture === name && row.measured.length > 0);
    const dots = ascending(rows.map((row) => ({ x: fold(row, ({ outcomes, window }) => outcomes.sent / window.seconds) ?? 0, y: responseTimeKnown(context, row, 'p95').value })));
    return [
      { label: name, colour, marker, style: 'dots', ...dots },
      { label: `${name}, predicted`, colour, style: 'dashed', ...points },
    ];
  });
  const most = Math.max(1, ...series.flatMap(({ x }) => x));
  const x: Axis = { label: 'orders per second', format: 'level', scale: 'linear', min: 0, max: most * 1.05 };
  const high = Math.max(top, highest(series));
  return [figure({ title: 'Orders a second against p95', about: ORDERS }, { x, y: timeAxis('p95', high), series, marks: [], height: HEIGHT })];
}

const ORDERS = 'How long one request in twenty takes at least when a subject gets so many orders: the same orders are one above the other.';

/** Points by x, no two at one: a chart is read from left to right. */
function ascending(points: readonly { x: number; y: number | null }[]): { x: number[]; y: (number | null)[] } {
  const sorted = points.toSorted((a, b) => a.x - b.x);
  const step = 1e-6 * Math.max(1, sorted.at(-1)?.x ?? 1);
  const x: number[] = [];
  for (const point of sorted) x.push(Math.max(point.x, (x.at(-1) ?? -Infinity) + step));
  return { x, y: sorted.map(({ y }) => y) };
}

function timeChart(context: Context, which: Percentile & keyof typeof ABOUT, series: Series[], top: number): Markup {
  const predicted = predictions(context, which);
  const marks = [...limits(context, which), ...(which === 'p95' ? knees(context) : []), ...crossovers(series)];
  const chart: Chart = {
    x: loadAxis(context),
    y: timeAxis(which, top),
    series: [...series, ...predicted],
    marks,
    height: HEIGHT,
  };
  return figure({ title: `Response time ${which}`, about: ABOUT[which] }, chart);
}

/**
 * A line for each subject, or its points alone where the model has the line.
 * @param which figure of the curve it is; null where no curve is drawn
 */
export function seriesOf(context: Context, knownOf: (row: Context['rows'][number]) => Known, which: Predictable | null = 'failureRate'): Series[] {
  return context.subjects.map(({ name, colour, marker }) => {
    const rows = context.rows.filter((row) => row.architecture === name && row.measured.length > 0);
    const known = rows.map(knownOf);
    return {
      label: name,
      colour,
      marker,
      // Between two loads a straight line would hide what the model knows.
      style: which && curveOf(context, name, which) ? ('dots' as const) : ('line' as const),
      x: rows.map(({ load }) => loadSize(load)),
      y: known.map(({ value }) => value),
      low: known.map(({ low }) => low),
      high: known.map(({ high }) => high),
    };
  });
}

/** What the model tells of a load. */
type Predictable = 'p50' | 'p95' | 'p99' | 'failureRate';

/** The predicted curve of a subject, where there is one of this figure: older records have none of p99. */
function curveOf({ record }: Context, name: string, which: Predictable): { x: number[]; y: (number | null)[] } | null {
  const points = curvesIn(record).find((one) => one.name === name)?.points;
  if (!points || points.some((point) => point[which] === undefined)) return null;
  return { x: points.map(({ load }) => loadSize(load)), y: points.map((point) => point[which] ?? null) };
}

/** What the model predicts, beside what was measured. Trials have no prediction of p99. */
function predictions(context: Context, which: Predictable): Series[] {
  return context.subjects.flatMap(({ name, colour, marker }): Series[] => {
    const curve = curveOf(context, name, which);
    if (curve) return [{ label: `${name}, predicted`, colour, style: 'dashed', ...curve }];
    if (which === 'p99') return [];
    const rows = context.rows.filter((row) => row.architecture === name && row.measured[0]?.predicted);
    if (rows.length === 0) return [];
    const y = rows.map((row) => row.measured[0]?.predicted?.[which] ?? null);
    const x = rows.map(({ load }) => loadSize(load));
    return [{ label: `${name}, predicted`, colour, marker, style: 'dashed' as const, x, y }];
  });
}

/** Wide apart, loads stand on a logarithmic axis. */
export function loadAxis({ loads }: Pick<Context, 'loads'>): Axis {
  const ticks = levels(loads);
  const [min, max] = [Math.min(...ticks), Math.max(...ticks)];
  const isWide = min > 0 && max / min >= 8;
  const label = loads[0]?.model === 'open' ? 'requests per second' : 'users';
  const pad = isWide
    ? { min: min / 1.35, max: max * 1.35 }
    : { min: Math.max(0, min - (max - min || max) * 0.15), max: max + (max - min || max) * 0.15 };
  return { label, format: 'level', scale: isWide ? 'log' : 'linear', ...pad, ticks };
}

/** Times from 0 to a little above the highest. */
export function timeAxis(label: string, top: number): Axis {
  return { label, format: 'time', scale: 'linear', min: 0, max: Math.max(1, top * 1.08) };
}

/** Shares from 0 to a little above the highest, and not so little that one failure fills the chart. */
export function failureAxis(series: readonly Series[]): Axis {
  return { label: 'failed', format: 'share', scale: 'linear', min: 0, max: Math.min(1, Math.max(0.05, highest(series) * 1.1)) };
}

/** The largest value or end of an interval. */
export function highest(series: readonly Series[]): number {
  return Math.max(0, ...series.flatMap(({ y, high = [] }) => [...y, ...high]).map((value) => value ?? 0));
}
