/** What happens after the reply: accepted against finished, the backlog of each consumer, lag and ledger. */
import type { EventsResult, LedgerCounts, MeasuredTrial, TrialLoad } from '../../measurement/record.js';
import { percentileCell } from '../cells.js';
import { formatCount, formatRate, formatTime } from '../format.js';
import type { Axis, Chart, Mark, Series } from './chart.js';
import { rowsAt, typicalRound, type Context } from './context.js';
import { figure, table } from './figure.js';
import { html, type Markup } from './markup.js';
import type { TrialGroup } from '../../advice/rounds.js';

const HEIGHT = 240;

/** The event side of every subject that has one, under this load. */
export function eventCharts(context: Context, load: TrialLoad): Markup {
  const drawn = rowsAt(context, load).flatMap((row) => {
    const trial = typicalRound(row);
    return trial?.events ? [{ row, trial, events: trial.events }] : [];
  });
  if (drawn.length === 0) return html`<p>No subject publishes events under this load.</p>`;
  return html`${drawn.map(({ row, trial, events }) => eventSide(context, row, trial, events))}`;
}

function eventSide(context: Context, row: TrialGroup, trial: MeasuredTrial, events: EventsResult): Markup {
  const { series, marks } = flow(context, trial, events);
  const caption = {
    title: `Work of ${trial.architecture}: accepted and finished`,
    about: 'Orders accepted, and orders whose events all consumers have finished; the gap between them waits.',
  };
  const y = countAxis('orders', series);
  const accepted = figure(caption, { x: timeAxis(events, trial), y, series, marks, height: HEIGHT });
  return html`<div class="grid">${accepted}${backlogs(context, trial, events)}</div>
    <div class="beside narrow-first">
      <div>${ledger(trial.architecture, events)}</div>
      <div>${consumers(row, events)}</div>
    </div>`;
}

function timeAxis({ backlog }: EventsResult, { window }: MeasuredTrial): Axis {
  const max = Math.max(window.seconds * 1000, backlog.series.at.at(-1) ?? 0);
  return { label: 'time in the window', format: 'clock', scale: 'linear', min: 0, max };
}

function countAxis(label: string, series: readonly Series[]): Axis {
  const top = Math.max(1, ...series.flatMap(({ y }) => y.map((value) => value ?? 0)));
  return { label, format: 'count', scale: 'linear', min: 0, max: top * 1.08 };
}

/** Accepted is counted from the good answers; finished is what is left when those whose events wait are taken away. */
function flow(context: Context, trial: MeasuredTrial, { backlog }: EventsResult): Pick<Chart, 'series' | 'marks'> {
  const { start, time, outcome } = context.samplesOf(trial);
  const moments = Float64Array.from(start, (at, i) => (outcome[i] === 0 ? at + (time[i] ?? 0) : Infinity))
    .filter((at) => at >= 0 && at < Infinity)
    .toSorted();
  const { at } = backlog.series;
  const { messages } = context.record.scenario.event;
  const waiting = backlog.series.waiting.map((count) => Math.round(count / messages));
  let seen = 0;
  const accepted = at.map((moment) => {
    while (seen < moments.length && (moments[seen] ?? Infinity) <= moment) seen++;
    return seen + (waiting[0] ?? 0);
  });
  const finished = accepted.map((count, i) => Math.max(0, count - (waiting[i] ?? 0)));
  return {
    series: [
      { label: 'accepted', colour: 'ink-2', style: 'line', x: at, y: accepted },
      { label: 'finished', colour: 'good', style: 'line', x: at, y: finished },
    ],
    marks: marksOf(trial),
  };
}

function marksOf({ window, events }: MeasuredTrial): Mark[] {
  const end = window.seconds * 1000;
  const last = events?.backlog.series.at.at(-1) ?? end;
  return last > end ? [{ kind: 'span', at: end, to: last, label: 'drain', colour: 'ink-3' }] : [];
}

