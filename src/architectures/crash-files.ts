/** What a server leaves behind when it is killed: files in a folder, written while things happen. */
import path from 'node:path';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { readHistory } from '../events/durable.js';
import type { HistoryEntry } from '../events/history.js';

/** Histories, as `historyFile` names them. */
const SUFFIX = '.history';

/** Its count of measured orders. */
export function countFile(folder: string): string {
  return path.join(folder, 'received');
}

/** When each request came and was replied to. */
export function requestsFile(folder: string): string {
  return path.join(folder, 'requests');
}

/** The histories of a dead server, taken out of the folder: its next life begins with none. */
export function takeHistories(folder: string): HistoryEntry[] {
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(SUFFIX)) : [];
  return files.flatMap((name) => {
    const entries = readHistory(path.join(folder, name));
    rmSync(path.join(folder, name));
    return entries;
  });
}
