/** The spans of every request of a run, as OTLP in JSON lines. */
import { isMeasured } from '../advice/rounds.js';
import type { MeasuredTrial, RunRecord } from '../measurement/record.js';
import { TRACED, type TracedTrial } from '../measurement/traced.js';
import { otlpLines } from '../traces/formats/otlp-writer.js';
import { spansOf } from '../traces/run-spans.js';
import { formatLoad } from './format.js';
import type { Format } from './formats.js';

/** The same of what was only served: its lines. */
export const SERVE_FORMATS: readonly Format<readonly string[]>[] = [
  { name: 'otlp', about: 'spans of every request, OTLP in JSON lines', render: (lines) => lines.map((line) => `${line}\n`).join('') },
];

/** What the spans of something are said to be of. */
export interface SpansOf {
  scenario: string;
  subject: string;
  /** What is loaded, in words; null: it is not known here. */
  load: string | null;
  round: number | null;
}

/** One document a line, each of at most a thousand spans of one service. */
export function* otlpReportPieces(record: RunRecord): Generator<string> {
  for (const line of otlpReportLines(record)) yield `${line}\n`;
}

/** The lines, without their ends. */
export function* otlpReportLines({ trials, tool, scenario }: RunRecord): Generator<string> {
  for (const trial of trials.filter(isMeasured)) {
    const traced = trial[TRACED];
    if (traced) yield* tracedLines(traced, aboutTrial(trial, scenario.name), tool);
  }
}

/** The lines of what one subject did. */
export function tracedLines(traced: TracedTrial, { scenario, subject, load, round }: SpansOf, tool: RunRecord['tool']): Iterable<string> {
  const resource = {
    'sync_vs_events.scenario': scenario,
    'sync_vs_events.subject': subject,
    ...(load === null ? {} : { 'sync_vs_events.load': load }),
    ...(round === null ? {} : { 'sync_vs_events.round': round }),
  };
  const names = { server: `${scenario}-${subject}`, load: `${subject}${load === null ? '' : ` at ${load}`}` };
  return otlpLines(spansOf(traced, names), { tool, resource });
}

function aboutTrial({ architecture, load, round }: MeasuredTrial, scenario: string): SpansOf {
  return { scenario, subject: architecture, load: formatLoad(load), round };
}

/** The whole text. */
export function otlpReport(record: RunRecord): string {
  return [...otlpReportPieces(record)].join('');
}
