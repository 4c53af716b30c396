/** Every request as a dot over time, and the percentiles of all subjects on one scale. */
import { OUTCOMES } from '../../load/load.js';
import { responseTimes } from '../../measurement/outcomes.js';
import type { MeasuredTrial, TrialLoad } from '../../measurement/record.js';
import type { SampleColumns } from '../../measurement/samples.js';
import { formatCount, formatShare, formatTime } from '../format.js';
import type { Axis, Chart, Series } from './chart.js';
import { rowsAt, subjectNamed, typicalRound, type Context } from './context.js';
import { beside, figure, table } from './figure.js';
import { html, type Markup } from './markup.js';
import { faultMarks } from './time-marks.js';

const HEIGHT = 240;
/** Dots of one outcome in one chart; fewer where there are many charts. */
const MOST_DOTS = 3000;
const ALL_DOTS = 60_000;

/** Charts of all requests under one load. */
export function requestCharts(context: Context, load: TrialLoad): Markup {
  const trials = rowsAt(context, load).flatMap((row) => typicalRound(row) ?? []);
  const drawn = trials.filter((trial) => trial.samples.outcome !== '');
  if (drawn.length === 0) return html`<p>No request was recorded.</p>`;
  const top = Math.max(
    1,
    ...drawn.map((trial) => context.samplesOf(trial).time.reduce((most, time) => Math.max(most, time), 0)),
  );
  return html`${drawn.map((trial) => overTime(context, trial, top))}${percentiles(context, drawn)}`;
}

function overTime(context: Context, trial: MeasuredTrial, top: number): Markup {
  const most = Math.min(MOST_DOTS, Math.floor(ALL_DOTS / Math.max(1, context.rows.length)));
  const drawn = clouds(context.samplesOf(trial), most);
  const { seconds, warmupSeconds } = trial.window;
  const series = drawn.map(({ outcome, x, y }): Series => ({
    label: outcome,
    colour: `outcome-${outcome}`,
    style: 'dots',
    x,
    y,
  }));
  const chart: Chart = {
    x: {
      label: 'time in the window',
      format: 'clock',
      scale: 'linear',
      min: -warmupSeconds * 1000,
      max: seconds * 1000,
    },
    y: { label: 'response time', format: 'time', scale: 'linear', min: 0, max: top * 1.06 },
    series,
    marks: [
      { kind: 'span', at: -warmupSeconds * 1000, to: 0, label: 'warm-up', colour: 'ink-3' },
      ...faultMarks(context, trial),
    ],
    height: HEIGHT,
  };
  const round =
    context.record.scenario.load.rounds > 1 ? ` Round ${trial.round}, the one in the middle by its p95.` : '';
  const title = `Requests of ${trial.architecture} over time`;
  return beside(
    figure({ title, about: `A dot for each request at its start. ${thinned(drawn)}${round}` }, chart),
    outcomes(trial),
  );
}

function outcomes({ architecture, outcomes: counts }: MeasuredTrial): Markup {
  const found = OUTCOMES.filter((outcome) => counts[outcome] > 0);
  const rows = found.map((outcome) => [
    html`<i class="dot" style="--c:var(--outcome-${outcome})"></i>${outcome}`,
    formatCount(counts[outcome]),
    formatShare(counts.sent > 0 ? counts[outcome] / counts.sent : null),
  ]);
  const head = [{ label: 'outcome', align: 'left' as const }, { label: 'requests' }, { label: 'share' }];
  return table(`Outcomes of ${architecture}, warm-up left out`, head, [
    ...rows,
    ['sent', formatCount(counts.sent), ''],
  ]);
}

/** Shares at which the curve is read: as dense towards the slow end as towards the fast one. */
const POINTS = 60;
const TICKS = [0, 0.5, 0.9, 0.99, 0.999, 0.9999];

