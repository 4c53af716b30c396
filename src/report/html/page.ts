/** The report as one HTML file that needs nothing else: no network, no account, and no script to read its numbers. */
import { loadKey } from '../../advice/rounds.js';
import type { RunRecord, TrialLoad } from '../../measurement/record.js';
import { extentOf, formatLoad } from '../format.js';
import { verdictSentence } from '../verdict.js';
import { decision, problemBox, remarkList, tiles } from './answer.js';
import { contextOf, rowsAt, type Context } from './context.js';
import { eventCharts } from './events.js';
import { facts } from './facts.js';
import { loadSection } from './load-charts.js';
import { html, Markup } from './markup.js';
import { requestCharts } from './requests.js';
import { checkList, comparisonList, prediction, sideTables } from './results.js';
import { pageOf } from './shell.js';
import { sequencePicture } from '../sequence/picture.js';
import { timelines } from './timeline.js';

/** The whole page. Ends with a line break. */
export function htmlReport(record: RunRecord): string {
  return reportOf(record, false);
}

/** The same of a run that is not over: it follows what comes, and no trial is missing yet. */
export function liveReport(record: RunRecord): string {
  return reportOf(record, true);
}

function reportOf(record: RunRecord, isLive: boolean): string {
  const context = contextOf(record, isLive);
  const title = `${record.scenario.name} - ${record.tool.name}`;
  return pageOf({ title, tool: record.tool, header: top(context), main: body(context), records: [record], isLive });
}

function top({ record, isLive }: Context): Markup {
  const { scenario, trials, tool, startedAt, seed, verdict } = record;
  const simulated = trials.some((trial) => trial.state === 'simulated');
  // Before the end there is no verdict.
  const sentence = isLive ? '' : verdictSentence(record);
  return html`<header>
    <p class="kicker">${tool.name}, scenario ${scenario.name}</p>
    <h1>${scenario.title || scenario.name}</h1>
    <p class="facts-line">
      ${startedAt.slice(0, 16).replace('T', ' ')} UTC, ${extentOf(record)}${simulated ? ', simulated' : ''}, seed ${seed}
    </p>
    ${sentence !== '' && html`<p class="verdict ${verdict}">${sentence}</p>`}
  </header>`;
}

function body(context: Context): Markup {
  return html`${problemBox(context)} ${decision(context)} ${picker(context)}
    ${section('subjects', 'In numbers', eachLoad(context, tiles))}
    ${sideTables(context)} ${checkList(context)} ${comparisonList(context.record)} ${context.rows.length > 0 && loadSection(context)}
    ${section('time', 'Where the time goes', html`${KEY} ${eachLoad(context, timelines)}`)}
    ${section('requests', 'Every request', eachLoad(context, requestCharts))}
    ${section('events', 'After the reply', eachLoad(context, eventCharts))}
    ${prediction(context)} ${arrangements(context)} ${remarkList(context)} ${facts(context)}`;

  // A comparison in pairs has no trials, and a run that was stopped at once neither.
  function section(id: string, title: string, content: Markup): Markup | null {
    if (context.rows.length === 0) return null;
    return html`<section id="${id}">
      <h2>${title}</h2>
      ${content}
    </section>`;
  }
}

/** What was measured, as sequence diagrams; none of servers of one's own alone. */
function arrangements({ record }: Context): Markup | null {
  const picture = sequencePicture(record.scenario);
  if (picture === null) return null;
  return html`<section id="arrangements">
    <h2>Who calls whom</h2>
    <details>
      <summary>Each arrangement, for one request that waits for no worker and whose calls take their mean time</summary>
      <div class="sequence-scroll">${new Markup(picture)}</div>
    </details>
  </section>`;
}

const KEY = html`<p class="key">
  <span><i class="waiting"></i>waiting for a worker</span>
  <span><i class="working"></i>at work</span>
  <span>Means of all orders; after the reply nobody waits.</span>
</p>`;

/** One panel for each load; the script shows the chosen one. */
function eachLoad(context: Context, draw: (context: Context, load: TrialLoad) => Markup): Markup {
  return html`${context.loads.map(
    (load, i) =>
      html`<div class="panel" data-load="${i}">
        <h3 class="at">At ${formatLoad(load)}</h3>
        ${draw(context, load)}
      </div>`,
  )}`;
}

/** Chooses the load: at first the highest that was measured. */
function picker(context: Context): Markup | null {
  const { loads } = context;
  if (loads.length < 2) return null;
  const chosen = loads.findLast((load) => rowsAt(context, load).some((row) => row.valid)) ?? loads.at(-1);
  const options = loads.map((load, i) => {
    const checked = chosen && loadKey(load) === loadKey(chosen) ? new Markup(' checked') : '';
    return html`<label><input type="radio" name="load" value="${i}" ${checked} />${formatLoad(load)}</label>`;
  });
  return html`<nav class="picker" aria-label="Load">
    <fieldset>
      <legend>Shown at</legend>
      ${options}
    </fieldset>
  </nav>`;
}
