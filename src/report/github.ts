/** What a GitHub Actions job shows of a run: annotations on the workflow, and the summary of a step. */
import { fold } from '../advice/rounds.js';
import type { Check, RunRecord } from '../measurement/record.js';
import type { Comparison } from '../measurement/schema/comparison.js';
import { rowsOf } from './columns.js';
import { comparedName, comparedResult } from './comparisons.js';
import { formatLoad, oneLine } from './format.js';
import { markdownReport } from './markdown.js';
import { problems } from './notes.js';

interface Annotation {
  level: 'error' | 'warning';
  title: string;
  message: string;
}

/** GitHub shows 10 annotations of a step and drops the others without a word. */
const MOST_ANNOTATIONS = 10;

/**
 * Workflow commands for all that did not pass, the worst first; empty when everything did. Print them at the start of a
 * line on standard output.
 */
export function githubAnnotations(record: RunRecord): string {
  const all = annotationsOf(record).toSorted((a, b) => rank(a) - rank(b));
  if (all.length <= MOST_ANNOTATIONS) return all.map(command).join('');
  const shown = all.slice(0, MOST_ANNOTATIONS - 1);
  const message = `${all.length - shown.length} more did not pass: see the summary of the job`;
  return [...shown, { level: shown[0]?.level ?? 'error', title: record.tool.name, message }].map(command).join('');
}

function rank({ level }: Annotation): number {
  return level === 'error' ? 0 : 1;
}

function annotationsOf(record: RunRecord): Annotation[] {
  const title = record.tool.name;
  return [
    ...record.checks.flatMap(checkAnnotation),
    ...record.comparisons.flatMap(comparisonAnnotation),
    ...problems(record).map((message) => ({ level: 'warning' as const, title, message })),
  ];
}

function checkAnnotation({ expression, state, level, detail }: Check): Annotation[] {
  if (state === 'pass') return [];
  const isError = state === 'fail' && level === 'error';
  return [{ level: isError ? 'error' : 'warning', title: expression, message: `${state}: ${detail}` }];
}

function comparisonAnnotation(comparison: Comparison): Annotation[] {
  if (!comparison.gate || comparison.state === 'pass') return [];
  const level = comparison.state === 'fail' ? 'error' : 'warning';
  return [{ level, title: comparedName(comparison), message: `${comparison.state}: ${comparedResult(comparison)}` }];
}

function command({ level, title, message }: Annotation): string {
  return `::${level} title=${escapeProperty(oneLine(title))}::${escapeData(oneLine(message))}\n`;
}

/** Escapes as the runner undoes them: `%` first, or the others would be undone twice. */
function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

/** GitHub takes no step summary that is larger, bytes of UTF-8. */
export const LARGEST_SUMMARY = 1024 * 1024;

const CUT = '\n\n*This summary was cut: GitHub takes 1 MiB of a step.*\n';

/**
 * The Markdown report as `$GITHUB_STEP_SUMMARY` takes it: cut after a whole line when it is too long.
 * @param most bytes there is room for: less when something else is in the summary already
 */
export function githubSummary(record: RunRecord, most = LARGEST_SUMMARY): string {
  const text = Buffer.from(markdownReport(record, githubPicture(record)));
  if (text.length <= most) return text.toString();
  const room = most - Buffer.byteLength(CUT);
  if (room < 0) return '';
  const end = room === 0 ? -1 : text.lastIndexOf('\n', room - 1);
  // A single line may be longer than all there is room for.
  const kept = end > 0 ? text.subarray(0, end).toString() : '';
  return kept + CUT;
}

/** Bars that a reader can tell apart. */
const MOST_BARS = 12;

interface Bar {
  label: string;
  value: number;
}

/**
 * One picture for a comment or a summary on GitHub, as Mermaid: GitHub draws that as SVG, where it lets no SVG of others through
 * (https://mermaid.js.org/syntax/xyChart.html). Head as a share of base, metric by metric; of a run that was compared with nothing, p95 of each subject. Empty where there is nothing to draw.
 */
export function githubPicture(record: RunRecord): string {
  const ratios = record.comparisons.flatMap(ratioOf).slice(0, MOST_BARS);
  if (ratios.length > 0) return chart('Head in percent of base (line: no change)', '%', ratios, 100);
  const times = rowsOf(record.trials).flatMap((row): Bar[] => {
    const p95 = fold(row, ({ responseTime }) => responseTime.p95);
    return p95 === null ? [] : [{ label: `${row.architecture} at ${formatLoad(row.load)}`, value: p95 }];
  });
  return times.length === 0 ? '' : chart('Response time p95', 'ms', times.slice(0, MOST_BARS), null);
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
