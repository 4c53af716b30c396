import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileTarget } from '../../src/report/targets.js';

let folder = '';
beforeEach(() => (folder = fs.mkdtempSync(join(tmpdir(), 'targets-'))));
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

describe('fileTarget', () => {
  it('refuses a folder that nothing may be created in', () => {
    const path = join(folder, 'closed');
    fs.mkdirSync(path, { mode: 0o555 });
    const seteuid = process.seteuid?.bind(process);
    const isRoot = process.geteuid?.() === 0;
    fs.chmodSync(folder, 0o755);
    // The superuser may write anywhere: become nobody for a moment.
    if (isRoot) seteuid?.(65534);
    try {
      expect(() => fileTarget('closed/run.json', folder)).toThrow('permission denied');
    } finally {
      if (isRoot) seteuid?.(0);
    }
  });

  it('refuses a pipe that nobody reads, instead of waiting for ever', () => {
    execFileSync('sh', ['-c', 'mkfifo "$0"', join(folder, 'pipe')]);
    expect(() => fileTarget('pipe', folder)).toThrow('nobody reads from this pipe');
  });
});
