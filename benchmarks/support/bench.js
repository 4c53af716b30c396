/** Runs the command as a user does, and reads its record. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The command of a checkout that was built. */
export function commandOf(checkout) {
  return path.resolve(checkout, 'bin/sync-vs-events.js');
}

export const COMMAND = commandOf(fileURLToPath(new URL('../..', import.meta.url)));

/** A scenario beside the benches. */
export function scenarioFile(name) {
  return fileURLToPath(new URL(`../${name}`, import.meta.url));
}

/**
 * The record of a run of `bench` or `capacity`.
 * @param how.env beside the environment of this process
 * @param how.command in place of that of this checkout
 * @throws Error when it could not run
 */
export async function recordOf(args, { env = {}, command = COMMAND } = {}) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'sync-vs-events-'));
  const file = path.join(folder, 'record.json');
  try {
    const child = spawn(process.execPath, [command, ...args, '--no-progress', '--quiet', '-o', `json=${file}`], { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, ...env } });
    const code = await new Promise((resolve) => child.on('close', resolve));
    if (code !== 0 && code !== 1 && code !== 3) throw new Error(`sync-vs-events ${args.join(' ')} ended with code ${code}`);
    return JSON.parse(readFileSync(file, 'utf8'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
