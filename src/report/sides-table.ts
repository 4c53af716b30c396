/** Two subjects measured in pairs of blocks, side by side: what each came to, and by how much they differ. */
import type { Comparison, PairedRun } from '../measurement/schema/comparison.js';
import { loadKey } from '../measurement/loads.js';
import type { RunRecord } from '../measurement/record.js';
import type { Meaning } from './columns.js';
import { changeOf, comparedValue } from './comparisons.js';
import { ABSENT, formatCount, formatLoad, oneLine } from './format.js';
import { sideTable, type SideColumnOf, type SideTable } from './side-table.js';

/** One line: a side, or the change of head against base. */
interface Row {
  run: PairedRun;
  comparisons: readonly Comparison[];
  which: 'base' | 'head' | 'change';
}

const HEAD = { id: 'sides', title: 'Base and head side by side' };

const COLUMNS: readonly SideColumnOf<Row>[] = [
  { label: 'load', about: 'Users at once, or requests started per second.', align: 'right', rank: 0, isGroup: true, cell: ({ run }) => formatLoad(run.load) },
  { label: 'side', about: 'Which of the two, or the change of head against base.', align: 'left', rank: 1, cell: ({ which }) => which },
  { label: 'subject', about: 'Its name.', align: 'left', rank: 0, cell: ({ run, which }) => (which === 'change' ? '' : oneLine(run[which])) },
  metric('p50', 'p50', 'Half of the requests ended within this response time.'),
  metric('p95', 'p95', '95 of 100 requests ended within this response time.'),
  metric('ok/s', 'throughput', 'Good answers a second.'),
  metric('failed', 'failure_rate', 'Share of requests without a good answer in time.'),
  { label: 'requests', about: 'Requests in its blocks.', align: 'right', rank: 3, cell: requestsOf },
  { label: 'pairs', about: 'Pairs of blocks that it was judged on.', align: 'right', rank: 2, isGroup: true, cell: ({ run, comparisons }) => formatCount(comparisons[0]?.pairs ?? run.pairs.length) },
];

/** What was measured in pairs; none of a run of trials. */
export function sidesTable({ paired = [], comparisons }: Pick<RunRecord, 'paired' | 'comparisons'>): SideTable[] {
  const rows = paired.flatMap((run) => {
    const mine = comparisons.filter(({ subject, load }) => subject === `${run.head}/${run.base}` && load !== null && loadKey(load) === loadKey(run.load));
    return (['base', 'head', 'change'] as const).map((which) => ({ run, comparisons: mine, which }));
  });
  return sideTable(HEAD, COLUMNS, rows, ({ run }) => loadKey(run.load));
}

function metric(label: string, name: string, about: string): SideColumnOf<Row> {
  const of = ({ comparisons }: Row): Comparison | undefined => comparisons.find((comparison) => comparison.metric === name);
  const cell = (row: Row): string => {
    const found = of(row);
    if (!found) return ABSENT;
    return row.which === 'change' ? changeOf(found.change, found) : comparedValue(found[row.which], found);
  };
  return { label, about, align: 'right', rank: 0, cell, meaning: (row) => (row.which === 'change' ? meaningOf(of(row)) : 'plain') };
}

function meaningOf(comparison: Comparison | undefined): Meaning {
  if (comparison?.state === 'fail') return 'bad';
  return comparison?.reading === 'faster' ? 'good' : 'plain';
}

function requestsOf({ run, which }: Row): string {
  return which === 'change' ? '' : formatCount(run.pairs.reduce((sum, pair) => sum + pair[which].sent, 0));
}
