/** The short table at the same orders, said once for terminal, Markdown and HTML. */
import { loadKey } from '../measurement/loads.js';
import type { RunRecord, SameOrdersRow } from '../measurement/record.js';
import { AT_LEAST } from './cells.js';
import { upTo } from './clause.js';
import { ABSENT, formatCount, formatLoad, formatRate, formatShare, formatTime, oneLine } from './format.js';
import { sideTable, type SideColumnOf, type SideTable } from './side-table.js';

const HEAD = { id: 'same-orders', title: 'At the same orders (predicted)' };

const COLUMNS: readonly SideColumnOf<SameOrdersRow>[] = [
  { label: 'orders/s', about: 'Orders started per second, the same for all, however fast they are answered.', align: 'right', rank: 0, isGroup: true, cell: ({ rate }) => formatRate(rate) },
  { label: 'as many as', about: 'Where the rate comes from.', align: 'left', rank: 5, isGroup: true, cell: originOf },
  { label: 'architecture', about: 'An architecture, or a variant of the scenario.', align: 'left', rank: 0, cell: ({ architecture }) => oneLine(architecture) },
  { label: 'p50', about: 'Half of the requests end within this response time.', align: 'right', rank: 3, cell: ({ p50 }) => formatTime(p50) },
  { label: 'p95', about: '95 of 100 requests end within this response time.', align: 'right', rank: 2, cell: ({ p95, isLonger }) => (isLonger && p95 !== null ? AT_LEAST : '') + formatTime(p95) },
  { label: 'failed', about: 'Share of requests without a good answer in time.', align: 'right', rank: 1, cell: ({ failureRate }) => formatShare(failureRate), meaning: ({ failureRate }) => (failureRate >= 0.01 ? 'bad' : 'plain') },
  { label: 'backlog', about: 'The consumer whose backlog grows fastest, and by how many events a second.', align: 'right', rank: 1, cell: growthOf, meaning: ({ backlog }) => (backlog ? 'warn' : 'plain') },
  { label: 'workers', about: 'Workers with which that consumer would keep up, and those that there are.', align: 'right', rank: 2, cell: workersOf },
];

/** What all do at the same orders; none where all took the same. */
export function sameOrdersTable({ sameOrders = [] }: Pick<RunRecord, 'sameOrders'>): SideTable[] {
  return sideTable(HEAD, COLUMNS, sameOrders, ({ rate, load }) => `${rate} ${loadKey(load)}`);
}

function originOf({ from, load }: SameOrdersRow): string {
  return from === 'carried' ? `are carried at ${formatLoad(load)}` : `${formatLoad(load)} want to make`;
}

function growthOf({ backlog, publishes }: SameOrdersRow): string {
  if (!publishes) return ABSENT;
  return backlog ? `${oneLine(backlog.consumer)} +${formatRate(backlog.slope)}/s` : 'none grows';
}

function workersOf({ backlog }: SameOrdersRow): string {
  if (!backlog || backlog.workersNeeded === null) return ABSENT;
  return `${formatCount(backlog.workersNeeded)}${backlog.workers === null ? '' : `, has ${upTo(backlog.scales)}${formatCount(backlog.workers)}`}`;
}
