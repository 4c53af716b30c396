// What `import` takes for traces of 100,000 spans and more, of few calls a request and of many: CPU time and peak memory, each form in a process of its own.
// Usage: npm run bench:import [-- --spans 100000]. Exit code 1 when a form takes more than 2 s of CPU or 300 MB for 100,000.
import { fork } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { readTraces } from '../dist/traces/read.js';
import { rowsCsv, scenarioYaml } from '../dist/traces/scenario-file.js';
import { understand } from '../dist/traces/understand.js';
import { FORMS, requestsOf } from './support/trace-forms.js';

const { values } = parseArgs({ options: { spans: { type: 'string', default: '100000' }, form: { type: 'string' }, calls: { type: 'string', default: '5' }, file: { type: 'string' } } });
const spans = Number(values.spans);
/** Calls of a request: 3, 11 and 101 spans. */
const CALLS = [1, 5, 50];
const LIMITS = { seconds: (2 * spans) / 100_000, megabytes: 300 };

/** Imports a file as the command does, and tells what that took. */
function imported(file) {
  const before = process.cpuUsage();
  const seen = understand(readTraces([{ name: 'spans', bytes: readFileSync(file) }]), {});
  const written = scenarioYaml(seen, 'shop.csv', { workers: new Map() }).length + rowsCsv(seen).length;
  const { user, system } = process.cpuUsage(before);
  // Memory of the whole process, the bytes of the file and what Node takes by itself included.
  return { seconds: (user + system) / 1e6, megabytes: process.resourceUsage().maxRSS / 1024, requests: seen.total.times.length, written };
}

function inChild(...args) {
  const child = fork(import.meta.filename, ['--spans', String(spans), ...args]);
  return new Promise((resolve, reject) => child.once('message', resolve).once('exit', (code) => code && reject(new Error(`${args.join(' ')}: exit code ${code}`))));
}

async function all() {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'bench-import-'));
  let isWithin = true;
  console.log(`${spans} spans         file     requests   CPU s   peak MB   (at most ${LIMITS.seconds} s and ${LIMITS.megabytes} MB)`);
  try {
    for (const [calls, form] of CALLS.flatMap((some) => Object.keys(FORMS).map((one) => [some, one]))) {
      const file = path.join(folder, 'spans');
      await inChild('--form', form, '--calls', String(calls), '--file', file);
      const { seconds, megabytes, requests } = await inChild('--file', file);
      console.log(`${form.padEnd(16)} ${`${(statSync(file).size / 2 ** 20).toFixed(1)} MB`.padStart(9)} ${String(requests).padStart(12)} ${seconds.toFixed(2).padStart(7)} ${megabytes.toFixed(0).padStart(9)}`);
      isWithin &&= seconds <= LIMITS.seconds && megabytes <= LIMITS.megabytes;
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  return isWithin ? 0 : 1;
}

if (values.form) {
  writeFileSync(values.file, FORMS[values.form](requestsOf(spans, Number(values.calls))));
  process.send('written', () => process.disconnect());
} else if (values.file) process.send(imported(values.file), () => process.disconnect());
else process.exitCode = await all();
