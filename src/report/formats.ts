/** The formats that `-o FORMAT=PATH` knows. */
import { jsonPieces } from '../measurement/long-json.js';
import type { RunRecord } from '../measurement/record.js';
import { githubComment } from './comment.js';
import { csvReport, csvReportPieces } from './csv.js';
import { githubAnnotations, githubSummary } from './github.js';
import { htmlReport } from './html/page.js';
import { twoRunsHtml } from './html/two-runs.js';
import { junitReport } from './junit.js';
import { markdownReport, twoRunsMarkdown } from './markdown.js';
import { otlpReport, otlpReportPieces } from './otlp.js';
import { bencherReport, benchmarkReport } from './series.js';
import type { TwoRuns } from './two-runs.js';

/** A format of what is reported: of one run, where nothing else is said. */
export interface Format<T = RunRecord> {
  name: string;
  /** What is written, for the help. */
  about: string;
  render: (reported: T) => string;
  /** The same in pieces, where it may be longer than a text can be. */
  pieces?: (reported: T) => Iterable<string>;
  /** Written once, when all is over: it is long. */
  isLong?: boolean;
}

const OF_RECORD = [
  { name: 'json', about: 'the record: read by report and compare', render: jsonReport, pieces: jsonReportPieces },
  { name: 'markdown', about: 'verdict, table and checks for a job summary or a comment', render: markdownReport },
  { name: 'html', about: 'one page with charts that needs no network', render: htmlReport },
  { name: 'junit', about: 'JUnit XML: a test case for each trial, check and comparison', render: junitReport },
  { name: 'csv', about: 'every request: start, response time, outcome', render: csvReport, pieces: csvReportPieces },
  { name: 'comment', about: 'Markdown for a comment on a pull request: head against base in one table and one picture', render: githubComment },
  { name: 'summary', about: 'Markdown of at most 1 MiB, for $GITHUB_STEP_SUMMARY', render: (record) => githubSummary(record) },
  { name: 'annotations', about: 'GitHub workflow commands for what did not pass, for standard output', render: githubAnnotations },
  { name: 'benchmark', about: 'JSON for github-action-benchmark, customSmallerIsBetter', render: benchmarkReport },
  { name: 'bencher', about: 'JSON for bencher.dev, Bencher Metric Format', render: bencherReport },
] as const satisfies readonly Format[];

/** Names of what a record can be rendered as. */
export type ReportFormat = (typeof OF_RECORD)[number]['name'];

/** What a record can be rendered as, in the order in which the help lists them. */
export const FORMATS: readonly Format[] = OF_RECORD;

/** Those of what a run was, beside its record. */
export const RUN_FORMATS: readonly Format[] = [
  ...FORMATS,
  { name: 'otlp', about: 'spans of every request, OTLP in JSON lines: read by Collectors, Jaeger and import', render: otlpReport, pieces: otlpReportPieces, isLong: true },
];

/** Those that lay two runs side by side. */
export const TWO_RUN_FORMATS: readonly Format<TwoRuns>[] = [
  { name: 'markdown', about: 'both tables in one', render: twoRunsMarkdown },
  { name: 'html', about: 'both runs on the same axes', render: twoRunsHtml },
];

/** The record itself, for `report` and `compare` to read again. */
export function jsonReport(record: RunRecord): string {
  return [...jsonReportPieces(record)].join('');
}

/** The same in pieces: of a long run it is longer than a text can be. */
function* jsonReportPieces(record: RunRecord): Generator<string> {
  yield* jsonPieces(record);
  yield '\n';
}
