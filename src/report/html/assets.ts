/** What the page carries with it: its script and the chart library's style, as `scripts/bundle.js` puts them together. */
import { readFileSync } from 'node:fs';
import { BUILD } from '../../base/build.js';

export interface Assets {
  style: string;
  script: string;
}

let assets: Assets | undefined;

/** Read once, when the first page is made. */
export function pageAssets(): Assets {
  const built = (name: string): string => readFileSync(new URL(`bundle/${name}`, BUILD), 'utf8');
  assets ??= { style: built('page-style.css'), script: built('page.js') };
  return assets;
}
