/** One HTML file that needs nothing else: style, scripts and data go with it. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { BUILD } from '../../base/build.js';
import type { RunRecord } from '../../measurement/record.js';
import { oneLine } from '../format.js';
import { embedded, recordElement } from './embedded.js';
import { LIVE_LINE } from './live.js';
import { html, Markup } from './markup.js';
import { STYLE } from './style.js';

/** What stands on a page. */
export interface PageParts {
  title: string;
  tool: RunRecord['tool'];
  header: Markup;
  main: Markup;
  /** To be downloaded from the page. */
  records: readonly RunRecord[];
  /** Whether the page follows what still goes on: it then listens to whoever served it, and to nobody else. */
  isLive?: boolean;
}

/** The whole file. Ends with a line break. */
export function pageOf({ title, tool, header, main, records, isLive = false }: PageParts): string {
  const { style, script } = pageAssets();
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="${policy(script, isLive)}" />
        <title>${oneLine(title)}</title>
        <style>
          ${new Markup(style + STYLE)}
        </style>
      </head>
      <body>
        <a class="skip" href="#main">Skip to the report</a>
        ${isLive && LIVE_LINE} ${header}
        <main id="main" tabindex="-1">
          ${main}
          <footer>
            Made by ${tool.name} ${tool.version}. ${isLive ? LIVE : OFFLINE}
          </footer>
        </main>
        ${records.map((record) => recordElement(embedded(record, isLive)))}
        ${new Markup(`<script>${script}</script>\n`)}
      </body>
    </html> `;
  return page.text;
}

const OFFLINE = 'This file holds everything it shows and asks nobody for anything.';
const LIVE = 'It is served on this machine only, for as long as it goes on.';

/** Nothing is fetched, and no script runs but the one of this file: its hash is told beforehand. */
function policy(script: string, isLive: boolean): string {
  const hash = createHash('sha256').update(script).digest('base64');
  const connect = isLive ? " connect-src 'self';" : '';
  return `default-src 'none';${connect} style-src 'unsafe-inline'; script-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
}

/** What the page carries with it: its script and the chart library's style, as `scripts/bundle.js` puts them together. */
interface Assets {
  style: string;
  script: string;
}

let assets: Assets | undefined;

/** Read once, when the first page is made. */
function pageAssets(): Assets {
  const built = (name: string): string => readFileSync(new URL(`bundle/${name}`, BUILD), 'utf8');
  assets ??= { style: built('page-style.css'), script: built('page.js') };
  return assets;
}
