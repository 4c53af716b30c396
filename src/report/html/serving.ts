/** A running server as a page: what its steps have counted, and what waits. The same charts and tables as a report's. */
import type { StepReport } from '../../architectures/architecture.js';
import type { RunRecord } from '../../measurement/record.js';
import { formatCount } from '../format.js';
import type { Axis, Series } from './chart.js';
import { figure, table } from './figure.js';
import { html, type Markup } from './markup.js';
import { pageOf } from './shell.js';

/** What was seen at one moment, ms since the server started. */
export interface ServingMoment {
  at: number;
  /** What each step has counted so far. */
  steps: readonly StepReport[];
  /** Events waiting, by consumer. */
  backlog: Readonly<Record<string, number>>;
}

/** A server and what was seen of it, the oldest first. */
export interface Serving {
  tool: RunRecord['tool'];
  subject: string;
  scenario: string;
  url: string;
  moments: readonly ServingMoment[];
}

const HEIGHT = 240;
const COLOURS = 6;

/** The whole page, which follows the server. */
export function servingPage(serving: Serving): string {
  const { tool, subject, scenario, url } = serving;
  const header = html`<header>
    <p class="kicker">${tool.name}, scenario ${scenario}</p>
    <h1>${subject}, serving</h1>
    <p class="facts-line">POST ${url}/orders</p>
  </header>`;
  const main = html`<section id="steps"><h2>Calls of its steps</h2>${callChart(serving)} ${stepTable(serving)}</section>
    <section id="events"><h2>Events that wait</h2>${backlogChart(serving)}</section>`;
  return pageOf({ title: `${subject} - ${tool.name}`, tool, header, main, records: [], isLive: true });
}

function callChart({ moments }: Serving): Markup {
  const names = moments.at(-1)?.steps.map(({ name }) => name) ?? [];
  const calls = (moment: ServingMoment | undefined, name: string): number => moment?.steps.find((step) => step.name === name)?.calls ?? 0;
  const series = names.map((name, i): Series => {
    const y = moments.slice(1).map((moment, before) => {
      const last = moments[before];
      return ((calls(moment, name) - calls(last, name)) * 1000) / Math.max(1, moment.at - (last?.at ?? 0));
    });
    return { label: name, colour: `consumer-${i % COLOURS}`, style: 'line', x: moments.slice(1).map(({ at }) => at), y };
  });
  const caption = { title: 'Calls per second', about: 'Calls that each step makes to its service, retries included.' };
  return figure(caption, { x: timeAxis(moments), y: axisOf('calls per second', series), series, marks: [], height: HEIGHT });
}

function backlogChart({ moments }: Serving): Markup {
  const names = Object.keys(moments.at(-1)?.backlog ?? {});
  if (names.length === 0) return html`<p>This architecture publishes no events.</p>`;
  const series = names.map((label, i): Series => {
    const y = moments.map(({ backlog }) => backlog[label] ?? 0);
    return { label, colour: `consumer-${i % COLOURS}`, style: 'line', x: moments.map(({ at }) => at), y };
  });
  const caption = { title: 'Backlog', about: 'Events acknowledged and not yet processed, of each consumer.' };
  const head = [{ label: 'consumer', align: 'left' as const }, { label: 'waiting' }];
  const rows = names.map((name) => [name, formatCount(moments.at(-1)?.backlog[name] ?? 0)]);
  return html`${figure(caption, { x: timeAxis(moments), y: axisOf('events waiting', series), series, marks: [], height: HEIGHT })}
  ${table('Backlog now', head, rows)}`;
}

function stepTable({ moments }: Serving): Markup {
  const steps = moments.at(-1)?.steps ?? [];
  const usual = ['calls', 'ok', 'failed', 'timeouts', 'errors', 'rejected', 'breakerOpened'] as const;
  const columns = [...usual, ...(['limited', 'paced', 'pooled'] as const).filter((which) => steps.some((step) => step[which] > 0))];
  const head = [{ label: 'step', align: 'left' as const }, ...columns.map((label) => ({ label: label === 'breakerOpened' ? 'breaker opened' : label }))];
  const rows = steps.map((step) => [step.name, ...columns.map((which) => formatCount(step[which]))]);
  return table('Calls so far', head, rows);
}

function timeAxis(moments: readonly ServingMoment[]): Axis {
  const [min, max] = [moments[0]?.at ?? 0, moments.at(-1)?.at ?? 0];
  return { label: 'time since it started', format: 'clock', scale: 'linear', min, max: Math.max(max, min + 1000) };
}

function axisOf(label: string, series: readonly Series[]): Axis {
  const top = Math.max(1, ...series.flatMap(({ y }) => y.map((value) => value ?? 0)));
  return { label, format: 'count', scale: 'linear', min: 0, max: top * 1.08 };
}
