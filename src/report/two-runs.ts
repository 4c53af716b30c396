/** Two runs side by side: every column of a run's table once for A, the base, and once for B, the head. */
import { groupTrials, loadKey } from '../advice/rounds.js';
import type { RunRecord } from '../measurement/record.js';
import type { RecordComparison } from '../verdict/records/compare.js';
import { columnsOf, rowsOf, type Column, type Row } from './columns.js';
import { ABSENT, formatCount, formatHop, oneLine } from './format.js';
import { problems } from './notes.js';

/** Two records with the names of their files, and what came of comparing them. */
export interface TwoRuns {
  a: NamedRun;
  b: NamedRun;
  compared: RecordComparison;
}

export interface NamedRun {
  name: string;
  record: RunRecord;
}

/** What the runs are called in every table. */
export const SIDES = ['A', 'B'] as const;

/** The rows of both runs, and the columns that have something to tell about either. */
export function twoRunTable({ a, b }: TwoRuns): { rows: Row[]; columns: Column[] } {
  const sides = [a, b].map(({ record }) => new Map(rowsOf(record.trials).map((row) => [keyOf(row), row])));
  const found = (row: Row): (Row | undefined)[] => sides.map((side) => side.get(keyOf(row)));
  const rows = groupTrials([...a.record.trials, ...b.record.trials]).map((row) => bothOf(found(row)));
  const all = columnsOf(sides.flatMap((side) => [...side.values()]));
  return { rows, columns: all.flatMap((column) => (column.part === 'key' ? column : eachSide(column, found))) };
}

function keyOf({ architecture, load }: Row): string {
  return `${loadKey(load)} ${architecture}`;
}

/** What a row says that is the same in both: the one that was measured, and valid only when no run of it is not. */
function bothOf(found: readonly (Row | undefined)[]): Row {
  const rows = found.filter((row) => row !== undefined);
  const row = rows.find(({ measured }) => measured.length > 0) ?? rows[0];
  return { ...(row as Row), valid: rows.every(({ valid, measured }) => valid || measured.length === 0) };
}

function eachSide(column: Column, found: (row: Row) => (Row | undefined)[]): Column[] {
  const of = <T>(row: Row, side: number, tell: (its: Row) => T): T | undefined => {
    const its = found(row)[side];
    return its && tell(its);
  };
  return SIDES.map((side, i) => ({
    ...column,
    label: `${column.label} ${side}`,
    shared: column.label,
    cell: (row) => of(row, i, (its) => column.cell(its)) ?? ABSENT,
    meaning: (row) => of(row, i, (its) => column.meaning(its)) ?? 'plain',
  }));
}

/** Which run is which, one line for each. */
export function runLines({ a, b }: TwoRuns): string[] {
  const about = ({ name, record }: NamedRun, side: string): string => {
    const { scenario, startedAt, trials, seed, tool, environment, plan } = record;
    const hop = formatHop(plan.hop);
    const when = startedAt.slice(0, 16).replace('T', ' ');
    const facts = [`scenario ${scenario.name}`, `${when} UTC`, `${formatCount(trials.length)} trials`, `seed ${seed}`];
    return oneLine([`${side}: ${name}`, ...facts, `${tool.name} ${tool.version}`, `Node ${environment.node}`, ...(hop === null ? [] : [hop])].join(', '));
  };
  return [about(a, 'A, the base'), about(b, 'B, the head')];
}

/** Problems of both runs, each with the run it belongs to. */
export function bothProblems({ a, b }: TwoRuns): string[] {
  return [a, b].flatMap(({ record }, i) => problems(record).map((problem) => `${SIDES[i]}: ${problem}`));
}

/** Why the runs are laid side by side and not compared, and what else was different. */
export function differenceList({ compared }: TwoRuns): string[] {
  const reasons = compared.state === 'refused' ? compared.reasons : [];
  const others = compared.differences.map(({ name, base, head }) => `${name}: ${base} in A, ${head} in B`);
  return [...reasons, ...others].map(oneLine);
}

/** The comparisons whose change is larger than noise; none where the runs answer different questions. */
export function changesOf({ compared }: TwoRuns): Pick<RunRecord, 'comparisons'> {
  const all = compared.state === 'compared' ? compared.comparisons : [];
  return { comparisons: all.filter(({ reading }) => reading !== 'unsure') };
}

/** How much has changed, in a sentence; empty where nothing was compared. */
export function changeSentence(runs: TwoRuns): string {
  if (runs.compared.state === 'refused') return '';
  const [changed, all] = [changesOf(runs), runs.compared].map(({ comparisons }) => formatCount(comparisons.length));
  return `${changed} of ${all} figures changed by more than noise; the command compare tells of all.`;
}
