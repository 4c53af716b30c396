/** A real browser without a screen. */
import axe from 'axe-core';
import { chromium, type Browser, type Page } from 'playwright-core';
import { findTool } from './needs.js';

/** Chromium, for tests that say they need it; silent towards the network. */
export function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: findTool('chromium') ?? 'chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** What a page did that it should not: errors, messages on the console, requests to anywhere but its own file. */
export function watch(page: Page): string[] {
  const trouble: string[] = [];
  page.on('pageerror', (error) => trouble.push(`error: ${error.message}`));
  page.on('console', (message) => trouble.push(`console: ${message.text()}`));
  page.on('dialog', (dialog) => {
    trouble.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    if (!/^(?:file|blob|data):/.test(request.url())) trouble.push(`request: ${request.url()}`);
  });
  return trouble;
}

/** What axe-core finds wrong with the page as it is, one line each. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const found = await page.evaluate(async () => {
    const { axe: runner } = globalThis as unknown as { axe: typeof axe };
    return (await runner.run()).violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
  });
  return found;
}

/** Whether every visible chart has pixels of more than one colour. */
export function blankCharts(page: Page): Promise<string[]> {
  // A string, because the tests know no DOM.
  return page.evaluate(`[...document.querySelectorAll('figure.chart')].filter((figure) => {
    if (figure.closest('[hidden]')) return false;
    const canvas = figure.querySelector('canvas');
    if (!canvas) return true;
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    const colours = new Set(new Uint32Array(data.buffer));
    return colours.size < 10;
  }).map((figure) => figure.querySelector('h3').textContent)`);
}
