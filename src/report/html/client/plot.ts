/** Draws a chart of the page with uPlot. */
import uPlot from 'uplot';
import { fullHeight, LABEL_ROW, labelledAbove, type Axis, type Chart, type Series } from '../chart.js';
import { drawLabelsAbove, drawMarks, drawPoints } from './marks.js';
import { colourOf, formatNumber, formatTick } from './numbers.js';

const FONT = '12px system-ui, -apple-system, "Segoe UI", sans-serif';

/** From here on dots are small. */
const MANY_DOTS = 300;

/** A chart on the page. */
export interface Drawn {
  plot: uPlot;
  chart: Chart;
}

/** Draws the chart of a figure; it follows the size of its place. */
export function drawFigure(figure: HTMLElement): Drawn | undefined {
  const place = figure.querySelector<HTMLElement>('.plot');
  const data = figure.querySelector('.chart-data')?.textContent;
  if (!place || !data || place.clientWidth === 0) return undefined;
  const chart = JSON.parse(data) as Chart;
  const plot = new uPlot(optionsOf(chart, place), dataOf(chart), place);
  new ResizeObserver(() => {
    if (place.clientWidth > 0) plot.setSize({ width: place.clientWidth, height: fullHeight(chart) });
  }).observe(place);
  const drawn = { plot, chart };
  addLegend(figure, drawn);
  addReading(figure, place, drawn);
  return drawn;
}

/** All series on one sorted x, as uPlot wants them. */
function dataOf({ series }: Chart): uPlot.AlignedData {
  if (series.length === 0) return [[]];
  return uPlot.join(series.map(({ x, y }) => [[...x], [...y]]));
}

function optionsOf(chart: Chart, place: HTMLElement): uPlot.Options {
  return {
    width: place.clientWidth,
    height: fullHeight(chart),
    legend: { show: false },
    padding: [8 + LABEL_ROW * labelledAbove(chart).length, 12, 0, 0],
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 7 } },
    scales: { x: { time: false, ...scaleOf(chart.x) }, y: scaleOf(chart.y) },
    axes: [axisOf(chart.x, 44), axisOf(chart.y, 76)],
    series: [{}, ...chart.series.map(seriesOf)],
    hooks: { drawAxes: [(plot) => drawMarks(plot, chart), (plot) => drawLabelsAbove(plot, chart)], draw: [(plot) => drawPoints(plot, chart)] },
  };
}

function scaleOf({ scale, min, max }: Axis): uPlot.Scale {
  // The library's enum exists only in its types.
  // oxlint-disable-next-line typescript/no-unsafe-enum-assignment
  return { distr: scale === 'log' ? 3 : 1, auto: false, range: [min, max] };
}

function axisOf({ label, format, ticks }: Axis, size: number): uPlot.Axis {
  return {
    label,
    labelSize: 18,
    labelFont: FONT,
    font: FONT,
    size: size - 18,
    stroke: () => colourOf('ink-2'),
    grid: { stroke: () => colourOf('line'), width: 1 },
    ticks: { show: false },
    values: (_, splits) => splits.map((value) => formatTick(value, format)),
    ...(ticks ? { splits: ticks, filter: (_: unknown, splits: number[]) => splits } : {}),
  };
}

function seriesOf({ label, colour, style, marker, x }: Series): uPlot.Series {
  const stroke = (): string => colourOf(colour);
  if (style === 'dots') {
    const size = x.length > MANY_DOTS ? 3.5 : 6;
    return { label, stroke, paths: () => null, points: { show: true, size, width: 0, fill: stroke, space: 0 } };
  }
  // Its own markers are drawn on top of the line.
  const points = { show: false };
  const dash = style === 'dashed' ? [5, 4] : [];
  return { label, stroke, width: marker === undefined ? 1.75 : 2, dash, points, spanGaps: true };
}

/** The buttons above a chart hide and show its series. */
function addLegend(figure: HTMLElement, { plot }: Drawn): void {
  for (const [i, button] of [...figure.querySelectorAll<HTMLButtonElement>('.legend button')].entries()) {
    button.addEventListener('click', () => {
      const show = button.getAttribute('aria-pressed') === 'false';
      button.setAttribute('aria-pressed', String(show));
      plot.setSeries(i + 1, { show });
    });
  }
}

/** Reads the values at the cursor, which the mouse or the arrow keys move. */
function addReading(figure: HTMLElement, place: HTMLElement, { plot, chart }: Drawn): void {
  const readout = figure.querySelector('.readout');
  if (!readout) return;
  const read = (): void => {
    const { idx } = plot.cursor;
    readout.textContent = idx === null || idx === undefined ? '' : readingOf(plot, chart, idx);
  };
  plot.hooks.setCursor = [read];
  place.addEventListener('keydown', (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const xs = plot.data[0];
    const from = plot.cursor.idx ?? (step > 0 ? -1 : xs.length);
    const to = Math.max(0, Math.min(xs.length - 1, from + step * Math.ceil(xs.length / 200)));
    const top = plot.cursor.top !== undefined && plot.cursor.top >= 0 ? plot.cursor.top : plot.over.clientHeight / 2;
    plot.setCursor({ left: plot.valToPos(xs[to] ?? 0, 'x'), top });
  });
}

function readingOf(plot: uPlot, { x, y, series }: Chart, index: number): string {
  const values = series.flatMap(({ label }, i) => {
    const value = plot.series[i + 1]?.show === false ? null : plot.data[i + 1]?.[index];
    return value === null || value === undefined ? [] : [`${label} ${formatNumber(value, y.format)}`];
  });
  const at = formatNumber(plot.data[0][index] ?? 0, x.format);
  return values.length > 0 ? `${x.label} ${at}: ${values.join(', ')}` : '';
}
