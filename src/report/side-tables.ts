/** The tables beside that of a run, in their order: each is there only when it has something to tell. */
import { fold, groupTrials, type TrialGroup } from '../advice/rounds.js';
import { loadKey } from '../measurement/loads.js';
import type { RunRecord, ConsumerResult, EventResult, MeasuredTrial, SameOrdersRow, StepResult } from '../measurement/record.js';
import type { Comparison, PairedRun } from '../measurement/schema/comparison.js';
import { nounOfRequest } from '../scenarios/noun.js';
import { percentileCell, AT_LEAST } from './cells.js';
import { upTo } from './clause.js';
import type { Meaning } from './columns.js';
import { changeOf, comparedValue } from './comparisons.js';
import { formatCount, formatLoad, oneLine, ABSENT, formatRate, formatShare, formatTime, plural } from './format.js';
import { type SideTable, sideTable, type SideColumnOf } from './side-table.js';
import { stageTable } from './stage-table.js';
import { stepTable } from './step-table.js';

const EVENTS_HEAD = { id: 'by-event', title: 'Event by event' };

const EVENTS_COLUMNS: readonly SideColumnOf<EventRow>[] = [
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
const SAME_ORDERS_HEAD = { id: 'same-orders', title: 'At the same orders (predicted)' };

const SAME_ORDERS_COLUMNS: readonly SideColumnOf<SameOrdersRow>[] = [
  { label: 'orders/s', about: 'Orders started per second, the same for all, however fast they are answered.', align: 'right', rank: 0, isGroup: true, cell: ({ rate }) => formatRate(rate) },
  { label: 'as many as', about: 'Where the rate comes from.', align: 'left', rank: 5, isGroup: true, cell: originOf },
  { label: 'architecture', about: 'An architecture, or a variant of the scenario.', align: 'left', rank: 0, cell: ({ architecture }) => oneLine(architecture) },
  { label: 'p50', about: 'Half of the requests end within this response time.', align: 'right', rank: 3, cell: ({ p50 }) => formatTime(p50) },
  { label: 'p95', about: '95 of 100 requests end within this response time.', align: 'right', rank: 2, cell: ({ p95, isLonger }) => (isLonger && p95 !== null ? AT_LEAST : '') + formatTime(p95) },
  { label: 'failed', about: 'Share of requests without a good answer in time.', align: 'right', rank: 1, cell: ({ failureRate }) => formatShare(failureRate), meaning: ({ failureRate }) => (failureRate >= 0.01 ? 'bad' : 'plain') },
  { label: 'backlog', about: 'The consumer whose backlog grows fastest, and by how many events a second.', align: 'right', rank: 1, cell: growthOf, meaning: ({ backlog }) => (backlog ? 'warn' : 'plain') },
  { label: 'workers', about: 'Workers with which that consumer would keep up, and those that there are.', align: 'right', rank: 2, cell: workersOf },
];
const SCALING_HEAD = { id: 'scaling', title: 'Workers that scale' };

const SCALING_COLUMNS: readonly SideColumnOf<ScalingRow>[] = [
  { label: 'load', about: 'Users at once, or requests started per second.', align: 'right', rank: 0, isGroup: true, cell: ({ group }) => formatLoad(group.load) },
  { label: 'architecture', about: 'An architecture, or a variant of the scenario.', align: 'left', rank: 0, isGroup: true, cell: ({ group }) => oneLine(group.architecture) },
  { label: 'whose', about: 'A service, or a consumer, whose workers scale.', align: 'left', rank: 0, cell: ({ whose }) => oneLine(whose) },
  { label: 'workers', about: 'Workers on average over the window, those that were starting among them: what is paid for.', align: 'right', rank: 0, cell: (row) => scalingNumber(row, ({ scaled }) => scaled?.mean ?? null, (mean) => mean.toFixed(1)) },
  { label: 'at most', about: 'Workers at once in the window.', align: 'right', rank: 1, cell: (row) => scalingNumber(row, ({ scaled }) => scaled?.most ?? null, formatCount) },
  { label: 'since', about: 'When there were so many for the first time, from the start of the window.', align: 'right', rank: 4, cell: (row) => scalingNumber(row, ({ scaled }) => scaled?.mostAt ?? null, formatTime) },
  { label: 'of', about: 'Workers that there may be.', align: 'right', rank: 3, cell: (row) => scalingNumber(row, ({ workers }) => workers, formatCount) },
  { label: 'busy', about: 'Share of the time of a service\'s workers in which they worked.', align: 'right', rank: 2, cell: (row) => scalingNumber(row, (one) => ('utilisation' in one ? one.utilisation : null), formatShare) },
  {
    label: 'cold starts', about: 'Calls, or messages, that waited for a worker to start, and were its first.', align: 'right', rank: 0,
    cell: (row) => scalingNumber(row, ({ scaled }) => scaled?.coldStarts ?? null, formatCount), meaning: (row) => ((scalingValue(row, ({ scaled }) => scaled?.coldStarts ?? null) ?? 0) > 0 ? 'warn' : 'plain'),
  },
];
const SIDES_HEAD = { id: 'sides', title: 'Base and head side by side' };

const SIDES_COLUMNS: readonly SideColumnOf<SidesRow>[] = [
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

export function sideTablesOf(record: RunRecord): SideTable[] {
  return [...sidesTable(record), ...sameOrdersTable(record), ...stageTable(record), ...eventTable(record), ...stepTable(record), ...scalingTable(record)];
}

/** One event of one subject under one load. */
interface EventRow {
  group: TrialGroup;
  event: string;
}

/** None where no transaction has several events. */
export function eventTable({ trials }: Pick<RunRecord, 'trials'>): SideTable[] {
  const rows = groupTrials(trials).flatMap((group) => Object.keys(group.measured[0]?.events?.byEvent ?? {}).map((event): EventRow => ({ group, event })));
  return sideTable(EVENTS_HEAD, EVENTS_COLUMNS, rows, ({ group }) => `${loadKey(group.load)} ${group.architecture}`);
}

function count(label: string, rank: number, about: string, pick: (event: EventResult) => number): SideColumnOf<EventRow> {
  return { label, about, align: 'right', rank, cell: (row) => formatCount(eventsNumber(row, pick)) };
}

/** A count that should be zero: shown where it is not. */
function damage(label: string, about: string, pick: (event: EventResult) => number): SideColumnOf<EventRow> {
  const isAny = (row: EventRow): boolean => (eventsNumber(row, pick) ?? 0) > 0;
  return { ...count(label, 1, about, pick), meaning: (row) => (isAny(row) ? 'bad' : 'plain'), shown: (rows) => rows.some(isAny) };
}

function eventsNumber({ group, event }: EventRow, pick: (event: EventResult) => number): number | null {
  return fold(group, (trial) => {
    const result = resultOf(trial, event);
    return result ? pick(result) : null;
  });
}

function resultOf({ events }: MeasuredTrial, event: string): EventResult | undefined {
  return events?.byEvent?.[event];
}

/** What all do at the same orders; none where all took the same. */
function sameOrdersTable({ sameOrders = [], scenario }: Pick<RunRecord, 'sameOrders' | 'scenario'>): SideTable[] {
  const [orders, ...others] = SAME_ORDERS_COLUMNS;
  const columns = orders ? [{ ...orders, label: `${plural(nounOfRequest(scenario))}/s` }, ...others] : SAME_ORDERS_COLUMNS;
  return sideTable(SAME_ORDERS_HEAD, columns, sameOrders, ({ rate, load }) => `${rate} ${loadKey(load)}`);
}

function originOf({ from, load }: SameOrdersRow): string {
  return { carried: `are carried at ${formatLoad(load)}`, sent: `${formatLoad(load)} send`, users: `${formatLoad(load)} want to make` }[from];
}

function growthOf({ backlog, publishes }: SameOrdersRow): string {
  if (!publishes) return ABSENT;
  return backlog ? `${oneLine(backlog.consumer)} +${formatRate(backlog.slope)}/s` : 'none grows';
}

function workersOf({ backlog }: SameOrdersRow): string {
  if (!backlog || backlog.workersNeeded === null) return ABSENT;
  return `${formatCount(backlog.workersNeeded)}${backlog.workers === null ? '' : `, has ${upTo(backlog.scales)}${formatCount(backlog.workers)}`}`;
}

/** A service of a subject under one load, seen by one of its callers, or a consumer. */
interface ScalingRow {
  group: TrialGroup;
  whose: string;
  of: (trial: MeasuredTrial) => StepResult | ConsumerResult | undefined;
}

/** What scaled in a run; none where nothing does. */
export function scalingTable({ trials }: Pick<RunRecord, 'trials'>): SideTable[] {
  return sideTable(SCALING_HEAD, SCALING_COLUMNS, groupTrials(trials).flatMap((group) => [...scalingServices(group), ...scalingConsumers(group)]), ({ group }) => `${loadKey(group.load)} ${group.architecture}`);
}

/** A service is told of once, whoever calls it. */
function scalingServices(group: TrialGroup): ScalingRow[] {
  const scaled = Object.entries(group.measured[0]?.steps ?? {}).filter(([, result]) => result.scaled);
  return [...new Map(scaled.toReversed().map(([step, { service }]) => [service, { group, whose: service, of: ({ steps }: MeasuredTrial) => steps[step] }])).values()].toReversed();
}

function scalingConsumers(group: TrialGroup): ScalingRow[] {
  const scaled = Object.entries(group.measured[0]?.events?.consumers ?? {}).filter(([, result]) => result.scaled);
  return scaled.map(([name]) => ({ group, whose: `consumer ${name}`, of: ({ events }) => events?.consumers[name] }));
}

function scalingValue({ group, of }: ScalingRow, pick: (result: StepResult | ConsumerResult) => number | null): number | null {
  return fold(group, (trial) => {
    const result = of(trial);
    return result ? pick(result) : null;
  });
}

function scalingNumber(row: ScalingRow, pick: (result: StepResult | ConsumerResult) => number | null, format: (value: number) => string): string {
  const value = scalingValue(row, pick);
  return value === null ? ABSENT : format(value);
}

/** One line: a side, or the change of head against base. */
interface SidesRow {
  run: PairedRun;
  comparisons: readonly Comparison[];
  which: 'base' | 'head' | 'change';
}

/** What was measured in pairs; none of a run of trials. */
export function sidesTable({ paired = [], comparisons }: Pick<RunRecord, 'paired' | 'comparisons'>): SideTable[] {
  const rows = paired.flatMap((run) => {
    const mine = comparisons.filter(({ subject, load }) => subject === `${run.head}/${run.base}` && load !== null && loadKey(load) === loadKey(run.load));
    return (['base', 'head', 'change'] as const).map((which) => ({ run, comparisons: mine, which }));
  });
  return sideTable(SIDES_HEAD, SIDES_COLUMNS, rows, ({ run }) => loadKey(run.load));
}

function metric(label: string, name: string, about: string): SideColumnOf<SidesRow> {
  const of = ({ comparisons }: SidesRow): Comparison | undefined => comparisons.find((comparison) => comparison.metric === name);
  const cell = (row: SidesRow): string => {
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

function requestsOf({ run, which }: SidesRow): string {
  return which === 'change' ? '' : formatCount(run.pairs.reduce((sum, pair) => sum + pair[which].sent, 0));
}
