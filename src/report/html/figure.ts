/** Charts and tables as parts of a page. */
import { fullHeight, type Chart } from './chart.js';
import { dataElement, html, type Markup, type Value } from './markup.js';

/** What is said about a chart. */
export interface Caption {
  title: string;
  /** What to see in it and how it was made. */
  about: Value;
}

/** A chart: title, buttons that hide and show its series, the plot, and a line that reads the values at the cursor. */
export function figure(caption: Caption, chart: Chart): Markup {
  const names = chart.series.map((series) => series.label).join(', ');
  const axes = `${chart.x.label} against ${chart.y.label}`;
  const help = 'The arrow keys read its values; the table has them all.';
  return html`<figure class="chart">
    <figcaption>
      <h3>${caption.title}</h3>
      <p>${caption.about}</p>
    </figcaption>
    <div class="legend">${chart.series.map(legendEntry)}</div>
    <div
      class="plot"
      style="height:${fullHeight(chart)}px"
      tabindex="0"
      role="application"
      aria-label="Chart: ${caption.title}. ${axes}, for ${names}. ${help}"
    ></div>
    <p class="readout" aria-live="polite"></p>
    ${dataElement('chart-data', chart)}
  </figure>`;
}

function legendEntry({ label, colour, style, marker }: Chart['series'][number]): Markup {
  const marked = `shape-${(marker ?? 0) % 4}`;
  const shape = { dots: marker === undefined ? 'dot' : marked, line: marked, dashed: 'dashes' }[style];
  return html`<button type="button" aria-pressed="true" style="--c:var(--${colour})">
    <i class="${shape}"></i>${label}
  </button>`;
}

/** A column of a table. */
export interface Head {
  label: string;
  about?: string;
  align?: 'left' | 'right';
}

/** A cell with a meaning, or just its text. */
export type Cell = Value | { text: Value; meaning: string };

/** From here on cells stand closer together. */
const MANY_COLUMNS = 7;

/** A table that scrolls by itself where the screen is too narrow. The first column names the row. */
export function table(caption: string, head: readonly Head[], rows: readonly (readonly Cell[])[]): Markup {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}">
    <table class="${head.length > MANY_COLUMNS && 'dense'}">
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          ${head.map(headOf)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${row.map((cell, i) => cellOf(cell, head[i]?.align ?? 'right', i === 0))}
            </tr> `,
        )}
      </tbody>
    </table>
  </div>`;
}

function headOf({ label, about, align = 'right' }: Head): Markup {
  return html`<th scope="col" class="${align}" title="${about ?? label}">${label}</th>`;
}

function cellOf(cell: Cell, align: string, isName: boolean): Markup {
  const { text, meaning } = isMeaningful(cell) ? cell : { text: cell, meaning: 'plain' };
  const kind = `${align} ${meaning}`;
  return isName ? html`<th scope="row" class="${kind}">${text}</th>` : html`<td class="${kind}">${text}</td>`;
}

function isMeaningful(cell: Cell): cell is { text: Value; meaning: string } {
  return typeof cell === 'object' && cell !== null && 'meaning' in cell;
}

/** A chart with its table beside it. */
export function beside(chart: Markup, numbers: Markup): Markup {
  return html`<div class="beside">
    ${chart}
    <div>${numbers}</div>
  </div>`;
}
