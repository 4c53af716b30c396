// Runs what `npm test` runs many times in a row: npm run test:repeat -- 20. Or another tier: npm run test:repeat -- --tier live 5.
// Every second run has all cores kept busy by another program; not of the live tier, whose times a busy machine leaves unknown. Prints
// a line a run, and what stayed unknown in it; the last is "N passed, N failed", and any failure ends it non-zero.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({ options: { tier: { type: 'string' } }, allowPositionals: true });
const [asked = '10'] = positionals;
const times = Number(asked);
if (!Number.isInteger(times) || times < 1) throw new Error(`Expected how often, got "${asked}": npm run test:repeat -- 20`);

const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));
const script = values.tier === undefined ? 'test' : `test:${values.tier}`;
const command = scripts[script];
if (!command?.startsWith('vitest ')) throw new Error(`Expected a tier (unit, smoke, live or stats), got "${values.tier}"`);

const folder = mkdtempSync(path.join(os.tmpdir(), 'test-repeat-'));
const counts = { passed: 0, failed: 0 };
spawnSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit' });
try {
  for (let nth = 1; nth <= times; nth++) {
    const busy = nth % 2 === 0 && values.tier !== 'live' ? keepBusy() : [];
    try {
      run(nth, busy.length > 0);
    } finally {
      for (const child of busy) child.kill('SIGKILL');
    }
  }
} finally {
  rmSync(folder, { recursive: true });
}
console.log(`${counts.passed} passed, ${counts.failed} failed`);
process.exitCode = counts.failed > 0 ? 1 : 0;

/** A program that does nothing but compute, once a core. */
function keepBusy() {
  return os.cpus().map(() => spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }));
}

function run(nth, isBusy) {
  const report = path.join(folder, `${nth}.json`);
  const startedAt = performance.now();
  const { status, stdout } = spawnSync(`npx --no-install ${command}`, {
    shell: true,
    encoding: 'utf8',
    maxBuffer: 1e8,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, TEST_REPORT: report },
  });
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
  counts[status === 0 ? 'passed' : 'failed'] += 1;
  console.log(`run ${nth} of ${times}, ${isBusy ? 'cores busy' : 'quiet'}: ${status === 0 ? 'passed' : 'FAILED'}, ${told(report)}, ${seconds} s`);
  for (const line of stdout.split('\n').filter((text) => text.startsWith('unknown: '))) console.log(`  ${line}`);
  if (status !== 0) console.log(stdout);
}

/** How many tests passed, failed and were skipped. */
function told(report) {
  try {
    const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(readFileSync(report, 'utf8'));
    return `${numPassedTests} tests passed, ${numFailedTests} failed, ${numPendingTests} skipped`;
  } catch {
    return 'no report';
  }
}
