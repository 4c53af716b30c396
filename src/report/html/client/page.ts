/** What the page does: draws what is seen, shows one load at a time, hands out the record, and prepares for print. */
import { follow } from './live.js';
import { drawFigure, type Drawn } from './plot.js';

const drawnFigures = new Map<Element, Drawn>();

/** Charts have a size only where they are seen: the others are drawn when they are. */
function drawVisible(): void {
  for (const figure of document.querySelectorAll<HTMLElement>('figure.chart')) {
    const drawn = drawnFigures.has(figure) ? undefined : drawFigure(figure);
    if (drawn) drawnFigures.set(figure, drawn);
  }
}

function showLoad(chosen: string): void {
  for (const panel of document.querySelectorAll<HTMLElement>('.panel')) panel.hidden = panel.dataset.load !== chosen;
  drawVisible();
}

/** The load that its reader wants to see, whatever page comes next. */
let picked: string | undefined;

function addPicker(): void {
  const inputs = [...document.querySelectorAll<HTMLInputElement>('.picker input')];
  for (const input of inputs) input.addEventListener('change', () => showLoad((picked = input.value)));
  const again = inputs.find((input) => input.value === picked);
  if (again) again.checked = true;
  const chosen = inputs.find((input) => input.checked);
  if (chosen) showLoad(chosen.value);
  else drawVisible();
}

function addDownload(): void {
  const records = [...document.querySelectorAll('.record-data')];
  for (const [i, button] of [...document.querySelectorAll<HTMLButtonElement>('.download')].entries()) {
    button.addEventListener('click', () => void download(records[i]?.textContent ?? '', button.dataset.name ?? 'record.json'));
  }
}

/** @param packed base64 of gzip */
async function download(packed: string, name: string): Promise<void> {
  const bytes = Uint8Array.from(atob(packed.trim()), (character) => character.charCodeAt(0));
  const text = await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))).text();
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href));
}

/** Canvases keep the colours they were drawn with. */
function redraw(): void {
  for (const { plot } of drawnFigures.values()) plot.redraw(false, false);
}

/** Paper is light, and nothing on it can be unfolded. */
function addPrinting(): void {
  const folded = new Set<HTMLDetailsElement>();
  addEventListener('beforeprint', () => {
    document.documentElement.dataset.theme = 'light';
    for (const details of document.querySelectorAll<HTMLDetailsElement>('details:not([open])')) {
      details.open = true;
      folded.add(details);
    }
    redraw();
  });
  addEventListener('afterprint', () => {
    delete document.documentElement.dataset.theme;
    for (const details of folded) details.open = false;
    folded.clear();
    redraw();
  });
}

/** All that a newer page needs as well. */
function setUp(): void {
  drawnFigures.clear();
  addPicker();
  addDownload();
}

setUp();
addPrinting();
const line = document.querySelector<HTMLElement>('.live');
if (line) follow(line, setUp);
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
// Told in ms since the page was asked for.
document.documentElement.dataset.ready = String(Math.round(performance.now()));
