/** Before every file that runs beside another: a temporary folder of its own, in which it may look for what was left behind. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'live-'));
// A broker that does not run as root has to get at its own in it.
chmodSync(folder, 0o755);
process.env['TMPDIR'] = folder;

afterAll(() => rmSync(folder, { recursive: true, force: true }));
