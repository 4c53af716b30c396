/** What each subject did in each stage of a load that changes. */
import { fold, type TrialGroup } from '../advice/rounds.js';
import type { MeasuredTrial, RunRecord, StageResult } from '../measurement/record.js';
import { percentileCell } from './cells.js';
import { publishes, rowsOf } from './columns.js';
import { formatCount, formatRate, formatShare, formatTime, oneLine } from './format.js';
import { sideTable, type SideColumnOf, type SideTable } from './side-table.js';

/** One stage of one subject. */
interface StageRow {
  group: TrialGroup;
  /** Position of the stage. */
  stage: number;
}

const HEAD = { id: 'stages', title: 'Stage by stage' };

const COLUMNS: readonly SideColumnOf<StageRow>[] = [
  { label: 'architecture', about: 'An architecture, or a variant of the scenario.', align: 'left', rank: 0, isGroup: true, cell: ({ group }) => oneLine(group.architecture) },
  { label: 'stage', about: 'Users at once, or requests started per second, when it begins and when it ends.', align: 'right', rank: 0, cell: levelsOf },
  { label: 'until', about: 'When it ends, from the start of the window.', align: 'right', rank: 5, cell: (row) => formatTime(numberOf(row, ({ to }) => to)) },
  { label: 'p50', about: 'Half of the requests that began in it ended within this response time.', align: 'right', rank: 4, cell: (row) => percentileOf(row, 'p50') },
  { label: 'p95', about: '95 of 100 requests that began in it ended within this response time.', align: 'right', rank: 2, cell: (row) => percentileOf(row, 'p95') },
  { label: 'ok/s', about: 'Requests that began in it and got a good answer, per second.', align: 'right', rank: 3, cell: (row) => formatRate(numberOf(row, ({ throughput }) => throughput)) },
  {
    label: 'failed', about: 'Share of the requests that began in it and got no good answer in time.', align: 'right', rank: 1,
    cell: (row) => formatShare(failureRateOf(row)), meaning: (row) => ((failureRateOf(row) ?? 0) >= 0.01 ? 'bad' : 'plain'),
  },
  {
    label: 'backlog', about: 'Events acknowledged and not yet processed when it ended.', align: 'right', rank: 2,
    cell: (row) => formatCount(numberOf(row, ({ backlog }) => backlog?.end ?? null)), shown: (rows) => rows.some(({ group }) => publishes(group)),
  },
  {
    label: 'peak', about: 'Most events that waited at once while it lasted.', align: 'right', rank: 4,
    cell: (row) => formatCount(numberOf(row, ({ backlog }) => backlog?.peak ?? null)), shown: (rows) => rows.some(({ group }) => publishes(group)),
  },
];

/** None where no load has stages. */
export function stageTable({ trials }: Pick<RunRecord, 'trials'>): SideTable[] {
  const rows = rowsOf(trials).flatMap((group): StageRow[] => (group.measured[0]?.stages ?? []).map((_, stage) => ({ group, stage })));
  return sideTable(HEAD, COLUMNS, rows, ({ group }) => group.architecture);
}

function stageOf(trial: MeasuredTrial, { stage }: StageRow): StageResult | undefined {
  return trial.stages?.[stage];
}

function numberOf(row: StageRow, pick: (stage: StageResult) => number | null): number | null {
  return fold(row.group, (trial) => {
    const found = stageOf(trial, row);
    return found ? pick(found) : null;
  });
}

function percentileOf(row: StageRow, which: 'p50' | 'p95'): string {
  return percentileCell(row.group, which, (trial) => stageOf(trial, row)?.responseTime ?? null);
}

/** Of no requests nobody knows a share. */
function failureRateOf(row: StageRow): number | null {
  return numberOf(row, ({ outcomes, failureRate }) => (outcomes.sent > 0 ? failureRate : null));
}

function levelsOf(row: StageRow): string {
  const [begins, target] = [numberOf(row, (stage) => stage.begins), numberOf(row, (stage) => stage.target)];
  const unit = row.group.load.model === 'open' ? '/s' : ' users';
  return begins === target ? `${formatRate(target)}${unit}` : `${formatRate(begins)}-${formatRate(target)}${unit}`;
}
