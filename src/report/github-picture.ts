/**
 * One picture for a comment or a summary on GitHub, as Mermaid: GitHub draws that as SVG, where it lets no SVG of others through.
 * Syntax: https://mermaid.js.org/syntax/xyChart.html
 */
import { fold } from '../advice/rounds.js';
import type { Comparison } from '../measurement/schema/comparison.js';
import type { RunRecord } from '../measurement/record.js';
import { rowsOf } from './columns.js';
import { formatLoad, oneLine } from './format.js';

/** Bars that a reader can tell apart. */
const MOST = 12;

interface Bar {
  label: string;
  value: number;
}

/** Head as a share of base, metric by metric; of a run that was compared with nothing, p95 of each subject. Empty where there is nothing to draw. */
export function githubPicture(record: RunRecord): string {
  const ratios = record.comparisons.flatMap(ratioOf).slice(0, MOST);
  if (ratios.length > 0) return chart('Head in percent of base (line: no change)', '%', ratios, 100);
  const times = rowsOf(record.trials).flatMap((row): Bar[] => {
    const p95 = fold(row, ({ responseTime }) => responseTime.p95);
    return p95 === null ? [] : [{ label: `${row.architecture} at ${formatLoad(row.load)}`, value: p95 }];
  });
  return times.length === 0 ? '' : chart('Response time p95', 'ms', times.slice(0, MOST), null);
}

function ratioOf({ metric, subject, load, scale, change, kind }: Comparison): Bar[] {
  if (scale !== 'ratio' || change === null || !Number.isFinite(change)) return [];
  const what = kind === 'pairs' ? metric : `${subject} ${metric}`;
  return [{ label: load ? `${what} at ${formatLoad(load)}` : what, value: 100 * (1 + change) }];
}

function chart(title: string, unit: string, bars: readonly Bar[], line: number | null): string {
  const values = bars.map(({ value }) => Number(value.toPrecision(3)));
  const most = Math.ceil(Math.max(line ?? 0, ...values, 1) * 1.1);
  return [
    '```mermaid', 'xychart-beta', `  title "${title}"`, `  x-axis [${bars.map(({ label }) => quoted(label)).join(', ')}]`,
    `  y-axis "${unit}" 0 --> ${most}`, `  bar [${values.join(', ')}]`, ...(line === null ? [] : [`  line [${bars.map(() => line).join(', ')}]`]), '```',
  ].join('\n');
}

/** A label is quoted, and holds nothing that could end the quotes or the fence, or be taken for HTML. */
function quoted(label: string): string {
  return `"${oneLine(label).replace(/["`\\<>]/g, '')}"`;
}
