/** What is drawn over a plot: intervals, markers, limits and spans of time. */
import type uPlot from 'uplot';
import { LABEL_ROW, labelledAbove, type Chart, type Mark, type Series } from '../chart.js';
import { colourOf } from './numbers.js';

/** Draws spans and lines below the series. */
export function drawMarks(plot: uPlot, { marks }: Chart): void {
  inside(plot, (context, scale) => {
    for (const [i, mark] of marks.entries()) {
      context.strokeStyle = context.fillStyle = colourOf(mark.colour);
      if (mark.kind === 'span') drawSpan(plot, context, mark);
      else drawLine(plot, context, mark, scale);
      if (mark.kind !== 'vertical') label(plot, context, mark, i, scale);
    }
  });
}

/** Draws intervals and markers above the series. */
export function drawPoints(plot: uPlot, chart: Chart): void {
  inside(plot, (context, scale) => {
    for (const [i, series] of chart.series.entries()) {
      if (series.marker === undefined || plot.series[i + 1]?.show === false) continue;
      context.strokeStyle = context.fillStyle = colourOf(series.colour);
      for (const [at, x] of series.x.entries()) drawPoint(plot, context, series, at, x, scale);
    }
  });
}

/** Clipped to the plot; `scale` is the number of canvas pixels to a CSS pixel. */
function inside(plot: uPlot, draw: (context: CanvasRenderingContext2D, scale: number) => void): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top - 1, bbox.width, bbox.height + 2);
  ctx.clip();
  draw(ctx, devicePixelRatio);
  ctx.restore();
}

function drawSpan(plot: uPlot, context: CanvasRenderingContext2D, mark: Mark): void {
  const [from, to] = [mark.at, mark.to ?? mark.at].map((at) => plot.valToPos(at, 'x', true)) as [number, number];
  context.globalAlpha = 0.13;
  context.fillRect(from, plot.bbox.top, to - from, plot.bbox.height);
  context.globalAlpha = 1;
}

function drawLine(plot: uPlot, context: CanvasRenderingContext2D, { kind, at }: Mark, scale: number): void {
  const { left, top, width, height } = plot.bbox;
  const position = plot.valToPos(at, kind === 'horizontal' ? 'y' : 'x', true);
  context.lineWidth = scale * 1.25;
  context.setLineDash([4 * scale, 3 * scale]);
  context.beginPath();
  if (kind === 'horizontal') {
    context.moveTo(left, position);
    context.lineTo(left + width, position);
  } else {
    context.moveTo(position, top);
    context.lineTo(position, top + height);
  }
  context.stroke();
  context.setLineDash([]);
}

/** Labels of lines across the plot, above it: each at its line, or as near as it has room. */
export function drawLabelsAbove(plot: uPlot, chart: Chart): void {
  const { ctx, bbox, width } = plot;
  const scale = devicePixelRatio;
  ctx.save();
  ctx.font = `${11 * scale}px system-ui, sans-serif`;
  ctx.textAlign = 'left';
  ctx.textBaseline = 'top';
  for (const [row, mark] of labelledAbove(chart).entries()) {
    ctx.fillStyle = colourOf(mark.colour);
    const furthest = width * scale - ctx.measureText(mark.label).width;
    ctx.fillText(mark.label, Math.max(0, Math.min(plot.valToPos(mark.at, 'x', true), furthest)), bbox.top + (LABEL_ROW * (row - labelledAbove(chart).length) - 2) * scale);
  }
  ctx.restore();
}

/** Labels of spans stand one below the other, each on the side of its mark where there is room; those of limits on their lines. */
function label(plot: uPlot, context: CanvasRenderingContext2D, mark: Mark, order: number, scale: number): void {
  const { left, top, width } = plot.bbox;
  context.font = `${11 * scale}px system-ui, sans-serif`;
  context.textAlign = 'left';
  context.textBaseline = mark.kind === 'horizontal' ? 'bottom' : 'top';
  context.fillStyle = colourOf(mark.kind === 'span' ? 'ink-2' : mark.colour);
  const room = context.measureText(mark.label).width + 4 * scale;
  const at = mark.kind === 'horizontal' ? left : plot.valToPos(mark.at, 'x', true);
  const isRight = at + room <= left + width;
  // Where neither side has room, as far to the left as it takes.
  const x = isRight ? at + 4 * scale : Math.max(left, at - room);
  const y = mark.kind === 'horizontal' ? plot.valToPos(mark.at, 'y', true) - 2 * scale : top + (3 + 14 * order) * scale;
  context.fillText(mark.label, x, y);
}

function drawPoint(
  plot: uPlot,
  context: CanvasRenderingContext2D,
  { y, low, high, marker = 0 }: Series,
  at: number,
  x: number,
  scale: number,
): void {
  const value = y[at];
  if (value === null || value === undefined) return;
  const left = plot.valToPos(x, 'x', true);
  const [from, to] = [low?.[at] ?? value, high?.[at] ?? value].map((end) => plot.valToPos(end, 'y', true)) as [
    number,
    number,
  ];
  context.lineWidth = scale * 1.25;
  context.beginPath();
  context.moveTo(left, from);
  context.lineTo(left, to);
  for (const end of from === to ? [] : [from, to]) {
    context.moveTo(left - 4 * scale, end);
    context.lineTo(left + 4 * scale, end);
  }
  context.stroke();
  context.fill(markerPath(marker, left, plot.valToPos(value, 'y', true), 4.5 * scale));
}

/** Circle, square, triangle, diamond: subjects can be told apart without colours. */
function markerPath(marker: number, x: number, y: number, size: number): Path2D {
  const path = new Path2D();
  if (marker === 0) path.arc(x, y, size, 0, 2 * Math.PI);
  if (marker === 1) path.rect(x - size * 0.85, y - size * 0.85, size * 1.7, size * 1.7);
  if (marker > 1) {
    const corners =
      marker === 2
        ? [
            [0, -1.1],
            [1.05, 0.85],
            [-1.05, 0.85],
          ]
        : [
            [0, -1.2],
            [1.2, 0],
            [0, 1.2],
            [-1.2, 0],
          ];
    for (const [dx = 0, dy = 0] of corners) path.lineTo(x + dx * size, y + dy * size);
    path.closePath();
  }
  return path;
}
