/** Charts as data: made on the page's side of the writer, drawn in the browser. */

/** How the numbers of an axis are written. */
export type NumberFormat = 'time' | 'clock' | 'share' | 'change' | 'count' | 'level' | 'percentile';

export interface Axis {
  label: string;
  format: NumberFormat;
  scale: 'linear' | 'log';
  min: number;
  max: number;
  /** Where it is labelled; found by itself where nothing is said. */
  ticks?: number[];
}

/** One line, or one cloud of dots. */
export interface Series {
  label: string;
  /** Name of a colour of the page: `--subject-1` is `subject-1`. */
  colour: string;
  style: 'line' | 'dashed' | 'dots';
  /** Shape of the markers on a line with few points; none is drawn without it. */
  marker?: number;
  x: readonly number[];
  y: readonly (number | null)[];
  /** Interval of each value. */
  low?: readonly (number | null)[];
  high?: readonly (number | null)[];
}

/** Something drawn across the plot. */
export interface Mark {
  kind: 'horizontal' | 'vertical' | 'span';
  at: number;
  /** End of a span. */
  to?: number;
  label: string;
  colour: string;
}

export interface Chart {
  x: Axis;
  y: Axis;
  series: Series[];
  marks: Mark[];
  /** Height without the rows of labels above it, CSS pixels. */
  height: number;
}

/** Height of a row of labels, CSS pixels. */
export const LABEL_ROW = 14;

/** Lines across the plot whose labels stand above it, one below the other: there they cross neither a line nor each other. */
export function labelledAbove({ marks }: Chart): Mark[] {
  return marks.filter(({ kind }) => kind === 'vertical');
}

/** Height with everything, CSS pixels. */
export function fullHeight(chart: Chart): number {
  return chart.height + LABEL_ROW * labelledAbove(chart).length;
}
