/** Reads what k6 writes with `--out json` or `--out csv`: the points of the script's own metric, and the books that k6 keeps. */
import { UserError } from '../base/errors.js';
import { OUTCOMES, type Outcome } from '../load/load.js';
import { CsvFile, type CsvRow } from './csv-file.js';
import { bookProblems, type EngineRow, type EngineRun } from './rows.js';

const HEADINGS = ['metric_name', 'timestamp', 'metric_value', 'extra_tags'];
/** Metrics that `collect` reads; a request has a dozen others. */
const READ = ['row', 'http_reqs', 'dropped_iterations'];
/** Own tags of the exported script that have no column. */
const STATUS = 'status';

/** One line of its JSON. */
interface Line {
  type?: unknown;
  metric?: unknown;
  data?: { time?: unknown; value?: unknown; tags?: Record<string, string> };
}

export class K6Rows {
  private readonly rows: EngineRow[] = [];
  private readonly files = new Map<string, number>();
  private readonly csv = new Map<string, CsvFile>();
  private requests = 0;
  private dropped = 0;
  private startedAt: number | null = null;

  /** @throws UserError with the line when it cannot be read */
  take(text: string, file: string): void {
    const line = (this.files.get(file) ?? 0) + 1;
    this.files.set(file, line);
    if (file.endsWith('.csv')) return this.csvFile(file).take(text);
    if (text.trim() !== '') this.json(text, file, line);
  }

  /** @throws UserError with the line when the end of a file cannot be read */
  finish(): EngineRun {
    for (const file of this.csv.values()) file.end();
    const { rows, startedAt, requests } = this;
    const workers = { expected: this.files.size, done: this.files.size };
    const run = { engine: 'k6', resolution: 1, rows, startedAt, total: requests, workers };
    return { ...run, unsent: this.dropped, problems: [...bookProblems(run), ...this.gaps()] };
  }

  private csvFile(file: string): CsvFile {
    const known = this.csv.get(file) ?? k6Csv(file, (point) => this.point(point, file));
    this.csv.set(file, known);
    return known;
  }

  private json(text: string, file: string, line: number): void {
    const { type, metric, data: { value, time, tags = {} } = {} } = parsed(text, `${file}:${line}`);
    if (type !== 'Point' || typeof value !== 'number') return;
    const refuse = (expected: string): never => {
      throw new UserError(`${file}:${line}: expected ${expected}, got ${JSON.stringify(tags).slice(0, 80)}.`);
    };
    this.point({ metric: String(metric), value, time: Date.parse(String(time)), tags, refuse }, file);
  }

  private point(point: K6Point, file: string): void {
    if (point.metric === 'http_reqs') this.requests += point.value;
    if (point.metric === 'dropped_iterations') this.dropped += point.value;
    if (point.metric === 'row') this.row(point, file);
  }

  private row({ value: took, time, tags, refuse }: K6Point, source: string): void {
    const [index = NaN, at = NaN, status = NaN] = [tags['index'], tags['at'], tags['status']].map((tag) => (tag === undefined || tag === '' ? NaN : Number(tag)));
    const outcome = tags['outcome'] as Outcome;
    if (![index, at, status].every(Number.isFinite) || !OUTCOMES.includes(outcome)) refuse('a row of the exported script');
    this.rows.push({ source, index, intendedAt: at, sentAt: at, endedAt: at + took, outcome, status });
    // A point's time is the end of its request.
    const begun = time - took - at;
    if (Number.isFinite(begun)) this.startedAt = Math.min(this.startedAt ?? Infinity, begun);
  }

  /** The numbers of iterations are consecutive over all machines: where some are missing, so are their rows. */
  private gaps(): string[] {
    const numbers = new Set(this.rows.map(({ index }) => (index < 0 ? -1 - index : index)));
    const missing = Math.max(-1, ...numbers) + 1 - numbers.size;
    return missing > 0 ? [`${missing} iterations of k6 have no row: a machine's file is missing, or was cut off.`] : [];
  }
}

function parsed(text: string, place: string): Line {
  try {
    return JSON.parse(text) as Line;
  } catch {
    throw new UserError(`${place}: expected a line of \`k6 run --out json\`, got ${text.slice(0, 80)}.`);
  }
}

/** A point of a metric. */
interface K6Point {
  metric: string;
  value: number;
  /** ms since 1970; NaN where it is not told. */
  time: number;
  tags: Readonly<Record<string, string>>;
  /** @throws UserError with the place of the point */
  refuse: (expected: string) => never;
}

/** A file of it. @param file as it is shown */
function k6Csv(file: string, take: (point: K6Point) => void): CsvFile {
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
