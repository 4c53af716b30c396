/** Small charts in text: response time against load as bars, a backlog over time as a row of heights. */
import { fold } from '../advice/rounds.js';
import { knownFailureRate } from '../measurement/outcomes.js';
import type { BacklogResult, RunRecord } from '../measurement/record.js';
import { percentileCell } from './cells.js';
import { publishes, type Row } from './columns.js';
import { curvesIn } from './curves.js';
import { formatCount, formatLoad, formatShare, formatTime } from './format.js';
import { showable, type Style } from './terminal-style.js';

const MIN_BAR = 1;
const MAX_BAR = 48;

/** p95 of the response time of every row, as bars on one scale. Empty for fewer than two rows with numbers. */
export function drawResponseTimes(rows: readonly Row[], style: Style): string {
  const bars = rows.map((row) => ({
    row,
    value: fold(row, (trial) => trial.responseTime.p95),
    label: percentileCell(row, 'p95', (trial) => trial.responseTime) + failedOf(row),
  }));
  const drawn = bars.filter((bar): bar is typeof bar & { value: number } => bar.value !== null);
  if (drawn.length < 2) return '';
  const names = namesOf(
    drawn.map((bar) => bar.row),
    style,
  );
  const max = Math.max(...drawn.map((bar) => bar.value));
  const room = style.screen.columns - (names[0] ?? '').length - 2 - Math.max(...drawn.map((bar) => bar.label.length));
  const width = Math.max(MIN_BAR, Math.min(MAX_BAR, room));
  const lines = drawn.map(({ row, value, label }, i) => {
    const isFailing = (fold(row, knownFailureRate) ?? 0) >= 0.01;
    return `${names[i]} ${style.paint[isFailing ? 'bad' : 'bar'](drawBar(value / max, width, style))} ${label}`;
  });
  return [style.paint.bold('Response time p95'), ...lines].join('\n');
}

/** The predicted curve of each subject as a row of heights on one scale, from the lowest load to the highest. Empty without curves. */
export function drawCurves(record: Pick<RunRecord, 'curves'>, style: Style): string {
  const curves = curvesIn(record);
  const [first, last] = [curves[0]?.points[0], curves[0]?.points.at(-1)];
  if (!first || !last) return '';
  const most = Math.max(1, ...curves.flatMap(({ points }) => points.map(({ p95 }) => p95 ?? 0)));
  const name = Math.max(...curves.map((curve) => showable(curve.name, style.screen).length));
  const lines = curves.map((curve) => {
    const row = curve.points.map(({ p95 }) => (p95 === null ? ' ' : style.heights[Math.round((p95 / most) * (style.heights.length - 1))])).join('');
    return `${showable(curve.name, style.screen).padEnd(name)} ${style.paint.bar(row)} ${formatTime(curve.points[0]?.p95 ?? null)} to ${formatTime(curve.points.at(-1)?.p95 ?? null)}`;
  });
  return [style.paint.bold(showable(`p95 from ${formatLoad(first.load)} to ${formatLoad(last.load)}, predicted`, style.screen)), ...lines].join('\n');
}

/** The backlog of every consumer at the highest load, from the start of the window to the end of the drain. */
export function drawBacklogs(rows: readonly Row[], style: Style): string {
  const last = rows.findLast(publishes);
  const consumers = Object.entries(last?.measured[0]?.events?.consumers ?? {});
  const growing = consumers.filter(([, { backlog }]) => backlog.series.waiting.length > 1 && backlog.peak > 0);
  if (!last || growing.length === 0) return '';
  const name = Math.max(...growing.map(([consumer]) => showable(consumer, style.screen).length));
  const width = Math.max(MIN_BAR, Math.min(MAX_BAR, style.screen.columns - name - 24));
  const lines = growing.map(([consumer, { backlog }]) => {
    const label = showable(consumer, style.screen).padEnd(name);
    const counts = `${formatCount(backlog.end)} at the end`;
    return `${label} ${style.paint.bar(heights(backlog, width, style))} ${counts}`;
  });
  const title = `Backlog of ${last.architecture} at ${formatLoad(last.load)}`;
  return [style.paint.bold(showable(title, style.screen)), ...lines].join('\n');
}

function failedOf(row: Row): string {
  const rate = fold(row, knownFailureRate) ?? 0;
  return rate > 0 ? `, ${formatShare(rate)} failed` : '';
}

/** Load and subject in two columns; a load is said once. */
function namesOf(rows: readonly Row[], { screen }: Style): string[] {
  const loads = rows.map((row, i) =>
    i > 0 && formatLoad((rows[i - 1] as Row).load) === formatLoad(row.load) ? '' : formatLoad(row.load),
  );
  const subjects = rows.map((row) => showable(row.architecture, screen));
  const [load, subject] = [loads, subjects].map((texts) => Math.max(...texts.map((text) => text.length))) as [
    number,
    number,
  ];
  return rows.map((_, i) => `${(loads[i] ?? '').padStart(load)}  ${(subjects[i] ?? '').padEnd(subject)}`);
}

/** A bar of a share of the width; the last character is as full as its alphabet allows. */
export function drawBar(share: number, width: number, { bars }: Style): string {
  const parts = Math.max(1, Math.round(share * width * bars.length));
  const rest = parts % bars.length;
  return (bars.at(-1) ?? '').repeat(Math.floor(parts / bars.length)) + (rest > 0 ? bars[rest - 1] : '');
}

/** The largest count of each stretch of time, as a height. */
function heights({ series: { waiting }, peak }: BacklogResult, width: number, { heights: levels }: Style): string {
  const columns = Math.min(width, waiting.length);
  const each = Array.from({ length: columns }, (_, i) => {
    const [from, to] = [i, i + 1].map((edge) => Math.floor((edge * waiting.length) / columns)) as [number, number];
    return Math.max(...waiting.slice(from, to));
  });
  return each.map((count) => levels[Math.round((count / Math.max(1, peak)) * (levels.length - 1))]).join('');
}
