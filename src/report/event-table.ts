/** The books of each event by itself, where a transaction has several. */
import { fold, groupTrials, type TrialGroup } from '../advice/rounds.js';
import type { EventResult, MeasuredTrial, RunRecord } from '../measurement/record.js';
import { percentileCell } from './cells.js';
import { formatCount, formatLoad, oneLine } from './format.js';
import { sideTable, type SideColumnOf, type SideTable } from './side-table.js';

/** One event of one subject under one load. */
interface EventRow {
  group: TrialGroup;
  event: string;
}

const HEAD = { id: 'by-event', title: 'Event by event' };

const COLUMNS: readonly SideColumnOf<EventRow>[] = [
  { label: 'load', about: 'Users at once, or requests started per second.', align: 'right', rank: 0, isGroup: true, cell: ({ group }) => formatLoad(group.load) },
  { label: 'architecture', about: 'An architecture, or a variant of the scenario.', align: 'left', rank: 0, isGroup: true, cell: ({ group }) => oneLine(group.architecture) },
  { label: 'event', about: 'An event of the scenario, or one that the consumers of these publish for each other.', align: 'left', rank: 0, cell: ({ event }) => oneLine(event) },
  count('published', 3, 'Events that the bus has taken.', ({ acknowledged }) => acknowledged),
  { label: 'lag p95', about: 'From its publish to the start of its processing, by the last of its consumers.', align: 'right', rank: 1, cell: ({ group, event }) => percentileCell(group, 'p95', (trial) => resultOf(trial, event)?.lag ?? null) },
  count('backlog', 2, 'Taken and not yet processed when the load ended.', ({ backlog }) => backlog.end),
  count('pending', 4, 'Still waiting when the drain ended: not lost, not done.', ({ pending }) => pending),
  damage('refused', 'Publishes that the bus has not taken.', ({ attempted, acknowledged }) => attempted - acknowledged),
  damage('lost', 'Taken and never processed.', ({ lost }) => lost),
  damage('dead', 'Given up after the last delivery (dead letters).', ({ deadLettered }) => deadLettered),
];

/** None where no transaction has several events. */
export function eventTable({ trials }: Pick<RunRecord, 'trials'>): SideTable[] {
  const rows = groupTrials(trials).flatMap((group) => Object.keys(group.measured[0]?.events?.byEvent ?? {}).map((event): EventRow => ({ group, event })));
  return sideTable(HEAD, COLUMNS, rows, ({ group }) => group.architecture);
}

function count(label: string, rank: number, about: string, pick: (event: EventResult) => number): SideColumnOf<EventRow> {
  return { label, about, align: 'right', rank, cell: (row) => formatCount(numberOf(row, pick)) };
}

/** A count that should be zero: shown where it is not. */
function damage(label: string, about: string, pick: (event: EventResult) => number): SideColumnOf<EventRow> {
  const isAny = (row: EventRow): boolean => (numberOf(row, pick) ?? 0) > 0;
  return { ...count(label, 1, about, pick), meaning: (row) => (isAny(row) ? 'bad' : 'plain'), shown: (rows) => rows.some(isAny) };
}

function numberOf({ group, event }: EventRow, pick: (event: EventResult) => number): number | null {
  return fold(group, (trial) => {
    const result = resultOf(trial, event);
    return result ? pick(result) : null;
  });
}

function resultOf({ events }: MeasuredTrial, event: string): EventResult | undefined {
  return events?.byEvent?.[event];
}
