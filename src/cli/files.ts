/** Files that commands read and write by themselves, with a sentence where one cannot be. */
import { closeSync, existsSync, lstatSync, mkdirSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import path from 'node:path';
import { messageOf, UserError } from '../base/errors.js';
import { fileTarget } from '../report/targets.js';
import type { Io } from './io.js';

const MIB = 1024 * 1024;
/** Far more than any scenario needs: what is larger was not meant. */
const MOST_TEXT = 16 * MIB;
/** Of the samples that a scenario names: k6 writes 1.5 KiB of each request. A text can be no longer than twice that. */
export const MOST_DATA = 256 * MIB;
/** Read at once, bytes. */
const CHUNK = 256 * MIB;

/**
 * A text file.
 * @param shown its name for the error
 * @param most longest that it may be, bytes
 * @throws UserError when it cannot be read
 */
export function readText(file: string, shown: string, most = MOST_TEXT): string {
  return orRefused(shown, () => {
    if (statSync(file).size > most) throw new Error(`it is larger than ${most / MIB} MiB`);
    return readFileSync(file, 'utf8');
  });
}

/** The bytes of a file, however many. @throws UserError when it cannot be read */
export function readBytes(file: string, shown: string): Buffer {
  return orRefused(shown, () => {
    const { size } = statSync(file);
    // A pipe has no size.
    if (size < CHUNK) return readFileSync(file);
    const bytes = Buffer.allocUnsafe(size);
    const descriptor = openSync(file, 'r');
    try {
      let read = 0;
      for (let got = -1; got !== 0 && read < size; read += got) got = readSync(descriptor, bytes, read, Math.min(CHUNK, size - read), null);
      return bytes.subarray(0, read);
    } finally {
      closeSync(descriptor);
    }
  });
}

const UNREADABLE: Record<string, string> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EISDIR: 'this is a folder: name a file in it',
  EACCES: 'it cannot be read: permission denied',
};

function orRefused<T>(shown: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const reason = UNREADABLE[(error as NodeJS.ErrnoException).code ?? ''] ?? `cannot be read: ${messageOf(error)}`;
    throw new UserError(`${shown}: ${reason}.`);
  }
}

/**
 * Writes files, all of them as wholes or none. Folders on the way to them are made.
 * @param files texts by the names that the user knows them by
 * @throws UserError when one is there already and may not be written over, or cannot be written
 */
export function writeNew(files: Readonly<Record<string, string>>, { force }: { force: boolean }, io: Pick<Io, 'cwd'>): void {
  const opened = Object.entries(files).map(([name, text]) => {
    orUnwritten(name, () => makeFolder(path.dirname(name), io.cwd()));
    const there = lstatSync(path.resolve(io.cwd(), name), { throwIfNoEntry: false });
    if (there && !there.isDirectory() && !force) throw new UserError(`${name} exists already: --force writes over it.`);
    return { name, text, target: orUnwritten(name, () => fileTarget(name, io.cwd())) };
  });
  for (const { name, text, target } of opened) orUnwritten(name, () => target.write([text]));
}

/**
 * Makes the folder that a file is to lie in, and those on the way to it. One by one: asked for all of them, Node tries again
 * and again where the file system lets nobody make one, as in /proc.
 * @throws Error with a sentence for the user
 */
function makeFolder(folder: string, cwd: string): void {
  const full = path.resolve(cwd, folder);
  if (existsSync(full)) {
    if (!statSync(full).isDirectory()) throw new Error(`${folder} is not a folder`);
    return;
  }
  makeFolder(path.dirname(folder), cwd);
  try {
    mkdirSync(full);
  } catch (error) {
    throw new Error(`the folder ${folder} cannot be made there`, { cause: error });
  }
}

function orUnwritten<T>(name: string, write: () => T): T {
  try {
    return write();
  } catch (error) {
    throw new UserError(`${name}: cannot be written: ${messageOf(error)}.`);
  }
}
