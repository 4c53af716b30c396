/** The end of a process that cannot keep its books: its parent hears why. */
import { writeSync } from 'node:fs';
import { messageOf } from '../base/errors.js';

/** What systems say, in words. */
const WORDS: Record<string, string> = { ENOSPC: 'no space is left there', EDQUOT: 'the quota is used up', EROFS: 'the file system is read-only' };

/** The sentence about a file of books that cannot be written. */
export function unwritable(file: string, error: unknown): string {
  const why = WORDS[String((error as NodeJS.ErrnoException).code)] ?? messageOf(error);
  return `The books of the trial cannot be written to ${file}: ${why}. Free some space, or name another folder for temporary files with TMPDIR.`;
}

/** Ends this process at once. What it cannot write down has not happened, and a trial of it would be judged wrongly. */
export function giveUp(sentence: string): never {
  writeSync(process.stderr.fd, `error: ${sentence}\n`);
  return process.exit(1);
}
