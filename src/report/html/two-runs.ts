/** Two runs side by side as one HTML file: A drawn in full lines, B in dashed ones. */
import type { Percentile } from '../../measurement/times.js';
import { repeatCommand } from '../command.js';
import { footnotes } from '../notes.js';
import { bothProblems, changesOf, changeSentence, differenceList, runLines, SIDES, twoRunTable, type NamedRun, type TwoRuns } from '../two-runs.js';
import type { Series } from './chart.js';
import { contextOf, isOneAxis, type Context } from './context.js';
import { embedded, leftOutSentence } from './embedded.js';
import { figure, table } from './figure.js';
import { failureRateKnown, responseTimeKnown, type Known } from './intervals.js';
import { ABOUT, failureAxis, FAILURES, HEIGHT, highest, loadAxis, seriesOf, timeAxis } from './load-charts.js';
import { html, type Markup } from './markup.js';
import { comparisonList } from './results.js';
import { pageOf } from './shell.js';

/** The whole page. Ends with a line break. */
export function twoRunsHtml(runs: TwoRuns): string {
  const { a, b } = runs;
  const header = html`<header>
    <p class="kicker">${a.record.tool.name}, two runs side by side</p>
    <h1>${a.name} and ${b.name}</h1>
    ${runLines(runs).map((line) => html`<p class="facts-line">${line}</p>`)}
  </header>`;
  const main = html`${listed('problems', 'Problems', bothProblems(runs))} ${numbers(runs)} ${comparisonList(changesOf(runs))}
  ${listed('differences', 'What else is different', differenceList(runs))} ${again(runs)}`;
  const title = `${a.name} and ${b.name} - ${a.record.tool.name}`;
  return pageOf({ title, tool: a.record.tool, header, main, records: [a.record, b.record] });
}

function listed(id: string, title: string, items: readonly string[]): Markup | null {
  if (items.length === 0) return null;
  return html`<section id="${id}" class="${id}">
    <h2>${title}</h2>
    <ul>
      ${items.map((item) => html`<li>${item}</li>`)}
    </ul>
  </section>`;
}

function numbers(runs: TwoRuns): Markup {
  const { rows, columns } = twoRunTable(runs);
  const numbersOfBoth = table(
    'All subjects of both runs at all loads',
    columns.map(({ label, about, align }) => ({ label, about, align })),
    rows.map((row) => columns.map((column) => ({ text: column.cell(row), meaning: column.meaning(row) }))),
  );
  return html`<section id="loads">
    <h2>Response time and failures</h2>
    ${charts(runs)} ${numbersOfBoth}
    <ul class="notes">
      ${footnotes(rows, columns).map((note) => html`<li>${note}</li>`)}
    </ul>
    <p class="notes">${changeSentence(runs)}</p>
  </section>`;
}

/** Each run by itself, in the colours that its subjects have in both. */
function charts({ a, b }: TwoRuns): Markup | null {
  const both = contextOf({ ...a.record, trials: [...a.record.trials, ...b.record.trials] });
  if (!isOneAxis(both.loads)) return null;
  const contexts = [a, b].map(({ record }): Context => ({ ...contextOf(record), subjects: both.subjects }));
  const lines = (knownOf: (context: Context, row: Context['rows'][number]) => Known): Series[] =>
    contexts.flatMap((context, side) => seriesOf(context, (row) => knownOf(context, row), null).flatMap((line) => sided(line, side)));
  const x = loadAxis(both);
  const times = (['p50', 'p95'] as const).map((which: Percentile & keyof typeof ABOUT) => {
    const series = lines((context, row) => responseTimeKnown(context, row, which));
    const y = timeAxis(which, highest(series));
    return figure({ title: `Response time ${which}`, about: ABOUT[which] }, { x, y, series, marks: [], height: HEIGHT });
  });
  const failures = lines((_, row) => failureRateKnown(row));
  const failed = figure(FAILURES, { x, y: failureAxis(failures), series: failures, marks: [], height: HEIGHT });
  return html`<div class="grid">${times}${failed}</div>`;
}

function sided(line: Series, side: number): Series[] {
  if (line.x.length === 0) return [];
  return [{ ...line, label: `${line.label} ${SIDES[side]}`, style: side === 0 ? 'line' : 'dashed' }];
}

function notes(sentence: string | null): Markup | null {
  return sentence === null ? null : html`<p class="notes">${sentence}</p>`;
}

function again({ a, b }: TwoRuns): Markup {
  const one = ({ record }: NamedRun, i: number): Markup => html`<h3>${SIDES[i]}</h3>
    <pre class="command" tabindex="0">${repeatCommand(record)}</pre>
    <p><button type="button" class="download" data-name="record-${SIDES[i]}.json">Download the record of ${SIDES[i]} (JSON)</button></p>
    ${notes(leftOutSentence(embedded(record)))}`;
  return html`<section id="facts">
    <h2>How they were measured</h2>
    ${[a, b].map(one)}
  </section>`;
}
