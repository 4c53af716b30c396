/**
 * A history that outlives the process that wrote it: a line for each entry, handed to the operating system before
 * `record` returns, so that SIGKILL takes nothing of it. (Not synced to the disk: a power failure may.)
 */
import { closeSync, existsSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { UserError } from '../base/errors.js';
import { giveUp, unwritable } from '../processes/give-up.js';
import { HISTORY_KINDS, type HistoryEntry } from './history.js';
import { Inbox, WaitingCount, type HistoryRecorder } from './recorder.js';

/**
 * Appends to the file, which an earlier life of the process may have begun. Blank lines mark each new life, and end
 * a line that the last one did not finish.
 * @param lost hears of an entry that cannot be written, which ends the process: its account would be wrong
 * @throws UserError when the file cannot be written to
 */
export function fileRecorder(path: string, lost: (sentence: string) => void = giveUp): HistoryRecorder {
  const file = begun(path);
  const earlier = readHistory(path);
  const waiting = new WaitingCount(earlier);
  const inbox = new Inbox();
  for (const entry of earlier) inbox.note(entry);
  return {
    expect: (consumer) => waiting.expect(consumer, earlier),
    record: (entry) => {
      try {
        append(file, lineOf(entry));
      } catch (error) {
        lost(unwritable(path, error));
      }
      waiting.count(entry);
      inbox.note(entry);
    },
    entries: () => readHistory(path),
    backlog: () => waiting.byConsumer(),
    counts: () => waiting.counts(),
    isApplied: (consumer, event) => inbox.has(consumer, event),
    close: () => closeSync(file),
  };
}

/**
 * The entries of a file. A torn line is left out where a writer died: at the end, or before a blank line.
 * @throws Error when a line in any other place cannot be read
 */
export function readHistory(path: string): HistoryEntry[] {
  const reader = new HistoryReader(path);
  return [...reader.read(), ...reader.rest()];
}

/** Bytes that are read at once: a history may be longer than a string can be. */
const PIECE = 16 * 1024 * 1024;

/** Reads a file while others write it; one that is not there yet is empty. */
export class HistoryReader {
  private readonly path: string;
  private readonly piece: number;
  private position = 0;
  private line = 0;
  /** The last line when it could not be read: the next one tells whether it may be. */
  private torn: string | undefined;

  /** @param piece bytes that are read at once */
  constructor(path: string, piece = PIECE) {
    this.path = path;
    this.piece = piece;
  }

  /** Entries of the whole lines since the last call. @throws Error when one of them cannot be read */
  read(): HistoryEntry[] {
    const entries: HistoryEntry[] = [];
    for (let size = this.piece; ; ) {
      const bytes = this.unread(size);
      const length = bytes.lastIndexOf('\n') + 1;
      this.position += length;
      const lines = length === 0 ? [] : bytes.toString('utf8', 0, length - 1).split('\n');
      for (const line of lines) {
        const entry = this.entry(line);
        if (entry) entries.push(entry);
      }
      if (bytes.length < size) return entries;
      // One line is longer than a piece.
      if (length === 0) size *= 2;
    }
  }

  /** What follows the last whole line, when it can be read. */
  rest(): HistoryEntry[] {
    const entry = entryOf(this.unread(Infinity).toString('utf8'));
    return entry ? [entry] : [];
  }

  private entry(line: string): HistoryEntry | undefined {
    if (line !== '' && this.torn !== undefined) {
      throw new Error(`${this.path}:${this.line}: not an entry of an event history: ${this.torn.slice(0, 80)}`);
    }
    this.line++;
    const entry = line === '' ? undefined : entryOf(line);
    this.torn = line === '' || entry ? undefined : line;
    return entry;
  }

  /** @param most bytes */
  private unread(most: number): Buffer {
    if (!existsSync(this.path)) return Buffer.alloc(0);
    const file = openSync(this.path, 'r');
    try {
      const bytes = Buffer.alloc(Math.min(most, fstatSync(file).size - this.position));
      return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, this.position));
    } finally {
      closeSync(file);
    }
  }
}

function begun(path: string): number {
  try {
    const file = openSync(path, 'a');
    append(file, '\n\n');
    return file;
  } catch (error) {
    throw new UserError(unwritable(path, error), { cause: error });
  }
}

/** A disk with little space takes a part of what it is given, and says nothing. */
function append(file: number, text: string): void {
  const length = Buffer.byteLength(text);
  const written = writeSync(file, text);
  if (written < length) writeSync(file, Buffer.from(text).subarray(written));
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
