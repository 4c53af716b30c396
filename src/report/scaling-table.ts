/** Services whose workers scale: how many there were, how busy they were, and which calls waited for one to start. */
import { foldStep } from '../advice/demand.js';
import { groupTrials, loadKey, type TrialGroup } from '../advice/rounds.js';
import type { RunRecord, StepResult } from '../measurement/record.js';
import { ABSENT, formatCount, formatLoad, formatShare, oneLine } from './format.js';
import { sideTable, type SideColumnOf, type SideTable } from './side-table.js';

/** One service of a subject under one load, seen by one of its callers. */
interface Row {
  group: TrialGroup;
  service: string;
  step: string;
}

const HEAD = { id: 'scaling', title: 'Workers that scale' };

const COLUMNS: readonly SideColumnOf<Row>[] = [
  { label: 'load', about: 'Users at once, or requests started per second.', align: 'right', rank: 0, isGroup: true, cell: ({ group }) => formatLoad(group.load) },
  { label: 'architecture', about: 'An architecture, or a variant of the scenario.', align: 'left', rank: 0, isGroup: true, cell: ({ group }) => oneLine(group.architecture) },
  { label: 'service', about: 'A service whose workers scale.', align: 'left', rank: 0, cell: ({ service }) => oneLine(service) },
  { label: 'workers', about: 'Workers on average over the window, those that were starting among them: what is paid for.', align: 'right', rank: 0, cell: (row) => numberOf(row, ({ scaled }) => scaled?.mean ?? null, (mean) => mean.toFixed(1)) },
  { label: 'at most', about: 'Workers at once in the window.', align: 'right', rank: 1, cell: (row) => numberOf(row, ({ scaled }) => scaled?.most ?? null, formatCount) },
  { label: 'of', about: 'Workers that there may be.', align: 'right', rank: 3, cell: (row) => numberOf(row, ({ workers }) => workers, formatCount) },
  { label: 'busy', about: 'Share of their time in which they worked.', align: 'right', rank: 2, cell: (row) => numberOf(row, ({ utilisation }) => utilisation, formatShare) },
  {
    label: 'cold starts', about: 'Calls that waited for a worker to start, and were its first.', align: 'right', rank: 0,
    cell: (row) => numberOf(row, ({ scaled }) => scaled?.coldStarts ?? null, formatCount), meaning: (row) => ((valueOf(row, ({ scaled }) => scaled?.coldStarts ?? null) ?? 0) > 0 ? 'warn' : 'plain'),
  },
];

/** What scaled in a run; none where nothing does. */
export function scalingTable({ trials }: Pick<RunRecord, 'trials'>): SideTable[] {
  return sideTable(HEAD, COLUMNS, groupTrials(trials).flatMap(rowsOf), ({ group }) => `${loadKey(group.load)} ${group.architecture}`);
}

/** A service is told of once, whoever calls it. */
function rowsOf(group: TrialGroup): Row[] {
  const scaled = Object.entries(group.measured[0]?.steps ?? {}).filter(([, result]) => result.scaled);
  return [...new Map(scaled.toReversed().map(([step, { service }]) => [service, { group, service, step }])).values()].toReversed();
}

function valueOf({ group, step }: Row, pick: (result: StepResult) => number | null): number | null {
  return foldStep(group, step, pick);
}

function numberOf(row: Row, pick: (result: StepResult) => number | null, format: (value: number) => string): string {
  const value = valueOf(row, pick);
  return value === null ? ABSENT : format(value);
}
