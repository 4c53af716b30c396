/** The page in a real browser. */
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { RunRecord, Trial } from '../../../src/measurement/record.js';
import { columnsOf, rowsOf } from '../../../src/report/columns.js';
import type { Chart } from '../../../src/report/html/chart.js';
import { htmlReport } from '../../../src/report/html/page.js';
import { twoRunsHtml } from '../../../src/report/html/two-runs.js';
import { keySentences } from '../../../src/report/sentences.js';
import { twoRunTable } from '../../../src/report/two-runs.js';
import { blankCharts, openBrowser, violations, watch } from '../../support/browser.js';
import { comparison } from '../../support/comparison.js';
import { measured } from '../../support/measured.js';
import { needs } from '../../support/needs.js';
import { checkoutRecord, HOSTILE, hostileRecord, recordOf, troubledRecord } from '../../support/record.js';
import { changedRuns } from '../../support/two-runs.js';

let browser: Browser;
let folder = '';
let trouble: string[] = [];
beforeAll(async () => {
  folder = fs.mkdtempSync(join(tmpdir(), 'page-'));
  browser = await openBrowser();
});
afterAll(async () => {
  await browser.close();
  fs.rmSync(folder, { recursive: true, force: true });
});
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
});

async function open(record: RunRecord | string, options: BrowserContextOptions = {}): Promise<Page> {
  const file = join(folder, 'report.html');
  fs.writeFileSync(file, typeof record === 'string' ? record : htmlReport(record));
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options })).newPage();
  trouble = watch(page);
  await page.goto(`file://${file}`);
  if (options.javaScriptEnabled !== false) await page.waitForSelector('html[data-ready]');
  return page;
}

/** Cells of a table by its caption, line by line. */
async function cells(page: Page, caption: string): Promise<string[][]> {
  const rows = page
    .locator('table', { has: page.locator('caption', { hasText: caption }) })
    .first()
    .locator('tbody tr');
  const lines = await rows.all();
  return Promise.all(lines.map((line) => line.locator('th,td').allTextContents()));
}

const predicted = { p50: 1050, p95: 1051, throughput: 95, failureRate: 0, errorPercent: 7, breaks: 'not steady' };

/** Everything there can be on a page at once. */
function fullRecord(): RunRecord {
  const record = checkoutRecord();
  record.comparisons = [comparison(), comparison({ state: 'inconclusive', change: null, low: null, high: null })];
  record.trials = record.trials.map((trial) => (trial.state === 'measured' ? { ...trial, predicted } : trial));
  const [service] = record.scenario.services;
  service?.outages.push({ kind: 'hang', from: 3000, for: 2000 });
  return record;
}

describe('the page of two runs', needs('chromium'), () => {
  it('has both on the same axes and in one table, in silence, and nothing that axe-core finds wrong', async () => {
    const runs = changedRuns();
    const page = await open(twoRunsHtml(runs));
    expect(await page.locator('figure.chart:visible').count()).toBe(3);
    expect(await blankCharts(page)).toEqual([]);
    expect((await page.locator('.legend button').allTextContents()).map((text) => text.trim())).toContain('hybrid B');
    const { rows, columns } = twoRunTable(runs);
    expect(await cells(page, 'All subjects of both runs at all loads')).toEqual(
      rows.map((row) => columns.map((column) => column.cell(row))),
    );
    const [download] = await Promise.all([page.waitForEvent('download'), page.locator('.download').last().click()]);
    expect(JSON.parse(fs.readFileSync(await download.path(), 'utf8'))).toEqual(runs.b.record);
    expect(trouble).toEqual([]);
    expect(await violations(page)).toEqual([]);
  });

  it('fits a telephone', async () => {
    const page = await open(twoRunsHtml(changedRuns()), { viewport: { width: 390, height: 844 } });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
  });
});

