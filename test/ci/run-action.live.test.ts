/** The steps of action.yml, run as a GitHub runner would; they need the built command. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync, existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const script = path.resolve(import.meta.dirname, '../../scripts/run-action.js');
const folder = mkdtempSync(path.join(os.tmpdir(), 'run-action-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(...inputs: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...inputs], { cwd: folder, encoding: 'utf8' });
  return { status, stdout, stderr };
}

describe('the action', () => {
  it('passes its inputs on, each line as one argument, and none of them is run', () => {
    const { status, stdout } = run("thresholds=sync: p95 < 9s\nhybrid: p95 < 9s; touch hacked; $(touch hacked)", 'arguments=--dry-run\n--users=7', 'folder=out put');
    expect(status).toBe(2);
    expect(stdout).toContain('output exit-code: 2');
    expect(existsSync(path.join(folder, 'hacked'))).toBe(false);
    const dry = run('thresholds=sync: p95 < 9s\n', 'arguments=--dry-run\n--users=7\n');
    expect(dry).toMatchObject({ status: 0 });
    expect(dry.stdout).toContain('hybrid at 7 users');
    expect(dry.stdout).toContain('output exit-code: 0');
  });

  it('ends with the exit code of the bench, and reports nothing that an earlier step left', () => {
    writeFileSync(path.join(folder, 'record.json'), '{}');
    const { status, stderr, stdout } = run('scenario=nowhere.yaml', 'folder=.');
    expect(status).toBe(2);
    expect(stderr).toContain('nowhere.yaml');
    expect(stdout).not.toContain('::error');
    expect(existsSync(path.join(folder, 'record.json'))).toBe(false);
  });

  it('writes its comment on a pull request, and replaces that of an earlier run; elsewhere it writes none', () => {
    const bin = path.join(folder, 'bin');
    mkdirSync(bin);
    // What would talk to GitHub writes down what it was asked; there is one comment of ours.
    writeFileSync(path.join(bin, 'gh'), '#!/bin/bash\necho "$@" >> "$GH_LOG"\n[ "$3" != --paginate ] || echo 77\n', { mode: 0o755 });
    const log = path.join(folder, 'gh.log');
    const asked = (ref: string): string => {
      writeFileSync(log, '');
      const env = { ...process.env, PATH: `${bin}:${process.env.PATH}`, GH_LOG: log, GITHUB_REF: ref, GITHUB_REPOSITORY: 'a/b' };
      const inputs = ['comment-token=secret', 'folder=commented', 'fail-on-unknown=false', 'arguments=--quick\n--users=2\n--architectures=hybrid'];
      spawnSync(process.execPath, [script, ...inputs], { cwd: folder, env, encoding: 'utf8' });
      return readFileSync(log, 'utf8');
    };
    expect(asked('refs/pull/12/merge').split('\n')).toEqual([
      expect.stringContaining('api repos/a/b/issues/12/comments --paginate'),
      'api -X PATCH repos/a/b/issues/comments/77 -F body=@commented/comment.md', '',
    ]);
    expect(readFileSync(path.join(folder, 'commented/comment.md'), 'utf8')).toMatch(/^<!-- sync-vs-events -->\n\n## checkout\n/);
    expect(asked('refs/heads/main')).toBe('');
  });

  it('refuses an input that it does not have', () => {
    const { status, stderr } = run('treshold=x');
    expect(status).toBe(1);
    expect(stderr).toContain('action.yml has no input treshold');
  });
});
