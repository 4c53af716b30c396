/** Reads what the exported script for Locust writes: a row a line, and a last line with the books. */
import { UserError } from '../base/errors.js';
import { OUTCOMES, type Outcome } from '../load/load.js';
import { bookProblems, type EngineRow, type EngineRun } from './rows.js';

interface End {
  engine: string;
  rows: number;
  requests: number;
  workers: number;
  done: number;
}

/** Takes the lines of a file, one after another, however long it is. */
export class LocustRows {
  private file = '';
  private readonly rows: EngineRow[] = [];
  private readonly workers = new Set<number>();
  private line = 0;
  private startedAt: number | null = null;
  private end: End | undefined;

  /** @throws UserError with the line when it cannot be read */
  take(text: string, file: string): void {
    this.line = file === this.file ? this.line + 1 : 1;
    this.file = file;
    if (text.trim() === '') return;
    const value = this.parsed(text);
    if ('end' in value) this.end = value['end'] as End;
    else this.row(value);
  }

  /** The run, once every line has been taken. */
  finish(): EngineRun {
    const { rows, startedAt, end } = this;
    const workers = end ? { expected: end.workers, done: end.done } : { expected: this.workers.size, done: this.workers.size };
    const run = { engine: 'locust', resolution: 0, rows, startedAt, total: end?.requests ?? null, workers };
    const torn = end ? [] : [`${this.file} has no last line: the master of locust did not come to its end, and rows may be missing.`];
    return { ...run, problems: [...torn, ...bookProblems(run)] };
  }

  private parsed(text: string): Record<string, unknown> {
    try {
      const value: unknown = JSON.parse(text);
      if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
    } catch {
      // Told below.
    }
    return this.refuse(text);
  }

  private row(value: Record<string, unknown>): void {
    const { worker, startedAt, row } = value;
    const isRow = typeof worker === 'number' && typeof startedAt === 'number' && Array.isArray(row) && row.length === 6;
    const [index, intendedAt, sentAt, endedAt, outcome, status] = isRow ? (row as unknown[]) : [];
    const isWhole = [index, intendedAt, sentAt, endedAt, status].every((number) => typeof number === 'number' && Number.isFinite(number));
    if (!isRow || !isWhole || !OUTCOMES.includes(outcome as Outcome)) return this.refuse(JSON.stringify(value));
    this.workers.add(worker);
    this.startedAt = Math.min(this.startedAt ?? Infinity, startedAt);
    this.rows.push({ source: String(worker), index, intendedAt, sentAt, endedAt, outcome, status } as EngineRow);
  }

  private refuse(text: string): never {
    throw new UserError(`${this.file}:${this.line}: expected a row of the exported script, got ${text.slice(0, 80)}.`);
  }
}
