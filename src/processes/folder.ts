/** Temporary folders that no death leaves behind. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Makes one; whoever makes it removes it. */
export function temporaryFolder(purpose: string): string {
  return mkdtempSync(path.join(tmpdir(), `sync-vs-events-${purpose}-`));
}

/** Removes a folder with everything in it. */
export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

/** Removes it when this process ends, as it does when its parent is killed. */
export function removeAtExit(folder: string): void {
  process.on('exit', () => removeFolder(folder));
}
