/** The table of a run that is not over: every row predicted at first, then measured. */
import { isMeasured, loadKey } from '../advice/rounds.js';
import type { MeasuredTrial, Trial, TrialHead } from '../measurement/record.js';
import { columnsOf, publishes, rowsOf, type Column, type Row } from './columns.js';
import { formatLoad, oneLine } from './format.js';
import type { Screen } from './screen.js';
import { drawCells, fitColumns, type TextCell } from './terminal-table.js';
import { styleOf } from './terminal-style.js';

/** A planned trial, with what is known of it so far. */
export interface LiveTrial {
  head: TrialHead;
  /** What the model says of it; null: nothing yet, or nothing ever of a server that is not known. */
  predicted: MeasuredTrial | null;
  /** What became of it; null: it is not over. */
  trial: Trial | null;
  isRunning: boolean;
}

/** What is told while it runs; where there is no room for all of it, the last goes first. */
const TOLD = ['p50', 'failed', 'ok/s', 'p95', 'backlog', 'completion p95'];

/** The table as lines, none wider than the screen. In which of them the running trial is: -1 when none is. */
export function liveTable(trials: readonly LiveTrial[], screen: Screen): { lines: string[]; running: number } {
  const style = styleOf(screen);
  const rows = trials.length === 0 ? [] : liveRows(trials);
  const state: Column = {
    label: '',
    about: 'Whether the numbers are measured.',
    align: 'left',
    part: 'key',
    rank: 1,
    cell: (row) => stateOf(rowOf(rows, row)),
    meaning: () => 'plain',
    shown: () => true,
  };
  const known = rows.map(({ row }) => row);
  const keys = columnsOf(known).filter(({ part }) => part === 'key');
  const columns = fitColumns(known, [...keys, state, ...toldOf(known)], style);
  const cells = rows.map((live, i) => columns.map((column) => cellOf(live, column, rows[i - 1])));
  const lines = drawCells(columns, cells, rows.map(() => false), style).split('\n');
  const running = rows.findIndex((live) => live.isRunning);
  return { lines, running: running === -1 ? -1 : running + lines.length - rows.length };
}

/** One trial that is over in one line of a log, with its numbers. */
export function trialMessage(position: number, trials: readonly LiveTrial[]): string {
  const { head, trial } = trials[position] as LiveTrial;
  const subject = `trial ${position + 1} of ${trials.length}: ${oneLine(head.architecture)} at ${formatLoad(head.load)}`;
  if (!trial) return subject;
  if (!isMeasured(trial)) return `${subject}, ${trial.state}: ${oneLine(trial.message)}`;
  const [row] = rowsOf([trial]) as [Row];
  return [`${subject}, measured`, ...toldOf([row]).map((column) => `${column.label} ${column.cell(row)}`)].join(', ');
}

function toldOf(rows: readonly Row[]): Column[] {
  return columnsOf(rows).flatMap((column) => (TOLD.includes(column.label) ? [{ ...column, rank: TOLD.indexOf(column.label) }] : []));
}

/** A row of the table: rounds that are measured, or what is predicted of all of them. */
interface LiveRow {
  row: Row;
  isRunning: boolean;
  /** Rounds that are over, of those planned. */
  over: number;
  rounds: number;
}

/** In the order in which the report will have them. */
function liveRows(trials: readonly LiveTrial[]): LiveRow[] {
  const heads: Trial[] = trials.map(({ head }) => ({ ...head, state: 'aborted', message: '' }));
  return rowsOf(heads).map(({ architecture, load }) => {
    const rounds = trials.filter(({ head }) => head.architecture === architecture && loadKey(head.load) === loadKey(load));
    const over = rounds.flatMap(({ trial }) => trial ?? []);
    const [predicted] = rounds.flatMap((it) => it.predicted ?? []);
    const shown = over.length > 0 ? over : predicted ? [predicted] : heads.filter((head) => head.architecture === architecture && loadKey(head.load) === loadKey(load));
    const [row] = rowsOf(shown) as [Row];
    return { row, isRunning: rounds.some((it) => it.isRunning), over: over.length, rounds: rounds.length };
  });
}

function rowOf(rows: readonly LiveRow[], row: Row): LiveRow {
  return rows.find((live) => live.row === row) as LiveRow;
}

function stateOf({ row, isRunning, over, rounds }: LiveRow): string {
  if (isRunning) return 'measuring';
  if (over > 0) return row.measured.length === 0 ? (row.rounds[0]?.state ?? '') : over < rounds ? `measured ${over} of ${rounds}` : 'measured';
  return row.measured.length > 0 ? 'predicted' : 'to come';
}

/** What is only predicted is quiet; of what is not known nothing is said. */
function cellOf({ row, over }: LiveRow, column: Column, above: LiveRow | undefined): TextCell {
  if (column.part === 'key') {
    const isLoad = column.align === 'right';
    return { text: isLoad && above && loadKey(above.row.load) === loadKey(row.load) ? '' : column.cell(row), meaning: over > 0 ? 'plain' : 'quiet' };
  }
  if (row.measured.length === 0 || (column.part === 'events' && !publishes(row))) return { text: '' };
  return { text: column.cell(row), meaning: over > 0 ? column.meaning(row) : 'quiet' };
}