describe('the page', needs('chromium'), () => {
  it('draws every chart, in silence, and asks nobody for anything', async () => {
    const page = await open(fullRecord());
    expect(await page.locator('figure.chart:visible').count()).toBeGreaterThanOrEqual(9);
    expect(await blankCharts(page)).toEqual([]);
    expect(trouble).toEqual([]);
  });

  it('shows the numbers of the record', async () => {
    const record = fullRecord();
    const page = await open(record);
    const rows = rowsOf(record.trials);
    const columns = columnsOf(rows);
    expect(await cells(page, 'All subjects at all loads')).toEqual(
      rows.map((row) => columns.map((column) => column.cell(row))),
    );
    expect(await page.locator('.answer li').allTextContents()).toEqual(keySentences(record.advice));
    expect(await page.locator('.verdict').textContent()).toBe(
      'FAIL: 2 of 4 checks failed, 1 of 4 checks unknown, 1 warning.',
    );
    expect((await cells(page, 'Checks')).map((line) => line.join(' '))).toContain(
      '✗ fail hybrid: p95 < 600ms 616 ms at 500 users',
    );
    expect((await cells(page, 'Comparisons'))[0]).toContain('+3.2% to +7.0%');
    expect((await cells(page, 'Measured and predicted'))[0]).toEqual(
      expect.arrayContaining(['sync', '10 users', '1.05 s', '7.0%', 'not steady']),
    );
    const ledger = await cells(page, 'Ledger of the events of hybrid');
    const hybrid = record.trials.find((trial) => trial.architecture === 'hybrid') as Trial & { state: 'measured' };
    expect(ledger.find(([name]) => name === 'acknowledged')?.[1]).toBe(String(hybrid.events?.acknowledged));
  });

  it('draws the lag over time, and marks what went wrong on purpose', async () => {
    const record = fullRecord();
    const fault = 'crash server at 3s for 500ms';
    const hybrid = record.trials.findLast((trial) => trial.architecture === 'hybrid');
    if (hybrid?.state !== 'measured' || !hybrid.events) throw new Error('no such trial');
    hybrid.faults = [{ fault, kind: 'crash', process: 'server', at: 3000, until: 3612 }];
    const [email] = Object.values(hybrid.events.consumers);
    if (email) email.lagSeries = { at: [100, 5000, 9900], median: [1, 2, 3], longest: [4, 2500, -7000] };
    const page = await open(record);
    const chartOf = async (title: string): Promise<Chart> => {
      const figure = page.locator('.panel:not([hidden]) figure.chart', { has: page.getByRole('heading', { name: title, exact: true }) });
      return JSON.parse((await figure.locator('.chart-data').textContent()) ?? '') as Chart;
    };
    const lag = await chartOf('Event lag of hybrid over time');
    expect(lag.series.map(({ label, y }) => [label, y])).toEqual([
      ['email', [4, 2500, null]],
      ['email, at least', [null, null, 7000]],
    ]);
    for (const title of ['Requests of hybrid over time', 'Backlog of hybrid', 'Event lag of hybrid over time']) {
      const { marks } = await chartOf(title);
      expect(marks).toContainEqual({ kind: 'span', at: 3000, to: 3612, label: 'crash server', colour: 'bad' });
      expect(marks.map(({ label }) => label)).toContain('payment: hang');
    }
    expect(await blankCharts(page)).toEqual([]);
  });

  it.each(['light', 'dark'] as const)('has nothing that axe-core finds wrong, %s', async (colorScheme) => {
    const page = await open(fullRecord(), { colorScheme });
    for (const details of await page.locator('summary').all()) await details.click();
    expect(await violations(page)).toEqual([]);
    const [light, dark] = ['rgb(246, 246, 243)', 'rgb(19, 21, 24)'];
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe(
      colorScheme === 'light' ? light : dark,
    );
  });

  it.each([390, 820, 1280])('fits %d pixels', async (width) => {
    const page = await open(fullRecord(), { viewport: { width, height: 844 } });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    expect(await blankCharts(page)).toEqual([]);
  });

  it('shows one load at a time, chosen by mouse or keyboard', async () => {
    const page = await open(fullRecord());
    const shown = (): Promise<string[]> => page.locator('.panel:visible .at').allTextContents();
    expect(new Set(await shown())).toEqual(new Set(['At 500 users']));
    await page.locator('.picker input:checked').focus();
    await page.keyboard.press('ArrowLeft');
    expect(new Set(await shown())).toEqual(new Set(['At 100 users']));
    await page.getByText('10 users', { exact: true }).first().click();
    expect(new Set(await shown())).toEqual(new Set(['At 10 users']));
    expect(await blankCharts(page)).toEqual([]);
    expect(trouble).toEqual([]);
  });

  it('reads the values of a chart by keyboard, and hides a series', async () => {
    const page = await open(fullRecord());
    const figure = page.locator('figure.chart', { has: page.getByRole('heading', { name: 'Response time p50' }) });
    await figure.locator('.plot').focus();
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => figure.locator('.readout').textContent()).toMatch(/^users 10: sync 1\.05 s, hybrid 500 ms/);
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => figure.locator('.readout').textContent()).toMatch(/^users 100: sync 2\.00 s/);
    const button = figure.getByRole('button', { name: 'sync', exact: true });
    await button.press('Enter');
    expect(await button.getAttribute('aria-pressed')).toBe('false');
    await figure.locator('.plot').press('ArrowLeft');
    await expect.poll(() => figure.locator('.readout').textContent()).toMatch(/^users 10: hybrid 500 ms/);
  });

  it('hands out the record', async () => {
    const record = fullRecord();
    const page = await open(record);
    const [download] = await Promise.all([page.waitForEvent('download'), page.locator('.download').click()]);
    expect(JSON.parse(fs.readFileSync(await download.path(), 'utf8'))).toEqual(record);
  });

  it('shows everything without its script', async () => {
    const page = await open(fullRecord(), { javaScriptEnabled: false });
    expect(await page.locator('.panel:visible').count()).toBe(await page.locator('.panel').count());
  });

  it('prints light, with everything unfolded', async () => {
    const page = await open(fullRecord(), { colorScheme: 'dark' });
    await page.evaluate(`dispatchEvent(new Event('beforeprint'))`);
    expect(await page.locator('details:not([open])').count()).toBe(0);
    expect(await page.evaluate('document.documentElement.dataset.theme')).toBe('light');
    expect((await page.pdf()).length).toBeGreaterThan(50_000);
    // A4 without its margins: what reaches beyond is lost on paper.
    await page.setViewportSize({ width: 718, height: 1010 });
    await page.emulateMedia({ media: 'print' });
    expect(await page.evaluate(`[...document.querySelectorAll('table, svg, canvas')].filter((part) => part.getBoundingClientRect().right > innerWidth).map((part) => part.textContent)`)).toEqual([]);
    await page.emulateMedia({ media: 'screen' });
    await page.evaluate(`dispatchEvent(new Event('afterprint'))`);
    expect(await page.locator('details[open]').count()).toBe(0);
  });

  it.each([1100, 390])('labels knees above the plot, where they cross neither a line nor each other: %i pixels', async (width) => {
    const page = await open(fullRecord());
    // Charts are drawn anew when they change their size.
    await page.evaluate(`{
      globalThis.labels = [];
      const { fillText } = CanvasRenderingContext2D.prototype;
      CanvasRenderingContext2D.prototype.fillText = function (text, x, y) {
        const { top } = this.canvas.parentElement.querySelector('.u-over').getBoundingClientRect();
        const plot = (top - this.canvas.getBoundingClientRect().top) * devicePixelRatio;
        const { width, fontBoundingBoxDescent: height } = this.measureText(text);
        if (text.startsWith('knee of')) labels.push({ chart: this.canvas.closest('figure').querySelector('h3').textContent, text, x, y, width, height, plot, canvas: this.canvas.width });
        return fillText.call(this, text, x, y);
      };
    }`);
    await page.setViewportSize({ width, height: 900 });
    await expect.poll(() => page.evaluate('labels.length')).toBeGreaterThanOrEqual(4);
    await page.evaluate('new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))');
    const drawn = (await page.evaluate('labels')) as { chart: string; text: string; x: number; y: number; width: number; height: number; plot: number; canvas: number }[];
    const last = [...new Map(drawn.map((label) => [`${label.chart} ${label.text}`, label])).values()];
    for (const label of last) {
      expect(label.x).toBeGreaterThanOrEqual(0);
      expect(label.x + label.width).toBeLessThanOrEqual(label.canvas + 1);
      expect(label.y + label.height).toBeLessThanOrEqual(label.plot + 1);
      for (const other of last.filter((one) => one !== label && one.chart === label.chart)) expect(Math.abs(other.y - label.y)).toBeGreaterThanOrEqual(label.height);
    }
  });

  it('runs no script but its own', async () => {
    const page = await open(fullRecord());
    await page.evaluate(
      `document.body.append(Object.assign(document.createElement('script'), { text: 'window.ran = 1' }))`,
    );
    expect(await page.evaluate('window.ran')).toBeUndefined();
    expect(trouble.join()).toMatch(/Content Security Policy/);
  });
});

