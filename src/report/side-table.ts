/** A table beside that of the run, said once: terminal, Markdown and HTML draw the same cells. */
import type { Meaning } from './columns.js';

/** One column; the one with the highest rank goes first where there is no room, and those of rank 0 stay. */
export interface SideColumn {
  label: string;
  /** What it tells, with its unit. */
  about: string;
  align: 'left' | 'right';
  rank: number;
  /** What it says is the same for a group of rows: a screen says it once. */
  isGroup?: true;
}

/** The same with what its cells say. */
export interface SideColumnOf<Row> extends SideColumn {
  cell: (row: Row) => string;
  meaning?: (row: Row) => Meaning;
  /** Whether it has anything to tell; always without it. */
  shown?: (rows: readonly Row[]) => boolean;
}

export interface SideCell {
  text: string;
  meaning: Meaning;
}

export interface SideTable {
  /** Of its section in a page. */
  id: string;
  title: string;
  columns: readonly SideColumn[];
  rows: readonly (readonly SideCell[])[];
  /** For each row, whether a group begins with it. */
  starts: readonly boolean[];
}

/**
 * Columns and rows as cells; none without rows.
 * @param group what the rows of a group have in common
 */
export function sideTable<Row>(head: Pick<SideTable, 'id' | 'title'>, all: readonly SideColumnOf<Row>[], rows: readonly Row[], group: (row: Row) => string): SideTable[] {
  if (rows.length === 0) return [];
  const columns = all.filter(({ shown }) => shown?.(rows) ?? true);
  const cells = rows.map((row) => columns.map(({ cell, meaning }) => ({ text: cell(row), meaning: meaning?.(row) ?? 'plain' })));
  return [{ ...head, columns, rows: cells, starts: rows.map((row, i) => i === 0 || group(row) !== group(rows[i - 1]!)) }];
}