function percentiles(context: Context, trials: readonly MeasuredTrial[]): Markup {
  const sorted = trials.map((trial) => responseTimes(context.samplesOf(trial)).map(Math.abs).toSorted());
  const longest = Math.max(1, ...sorted.map((times) => times.length));
  const series = trials.map((trial, i): Series => {
    const { colour } = subjectNamed(context, trial.architecture);
    return { label: trial.architecture, colour, style: 'line', ...curve(sorted[i] ?? new Float32Array()) };
  });
  const x: Axis = {
    label: 'share of requests that ended within the time',
    format: 'percentile',
    scale: 'log',
    min: 1,
    max: longest * 1.1,
    ticks: TICKS.map(oneIn).filter((tick) => tick <= longest * 1.1),
  };
  const top = Math.max(1, ...sorted.map((times) => times.at(-1) ?? 0)) * 1.06;
  const y: Axis = { label: 'response time', format: 'time', scale: 'linear', min: 0, max: top };
  const about = 'How long the slowest requests take: each step to the right is a tenth of the requests before.';
  const chart = figure({ title: 'Percentiles', about }, { x, y, series, marks: [], height: HEIGHT });
  const head = [{ label: 'subject', align: 'left' as const }, ...COLUMNS.map((label) => ({ label }))];
  const rows = trials.map(({ architecture, responseTime }) => [
    architecture,
    ...COLUMNS.map((which) => formatTime(responseTime[which])),
  ]);
  return beside(chart, table('Response times in the window', head, rows));
}

const COLUMNS = ['p50', 'p75', 'p90', 'p95', 'p99', 'p999', 'max'] as const;

/** A share as "one in so many is slower": 0.9 is 10. */
function oneIn(share: number): number {
  return 1 / (1 - share);
}

/** Nearest ranks at even steps of the logarithm of one in so many. */
function curve(sorted: Float32Array): Pick<Series, 'x' | 'y'> {
  const { length } = sorted;
  if (length === 0) return { x: [], y: [] };
  const x = Array.from({ length: POINTS }, (_, i) => length ** (i / (POINTS - 1)));
  const y = x.map(
    (slower) => sorted[Math.min(length - 1, Math.max(0, Math.ceil(length * (1 - 1 / slower)) - 1))] ?? null,
  );
  return { x: x.map((value) => Number(value.toPrecision(6))), y: y.map((value) => value && Number(value.toFixed(2))) };
}

/** The requests drawn of one outcome, and how many there are. */
interface Cloud {
  outcome: (typeof OUTCOMES)[number];
  /** Every `each`-th request is drawn. */
  each: number;
  count: number;
  x: number[];
  y: number[];
}

/**
 * One cloud for each outcome that occurs. Each is thinned by itself, evenly in the order sent, so that rare failures
 * are drawn all; how much was left out is told.
 * @param most dots of one outcome
 */
export function clouds({ start, time, outcome }: SampleColumns, most: number): Cloud[] {
  const counts = OUTCOMES.map(() => 0);
  for (const position of outcome) counts[position] = (counts[position] ?? 0) + 1;
  return OUTCOMES.flatMap((name, position) => {
    const count = counts[position] ?? 0;
    if (count === 0) return [];
    const each = Math.ceil(count / most);
    const drawn = everyNth(outcome, position, each).toSorted((a, b) => (start[a] ?? 0) - (start[b] ?? 0));
    // Whole ms are finer than a pixel.
    const at = (column: Float32Array): number[] => drawn.map((i) => Math.round(column[i] ?? 0));
    return [{ outcome: name, each, count, x: at(start), y: at(time) }];
  });
}

/** Rows of one outcome, one of so many: there may be millions, of which no list is made. */
function everyNth(outcome: Uint8Array, position: number, each: number): number[] {
  const rows: number[] = [];
  let seen = 0;
  for (let row = 0; row < outcome.length; row++) if (outcome[row] === position && seen++ % each === 0) rows.push(row);
  return rows;
}

/** What was left out, in words; empty when all are drawn. */
export function thinned(drawn: readonly Cloud[]): string {
  const parts = drawn
    .filter(({ each }) => each > 1)
    .map(({ outcome, each }) => `every ${ordinal(each)} request that ended ${outcome}`);
  return parts.length > 0
    ? `Drawn: ${parts.join(', ')}${parts.length < drawn.length ? ', all others' : ''}.`
    : 'Every request is drawn.';
}

function ordinal(count: number): string {
  const ending = count % 100 >= 11 && count % 100 <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][count % 10] ?? 'th');
  return `${count}${ending}`;
}
