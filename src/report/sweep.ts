/** A sweep on a screen: for each subject and load a table by value, and curves of what it changes. */
import { knownFailureRate } from '../measurement/outcomes.js';
import type { BusRecord, MeasuredTrial, TrialLoad } from '../measurement/record.js';
import type { Scenario } from '../scenarios/scenario.js';
import { groupTrials, type TrialGroup } from '../advice/rounds.js';
import { percentileCell } from './cells.js';
import type { Column } from './columns.js';
import { ABSENT, formatBus, formatCount, formatLoad, formatRate, formatShare, oneLine } from './format.js';
import type { Screen } from './screen.js';
import { drawBar } from './terminal-charts.js';
import { styleOf, wrap, type Style } from './terminal-style.js';
import { drawCells } from './terminal-table.js';

/** One subject at one load, or at the swept ones. */
export interface SweepSeries {
  subject: string;
  /** Null where the load is what is swept. */
  load: TrialLoad | null;
  points: { value: string; trial: MeasuredTrial }[];
}

/** What was swept. */
export interface SweepResult {
  scenario: Pick<Scenario, 'name' | 'title'>;
  /** What carries the events. */
  bus?: BusRecord | undefined;
  knob: string;
  seed: number;
  series: SweepSeries[];
}

/** The report of a sweep. Ends with a line break. */
export function sweepReport({ scenario, bus, knob, seed, series }: SweepResult, screen: Screen): string {
  const style = styleOf(screen);
  const head = [
    style.paint.bold(wrap(`${scenario.name} - ${scenario.title}`, screen)),
    style.paint.quiet(wrap(`Simulated, not measured: ${knob} swept, seed ${seed}`, screen)),
    ...(bus?.times ? [style.paint.quiet(wrap(formatBus(bus), screen))] : []),
  ];
  const sections = series.flatMap((one) => [titled(one, knob, style), ...curves(one, style)]);
  return `${head.join('\n')}\n\n${sections.join('\n\n')}\n`;
}

type Cell = (group: TrialGroup, trial: MeasuredTrial) => string;

const REPLY: [string, Cell][] = [
  ['p50', (group) => percentileCell(group, 'p50', (trial) => trial.responseTime)],
  ['p95', (group) => percentileCell(group, 'p95', (trial) => trial.responseTime)],
  ['ok/s', (_, { throughput }) => formatRate(throughput)],
  ['failed', (_, trial) => formatShare(knownFailureRate(trial))],
];
/** Told where clients send again. */
const AGAIN: [string, Cell][] = [['attempts', (_, { attempts, outcomes }) => formatCount(attempts ?? outcomes.sent)]];
const EVENTS: [string, Cell][] = [
  ['lag p95', (group) => percentileCell(group, 'p95', (trial) => trial.events?.lag ?? null)],
  ['completion p95', (group) => percentileCell(group, 'p95', (trial) => trial.events?.completionTime ?? null)],
  ['backlog', (_, { events }) => (events ? formatCount(events.backlog.end) : ABSENT)],
];

/** Told where there is any. */
const DEAD: [string, Cell][] = [
  ['failed later', (_, { events, failedLater }) => (events ? formatCount(failedLater) : ABSENT)],
  ['dead letters', (_, { events }) => (events ? formatCount(events.deadLettered) : ABSENT)],
];

function titled({ subject, load, points }: SweepSeries, knob: string, style: Style): string {
  const isDying = points.some(({ trial }) => trial.failedLater > 0 || (trial.events?.deadLettered ?? 0) > 0);
  const reply = points.some(({ trial }) => trial.attempts !== undefined) ? [...REPLY, ...AGAIN] : REPLY;
  const columns = points.some(({ trial }) => trial.events) ? [...reply, ...EVENTS, ...(isDying ? DEAD : [])] : reply;
  const head = [knob, ...columns.map(([label]) => label)].map((label): Pick<Column, 'label' | 'align'> => ({ label, align: 'right' }));
  const rows = points.map(({ value, trial }) => [
    { text: value },
    ...columns.map(([, cell]) => ({ text: cell(groupOf(trial), trial) })),
  ]);
  const title = oneLine(load ? `${subject} at ${formatLoad(load)}` : subject);
  return `${style.paint.bold(title)}\n${drawCells(head, rows, rows.map((_, i) => i === 0), style)}`;
}

function groupOf(trial: MeasuredTrial): TrialGroup {
  return groupTrials([trial])[0] as TrialGroup;
}

const MAX_BAR = 48;

/** p95 of the reply, and of the whole work where that ends later, by value. */
function curves({ points }: SweepSeries, style: Style): string[] {
  const completion = points.some(({ trial }) => trial.events);
  return [
    curve('Response time p95', points, (trial) => trial.responseTime, style),
    ...(completion ? [curve('Completion time p95', points, (trial) => trial.events?.completionTime ?? null, style)] : []),
  ].filter((text) => text !== '');
}

function curve(
  title: string,
  points: SweepSeries['points'],
  timesOf: (trial: MeasuredTrial) => MeasuredTrial['responseTime'] | null,
  style: Style,
): string {
  const lines = points.flatMap(({ value, trial }) => {
    const p95 = timesOf(trial)?.p95 ?? null;
    return p95 === null ? [] : [{ name: value, p95, label: percentileCell(groupOf(trial), 'p95', timesOf) }];
  });
  if (lines.length < 2) return '';
  const name = Math.max(...lines.map((line) => line.name.length));
  const room = style.screen.columns - name - 2 - Math.max(...lines.map(({ label }) => label.length));
  const width = Math.max(1, Math.min(MAX_BAR, room));
  const most = Math.max(...lines.map(({ p95 }) => p95));
  const drawn = lines.map((line) => {
    const bar = drawBar(most > 0 ? line.p95 / most : 0, width, style);
    return `${line.name.padStart(name)} ${style.paint.bar(bar)} ${line.label}`;
  });
  return [style.paint.bold(title), ...drawn].join('\n');
}
