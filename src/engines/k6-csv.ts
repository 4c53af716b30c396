/** What k6 writes with `--out csv`: the same points as in JSON, a line each, with the script's tags in one cell. */
import { CsvFile, type CsvRow } from './csv-file.js';

/** A point of a metric. */
export interface K6Point {
  metric: string;
  value: number;
  /** ms since 1970; NaN where it is not told. */
  time: number;
  tags: Readonly<Record<string, string>>;
  /** @throws UserError with the place of the point */
  refuse: (expected: string) => never;
}

const HEADINGS = ['metric_name', 'timestamp', 'metric_value', 'extra_tags'];
/** Metrics that `collect` reads; a request has a dozen others. */
const READ = ['row', 'http_reqs', 'dropped_iterations'];
/** Own tags of the exported script that have no column. */
const STATUS = 'status';

/** A file of it. @param file as it is shown */
export function k6Csv(file: string, take: (point: K6Point) => void): CsvFile {
  const headingsOf = (first: readonly string[]): { headings: readonly string[]; isRow: boolean } => {
    const missing = HEADINGS.filter((heading) => !first.includes(heading));
    if (missing.length > 0) throw new Error(`expected the headings of \`k6 run --out csv\`, and ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing`);
    return { headings: first, isRow: false };
  };
  return new CsvFile(file, headingsOf, (row) => {
    const metric = row.cell('metric_name');
    if (READ.includes(metric)) take(pointOf(metric, row));
  });
}

function pointOf(metric: string, row: CsvRow): K6Point {
  const written = row.cell('metric_value');
  const value = written === '' ? NaN : Number(written);
  if (!Number.isFinite(value)) row.refuse('metric_value', 'a number');
  const own = Object.fromEntries(row.cell('extra_tags').split('&').map((tag) => [tag.slice(0, tag.indexOf('=')), tag.slice(tag.indexOf('=') + 1)]));
  return { metric, value, time: momentOf(row.cell('timestamp')), tags: { [STATUS]: row.cell(STATUS), ...own }, refuse: (expected) => row.refuse('extra_tags', expected) };
}

/** By `K6_CSV_TIME_FORMAT`: unix (whole seconds, when nothing is said), unix_milli, unix_micro, unix_nano, rfc3339. */
function momentOf(text: string): number {
  if (!/^\d+$/.test(text)) return Date.parse(text);
  return Number(text) * 10 ** (13 - text.length);
}
