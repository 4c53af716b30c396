// How far the measured response times are from what arithmetic says: with ample workers as ratios to 1050 and 500 ms, and the
// built-in checkout at 10 users as ratios of architectures.
// Usage: npm run bench:fidelity [-- --duration 10s]   (nothing else should run on the machine)
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { duration: { type: 'string', default: '10s' } } });
const IDEAL = { sync: 1050, parallel: 900, hybrid: 500 };
const GOAL = { p50: 0.01, p99: 0.03 };
const RATIO_GOAL = 0.02;
const command = fileURLToPath(new URL('../bin/sync-vs-events.js', import.meta.url));
let met = true;

/** Trials of one bench; ends the program when it could not measure. */
function measured(...args) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'sync-vs-events-'));
  const record = path.join(folder, 'record.json');
  const options = ['-d', values.duration, '--quiet', '-o', `json=${record}`];
  const run = spawnSync(process.execPath, [command, 'bench', ...args, ...options], { stdio: 'inherit' });
  const trials = run.status === 0 ? JSON.parse(readFileSync(record, 'utf8')).trials : [];
  rmSync(folder, { recursive: true });
  if (run.status !== 0) process.exit(run.status ?? 2);
  return trials;
}

function judged(good, goal) {
  met &&= good;
  return good ? goal : 'MISSED';
}

console.log(`node ${process.version}, ${os.cpus().length} cores, windows of ${values.duration}\n`);
console.log('architecture  users  requests   p50/ideal   p99/ideal');
const ample = fileURLToPath(new URL('fidelity.yaml', import.meta.url));
for (const { architecture, load, responseTime } of measured(ample, '-a', 'sync,hybrid', '-c', '10,100')) {
  const ratio = (percentile) => responseTime[percentile] / IDEAL[architecture];
  const good = Object.entries(GOAL).every(([percentile, limit]) => Math.abs(ratio(percentile) - 1) <= limit);
  console.log(
    `${architecture.padEnd(12)} ${String(load.users).padStart(6)} ${String(responseTime.count).padStart(9)}   ` +
      `${ratio('p50').toFixed(4).padStart(9)}   ${ratio('p99').toFixed(4).padStart(9)}   ${judged(good, 'within 1 % and 3 %')}`,
  );
}

console.log('\ncheckout at 10 users     p50   arithmetic');
const [hybrid, ...others] = measured('checkout', '-a', 'hybrid,sync,parallel', '-c', '10');
for (const { architecture, responseTime } of others) {
  const ratio = responseTime.p50 / hybrid.responseTime.p50;
  const expected = IDEAL[architecture] / IDEAL.hybrid;
  const good = Math.abs(ratio / expected - 1) <= RATIO_GOAL;
  console.log(
    `${`${architecture} / hybrid`.padEnd(20)} ${ratio.toFixed(3).padStart(7)} ${expected.toFixed(3).padStart(12)}   ${judged(good, 'within 2 %')}`,
  );
}
process.exitCode = met ? 0 : 1;
