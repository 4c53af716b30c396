/** Temporary folders that no death leaves behind. */
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Those that go with this process where nothing removes them before. */
const kept = new Set<string>();
let watchesExit = false;

/** Makes one; whoever makes it removes it, and the end of this process does where that comes first. */
export function temporaryFolder(purpose: string): string {
  return keep(mkdtempSync(path.join(tmpdir(), `sync-vs-events-${purpose}-`)));
}

/**
 * The name of one that child processes make (`makeFolder`) and remove at their end. Made by them and not before, it is never
 * there without somebody who removes it, also when this process is killed at that moment.
 */
export function namedFolder(purpose: string): string {
  return keep(path.join(tmpdir(), `sync-vs-events-${purpose}-${randomUUID()}`));
}

/**
 * Makes a named one, and removes it when this process ends, as it does when its parent is killed.
 * @param keeps whether it stays: it is the user's
 */
export function makeFolder(folder: string, keeps = false): void {
  mkdirSync(keeps ? folder : keep(folder), { recursive: true, mode: 0o700 });
}

/** Removes a folder with everything in it. */
export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  kept.delete(folder);
}

function keep(folder: string): string {
  if (!watchesExit) process.on('exit', () => kept.forEach(removeFolder));
  watchesExit = true;
  kept.add(folder);
  return folder;
}