function backlogs({ rows }: Context, trial: MeasuredTrial, events: EventsResult): Markup {
  // A consumer has one colour wherever it appears.
  const all = [
    ...new Set(rows.flatMap((row) => row.measured.flatMap((it) => Object.keys(it.events?.consumers ?? {})))),
  ];
  const series = Object.entries(events.consumers).map(([label, { backlog }]): Series => {
    const colour = `consumer-${all.indexOf(label) % 6}`;
    return { label, colour, style: 'line', x: backlog.series.at, y: backlog.series.waiting };
  });
  const caption = {
    title: `Backlog of ${trial.architecture}`,
    about: 'Events that wait for each consumer. A line that keeps rising never comes down under this load.',
  };
  const y = countAxis('events waiting', series);
  return figure(caption, { x: timeAxis(events, trial), y, series, marks: marksOf(trial), height: HEIGHT });
}

function consumers(row: TrialGroup, events: EventsResult): Markup {
  const head = [
    { label: 'consumer', align: 'left' as const },
    { label: 'workers', about: 'Events worked on at once.' },
    { label: 'in /s', about: 'Events that arrived per second.' },
    { label: 'out /s', about: 'Events processed per second.' },
    { label: 'grows /s', about: 'Growth of the backlog within the window, events per second.' },
    { label: 'end', about: 'Backlog when the load ended.' },
    { label: 'lag p95', about: 'From publish to the start of processing.' },
    { label: 'drain', about: 'Time from the end of the load until nothing waits.' },
  ];
  const rows = Object.entries(events.consumers).map(([name, consumer]) => [
    name,
    formatCount(consumer.workers),
    formatRate(consumer.arrivalRate),
    formatRate(consumer.processingRate),
    {
      text: formatSlope(consumer.backlog.slopePerSecond),
      meaning: consumer.backlog.slopePerSecond > 1 ? 'warn' : 'plain',
    },
    formatCount(consumer.backlog.end),
    percentileCell(row, 'p95', (trial) => trial.events?.consumers[name]?.lag ?? null),
    consumer.backlog.drainSeconds === null ? 'never' : formatTime(consumer.backlog.drainSeconds * 1000),
  ]);
  return table(`Consumers of ${row.architecture}`, head, rows);
}

function formatSlope(perSecond: number): string {
  const size = Math.abs(perSecond) < 0.05 ? '0' : formatRate(Math.abs(perSecond));
  return size === '0' ? '0' : `${perSecond < 0 ? '-' : '+'}${size}`;
}

const LEDGER: readonly (readonly [keyof LedgerCounts, string, 'good' | 'bad' | 'warn' | 'plain'])[] = [
  ['attempted', 'Publishes begun.', 'plain'],
  ['acknowledged', 'Publishes that the bus has taken.', 'plain'],
  ['processed', 'Acknowledged, and done by every consumer.', 'plain'],
  ['pending', 'Still waiting or in progress when the drain ended.', 'warn'],
  ['lost', 'Acknowledged, and never processed although nothing waits any more.', 'bad'],
  ['deadLettered', 'Given up after the last delivery.', 'bad'],
  ['duplicated', 'Processed more than once by a consumer.', 'warn'],
  ['appliedTwice', 'Whose effect took place more than once.', 'bad'],
  ['outOfOrder', 'Started after a later event of the same order.', 'warn'],
  ['recovered', 'Not acknowledged, yet processed.', 'warn'],
  ['unexpected', 'Processed, never attempted.', 'bad'],
];

/** The counts that are always told, and those that should be zero where they are not. */
function ledger(name: string, events: EventsResult): Markup {
  const told = LEDGER.filter(([key], i) => i < 5 || events[key] > 0);
  const rows = told.map(([key, about, meaning]) => [
    html`<abbr title="${about}">${words(key)}</abbr>`,
    { text: formatCount(events[key]), meaning: events[key] > 0 ? meaning : 'plain' },
  ]);
  return table(`Ledger of the events of ${name}`, [{ label: 'events', align: 'left' }, { label: 'count' }], rows);
}

/** `deadLettered` is `dead lettered`. */
function words(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
