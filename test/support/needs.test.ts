import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findTool, missingOf, needs } from './needs.js';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(path.join(os.tmpdir(), 'needs-'))));
afterEach(() => rmSync(folder, { recursive: true }));

describe('what a test needs', () => {
  it('is said with how to get it where it is missing', () => {
    expect(missingOf(['tmux', 'redis'], { PATH: folder })).toEqual([
      'tmux is missing (Debian and Ubuntu: apt install tmux, macOS: brew install tmux)',
      'redis-server is missing (Debian and Ubuntu: apt install redis-server, macOS: brew install redis)',
    ]);
    expect(missingOf(['chromium'], {})).toEqual(['chromium is missing (Debian and Ubuntu: apt install chromium, or CHROMIUM_PATH)']);
  });

  it('is found in any folder of the PATH, under any of its names', () => {
    const other = path.join(folder, 'other');
    mkdirSync(other);
    writeFileSync(path.join(folder, 'chromium'), '', { mode: 0o644 });
    writeFileSync(path.join(other, 'google-chrome'), '', { mode: 0o755 });
    expect(findTool('chromium', { PATH: `${folder}${path.delimiter}${other}` })).toBe(path.join(other, 'google-chrome'));
    expect(missingOf(['chromium'], { PATH: other })).toEqual([]);
  });

  it('may be named by a variable', () => {
    expect(findTool('chromium', { PATH: folder, CHROMIUM_PATH: '/opt/chrome' })).toBe('/opt/chrome');
    expect(findTool('tmux', { PATH: folder, CHROMIUM_PATH: '/opt/chrome' })).toBeUndefined();
  });

  it('skips the test and leaves the reason in it, or changes nothing', () => {
    const { PATH } = process.env;
    try {
      process.env.PATH = folder;
      expect(needs('ps')).toEqual({ skip: true, meta: { missing: ['ps is missing (Debian and Ubuntu: apt install procps)'] } });
      writeFileSync(path.join(folder, 'ps'), '', { mode: 0o755 });
      expect(needs('ps')).toEqual({});
    } finally {
      process.env.PATH = PATH;
    }
  });
});
