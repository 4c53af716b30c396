// `capacity` where arithmetic knows the answer, within 10 %: the cases of support/capacity-cases.js, and the checkout of capacity.yaml, whose email has 20
// workers of 400 ms: 50 orders a second, with 1050 ms an order 52.5 users.
// Usage: npm run bench:capacity [-- --only 1,9 --simulate]   (nothing else should run on the machine; the slow chains, 3, 4, 7 and 8, take minutes each)
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { recordOf, scenarioFile } from './support/bench.js';
import { CASES, scenarioOf } from './support/capacity-cases.js';

const { values } = parseArgs({ options: { only: { type: 'string' }, simulate: { type: 'boolean', default: false } } });
const GOAL = 0.1;
const folder = mkdtempSync(path.join(os.tmpdir(), 'sync-vs-events-'));
const all = [
  ...CASES.map((one, i) => ({ ...one, file: fileOf(one, i) })),
  // Past 52.5 users everyone waits for email: p95 is the first to tell.
  { name: 'checkout, whose email is scarce', file: scenarioFile('capacity.yaml'), options: ['--p95', '1.05x', '--from', '40'], expected: 52.5 },
];
const only = values.only?.split(',').map(Number) ?? all.map((_, i) => i + 1);
let met = true;
try {
  for (const [i, { name, file, options, expected }] of all.entries()) {
    if (!only.includes(i + 1)) continue;
    const begun = performance.now();
    const { capacity } = await recordOf(['capacity', file, '-a', 'sync', ...options, ...(values.simulate ? ['--simulate', '--duration', '1m'] : [])]);
    const [{ most, end, limit }] = capacity;
    const apart = most / expected - 1;
    const good = Math.abs(apart) <= GOAL;
    met &&= good;
    const seconds = ((performance.now() - begun) / 1000).toFixed(0);
    console.log(`${i + 1}  ${name}: ${most} (${limit ?? end}), ${expected} by arithmetic: ${(100 * apart).toFixed(1)} %   goal ${100 * GOAL} %   ${good ? 'met' : 'MISSED'}   ${seconds} s`);
  }
} finally {
  rmSync(folder, { recursive: true });
}
process.exitCode = met ? 0 : 1;

function fileOf(one, i) {
  const file = path.join(folder, `case-${i + 1}.yaml`);
  writeFileSync(file, scenarioOf(one));
  return file;
}
