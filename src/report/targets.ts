/** Where a report goes: tried before anything is run, so that no result is lost to a mistyped path. */
import { randomUUID } from 'node:crypto';
import * as fs from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { isatty } from 'node:tty';
import { messageOf } from '../base/errors.js';

/** Something that takes a whole text, in pieces. */
export interface Target {
  /** Whether writing again replaces what was written before. */
  replaceable: boolean;
  /** @throws Error with a sentence for the user */
  write(pieces: Iterable<string>): void;
}

/**
 * A file that is written as a whole or not at all: what is there stays until then. A device or pipe is written to as
 * it is.
 * @param path as the user wrote it
 * @throws Error with a sentence for the user, when it cannot be written
 */
export function fileTarget(path: string, cwd: string): Target {
  return orReason(path, () => {
    const full = realPath(resolve(cwd, path));
    const stats = fs.statSync(full, { throwIfNoEntry: false });
    if (stats?.isDirectory()) throw new Error('this is a folder: name a file in it');
    if (stats && !stats.isFile()) return deviceTarget(path, full, stats);
    if (stats) mustBeWritable(full, stats);
    replace(full, stats?.mode, ['tried']).undo();
    const write = (pieces: Iterable<string>): void => replace(full, stats?.mode, pieces).finish();
    return { replaceable: true, write: (pieces) => orReason(path, () => write(pieces)) };
  });
}

function deviceTarget(path: string, full: string, stats: fs.Stats): Target {
  // A pipe that nobody reads would wait for ever; this open fails instead.
  const descriptor = fs.openSync(full, fs.constants.O_WRONLY | fs.constants.O_NONBLOCK);
  // Only a write tells that a device like /dev/full takes nothing; a terminal or a pipe would show it.
  if (stats.isCharacterDevice() && !isatty(descriptor)) fs.writeSync(descriptor, '\n');
  fs.closeSync(descriptor);
  return { replaceable: false, write: (pieces) => orReason(path, () => writePieces(full, 'w', pieces)) };
}

function mustBeWritable(full: string, stats: fs.Stats): void {
  // The superuser may write to a file that says otherwise; whoever made it read-only meant it.
  if ((stats.mode & 0o222) === 0) throw new Error('this file is read-only');
  fs.accessSync(full, fs.constants.W_OK);
}

/** Writes beside the file; `finish` puts it in the file's place, `undo` removes it. */
function replace(full: string, mode: number | undefined, pieces: Iterable<string>): { finish(): void; undo(): void } {
  const beside = join(dirname(full), `.${basename(full).slice(0, 100)}.${randomUUID().slice(0, 8)}.tmp`);
  const undo = (): void => fs.rmSync(beside, { force: true });
  try {
    writePieces(beside, 'wx', pieces);
    if (mode !== undefined) fs.chmodSync(beside, mode);
  } catch (error) {
    undo();
    throw error;
  }
  return { finish: () => fs.renameSync(beside, full), undo };
}

function writePieces(path: string, flag: 'w' | 'wx', pieces: Iterable<string>): void {
  const descriptor = fs.openSync(path, flag);
  try {
    for (const piece of pieces) fs.writeFileSync(descriptor, piece);
  } finally {
    fs.closeSync(descriptor);
  }
}

/** Where a chain of links ends; the path itself where nothing is there yet. */
function realPath(path: string): string {
  try {
    return fs.realpathSync(path);
  } catch {
    return path;
  }
}

const REASONS: Record<string, (path: string) => string> = {
  ENOENT: (path) => (fs.existsSync(dirname(path)) ? `no file can be made in ${dirname(path)}` : `the folder ${dirname(path)} does not exist: create it first`),
  ENOTDIR: (path) => `${dirname(path)} is not a folder`,
  EACCES: () => 'permission denied',
  EPERM: () => 'permission denied',
  EROFS: () => 'the file system is read-only',
  ENOSPC: () => 'no space is left there',
  ENXIO: () => 'nobody reads from this pipe',
  ENAMETOOLONG: () => 'the name is too long',
};

function orReason<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    const reason = REASONS[(error as NodeJS.ErrnoException).code ?? '']?.(path) ?? messageOf(error);
    throw new Error(reason, { cause: error });
  }
}