describe('the page of a record in trouble', needs('chromium'), () => {
  it('keeps hostile names as text', async () => {
    const page = await open(hostileRecord());
    expect(await blankCharts(page)).toEqual([]);
    expect(trouble).toEqual([]);
    expect(await page.locator('h1').textContent()).toContain('<script>alert(1)</script>');
    expect(await page.locator('script:not([type])').count()).toBe(1);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(1280);
    expect(await violations(page)).toEqual([]);
    expect(HOSTILE).toContain('<script>');
  });

  it('shows errored, aborted, empty and invalid trials in plain sight', async () => {
    const page = await open(troubledRecord());
    expect(await page.locator('#problems li').allTextContents()).toEqual([
      '1 of 6 trials were not run.',
      'hybrid at 10 users: errored: The server process was killed by SIGKILL',
      "hybrid at 100 users: The load generator was busy 97% of the time: these response times are the machine's.",
      'sync at 500 users: aborted: interrupted',
    ]);
    for (const load of ['10 users', '100 users', '500 users']) {
      await page.locator('.picker label', { hasText: load }).last().click();
      expect(await page.locator('#subjects .panel:visible .card').count()).toBeGreaterThan(0);
    }
    expect(trouble).toEqual([]);
    expect(await violations(page)).toEqual([]);
  });

  it.each([
    ['nothing', []],
    ['one subject at a rate', [measured({ subject: 'mine', rate: 50, ms: 20 })]],
    [
      'rates and users',
      [measured({ subject: 'sync', rate: 50, ms: 20 }), measured({ subject: 'sync', users: 5, ms: 20 })],
    ],
  ])('renders %s', async (_, trials) => {
    const page = await open(recordOf(trials));
    expect(await blankCharts(page)).toEqual([]);
    expect(trouble).toEqual([]);
  });

  it('renders a comparison in pairs', async () => {
    const block = (p50: number) => ({ p50, p95: p50 * 1.1, throughput: 100, sent: 500, failed: 0 });
    const pairs = [500, 510, 505].map((p50) => ({ order: 'base first' as const, base: block(500), head: block(p50) }));
    const run = { base: 'base', head: 'head', load: { model: 'closed' as const, users: 100 }, seed: 1, pairs };
    const page = await open(recordOf([], { paired: [run], comparisons: [comparison()], verdict: 'fail' }));
    expect(await page.evaluate(`[...document.querySelectorAll('section')].map(({ id }) => id)`)).toEqual([
      'answer',
      'sides',
      'comparisons',
      'arrangements',
      'facts',
    ]);
    expect(await blankCharts(page)).toEqual([]);
    expect(await violations(page)).toEqual([]);
    expect(trouble).toEqual([]);
  });

  it('opens 200,000 samples, in less than 5 MB', async () => {
    const subjects = ['sync', 'parallel', 'hybrid', 'event-driven'];
    const trials = subjects.map((subject) =>
      measured({ subject, users: 500, ms: 500, sent: 50_000, failureRate: 0.01 }),
    );
    const record = recordOf(trials);
    expect(htmlReport(record).length).toBeLessThan(5e6);
    const page = await open(record);
    expect(await blankCharts(page)).toEqual([]);
  });
});
