/** What happens after the reply: accepted against finished, the backlog of each consumer, lag and ledger. */
import type { ConsumerResult, EventsResult, MeasuredTrial, TrialLoad } from '../../measurement/record.js';
import { eventsIn } from '../../scenarios/critical-path.js';
import type { Axis, Chart, Mark, Series } from './chart.js';
import { rowsAt, typicalRound, type Context } from './context.js';
import { consumers, ledger } from './event-tables.js';
import { beside, figure } from './figure.js';
import { html, type Markup } from './markup.js';
import { faultMarks } from './time-marks.js';
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
  const lag = lagChart(context, trial, events);
  return html`<div class="grid">${accepted}${backlogs(context, trial, events)}</div>
    ${lag ? beside(lag, ledger(trial.architecture, events)) : ledger(trial.architecture, events)}
    ${consumers(row, events)}`;
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
  const messages = eventsIn(context.record.scenario.event).reduce((sum, event) => sum + event.messages, 0);
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
    marks: marksOf(context, trial),
  };
}

/** The drain, and what went wrong on purpose. */
function marksOf(context: Context, trial: MeasuredTrial): Mark[] {
  const end = trial.window.seconds * 1000;
  const last = trial.events?.backlog.series.at.at(-1) ?? end;
  const drain: Mark[] = last > end ? [{ kind: 'span', at: end, to: last, label: 'drain', colour: 'ink-3' }] : [];
  return [...drain, ...faultMarks(context, trial)];
}

/** One line for each consumer, which has one colour wherever it appears. */
function linesOf({ rows }: Context, { consumers: drawn }: EventsResult, pick: (consumer: ConsumerResult) => Line | undefined): Series[] {
  const all = [...new Set(rows.flatMap((row) => row.measured.flatMap((it) => Object.keys(it.events?.consumers ?? {}))))];
  return Object.entries(drawn).flatMap(([label, consumer]): Series[] => {
    const line = pick(consumer);
    return line ? [{ label, colour: `consumer-${all.indexOf(label) % 6}`, style: 'line', ...line }] : [];
  });
}

type Line = Pick<Series, 'x' | 'y'>;

function backlogs(context: Context, trial: MeasuredTrial, events: EventsResult): Markup {
  const series = linesOf(context, events, ({ backlog }) => ({ x: backlog.series.at, y: backlog.series.waiting }));
  const caption = {
    title: `Backlog of ${trial.architecture}`,
    about: 'Events that wait for each consumer. A line that keeps rising never comes down under this load.',
  };
  const y = countAxis('events waiting', series);
  return figure(caption, { x: timeAxis(events, trial), y, series, marks: marksOf(context, trial), height: HEIGHT });
}

/** By the moment of publishing; nothing where the record does not tell, as that of a simulation. */
function lagChart(context: Context, trial: MeasuredTrial, events: EventsResult): Markup | null {
  const lags = (isKnown: boolean): Series[] =>
    linesOf(context, events, ({ lagSeries }) =>
      // Below 0 stands what had not been started when the trial ended.
      lagSeries && { x: lagSeries.at, y: lagSeries.longest.map((lag) => (lag !== null && lag >= 0 === isKnown ? Math.abs(lag) : null)) },
    );
  const waiting = lags(false).filter(({ y }) => y.some((lag) => lag !== null));
  const series = [...lags(true), ...waiting.map((line): Series => ({ ...line, label: `${line.label}, at least`, style: 'dashed' }))];
  if (series.length === 0) return null;
  const caption = {
    title: `Event lag of ${trial.architecture} over time`,
    about: `The longest wait from publish to the start of processing, by when the event was published.${waiting.length > 0 ? ' Dashed: not started yet, and so old when the trial ended.' : ''}`,
  };
  const top = Math.max(1, ...series.flatMap(({ y }) => y.map((lag) => lag ?? 0)));
  const y: Axis = { label: 'event lag', format: 'time', scale: 'linear', min: 0, max: top * 1.08 };
  const marks = faultMarks(context, trial);
  return figure(caption, { x: { ...timeAxis(events, trial), max: trial.window.seconds * 1000 }, y, series, marks, height: HEIGHT });
}
