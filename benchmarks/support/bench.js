/** Runs the command as a user does, and reads its record. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const COMMAND = fileURLToPath(new URL('../../bin/sync-vs-events.js', import.meta.url));

/** A scenario beside the benches. */
export function scenarioFile(name) {
  return fileURLToPath(new URL(`../${name}`, import.meta.url));
}

/**
 * The record of a run of `bench` or `capacity`.
 * @param env beside the environment of this process
 * @throws Error when it could not run
 */
export async function recordOf(args, env = {}) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'sync-vs-events-'));
  const file = path.join(folder, 'record.json');
  try {
    const child = spawn(process.execPath, [COMMAND, ...args, '--no-progress', '--quiet', '-o', `json=${file}`], { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, ...env } });
    const code = await new Promise((resolve) => child.on('close', resolve));
    if (code !== 0 && code !== 1 && code !== 3) throw new Error(`sync-vs-events ${args.join(' ')} ended with code ${code}`);
    return JSON.parse(readFileSync(file, 'utf8'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
