// How far the measured response times are from what arithmetic says, with ample workers: ratios to 1050 and 500 ms.
// Usage: npm run bench:fidelity [-- --duration 10s]   (nothing else should run on the machine)
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { duration: { type: 'string', default: '10s' } } });
const IDEAL = { sync: 1050, hybrid: 500 };
const GOAL = { p50: 0.01, p99: 0.03 };

const folder = mkdtempSync(path.join(os.tmpdir(), 'sync-vs-events-'));
const record = path.join(folder, 'record.json');
const command = fileURLToPath(new URL('../bin/sync-vs-events.js', import.meta.url));
const scenario = fileURLToPath(new URL('fidelity.yaml', import.meta.url));
const args = ['bench', scenario, '-a', 'sync,hybrid', '-c', '10,100', '-d', values.duration, '--quiet', '-o', `json=${record}`];
const run = spawnSync(process.execPath, [command, ...args], { stdio: 'inherit' });
if (run.status !== 0) process.exit(run.status ?? 2);
const { trials } = JSON.parse(readFileSync(record, 'utf8'));
rmSync(folder, { recursive: true });

console.log(`node ${process.version}, ${os.cpus().length} cores, windows of ${values.duration}\n`);
console.log('architecture  users  requests   p50/ideal   p99/ideal');
let met = true;
for (const { architecture, load, responseTime } of trials) {
  const ratio = (percentile) => responseTime[percentile] / IDEAL[architecture];
  const good = Object.entries(GOAL).every(([percentile, limit]) => Math.abs(ratio(percentile) - 1) <= limit);
  met &&= good;
  console.log(
    `${architecture.padEnd(12)} ${String(load.users).padStart(6)} ${String(responseTime.count).padStart(9)}   ` +
      `${ratio('p50').toFixed(4).padStart(9)}   ${ratio('p99').toFixed(4).padStart(9)}   ${good ? 'within 1 % and 3 %' : 'MISSED'}`,
  );
}
process.exitCode = met ? 0 : 1;
