/** The decision at the top: what happened in three sentences, what to do next, and how to have it again; and four numbers of each subject. */
import { fold, type TrialGroup } from '../../advice/rounds.js';
import { topicOf } from '../../advice/story.js';
import type { RunRecord, TrialLoad } from '../../measurement/record.js';
import { completionBound, percentileCell, stateOf } from '../cells.js';
import { columnsOf, publishes, type Meaning } from '../columns.js';
import { repeatCommand } from '../command.js';
import { formatCount, formatRate, formatTime } from '../format.js';
import { NEXT_TITLE, nextSentences } from '../next-steps.js';
import { problems, remarks } from '../notes.js';
import { keySentences, sentences } from '../sentences.js';
import { rowsAt, subjectNamed, type Context } from './context.js';
import { html, type Markup } from './markup.js';

/** What happened, what to do next, and the command to repeat it. Before the end there is nothing to do yet. */
export function decision({ record, rows, isLive }: Context): Markup {
  const next = isLive ? [] : nextSentences(record);
  return html`<section id="answer">
    ${rows.length > 0 && answer(record)}
    ${
      next.length > 0 &&
      html`<h2 class="next">${NEXT_TITLE}</h2>
        <ul class="next">
          ${next.map((sentence) => html`<li>${sentence}</li>`)}
        </ul>`
    }
    <p class="again">Repeat with <code>${repeatCommand(record)}</code></p>
  </section>`;
}

/** The sentences that matter, and the others behind a fold. */
function answer(record: RunRecord): Markup {
  const key = keySentences(record.advice);
  const found = record.advice.filter((finding) => topicOf(finding) !== 'trouble');
  const rest = sentences(found).filter((sentence) => !key.includes(sentence));
  const more = html`<details>
    <summary>What else was found</summary>
    <ul>
      ${rest.map((it) => html`<li>${it}</li>`)}
    </ul>
  </details>`;
  return html`<h2>What happened</h2>
    ${
      key.length > 0
        ? html`<ol class="answer">
            ${key.map((sentence) => html`<li>${sentence}</li>`)}
          </ol>`
        : html`<p>There is nothing to compare.</p>`
    }
    ${rest.length > 0 && more}`;
}

/** What stands in the way of trusting the numbers, in plain sight; nothing when nothing does. */
export function problemBox({ record, isLive }: Context): Markup | null {
  const plan = isLive ? { ...record.plan, trials: [] } : record.plan;
  const found = problems({ ...record, plan });
  if (found.length === 0) return null;
  return html`<section id="problems" class="problems">
    <h2>Problems</h2>
    <ul>
      ${found.map((it) => html`<li>${it}</li>`)}
    </ul>
  </section>`;
}

/** Remarks on valid trials. */
export function remarkList({ record }: Context): Markup | null {
  const found = remarks(record);
  if (found.length === 0) return null;
  return html`<section id="remarks">
    <h2>Remarks</h2>
    <ul>
      ${found.map((it) => html`<li>${it}</li>`)}
    </ul>
  </section>`;
}

/** Four tiles for each subject under this load. */
export function tiles(context: Context, load: TrialLoad): Markup {
  return html`<div class="cards">${rowsAt(context, load).map((row) => card(context, row))}</div>`;
}

function card(context: Context, row: TrialGroup): Markup {
  const { colour } = subjectNamed(context, row.architecture);
  const name = html`<h4>
    <i class="dot"></i>${row.architecture}${row.valid || row.measured.length === 0 ? '' : html` <em>not valid</em>`}
  </h4>`;
  const body =
    row.measured.length === 0 ? html`<p class="state">${stateOf(row)}</p>` : html`<dl>${numbers(row).map(tile)}</dl>`;
  return html`<article class="card" style="--c:var(--${colour})">${name}${body}</article>`;
}

interface Tile {
  label: string;
  value: string;
  about: string;
  meaning: Meaning;
}

function tile({ label, value, about, meaning }: Tile): Markup {
  return html`<div>
    <dt>${label}</dt>
    <dd class="${meaning}">${value}<small>${about}</small></dd>
  </div>`;
}

function numbers(row: TrialGroup): Tile[] {
  const failed = columnsOf([row]).find((column) => column.label === 'failed');
  const sent = fold(row, (trial) => trial.outcomes.sent);
  const p50 = percentileCell(row, 'p50', (trial) => trial.responseTime);
  return [
    {
      label: 'response time p95',
      value: percentileCell(row, 'p95', (trial) => trial.responseTime),
      about: `half within ${p50}`,
      meaning: 'plain',
    },
    {
      label: 'failed',
      value: failed?.cell(row) ?? '',
      about: `of ${formatCount(sent)} requests`,
      meaning: failed?.meaning(row) ?? 'plain',
    },
    {
      label: 'throughput',
      value: `${formatRate(fold(row, (trial) => trial.throughput))}/s`,
      about: 'good answers',
      meaning: 'plain',
    },
    publishes(row) ? priceOfEvents(row) : priceOfRequests(row),
  ];
}

/** When the work is really done, and how much of it waits. */
function priceOfEvents(row: TrialGroup): Tile {
  const end = fold(row, (trial) => trial.events?.backlog.end ?? null);
  const pending = fold(row, (trial) => trial.events?.pending ?? null) ?? 0;
  return {
    label: 'completion p95',
    value: percentileCell(row, 'p95', (trial) => trial.events?.completionTime ?? null, completionBound),
    about: `backlog ${formatCount(end)} at the end`,
    meaning: pending > 0 ? 'warn' : 'plain',
  };
}

/** Requests that were told "failed" although critical work had been done for them. */
function priceOfRequests(row: TrialGroup): Tile {
  const orphaned = fold(row, (trial) => trial.orphaned) ?? 0;
  const ideal = fold(row, (trial) => trial.ideal?.mean ?? null);
  if (row.base === null) {
    return {
      label: 'slowest',
      value: formatTime(fold(row, (trial) => trial.responseTime.max)),
      about: 'of all requests',
      meaning: 'plain',
    };
  }
  return {
    label: 'orphaned',
    value: formatCount(orphaned),
    about: orphaned > 0 ? 'told "failed", with critical work done' : `unloaded: ${formatTime(ideal)}`,
    meaning: orphaned > 0 ? 'bad' : 'plain',
  };
}
