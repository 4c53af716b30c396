/** Steps of which more is to be told than how long they take: made by some requests only, done without, or held back by a rate or a pool. */
import { foldConsumer, foldStep } from '../advice/demand.js';
import { fold, groupTrials, loadKey, type TrialGroup } from '../advice/rounds.js';
import type { MeasuredTrial, RunRecord } from '../measurement/record.js';
import { callGraphOf } from '../scenarios/architectures.js';
import { consumersOf, fallbackName, type Flow, type ServiceCall } from '../scenarios/call-graph.js';
import type { Service } from '../scenarios/scenario.js';
import { subjectOf, type Subject } from '../scenarios/subject.js';
import type { Meaning } from './columns.js';
import { ABSENT, formatCount, formatLoad, formatShare, formatTime, oneLine } from './format.js';
import { sideTable, type SideColumnOf, type SideTable } from './side-table.js';

/** One step or consumer of a subject under one load. */
interface StepRow {
  group: TrialGroup;
  call: ServiceCall;
  service: Service | undefined;
  /** The kind of request that it is done for, where there are several. */
  kind: string | undefined;
  /** Whether it is done for events, which may come again, in place of requests. */
  isConsumer: boolean;
}

const HEAD = { id: 'steps', title: 'Steps that not every request needs, or that a rate limits' };

const COLUMNS: readonly SideColumnOf<StepRow>[] = [
  { label: 'load', about: 'Users at once, or requests started per second.', align: 'right', rank: 0, isGroup: true, cell: ({ group }) => formatLoad(group.load) },
  { label: 'architecture', about: 'An architecture, or a variant of the scenario.', align: 'left', rank: 0, isGroup: true, cell: ({ group }) => oneLine(group.architecture) },
  { label: 'step', about: 'A step, or the consumer that does its work.', align: 'left', rank: 0, cell: ({ call }) => oneLine(call.name) },
  {
    label: 'share', about: 'Share of the requests, or of the messages, for which it was done, as counted.', align: 'right', rank: 2,
    cell: (row) => (hasShare(row) ? formatShare(shareOf(row)) : ABSENT), shown: (rows) => rows.some(hasShare),
  },
  {
    label: 'gone without', about: 'Best effort: requests that went on although it had failed for good, and their share of those that made it.', align: 'right', rank: 1,
    cell: (row) => (isBestEffort(row) ? counted(row, withoutOf(row)) : ABSENT), meaning: (row) => (isBestEffort(row) ? warning(withoutOf(row)) : 'plain'), shown: (rows) => rows.some(isBestEffort),
  },
  {
    label: 'fell back', about: 'Requests for which its fallback was asked, and their share of those that made it.', align: 'right', rank: 1,
    cell: (row) => (hasFallback(row) ? counted(row, countOf(row, 'failed')) : ABSENT), shown: (rows) => rows.some(hasFallback),
  },
  {
    label: '429s', about: 'Calls that its service refused because they came faster than its rate limit.', align: 'right', rank: 1,
    cell: (row) => (isLimited(row) ? formatCount(countOf(row, 'limited')) : ABSENT), meaning: (row) => warning(countOf(row, 'limited')), shown: (rows) => rows.some((row) => countOf(row, 'limited') > 0),
  },
  {
    label: 'held back', about: "Calls that waited for their caller's own rate, and for how long on average.", align: 'right', rank: 1,
    cell: (row) => (isPaced(row) ? waits(row, 'paced') : ABSENT), shown: (rows) => rows.some((row) => countOf(row, 'paced') > 0),
  },
  {
    label: 'pool', about: 'Calls that waited for a connection of the pool that it shares, and for how long on average.', align: 'right', rank: 1,
    cell: (row) => (isPooled(row) ? waits(row, 'pooled') : ABSENT), shown: (rows) => rows.some((row) => countOf(row, 'pooled') > 0),
  },
];

