/** A CSV text (RFC 4180) taken line by line, so that it may be longer than a string can be. */
import { cellsOf } from './table.js';

/** One record: it may go over several lines, where a cell in quotes does. */
export interface CsvRecord {
  cells: readonly string[];
  /** As written. */
  text: string;
  /** Line of the text that it begins on, from 1. */
  line: number;
}

/** What is wrong with a text, and where, from 1. */
export class CsvMistake extends Error {
  readonly line: number;
  readonly column: number;

  constructor(message: string, line: number, column: number) {
    super(message);
    this.line = line;
    this.column = column;
  }
}

/** Records that are parsed at once: a parser for each of them would take longer than they do. */
const BATCH = 500;
/** Lines of one record at most: a quote that is never closed would take in all that follows. */
const LONGEST = 1000;

type Written = Omit<CsvRecord, 'cells'>;

/** Cuts lines into records: a record is whole once its quotes are even. */
export class CsvLines {
  private line = 0;
  private open: { lines: string[]; line: number } | null = null;
  private batch: Written[] = [];
  private readonly separator: string;
  private readonly record: (record: CsvRecord) => void;

  constructor(separator: string, record: (record: CsvRecord) => void) {
    this.separator = separator;
    this.record = record;
  }

  /** @throws CsvMistake */
  take(line: string): void {
    this.line++;
    if (!this.open && line.trim() === '') return;
    const isOdd = (line.split('"').length - 1) % 2 === 1;
    this.open ??= { lines: [], line: this.line };
    this.open.lines.push(line);
    if (this.open.lines.length > 1 === isOdd) return this.close();
    if (this.open.lines.length > LONGEST) this.refuseOpen();
  }

  /** After the last line. @throws CsvMistake */
  end(): void {
    if (this.open) this.refuseOpen();
    this.parse();
  }

  private close(): void {
    if (!this.open) return;
    this.batch.push({ text: this.open.lines.join('\n'), line: this.open.line });
    this.open = null;
    if (this.batch.length >= BATCH) this.parse();
  }

  private refuseOpen(): never {
    const { lines: [first = ''], line } = this.open ?? { lines: [], line: this.line };
    throw new CsvMistake('a quote is opened and never closed', line, first.lastIndexOf('"') + 1);
  }

  private parse(): void {
    const written = this.batch;
    this.batch = [];
    const cells = this.allCells(written);
    for (const [i, record] of written.entries()) this.record({ ...record, cells: cells?.[i] ?? this.ownCells(record) });
  }

  /** Of all records; null where one of them is damaged, so that each has to be looked at. */
  private allCells(written: readonly Written[]): string[][] | null {
    try {
      const cells = cellsOf(written.map(({ text }) => text).join('\n'), this.separator);
      return cells.length === written.length ? cells : null;
    } catch {
      return null;
    }
  }

  private ownCells({ text, line }: Written): string[] {
    try {
      return cellsOf(text, this.separator)[0] ?? [];
    } catch (error) {
      throw new CsvMistake(error instanceof Error ? error.message : String(error), line, text.indexOf('"') + 1);
    }
  }
}

/** Where a cell of a record begins, in the whole text and from 1; after the last one where it has fewer. */
export function placeOf({ text, line }: Written, cell: number, separator: string): { line: number; column: number } {
  let [at, found, quoted] = [0, 0, false];
  while (at < text.length && found < cell) {
    if (text[at] === '"') quoted = !quoted;
    if (text[at] === separator && !quoted) found++;
    at++;
  }
  const before = text.slice(0, at).split('\n');
  return { line: line + before.length - 1, column: (before.at(-1) ?? '').length + 1 };
}
