/** Reads what k6 writes with `--out json`: the points of the script's own metric, and the books that k6 keeps. */
import { UserError } from '../base/errors.js';
import { OUTCOMES, type Outcome } from '../load/load.js';
import { bookProblems, type EngineRow, type EngineRun } from './rows.js';

/** One line of its output. */
interface Point {
  type?: unknown;
  metric?: unknown;
  data?: { time?: unknown; value?: unknown; tags?: Record<string, unknown> };
}

export class K6Rows {
  private readonly rows: EngineRow[] = [];
  private readonly files = new Map<string, number>();
  private requests = 0;
  private dropped = 0;
  private startedAt: number | null = null;

  /** @throws UserError with the line when it cannot be read */
  take(text: string, file: string): void {
    const line = (this.files.get(file) ?? 0) + 1;
    this.files.set(file, line);
    if (text.trim() === '') return;
    const { type, metric, data } = parsed(text, `${file}:${line}`);
    const value = data?.value;
    if (type !== 'Point' || typeof value !== 'number') return;
    if (metric === 'http_reqs') this.requests += value;
    if (metric === 'dropped_iterations') this.dropped += value;
    if (metric === 'row') this.row(value, data ?? {}, `${file}:${line}`);
  }

  finish(): EngineRun {
    const { rows, startedAt, requests } = this;
    const workers = { expected: this.files.size, done: this.files.size };
    const run = { engine: 'k6', resolution: 1, rows, startedAt, total: requests, workers };
    return { ...run, unsent: this.dropped, problems: [...bookProblems(run), ...this.gaps()] };
  }

  private row(time: number, { time: moment, tags = {} }: NonNullable<Point['data']>, place: string): void {
    const [index, at, status] = [tags['index'], tags['at'], tags['status']].map(Number);
    const outcome = tags['outcome'] as Outcome;
    if (![index, at, status].every(Number.isFinite) || !OUTCOMES.includes(outcome)) throw new UserError(`${place}: expected a row of the exported script, got ${JSON.stringify(tags).slice(0, 80)}.`);
    const [intendedAt = 0] = [at];
    this.rows.push({ source: place.slice(0, place.lastIndexOf(':')), index: index ?? 0, intendedAt, sentAt: intendedAt, endedAt: intendedAt + time, outcome, status: status ?? 0 });
    // A point's time is the end of its request.
    const begun = Date.parse(String(moment)) - time - intendedAt;
    if (Number.isFinite(begun)) this.startedAt = Math.min(this.startedAt ?? Infinity, begun);
  }

  /** The numbers of iterations are consecutive over all machines: where some are missing, so are their rows. */
  private gaps(): string[] {
    const numbers = new Set(this.rows.map(({ index }) => (index < 0 ? -1 - index : index)));
    const missing = Math.max(-1, ...numbers) + 1 - numbers.size;
    return missing > 0 ? [`${missing} iterations of k6 have no row: a machine's file is missing, or was cut off.`] : [];
  }
}

function parsed(text: string, place: string): Point {
  try {
    return JSON.parse(text) as Point;
  } catch {
    throw new UserError(`${place}: expected a line of \`k6 run --out json\`, got ${text.slice(0, 80)}.`);
  }
}
