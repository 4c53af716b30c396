/** The one place that writes reports: each format to its file or to standard output. */
import { messageOf, UserError } from '../base/errors.js';
import { nearest } from '../base/units.js';
import type { RunRecord } from '../measurement/record.js';
import { FORMATS, RUN_FORMATS, type Format } from './formats.js';
import { fileTarget, type Target } from './targets.js';

/** What the writer needs of the process. */
export interface WriterIo {
  stdout: { write(text: string): unknown };
  cwd(): string;
}

/** Outputs that have been found writable. */
export interface Outputs<T = RunRecord> {
  /** Whether one of them is standard output, which nothing else may then write to. */
  ownStdout: boolean;
  /** Names of the formats. */
  formats: ReadonlySet<string>;
  /** Writes what can be replaced later, for a run that is not over. Whatever goes wrong is reported by `write`. */
  writeFiles(reported: T): void;
  /**
   * Writes all of them; one that fails does not stop the others.
   * @throws UserError that names every output that could not be written
   */
  write(reported: T): void;
}

interface Sink<T> {
  /** As the user wrote it: `json=run.json`. */
  spec: string;
  format: Format<T>;
  target: Target;
}

/**
 * Makes sure that every output can be written, before anything is run. No existing file is changed.
 * @param specs values of `--output`: `FORMAT=PATH`, where the path `-` is standard output
 * @throws UserError for an unknown format, a path that cannot be written or is named twice
 */
export function openOutputs(specs: readonly string[], io: WriterIo): Outputs {
  return openOutputsOf(specs, io, FORMATS);
}

/** The same for what has formats of its own. */
export function openOutputsOf<T>(specs: readonly string[], io: WriterIo, formats: readonly Format<T>[]): Outputs<T> {
  const sinks = specs.map((spec) => openSink(spec, io, formats));
  for (const { spec } of sinks) {
    const same = sinks.filter((other) => pathOf(other.spec) === pathOf(spec));
    if (same.length > 1)
      throw new UserError(`--output ${spec}: ${pathOf(spec)} is named twice. Give each report its own path.`);
  }
  return {
    ownStdout: sinks.some(({ spec }) => isStdout(pathOf(spec))),
    formats: new Set(sinks.map(({ format }) => format.name)),
    writeFiles: (reported) =>
      void writeAll(
        sinks.filter(({ target, format }) => target.replaceable && !format.isLong),
        reported,
      ),
    write: (reported) => {
      const failures = writeAll(sinks, reported);
      if (failures.length > 0) throw new UserError(failures.join('\n'));
    },
  };
}

function openSink<T>(spec: string, io: WriterIo, formats: readonly Format<T>[]): Sink<T> {
  const name = spec.slice(0, Math.max(0, spec.indexOf('=')));
  const path = pathOf(spec);
  const format = formats.find((candidate) => candidate.name === name);
  if (!spec.includes('=') || path === '') {
    throw new UserError(`--output ${spec}: expected FORMAT=PATH, for example json=run.json.`);
  }
  if (!format) {
    const names = formats.map((candidate) => candidate.name);
    const near = nearest(name, names);
    const hint = near ? `Did you mean ${near}?` : `Expected one of ${names.join(', ')}.`;
    throw new UserError(`--output ${spec}: ${whyNot(name)}. ${hint}`);
  }
  if (isStdout(path))
    return { spec, format, target: { replaceable: false, write: (pieces) => writeTo(io, pieces) } };
  try {
    return { spec, format, target: fileTarget(path, io.cwd()) };
  } catch (error) {
    throw new UserError(failure(spec, error));
  }
}

/** Why a format is none of those that there are. */
function whyNot(name: string): string {
  if (FORMATS.some((format) => format.name === name)) return `"${name}" shows one run, and not this`;
  if (RUN_FORMATS.some((format) => format.name === name)) return `"${name}" is the spans of live requests: serve and bench without --compare write it, and no record keeps them`;
  return `unknown format "${name}"`;
}

function writeTo(io: WriterIo, pieces: Iterable<string>): void {
  for (const piece of pieces) io.stdout.write(piece);
}

/** @returns one sentence for each output that failed */
function writeAll<T>(sinks: readonly Sink<T>[], reported: T): string[] {
  return sinks.flatMap(({ spec, format, target }) => {
    try {
      target.write(format.pieces?.(reported) ?? [format.render(reported)]);
      return [];
    } catch (error) {
      return [failure(spec, error)];
    }
  });
}

function failure(spec: string, error: unknown): string {
  return `--output ${spec}: cannot write: ${messageOf(error)}.`;
}

function pathOf(spec: string): string {
  return spec.slice(spec.indexOf('=') + 1);
}

function isStdout(path: string): boolean {
  return path === '-' || path === '/dev/stdout';
}
