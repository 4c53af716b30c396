/** Measures what each bus takes when nothing waits for it, and writes that as the model's defaults. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { BUS_NAMES } from '../../dist/events/buses.js';
import { recordOf } from './bench.js';

const TABLE = fileURLToPath(new URL('../../src/simulation/bus-times.ts', import.meta.url));
const PAGE = fileURLToPath(new URL('../../docs/events.md', import.meta.url));
/** Where the table stands on the page. */
const PLACE = /(<!-- bus times: .* -->\n)[^]*(<!-- end of bus times -->)/;

/** Orders a second, each long done when the next one comes; 300 of them know a p95. */
const RATE = 20;
const WINDOW = '15s';
const WARMUP = '5s';
/** Times that a bus is measured where something else kept the machine busy. */
const TRIES = 3;
const SHOP = `
services: { pay: { latency: 2ms, workers: unlimited }, mail: { latency: 2ms, workers: unlimited } }
steps: [pay!, mail]
load: { rate: ${RATE} }
`;

/** Of a machine that had nothing else to do, or else the least that was seen of it. */
async function timesOf(bus, file) {
  const tried = [];
  for (let left = TRIES; left > 0; left--) {
    const one = await measured(bus, file);
    if (one.problems.length === 0) return one;
    tried.push(one);
  }
  const [best] = tried.toSorted((a, b) => a.publish.p95 + a.lag.p95 - b.publish.p95 - b.lag.p95);
  console.error(`${bus}: not on a quiet machine, to be measured again: ${best.problems.join(' ')}`);
  return best;
}

/** Order statistics of publish and lag of one bus with a broker of its own, ms, and what speaks against them. */
async function measured(bus, file) {
  const { trials } = await recordOf(['bench', file, '-a', 'hybrid', '-R', String(RATE), '-d', WINDOW, '--warmup', WARMUP, '--bus', bus]);
  const [{ state, message, validity, events }] = trials;
  if (state !== 'measured') throw new Error(`${bus}: ${message}`);
  return { publish: spreadOf(events.publishing.latency), lag: spreadOf(events.lag), problems: validity.problems };
}

function spreadOf(times) {
  return Object.fromEntries(['min', 'p50', 'p95'].map((name) => [name, Number(times[name].toFixed(3))]));
}

/** Measures every bus, and writes what it takes to `src/simulation/bus-times.ts` and `docs/events.md`. */
export async function measureBusTimes() {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'bus-times-'));
  const file = path.join(folder, 'shop.yaml');
  writeFileSync(file, SHOP);
  const table = {};
  try {
    for (const bus of BUS_NAMES) {
      table[bus] = await timesOf(bus, file);
      console.log(rowOf(bus, table[bus]));
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  writeFileSync(TABLE, source(table));
  writeFileSync(PAGE, readFileSync(PAGE, 'utf8').replace(PLACE, (_, begin, end) => `${begin}\n${page(table)}\n\n${end}`));
  console.log(`\nwritten to ${[TABLE, PAGE].map((written) => path.relative(process.cwd(), written)).join(' and ')}`);
}

function rowOf(bus, { publish, lag }) {
  const told = ({ min, p50, p95 }) => `${p50.toFixed(2)} (${min.toFixed(2)} to ${p95.toFixed(2)})`;
  return `| \`${bus}\` | ${told(publish)} | ${told(lag)} |`;
}

/** The table of the page. */
function page(table) {
  const rows = Object.entries(table).map(([bus, times]) => rowOf(bus, times));
  return [`On ${machine()}, private brokers, ${RATE} orders a second:`, '', '| bus | publish, ms | lag, ms |', '| --- | ---: | ---: |', ...rows].join('\n');
}

/** Where and when it is measured. */
function machine() {
  const [{ model }] = os.cpus();
  return `${os.cpus().length} cores (${model.replace(/\((R|TM)\)/g, '').replace(/ (CPU|Processor).*/, '')}), Node ${process.version}, ${new Date().toISOString().slice(0, 10)}`;
}

function source(table) {
  const object = (times) => `{ ${Object.entries(times).map(([name, ms]) => `${name}: ${ms}`).join(', ')} }`;
  const rows = Object.entries(table).map(([bus, { publish, lag }]) => `  ${bus}: {\n    publish: ${object(publish)},\n    lag: ${object(lag)},\n  },`);
  return `/**
 * What each bus takes when nothing waits for it, ms: a publish as the reply of \`hybrid\` waits for it, and the way to a consumer that
 * is free. Written by \`npm run bench:buses -- --table\`: private brokers, ${RATE} orders a second, on the same machine.
 */
import type { BusName } from '../events/buses.js';
import type { BusTimes } from '../events/settings.js';

/** Where and when. */
export const MEASURED_ON = '${machine()}';

export const BUS_TIMES: Readonly<Record<BusName, BusTimes>> = {
${rows.join('\n')}
};
`;
}
