// Makes the golden record of this schema version: a short measured run that later versions must still read.
// A record that users may have saved is only made anew while its version is not released.
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { SCHEMA_VERSION } from '../dist/measurement/record.js';

const folder = new URL('../test/golden/', import.meta.url);
const saved = new URL('run.json', folder);
const golden = new URL(`record-${SCHEMA_VERSION}.json`, folder);
const load = ['-a', 'sync,hybrid', '-c', '5,40', '--warmup', '1s', '-d', '2s', '--seed', '7'];
const judged = ['--threshold', 'hybrid: p50 < 2s', '--threshold', 'hybrid: lost == 0'];

execFileSync(
  process.execPath,
  ['../../bin/sync-vs-events.js', 'bench', 'checkout', ...load, ...judged, '--quiet', '-o', 'json=run.json'],
  { cwd: folder, stdio: 'inherit' },
);
// One line: what is in it is read by tests, not by people.
writeFileSync(golden, `${JSON.stringify(JSON.parse(readFileSync(saved, 'utf8')))}\n`);
rmSync(saved);
