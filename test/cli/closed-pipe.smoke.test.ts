import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const PROGRAM = `"${process.execPath}" bin/sync-vs-events.js`;

/** Runs it with nobody who reads: the reader has gone before the first line. Its exit code is in a file. */
function unread(command: string, folder: string): number {
  const code = join(folder, 'code');
  // What is printed goes to a pipe whose other end is closed; the shell waits for all of the pipe.
  const script = `( sleep 0.2; ${PROGRAM} ${command}; echo $? > "${code}" ) 2>&1 | true; while [ ! -s "${code}" ]; do sleep 0.1; done`;
  spawnSync('sh', ['-c', script], { stdio: 'ignore' });
  const exit = Number(readFileSync(code, 'utf8'));
  rmSync(code);
  return exit;
}

describe.runIf(existsSync('/dev/full'))('a full disk for what is printed', () => {
  it('ends nothing, loses no record, and is told once without a stack', () => {
    const folder = mkdtempSync(join(tmpdir(), 'full-'));
    const record = join(folder, 'run.json');
    const command = `simulate checkout -c 10 -d 5s --no-progress -o "json=${record}"`;
    const { status, stderr } = spawnSync('sh', ['-c', `${PROGRAM} ${command} > /dev/full`], { encoding: 'utf8' });
    const said = JSON.parse(readFileSync(record, 'utf8')) as object;
    rmSync(folder, { recursive: true });
    expect([status, stderr]).toEqual([0, expect.stringMatching(/^warning: standard output cannot be written: ENOSPC.*\n$/)]);
    expect(said).toMatchObject({ schemaVersion: 2 });
  });

  it.each(['schema', 'schema --record', 'init -', 'scenarios checkout', 'scenarios checkout -o svg=-', 'validate checkout --resolved'])('is an error where nothing else keeps the text: %s', (command) => {
    const { status, stderr } = spawnSync('sh', ['-c', `${PROGRAM} ${command} > /dev/full`], { encoding: 'utf8' });
    expect([status, stderr]).toEqual([2, expect.stringMatching(/^error: standard output cannot be written: ENOSPC.*\. Free some space, or send it elsewhere\.\n$/)]);
  });
});

describe('a closed pipe', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'closed-pipe-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('ends nothing: the exit code is that of the command', () => {
    expect(unread('scenarios', folder)).toBe(0);
    expect(unread('scenarios no-such-scenario', folder)).toBe(2);
  });

  it('loses no record', () => {
    const record = join(folder, 'run.json');
    expect(unread(`simulate checkout -c 10 -d 5s -o "json=${record}"`, folder)).toBe(0);
    expect(existsSync(record)).toBe(true);
    expect(JSON.parse(readFileSync(record, 'utf8'))).toMatchObject({ schemaVersion: 2 });
  });
});
