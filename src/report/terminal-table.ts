/** The table on a screen: whole when it fits, otherwise the caller's side and the event side one below the other. */
import CliTable3 from 'cli-table3';
import { loadKey } from '../advice/rounds.js';
import { publishes, type Column, type Row } from './columns.js';
import type { SideColumn, SideTable } from './side-table.js';
import { showable, type Style } from './terminal-style.js';

const GAP = 2;

/** One or two tables, none wider than the screen. */
export function drawTables(rows: readonly Row[], columns: readonly Column[], style: Style): string[] {
  if (widthOf(rows, columns) <= style.screen.columns) return [drawTable(rows, columns, style)];
  const replies = columns.filter((column) => column.part !== 'events');
  const events = columns.filter((column) => column.part !== 'reply');
  const publishing = rows.filter(publishes);
  const tables = [drawTable(rows, fitColumns(rows, replies, style), style)];
  return publishing.length > 0 ? [...tables, drawTable(publishing, fitColumns(publishing, events, style), style)] : tables;
}

/** Drops the least important columns until the rest fits; the subject and its load always stay. */
export function fitColumns(rows: readonly Row[], columns: readonly Column[], style: Style): readonly Column[] {
  if (widthOf(rows, columns) <= style.screen.columns) return columns;
  const worst = columns.filter(({ part }) => part !== 'key').toSorted((a, b) => b.rank - a.rank)[0];
  if (!worst) return columns;
  const rest = columns.filter((column) => column !== worst && (!column.shared || column.shared !== worst.shared));
  return fitColumns(rows, rest, style);
}

function widthOf(rows: readonly Row[], columns: readonly Column[]): number {
  return widthOfCells(columns, rows.map((row) => columns.map((column) => ({ text: column.cell(row) }))));
}

function drawTable(rows: readonly Row[], columns: readonly Column[], style: Style): string {
  const starts = rows.map((row, i) => i === 0 || loadKey((rows[i - 1] as Row).load) !== loadKey(row.load));
  const cells = rows.map((row, i) =>
    columns.map((column) => {
      // A load is said once for all its rows.
      const isSaid = !starts[i] && column.part === 'key' && column.align === 'right';
      return { text: isSaid ? '' : column.cell(row), meaning: column.meaning(row) };
    }),
  );
  return drawCells(columns, cells, starts, style);
}

/** A cell as text, and what it means. */
export interface TextCell {
  text: string;
  meaning?: keyof Style['paint'];
}

type Head = Pick<Column, 'label' | 'align'>;

function widthOfCells(head: readonly Head[], rows: readonly (readonly TextCell[])[]): number {
  const widths = head.map(({ label }, j) => Math.max(label.length, ...rows.map((row) => row[j]?.text.length ?? 0)));
  return widths.reduce((sum, width) => sum + width + GAP, -GAP);
}

/**
 * Any table in the style of all: a head, a rule and the rows.
 * @param starts for each row, whether a group of rows begins with it: an empty line parts it from the one before
 */
export function drawCells(
  head: readonly Head[],
  rows: readonly (readonly TextCell[])[],
  starts: readonly boolean[],
  { paint, sign, screen }: Style,
): string {
  const table = new CliTable3({
    chars: CHARS,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
    colAligns: head.map(({ align }) => align),
  });
  table.push(head.map(({ label }) => paint.bold(label)));
  for (const row of rows) table.push(row.map(({ text, meaning = 'plain' }) => paint[meaning](showable(text, screen))));
  const [first = '', ...lines] = table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd());
  const rule = paint.quiet(sign.rule.repeat(widthOfCells(head, rows)));
  return [first, rule, ...lines.flatMap((line, i) => (i > 0 && starts[i] ? ['', line] : [line]))].join('\n');
}

/** A table beside that of the run, without the columns that there is no room for. */
export function drawSideTable({ title, columns, rows, starts }: SideTable, style: Style): string {
  // What a group has in common is said once.
  const drawn = (kept: readonly SideColumn[]): TextCell[][] =>
    rows.map((cells, i) => columns.flatMap((column, j) => (kept.includes(column) ? [column.isGroup && !starts[i] ? { text: '' } : cells[j]!] : [])));
  let kept = columns;
  while (widthOfCells(kept, drawn(kept)) > style.screen.columns) {
    const worst = kept.toSorted((a, b) => b.rank - a.rank)[0]!;
    if (worst.rank === 0) break;
    kept = kept.filter((column) => column !== worst);
  }
  return [style.paint.bold(title), drawCells(kept, drawn(kept), rows.map(() => false), style)].join('\n');
}

const CHARS = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: ' '.repeat(GAP),
};
