/** Stacks of the bundle, as the command runs it: they name the line of `src` that failed. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { BUILD } from '../../src/base/build.js';
import { sourceStack } from '../../src/cli/source-stack.js';

/** The command, whose every result is refused by who reads it. */
const BROKEN = `
  const { main } = await import(${JSON.stringify(new URL('bundle/main.js', BUILD).href)});
  const stdout = { write: () => { throw new TypeError('broken'); }, on() {} };
  const { argv, env, stderr } = process;
  process.exitCode = await main({ argv, env, stdout, stderr, cwd: process.cwd, on() {} });`;

describe('a stack of the bundle', () => {
  it('names the lines of the source', () => {
    const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', BROKEN, '--', 'sync-vs-events', 'scenarios'], { encoding: 'utf8' });
    const frames = [...stderr.matchAll(/ {4}at .*?(file:\S+\/src\/cli\/([\w-]+\.ts)):(\d+):(\d+)/g)];
    expect(frames.map(([, , name]) => name)).toEqual(expect.arrayContaining(['scenarios.ts', 'program.ts', 'main.ts']));
    const [, file = '', , line, column] = frames.find(([, , name]) => name === 'scenarios.ts')!;
    const failed = readFileSync(fileURLToPath(file), 'utf8').split('\n')[Number(line) - 1];
    expect(failed?.slice(Number(column) - 1)).toMatch(/^(io\.stdout\.)?write\(/);
    expect(stderr).not.toContain('dist/bundle');
    expect(status).toBe(2);
  });

  it('stays as it is where nothing is known of a place', () => {
    const stack = `Error: broken\n    at run (${new URL('bundle/gone.js', BUILD).href}:1:2)\n    at file:///elsewhere/a.js:3:4\n    at node:internal/a:5:6`;
    expect(sourceStack(stack)).toBe(stack);
  });
});
