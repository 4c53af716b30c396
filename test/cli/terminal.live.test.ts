/** A whole bench in a real terminal: the line while it runs, the report when it is over. */
import { execFileSync, spawnSync } from 'node:child_process';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { needs } from '../support/needs.js';

const BINARY = path.resolve(import.meta.dirname, '../../bin/sync-vs-events.js');
const BENCH = `${process.execPath} ${BINARY} bench checkout -a sync,hybrid -c 3 --warmup 300ms -d 1500ms`;

/** A server of tmux that is this test's alone. */
let socket = '';
beforeEach(() => void (socket = `sync-vs-events-${process.pid}-${Date.now()}`));
afterEach(() => void spawnSync('tmux', ['-L', socket, 'kill-server']));

function tmux(...args: string[]): string {
  const env = { ...process.env, LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8', CI: '', GITHUB_ACTIONS: '' };
  return execFileSync('tmux', ['-L', socket, ...args], { encoding: 'utf8', env });
}

/** What the screen and what has left it at the top show; with `-e` as it was coloured. */
function shown(...options: string[]): string {
  return tmux('capture-pane', '-p', '-S', '-200', '-t', 'bench', ...options);
}

describe('bench in a terminal', needs('tmux'), () => {
  it('of 80 columns shows what is predicted, in place what is measured, where it is on one line, then reports', { timeout: 60_000 }, async () => {
    const columns = 80;
    tmux('new-session', '-d', '-s', 'bench', '-x', String(columns), '-y', '50', `${BENCH}; sleep 30`);
    await expect.poll(() => shown(), { timeout: 20_000, interval: 100 }).toMatch(/sync +(?:predicted|measuring) .*\n +hybrid +predicted /);
    // The line of a moment: it is written over by the next.
    await expect.poll(() => shown(), { timeout: 20_000, interval: 100 }).toMatch(/[12]\/2 (?:sync|hybrid) at 3 users {2}measuring .*ok\/s.* left/);
    await expect.poll(() => shown(), { timeout: 30_000 }).toContain('Repeat with');
    const lines = shown('-J').trimEnd().split('\n');
    expect(lines[0]).toMatch(/^checkout - /);
    expect(lines.filter((line) => /measuring|(?:sync|hybrid) +predicted/.test(line))).toEqual([]);
    expect(Math.max(...lines.filter((line) => !line.includes('bench checkout')).map((line) => line.length))).toBeLessThanOrEqual(columns);
    expect(lines.some((line) => /^ +3 {2}sync .* s /.test(line))).toBe(true);
    // oxlint-disable-next-line no-control-regex
    expect(shown('-e')).toMatch(/\u001b\[1m/);
  });
});