/** What such steps did in a run; none where the scenario has no such steps. */
export function stepTable({ trials, scenario }: Pick<RunRecord, 'trials' | 'scenario'>): SideTable[] {
  const rows = groupTrials(trials).flatMap((group) => {
    const subject = group.base === null || group.measured.length === 0 ? undefined : subjectOf(scenario, group.architecture);
    return subject ? rowsOf(group, subject) : [];
  });
  return sideTable(HEAD, COLUMNS, rows.filter(isTold), ({ group }) => `${loadKey(group.load)} ${group.architecture}`);
}

/** A step is told of where it is one of a flow, and not in the request and its consumer both. */
function rowsOf(group: TrialGroup, subject: Subject): StepRow[] {
  const { request, streams } = callGraphOf(subject);
  const consumers = subject.event.consumers.map(({ name }) => name);
  const rowsIn = (flow: Flow): StepRow[] =>
    flow.flatMap((task) =>
      task.kind === 'call'
        ? [{ group, call: task.call, service: subject.services.find(({ name }) => name === task.call.call), kind: task.only?.name, isConsumer: consumers.includes(task.call.name) && flow !== request }]
        : [],
    );
  return [request, ...consumersOf(streams).map(({ flow }) => flow)].flatMap(rowsIn);
}

/** A rate or a pool that nobody has felt is nothing to tell. */
function isTold(row: StepRow): boolean {
  return hasShare(row) || isBestEffort(row) || hasFallback(row) || (['limited', 'paced', 'pooled'] as const).some((which) => countOf(row, which) > 0);
}

const hasShare = ({ call }: StepRow): boolean => call.share < 1;
const isBestEffort = ({ call }: StepRow): boolean => call.onError === 'continue';
const hasFallback = ({ call }: StepRow): boolean => call.fallback !== undefined;
const isPaced = ({ call }: StepRow): boolean => call.rate !== undefined;
const isPooled = ({ call }: StepRow): boolean => call.pool !== undefined;

/** A real service may limit without the scenario knowing. */
function isLimited(row: StepRow): boolean {
  return row.service?.rate !== undefined || countOf(row, 'limited') > 0;
}

function countOf({ group, call }: StepRow, which: 'ok' | 'failed' | 'limited' | 'paced' | 'pacedTime' | 'pooled' | 'pooledTime'): number {
  return foldStep(group, call.name, (result) => result[which] ?? 0) ?? 0;
}

/** Times that it was run, for requests; deliveries of one message are one. */
function runsOf(row: StepRow): number {
  const dead = foldConsumer(row.group, row.call.name, ({ deadLettered }) => deadLettered) ?? 0;
  return countOf(row, 'ok') + (row.isConsumer ? dead : countOf(row, 'failed'));
}

function shareOf(row: StepRow): number | null {
  const { group, call, kind } = row;
  const all = row.isConsumer
    ? foldConsumer(group, call.name, ({ processed, deadLettered }) => processed + deadLettered)
    : fold(group, (trial) => sentOf(trial, kind));
  return all ? Math.min(1, runsOf(row) / all) : null;
}

function sentOf({ kinds, outcomes }: MeasuredTrial, kind: string | undefined): number {
  return (kind === undefined ? undefined : kinds?.[kind]?.outcomes.sent) ?? outcomes.sent;
}

/** Failures that no fallback has made good. */
function withoutOf(row: StepRow): number {
  return Math.max(0, countOf(row, 'failed') - (foldStep(row.group, fallbackName(row.call.name), ({ ok }) => ok) ?? 0));
}

function counted(row: StepRow, count: number): string {
  const runs = runsOf(row);
  return `${formatCount(count)}${runs > 0 ? ` (${formatShare(count / runs)})` : ''}`;
}

function waits(row: StepRow, which: 'paced' | 'pooled'): string {
  const calls = countOf(row, which);
  return calls > 0 ? `${formatCount(calls)}, ${formatTime(countOf(row, `${which}Time`) / calls)} each` : '0';
}

function warning(count: number): Meaning {
  return count > 0 ? 'warn' : 'plain';
}
