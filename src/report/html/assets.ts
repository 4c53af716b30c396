/** Scripts that the page carries with it: the chart library, and its own, which is built beside this file. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

export interface Assets {
  library: string;
  libraryStyle: string;
  script: string;
}

/** Modules of the page's script, each after those it needs. They become one: no name may stand in two of them. */
const MODULES = [
  'format.js',
  'html/client/numbers.js',
  'html/client/marks.js',
  'html/client/plot.js',
  'html/client/live.js',
  'html/client/page.js',
];

const BUILT = new URL('../../../dist/report/', import.meta.url);

let assets: Assets | undefined;

/** Read once, when the first page is made. */
export function pageAssets(): Assets {
  const library = createRequire(import.meta.url).resolve('uplot');
  const beside = (name: string): string => readFileSync(new URL(name, `file://${library}`), 'utf8');
  assets ??= {
    library: beside('uPlot.iife.min.js'),
    libraryStyle: beside('uPlot.min.css'),
    script: MODULES.map((name) => unwrap(readFileSync(new URL(name, BUILT), 'utf8'))).join('\n'),
  };
  return assets;
}

/** A module as part of a script: what it imports is there already, what it exports stays in the script. */
function unwrap(module: string): string {
  return module.replace(/^import [^;]*;$/gm, '').replace(/^export (?:\{\};$)?/gm, '');
}
