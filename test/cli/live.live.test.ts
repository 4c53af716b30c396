/** The page of a run that goes on, in a real browser. */
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.js';
import type { RunTrial, TrialProgress } from '../../src/experiment/trial.js';
import { blankCharts, openBrowser, violations } from '../support/browser.js';
import { fakeIo, type FakeIo } from '../support/fake-io.js';
import { needs } from '../support/needs.js';
import { checkout } from '../support/record.js';
import { trialOf } from '../support/trial.js';

/** Trials that wait until the test lets them end. */
function heldTrials() {
  const waiting: { tell: (progress: TrialProgress) => void; end: () => void }[] = [];
  const runTrial: RunTrial = ({ architecture, load, round }, _signal, tell) =>
    new Promise((resolve) => {
      const users = load.model === 'closed' ? load.users : 1;
      const end = (): void => resolve(trialOf({ scenario: checkout(), architecture: architecture as 'sync', users, round }));
      waiting.push({ tell, end });
    });
  const next = async () => {
    await expect.poll(() => waiting.length, { timeout: 10_000 }).toBeGreaterThan(0);
    return waiting.shift() as (typeof waiting)[number];
  };
  return { runTrial, next };
}

const urlOf = (io: FakeIo): string => /live page: (\S+)/.exec(io.err())?.[1] ?? '';

/** The status of an answer to a request with this Host header. */
function statusFor(url: string, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(url, { headers: { host } }, (response) => resolve(response.resume().statusCode)).on('error', reject).end();
  });
}

let browser: Browser;
let folder: string;
beforeAll(async () => void (browser = await openBrowser()));
afterAll(() => browser.close());
beforeEach(() => void (folder = mkdtempSync(path.join(os.tmpdir(), 'sync-vs-events-'))));
afterEach(() => rmSync(folder, { recursive: true }));

async function look(url: string, trouble: string[]): Promise<Page> {
  const page = await browser.newPage();
  page.on('pageerror', (error) => trouble.push(error.message));
  page.on('console', (message) => trouble.push(message.text()));
  page.on('request', (asked) => {
    if (!asked.url().startsWith(url)) trouble.push(asked.url());
  });
  await page.goto(url);
  await page.waitForSelector('html[data-ready]');
  return page;
}

describe('bench --open', needs('chromium'), () => {
  it('shows where the run is and each trial as it ends, and goes when the run is over', { timeout: 60_000 }, async () => {
    const { runTrial, next } = heldTrials();
    // A page is told where the run is now and then: its clock has to go on.
    const time = { date: () => new Date(), now: () => performance.now() };
    const io = { ...fakeIo(['bench', '-c', '10', '--open', '--no-progress'], folder), time };
    const running = main(io, { runTrial });
    const first = await next();
    const url = urlOf(io);
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
    const trouble: string[] = [];
    const page = await look(url, trouble);
    expect(await page.locator('.card').count()).toBe(0);
    expect(await page.locator('#problems').count()).toBe(0);

    // Told again and again, as by a trial: what comes within a moment of the last is not shown.
    const now = (): Promise<string | null> => {
      first.tell({ phase: 'measuring', load: { sent: 12, ok: 9, failed: 1, inFlight: 2, p95: 501 }, measured: 1000, backlog: 7 });
      return page.locator('.now').textContent();
    };
    await expect.poll(now).toMatch(/^trial 1 of 2: sync at 10 users, measuring, 9(\.0)? ok\/s, p95 501 ms, 1 failed, backlog 7/);

    first.end();
    await expect.poll(() => page.locator('.card:visible h4').allTextContents()).toEqual([expect.stringContaining('sync')]);
    expect(await blankCharts(page)).toEqual([]);
    expect(await violations(page)).toEqual([]);

    (await next()).end();
    expect(await running).toBe(0);
    await expect.poll(() => page.locator('.card:visible h4').count()).toBe(2);
    await expect.poll(() => page.locator('.now').textContent()).toMatch(/^It is over/);
    expect(trouble).toEqual([]);
    await expect(statusFor(url, new URL(url).host)).rejects.toThrow('ECONNREFUSED');
    await page.close();
  });

  it('answers nobody who came by another name, and nothing but its page', async () => {
    const { runTrial, next } = heldTrials();
    const io = fakeIo(['bench', '-c', '10', '-a', 'sync', '--open', '--quiet'], folder);
    const running = main(io, { runTrial });
    const trial = await next();
    const url = urlOf(io);
    expect(await statusFor(url, new URL(url).host)).toBe(200);
    expect(await statusFor(url, 'evil.example')).toBe(403);
    expect(await statusFor(`${url}etc/passwd`, new URL(url).host)).toBe(404);
    trial.end();
    expect(await running).toBe(0);
  });
});

describe('serve --dashboard', needs('chromium'), () => {
  it('follows the orders that the server takes', { timeout: 60_000 }, async () => {
    const io = fakeIo(['serve', 'hybrid', '--dashboard'], folder);
    const running = main(io);
    await expect.poll(() => io.out(), { timeout: 20_000 }).toContain('dashboard: ');
    const [, orders] = / (\S+\/orders)/.exec(io.out()) ?? [];
    const [, url = ''] = /dashboard: (\S+)/.exec(io.out()) ?? [];
    const trouble: string[] = [];
    const page = await look(url, trouble);
    for (let order = 0; order < 3; order++) await fetch(orders ?? '', { method: 'POST' });
    const callsOf = (step: string): Promise<string | null> =>
      page.locator('table', { hasText: 'Calls so far' }).locator('tr', { hasText: step }).locator('td').first().textContent();
    await expect.poll(() => callsOf('payment'), { timeout: 10_000 }).toBe('3');
    await expect.poll(() => page.locator('.now').textContent()).toMatch(/^serving for 0:/);
    expect(await blankCharts(page)).toEqual([]);
    expect(await violations(page)).toEqual([]);
    io.signal('SIGTERM');
    await running;
    await expect.poll(() => page.locator('.now').textContent()).toMatch(/^It is over/);
    expect(trouble).toEqual([]);
    await page.close();
  });
});
