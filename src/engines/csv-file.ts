/** A CSV file of an engine: headings, and the records below them with the place of each cell. */
import { UserError } from '../base/errors.js';
import { CsvLines, CsvMistake, placeOf, type CsvRecord } from '../scenarios/csv/lines.js';

/** A record by its headings. */
export interface CsvRow {
  has(heading: string): boolean;
  /** Empty where there is none. */
  cell(heading: string): string;
  /** @throws UserError with file, line and column of the cell */
  refuse(heading: string, expected: string): never;
}

/** What the first record is. */
export interface Headings {
  headings: readonly string[];
  /** Whether it has values already: the file has no headings of its own. */
  isRow: boolean;
}

/** Takes a file line by line. The separator is the first sign after the first word. */
export class CsvFile {
  private lines: CsvLines | null = null;
  private separator = ',';
  private positions: ReadonlyMap<string, number> | null = null;
  private columns = 0;
  private readonly file: string;
  private readonly headingsOf: (first: readonly string[]) => Headings;
  private readonly row: (row: CsvRow) => void;

  /**
   * @param file as it is shown
   * @param headingsOf says what the first record is, or throws an Error
   */
  constructor(file: string, headingsOf: (first: readonly string[]) => Headings, row: (row: CsvRow) => void) {
    this.file = file;
    this.headingsOf = headingsOf;
    this.row = row;
  }

  /** @throws UserError with file, line and column */
  take(line: string): void {
    if (!this.lines) {
      this.separator = /^\uFEFF?"?\w+"?([^\w"])/.exec(line)?.[1] ?? ',';
      this.lines = new CsvLines(this.separator, (record) => this.record(record));
    }
    this.placed(() => this.lines?.take(line));
  }

  /** @throws UserError with file, line and column */
  end(): void {
    this.placed(() => this.lines?.end());
  }

  private placed(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (error instanceof CsvMistake) throw new UserError(`${this.file}:${error.line}:${error.column}: ${error.message}.`);
      throw error;
    }
  }

  private record(record: CsvRecord): void {
    if (this.positions) return this.below(record);
    const { headings, isRow } = this.first(record);
    this.columns = headings.length;
    this.positions = new Map(headings.map((heading, at) => [heading, at]));
    if (isRow) this.below(record);
  }

  private first(record: CsvRecord): Headings {
    try {
      return this.headingsOf(record.cells);
    } catch (error) {
      throw new CsvMistake(error instanceof Error ? error.message : String(error), record.line, 1);
    }
  }

  private below(record: CsvRecord): void {
    const { cells } = record;
    const at = (cell: number): [number, number] => {
      const { line, column } = placeOf(record, cell, this.separator);
      return [line, column];
    };
    if (cells.length !== this.columns) {
      throw new CsvMistake(`expected ${this.columns} cells as in the first line, got ${cells.length}: it was cut off, or written by something else`, ...at(Math.min(cells.length, this.columns)));
    }
    const position = (heading: string): number => this.positions?.get(heading) ?? -1;
    this.row({
      has: (heading) => position(heading) >= 0,
      cell: (heading) => cells[position(heading)] ?? '',
      refuse: (heading, expected) => {
        throw new CsvMistake(`expected ${expected}, got ${shown(cells[position(heading)])}`, ...at(position(heading)));
      },
    });
  }
}

function shown(cell = ''): string {
  return cell === '' ? 'nothing' : cell.slice(0, 80);
}
