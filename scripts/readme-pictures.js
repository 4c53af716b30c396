// Draws the pictures of the HTML report in docs/pictures from a saved record, with Chromium.
// Usage: npm run docs:pictures -- run.json   (a record of `sync-vs-events bench --quick -a sync,parallel,hybrid -o json=run.json`)
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { parseRecord } from '../dist/measurement/readRecord.js';
import { htmlReport } from '../dist/report/html/page.js';

/** Largest picture that a README should make its readers load. */
const MOST_BYTES = 200_000;

/** Each picture: what it shows, from the top of one part of the page, and how it is looked at. */
const PICTURES = [
  { name: 'answer-light', part: 'header', width: 1180, height: 960 },
  { name: 'answer-dark', part: 'header', width: 1180, height: 960, colorScheme: 'dark' },
  { name: 'loads-light', part: '#loads', width: 1180, height: 860 },
  { name: 'loads-dark', part: '#loads', width: 1180, height: 860, colorScheme: 'dark' },
  { name: 'time-light', part: '#time', width: 1180, height: 860 },
  { name: 'time-dark', part: '#time', width: 1180, height: 860, colorScheme: 'dark' },
  { name: 'events-light', part: '#events', width: 1180, height: 860 },
  { name: 'events-dark', part: '#events', width: 1180, height: 860, colorScheme: 'dark' },
  { name: 'telephone-light', part: '#subjects', width: 390, height: 844 },
  { name: 'telephone-dark', part: '#subjects', width: 390, height: 844, colorScheme: 'dark' },
];

const [file] = process.argv.slice(2);
if (!file) throw new Error('Expected a record: npm run docs:pictures -- run.json');
const folder = fileURLToPath(new URL('../docs/pictures/', import.meta.url));
const temporary = mkdtempSync(path.join(os.tmpdir(), 'pictures-'));
const page = path.join(temporary, 'report.html');
writeFileSync(page, htmlReport(parseRecord(readFileSync(file, 'utf8'), file)));
mkdirSync(folder, { recursive: true });

const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
try {
  for (const picture of PICTURES) await draw(picture);
} finally {
  await browser.close();
  rmSync(temporary, { recursive: true });
}

async function draw({ name, part, width, height, colorScheme = 'light' }) {
  const view = await browser.newPage({ viewport: { width, height }, colorScheme });
  await view.goto(`file://${page}`);
  await view.waitForSelector('html[data-ready]');
  await view.evaluate((selector) => {
    // What follows the reader would cover what is shown.
    document.querySelector('.picker')?.style.setProperty('position', 'static');
    document.querySelector(selector).scrollIntoView();
  }, part);
  const target = path.join(folder, `${name}.png`);
  await view.screenshot({ path: target });
  await view.close();
  const { size } = statSync(target);
  if (size > MOST_BYTES) throw new Error(`${target} has ${size} bytes, and should have ${MOST_BYTES} at most`);
  console.log(`${path.relative(process.cwd(), target)}: ${Math.round(size / 1000)} kB`);
}
