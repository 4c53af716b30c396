/** A CSV text as a table (RFC 4180): one separator for the whole file, and every row as long as the first. */
import { CsvError, parse } from 'csv-parse/sync';

/** One row that is not empty. */
export interface Row {
  cells: string[];
  /** Where it ends in the text, from 1. */
  line: number;
}

/** A text that was read. */
export interface Table {
  /** Between the cells; null when every row is one cell. */
  separator: string | null;
  rows: Row[];
}

/** A separator that stands in no number comes before the comma, which may be a decimal one. */
const SEPARATORS = ['\t', ';', '|', ','] as const;
/** Stands in no text. */
const NO_SEPARATOR = '\u0000';
/** Rows that a separator is told by. */
const SAMPLE = 1000;

/** Which rows below a heading matter, by their cells; undefined: all of them. */
export type Wanted = (headings: readonly string[]) => ((cells: readonly string[]) => boolean) | undefined;

/**
 * Reads a text.
 * @param wanted rows that do not matter are never kept: long files may be full of them
 * @throws Error that says which line is not as long as the first, or has quotes where none may be
 */
export function readTable(text: string, wanted: Wanted = () => undefined): Table {
  const separator = separatorOf(text);
  return { separator, rows: rowsOf(text, separator ?? NO_SEPARATOR, { wanted }) };
}

/** The first that cuts the rows into equally many cells, of which there is more than one. */
function separatorOf(text: string): string | null {
  const found = SEPARATORS.find((candidate) => (columnsBy(text, candidate) ?? 0) > 1);
  if (found) return found;
  // Numbers with decimal commas are one column, however many of them are whole.
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/, SAMPLE).filter((line) => line.trim() !== '');
  const [first = '', ...rest] = lines;
  if (!/\d,\d/.test(first) && first.includes(',')) return ',';
  const isDecimal = (line: string): boolean => !line.includes(',') || /^\s*"?\d+,\d+"?\s*$/.test(line);
  if ([first, ...rest].every(isDecimal)) return null;
  return SEPARATORS.find((candidate) => first.includes(candidate)) ?? ',';
}

/** Cells in each row; undefined when they are not equally many. */
function columnsBy(text: string, separator: string): number | undefined {
  try {
    return rowsOf(text, separator, { to: SAMPLE })[0]?.cells.length;
  } catch {
    return undefined;
  }
}

function rowsOf(text: string, delimiter: string, { to = -1, wanted }: { to?: number; wanted?: Wanted } = {}): Row[] {
  const rows: Row[] = [];
  let isWanted: ReturnType<Wanted>;
  const take = (cells: string[], { lines }: { lines: number }): null => {
    if (rows.length === 0) isWanted = wanted?.(cells);
    if (rows.length === 0 || isWanted?.(cells) !== false) rows.push({ cells, line: lines });
    return null;
  };
  try {
    parse(text, { delimiter, to, bom: true, trim: true, skip_empty_lines: true, on_record: take });
    return rows;
  } catch (error) {
    throw error instanceof CsvError ? new Error(mistakeOf(error)) : error;
  }
}

/**
 * The cells of one or more whole records by a known separator, however many each has.
 * @throws Error in our words for quotes where none may be
 */
export function cellsOf(text: string, delimiter: string): string[][] {
  try {
    return parse(text, { delimiter, bom: true, relax_column_count: true, skip_empty_lines: true });
  } catch (error) {
    throw error instanceof CsvError ? new Error(mistakeOf(error).replace(/^line \d+: /, '')) : error;
  }
}

/** What is wrong with the text, in our words where a user would not know theirs. */
function mistakeOf({ code, message, lines, record, index }: CsvError): string {
  const at = `line ${String(lines)}`;
  if (code === 'CSV_RECORD_INCONSISTENT_FIELDS_LENGTH' || code === 'CSV_RECORD_INCONSISTENT_COLUMNS') {
    const cells = Array.isArray(record) ? record.length : index;
    return `${at}: it has ${String(cells)} cells, and the first line has another number; a cell that holds the separator, such as a decimal comma, needs quotes`;
  }
  if (code === 'CSV_QUOTE_NOT_CLOSED') return `${at}: a quote is opened and never closed`;
  return `${at}: ${message.replace(/ (on|at) line \d+.*$/, '')}`;
}
