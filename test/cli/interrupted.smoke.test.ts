/** Ctrl-C while something is waited for that takes its time: a server of one's own that does not serve yet. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';

const BINARY = path.resolve(import.meta.dirname, '../../bin/sync-vs-events.js');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'sync-vs-events-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it.each([
  ['a trial', []],
  ['a comparison in pairs', ['--compare', 'slow,other']],
])('%s of a server that is given ten minutes to start ends with it', async (_, more) => {
  const target = (port: number): string => `{ url: 'http://127.0.0.1:${port}/', startup: 10m, command: 'touch started; exec sleep 600' }`;
  writeFileSync(path.join(folder, 'shop.yaml'), `targets:\n  slow: ${target(9)}\n  other: ${target(13)}\nload: { users: 1, duration: 1s }\n`);
  const child = spawn(process.execPath, [BINARY, 'bench', 'shop.yaml', '--no-progress', ...more], { cwd: folder, stdio: 'ignore' });
  const ended = once(child, 'exit');
  await expect.poll(() => existsSync(path.join(folder, 'started'))).toBe(true);
  child.kill('SIGINT');
  // In the end, and not after ten minutes: the time limit of a test is below that.
  expect(await ended).toEqual([130, null]);
});
