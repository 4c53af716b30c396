/** Arrangements as sequence diagrams: one SVG, in light or dark as the page that it stands in, or as whoever looks at it. */
import { escape } from '../html/markup.js';
import type { Scenario } from '../../scenarios/scenario.js';
import { CLIENT, sequencesOf, type Happening, type Sequence } from './layout.js';

const ROW = 22;
const COLUMN = 112;
const MARGIN = 60;
const HEAD = 70;
const GAP = 28;

/** Every subject of a scenario, below each other. Ends with a line break. Null: nothing in it is arranged. */
export function sequencePicture(scenario: Scenario): string | null {
  const drawn = sequencesOf(scenario).map(drawSequence);
  if (drawn.length === 0) return null;
  const width = Math.max(...drawn.map((one) => one.width));
  const height = drawn.reduce((sum, one) => sum + one.height + GAP, 0);
  let y = 0;
  const parts = drawn.map(({ svg, height: own }) => {
    const part = `<g transform="translate(0 ${y})">${svg}</g>`;
    y += own + GAP;
    return part;
  });
  const label = escape(`Sequence diagrams of ${scenario.name}`);
  return `<svg xmlns="http://www.w3.org/2000/svg" class="sequences" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}">${STYLE}${parts.join('')}</svg>\n`;
}

/** Follows the page that it stands in; alone, the scheme of whoever looks at it. */
const STYLE = `<style>
.sequences { color: #1f2933; background: #ffffff; font: 12px system-ui, sans-serif; }
.sequences text { fill: currentColor; }
.sequences .title { font-size: 14px; font-weight: 600; }
.sequences .quiet { opacity: 0.7; }
.sequences .life, .sequences .line { stroke: currentColor; fill: none; }
.sequences .life { opacity: 0.35; stroke-dasharray: 2 3; }
.sequences .answer, .sequences .deliver { stroke-dasharray: 5 3; }
.sequences .publish, .sequences .deliver { stroke: #b4540a; }
.sequences .work { fill: #2f6fb7; fill-opacity: 0.75; }
.sequences .reply { stroke: #1a7f4b; stroke-width: 2; }
@media (prefers-color-scheme: dark) {
  .sequences { color: #e4e7eb; background: #15181c; }
  .sequences .publish, .sequences .deliver { stroke: #f0a35e; }
  .sequences .work { fill: #6aa5e8; }
  .sequences .reply { stroke: #4fc38a; }
}
</style>`;

/** A picture of it: each moment at which something happens has a row of its own. */
function drawSequence({ title, lifelines, happenings, works }: Sequence): { svg: string; width: number; height: number } {
  const rows = rowsOf(happenings);
  const x = (who: string): number => MARGIN + lifelines.indexOf(who) * COLUMN;
  const height = HEAD + happenings.length * ROW;
  const width = MARGIN * 2 + Math.max(3, lifelines.length - 1) * COLUMN;
  const heads = lifelines.map((who) => `<text x="${x(who)}" y="${HEAD - 26}" text-anchor="middle">${escape(shown(who))}</text><line class="life" x1="${x(who)}" y1="${HEAD - 20}" x2="${x(who)}" y2="${height}"/>`);
  const rowAt = (position: number): number => HEAD + rows[position]! * ROW;
  // Who works begins with what came to it and ends with what it sent.
  const bars = works.map(({ who, from, to }) => {
    const top = rowAt(Math.max(0, happenings.findIndex((one) => one.to === who && one.at === from)));
    const bottom = rowAt(Math.max(0, happenings.findLastIndex((one) => one.from === who && one.at === to)));
    return `<rect class="work" x="${x(who) - 4}" y="${top}" width="8" height="${Math.max(4, bottom - top)}" rx="2"/>`;
  });
  const arrows = happenings.map((one, i) => drawArrow(one, x(one.from), x(one.to), rowAt(i)));
  return { svg: `<text class="title" x="${MARGIN / 2}" y="18">${escape(title)}</text>${heads.join('')}${bars.join('')}${arrows.join('')}`, width, height };
}

/** The row of each happening: by its moment; what ends stands before what begins. */
function rowsOf(happenings: readonly Happening[]): number[] {
  const order = happenings.map((_, i) => i).toSorted((a, b) => happenings[a]!.at - happenings[b]!.at || a - b);
  const rows: number[] = [];
  for (const [row, i] of order.entries()) rows[i] = row;
  return rows;
}

function drawArrow({ kind, text, to }: Happening, from: number, end: number, y: number): string {
  if (kind === 'done') return '';
  const way = end > from ? 1 : -1;
  const isReply = to === CLIENT;
  const tip = end - way * 5;
  const head = `<path class="line ${kind}${isReply ? ' reply' : ''}" style="stroke-dasharray:none" d="M${tip - way * 6} ${y - 4}L${tip} ${y}L${tip - way * 6} ${y + 4}"/>`;
  const label = text === '' ? '' : `<text class="${isReply ? '' : 'quiet'}" x="${way > 0 ? from + 8 : from - 8}" y="${y - 5}" text-anchor="${way > 0 ? 'start' : 'end'}">${escape(text)}</text>`;
  return `<line class="line ${kind}${isReply ? ' reply' : ''}" x1="${from + way * 4}" y1="${y}" x2="${tip}" y2="${y}"/>${head}${label}`;
}

function shown(name: string): string {
  return name.length > 16 ? `${name.slice(0, 15)}…` : name;
}
