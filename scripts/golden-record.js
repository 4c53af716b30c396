// Makes the golden record of this schema version: a short measured run that later versions must still read.
// A record that users may have saved is only made anew while its version is not released.
// Usage: npm run docs:golden   (a quarter of a minute, with nothing else running: the run must be valid)
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { SCHEMA_VERSION } from '../dist/measurement/record.js';

const binary = fileURLToPath(new URL('../bin/sync-vs-events.js', import.meta.url));
const golden = new URL(`../test/golden/record-${SCHEMA_VERSION}.json`, import.meta.url);
const load = ['-a', 'sync,hybrid', '-c', '5,40', '--warmup', '1s', '-d', '2s', '--seed', '7'];
const judged = ['--threshold', 'hybrid: p50 < 2s', '--threshold', 'hybrid: lost == 0'];

const cwd = mkdtempSync(path.join(os.tmpdir(), 'golden-'));
try {
  const args = [binary, 'bench', 'checkout', ...load, ...judged, '--quiet', '-o', 'json=run.json'];
  execFileSync(process.execPath, args, { cwd, stdio: 'inherit' });
  // One line: what is in it is read by tests, not by people.
  writeFileSync(golden, `${JSON.stringify(JSON.parse(readFileSync(path.join(cwd, 'run.json'), 'utf8')))}\n`);
} finally {
  rmSync(cwd, { recursive: true });
}
