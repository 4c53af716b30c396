/** What the real binary shows of a run on GitHub Actions. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { jsonReport } from '../../src/report/formats.js';
import { measured } from '../support/measured.js';
import { checkout } from '../support/record.js';
import { saved } from '../verdict/records/saved.js';

const BINARY = path.resolve(import.meta.dirname, '../../bin/sync-vs-events.js');
const MIB = 1024 * 1024;
const HOSTILE = 'a|b`<script>alert(1)</script>\n::error::injected\r\n%0A::stop-commands::x';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'sync-vs-events-github-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A run of some subjects, each request of which took so long, ms. */
function save(name: string, ms: number, subjects: readonly string[] = [HOSTILE]): void {
  const scenario = checkout({ name: HOSTILE, title: HOSTILE });
  const trials = subjects.map((subject) => measured({ subject, ms }));
  writeFileSync(path.join(folder, name), jsonReport(saved(trials, { scenario, startedAt: `2026-03-01T09:00:00.${ms}Z` })));
}

/** Compares two saved runs as a step of a GitHub job would. */
function compare(args: string[] = [], env: NodeJS.ProcessEnv = {}) {
  const summary = path.join(folder, 'summary');
  const { status, stdout, stderr } = spawnSync(process.execPath, [BINARY, 'compare', 'base.json', 'head.json', ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary, ...env },
  });
  return { status, stdout, stderr, summary: existsSync(summary) ? readFileSync(summary, 'utf8') : null };
}

const commands = (text: string): string[] => text.split(/[\n\r\u2028]/).filter((line) => line.trimStart().startsWith('::'));

describe('on GitHub Actions', () => {
  it('the summary is written and what did not pass is annotated, and no name gets out of its place', () => {
    save('base.json', 100);
    save('head.json', 200);
    const { status, stdout, stderr, summary } = compare();
    expect(status).toBe(1);
    expect(commands(stdout)).toEqual([]);
    expect(commands(stderr).length).toBeGreaterThan(1);
    expect(stderr.trimEnd().split('\n')).toEqual(commands(stderr));
    for (const line of commands(stderr)) expect(line).toMatch(/^::(error|warning) title=[^:,\n]*::[^\n]*a\|b`|^::(error|warning) title=a\|b`/);
    expect(stderr).toContain('%250A%3A%3Astop-commands');
    expect(summary).toMatch(/^## a\\\|b\\`&lt;script&gt;/);
    expect(summary).not.toContain('<script>');
    expect(summary).toContain('**FAIL: ');
    expect(commands(summary ?? '')).toEqual([]);
  });

  it('no more annotations are printed than GitHub shows', () => {
    const subjects = Array.from({ length: 12 }, (_, i) => `design${i}`);
    save('base.json', 100, subjects);
    save('head.json', 200, subjects);
    const { stderr } = compare();
    expect(commands(stderr)).toHaveLength(10);
    expect(commands(stderr)[9]).toMatch(/::\d+ more did not pass: see the summary of the job$/);
  });

  it('the summary is added to what is there, and cut to what is left of 1 MiB', () => {
    save('base.json', 100);
    save('head.json', 200);
    const full = Buffer.byteLength(compare().summary ?? '');
    const before = 'x'.repeat(MIB - full + 100);
    writeFileSync(path.join(folder, 'summary'), before);
    const { summary } = compare();
    expect(summary?.startsWith(before)).toBe(true);
    expect(Buffer.byteLength(summary ?? '')).toBeLessThanOrEqual(MIB);
    expect(summary).toMatch(/This summary was cut: GitHub takes 1 MiB of a step\.\*\n$/);
    expect(Buffer.byteLength(compare().summary ?? '')).toBeLessThanOrEqual(MIB);
  });

  it('--no-github leaves both out, and so does another machine', () => {
    save('base.json', 100);
    save('head.json', 200);
    expect(compare(['--no-github'])).toMatchObject({ status: 1, stderr: '', summary: null });
    expect(compare([], { GITHUB_ACTIONS: undefined })).toMatchObject({ status: 1, stderr: '', summary: null });
  });

  it('what is asked for with -o is not written twice', () => {
    save('base.json', 100);
    save('head.json', 200);
    const { stdout, stderr, summary } = compare(['-o', 'summary=own.md', '-o', 'annotations=-']);
    expect({ stderr, summary }).toEqual({ stderr: '', summary: null });
    expect(commands(stdout).length).toBeGreaterThan(1);
  });

  it('a summary that cannot be written is told, and the verdict stays', () => {
    save('base.json', 100);
    save('head.json', 100.5);
    const { status, stderr } = compare([], { GITHUB_STEP_SUMMARY: path.join(folder, 'no/such/folder') });
    expect(status).toBe(0);
    expect(stderr).toContain('warning: the summary of the step cannot be written: ENOENT');
  });

  it('a bench shows itself as well', () => {
    writeFileSync(path.join(folder, 'shop.yaml'), `title: 'a|b\`<script>alert(1)</script> %0A::error::x'\nservices: { pay: 5ms }\nsteps: [pay!]\n`);
    const summary = path.join(folder, 'summary');
    const args = ['bench', 'shop.yaml', '-a', 'sync', '-c', '2', '-d', '500ms', '--warmup', '100ms', '--threshold', 'sync: p50 < 1ms', '--quiet', '--no-progress'];
    const { status, stdout, stderr } = spawnSync(process.execPath, [BINARY, ...args], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary },
    });
    // On a machine that others use too the trial may not be valid: then the check is unknown.
    expect([1, 3]).toContain(status);
    expect(stdout).toBe('');
    expect(commands(stderr)[0]).toMatch(/^::(error|warning) title=sync%3A p50 < 1ms::(fail|unknown): at 2 users/);
    expect(readFileSync(summary, 'utf8')).toContain('&lt;script&gt;');
    expect(readFileSync(summary, 'utf8')).not.toContain('<script>');
  });
});
