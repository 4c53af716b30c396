/**
 * A history that outlives the process that wrote it: a line for each entry, handed to the operating system before
 * `record` returns, so that SIGKILL takes nothing of it. (Not synced to the disk: a power failure may.)
 */
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { HISTORY_KINDS, type HistoryEntry } from './history.js';
import { Inbox, WaitingCount, type HistoryRecorder } from './recorder.js';

/**
 * Appends to the file, which an earlier life of the process may have begun. Blank lines mark each new life, and end
 * a line that the last one did not finish.
 */
export function fileRecorder(path: string): HistoryRecorder {
  const file = openSync(path, 'a');
  writeSync(file, '\n\n');
  const earlier = readHistory(path);
  const waiting = new WaitingCount();
  const inbox = new Inbox();
  for (const entry of earlier) inbox.note(entry);
  return {
    expect: (consumer) => waiting.expect(consumer, earlier),
    record: (entry) => {
      writeSync(file, lineOf(entry));
      waiting.count(entry);
      inbox.note(entry);
    },
    entries: () => readHistory(path),
    backlog: () => waiting.byConsumer(),
    isApplied: (consumer, event) => inbox.has(consumer, event),
    close: () => closeSync(file),
  };
}

/**
 * The entries of a file. A torn line is left out where a writer died: at the end, or before a blank line.
 * @throws Error when a line in any other place cannot be read
 */
export function readHistory(path: string): HistoryEntry[] {
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.flatMap((line, i) => {
    if (line === '') return [];
    const entry = entryOf(line);
    if (entry) return [entry];
    if ((lines[i + 1] ?? '') === '') return [];
    throw new Error(`${path}:${i + 1}: not an entry of an event history: ${line.slice(0, 80)}`);
  });
}

function lineOf({ kind, event, request, sequence, consumer, at }: HistoryEntry): string {
  return `${JSON.stringify([HISTORY_KINDS.indexOf(kind), event, request, sequence, consumer, at])}\n`;
}

function entryOf(line: string): HistoryEntry | undefined {
  const fields = fieldsOf(line);
  if (!fields) return undefined;
  const [position, event, request, sequence, consumer, at] = fields;
  const kind = HISTORY_KINDS[position];
  return kind && { kind, event, request, sequence, consumer, at };
}

type Fields = [kind: number, event: string, request: number, sequence: number, consumer: string, at: number];

/** A torn line never closes its bracket, so that what parses is whole. */
function fieldsOf(line: string): Fields | undefined {
  try {
    const fields: unknown = JSON.parse(line);
    return Array.isArray(fields) && fields.length === 6 ? (fields as Fields) : undefined;
  } catch {
    return undefined;
  }
}
