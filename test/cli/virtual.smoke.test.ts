/** What is computed in virtual time, as people run it: the program, its width of 80 columns, its exit code. */
import { execFileSync, spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const BIN = path.resolve(import.meta.dirname, '../../bin/sync-vs-events.js');

describe('advise, as it is run', () => {
  it('tells of checkout to move email first, on 80 columns', () => {
    const out = execFileSync(process.execPath, [BIN, 'advise'], { encoding: 'utf8', env: { ...process.env, COLUMNS: '80', LANG: 'C.UTF-8' } });
    expect(out).toMatch(/^Move email first: alone it saves \S+% of the response time at the same orders;\nat the peak its consumer needs 59 workers, and has 20\.$/m);
    expect(out).toMatch(/^payment {4}no: the reply needs it {6}- {2}leave it in the request$/m);
    expect(out).toMatch(/^email +10 +1\.05 s +650 ms +38\.1% +0% +0% +analytics$/m);
    expect(out).toMatch(/^> email moved +9\.5 +650 ms +0% +0% +1\.05 s +none$/m);
    expect(out).toContain('Simulated, not measured');
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it('refuses a scenario that there is not, before anything else', () => {
    const { status, stderr, stdout } = spawnSync(process.execPath, [BIN, 'advise', 'chekout'], { encoding: 'utf8' });
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain('did you mean checkout?');
  });
});

describe('simulate --sweep, as it is run', () => {
  it('finds the workers that keep up: 200 orders a second of 400 ms take 80', () => {
    const args = ['simulate', '-a', 'hybrid', '-c', '100', '--sweep', 'email.workers=10,20,40,80'];
    const out = execFileSync(process.execPath, [BIN, ...args], { encoding: 'utf8', env: { ...process.env, COLUMNS: '80', LANG: 'C.UTF-8' } });
    expect(out).toContain('Simulated, not measured: email.workers swept, seed 1\n\nhybrid at 100 users\n');
    expect(out).toMatch(/^ {11}10 {2}500 ms {2}500 ms +200 +0% +>= 9\.60 s +>= 10\.1 s +1,841$/m);
    expect(out).toMatch(/^ {11}80 {2}500 ms {2}500 ms +200 +0% +0 ms +900 ms +80$/m);
    expect(out).toMatch(/^Completion time p95\n10 █{48} >= 10\.1 s\n(?:.*\n){2}80 ████▎ 900 ms$/m);
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });
});
