import type { AdviceDocument } from '../advice/document.js';
import { UserError } from '../base/errors.js';
import type { RunRecord } from '../measurement/record.js';

/** The part of `process` that the command line uses: a parameter, so that whole commands run inside a test. */
export interface Io {
  argv: string[];
  env: NodeJS.ProcessEnv;
  stdin?: NodeJS.ReadableStream & { isTTY?: boolean };
  stdout: Output;
  stderr: Output;
  cwd(): string;
  on(signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP', listener: () => void): unknown;
  /** Ends the process at once. */
  exit?(code: number): unknown;
  /** Scenarios that a program made, by the names that they go by here, as JSON. */
  given?: Map<string, string>;
  /** Gets what a command found, beside what it prints and writes. */
  deliver?(found: RunRecord | AdviceDocument): void;
  /** What stands for the machine's calendar and clock in a test. */
  time?: Time;
}

/** The moment of a run for its record, and milliseconds for what is told while it runs. */
export interface Time {
  date: () => Date;
  now: () => number;
}

const MACHINE: Time = { date: () => new Date(), now: () => performance.now() };

/** The time that commands go by. */
export function timeOf({ time = MACHINE }: Pick<Io, 'time'>): Time {
  return time;
}

/** A stream to print on. */
export interface Output {
  /** @param done called when it is written, or cannot be, by what has `on` as well */
  write(text: string, done?: (error?: NodeJS.ErrnoException | null) => void): unknown;
  on?(event: 'error', listener: (error: NodeJS.ErrnoException) => void): unknown;
  isTTY?: boolean;
  columns?: number;
  rows?: number;
}

/** Outputs whose text is all that a command was asked for. */
const ASKED_FOR = new WeakSet<Output>();

/** Readers that have gone away, or a terminal that has. */
const GONE = new Set(['EPIPE', 'EIO']);

/**
 * Whoever read what is printed may go away (`bench 2>&1 | head -1`), and the disk that it goes to may be full: the run goes on
 * without them, and its files are written. That something was lost is said where it still can be.
 */
export function outliveReaders({ stdout, stderr }: Pick<Io, 'stdout' | 'stderr'>): void {
  let isTold = false;
  stderr.on?.('error', () => {});
  stdout.on?.('error', ({ code = '', message }) => {
    if (!GONE.has(code) && !isTold && !ASKED_FOR.has(stdout)) stderr.write(`warning: standard output cannot be written: ${message}\n`);
    isTold = true;
  });
}

/**
 * Prints the text that a command was asked for: nothing else keeps it, so that a disk that is full is no warning here.
 * @throws UserError where it cannot be written; a reader that has gone away wanted no more
 */
export async function printAskedFor(text: string, { stdout }: Pick<Io, 'stdout'>): Promise<void> {
  if (!stdout.on) return void stdout.write(text);
  ASKED_FOR.add(stdout);
  const failure = await new Promise<NodeJS.ErrnoException | null | undefined>((resolve) => stdout.write(text, resolve));
  if (failure && !GONE.has(failure.code ?? '')) throw new UserError(`standard output cannot be written: ${failure.message}. Free some space, or send it elsewhere.`);
}
