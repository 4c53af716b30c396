/** The one place that writes reports: each format to its file or to standard output. */
import { messageOf, UserError } from '../base/errors.js';
import { nearest } from '../base/units.js';
import type { RunRecord } from '../measurement/record.js';
import { FORMATS, type Format } from './formats.js';
import { fileTarget, type Target } from './targets.js';

/** What the writer needs of the process. */
export interface WriterIo {
  stdout: { write(text: string): unknown };
  cwd(): string;
}

/** Outputs that have been found writable. */
export interface Outputs {
  /** Whether one of them is standard output, which nothing else may then write to. */
  ownStdout: boolean;
  /** Writes what can be replaced later, for a run that is not over. Whatever goes wrong is reported by `write`. */
  writeFiles(record: RunRecord): void;
  /**
   * Writes all of them; one that fails does not stop the others.
   * @throws UserError that names every output that could not be written
   */
  write(record: RunRecord): void;
}

interface Sink {
  /** As the user wrote it: `json=run.json`. */
  spec: string;
  format: Format;
  target: Target;
}

/**
 * Makes sure that every output can be written, before anything is run. No existing file is changed.
 * @param specs values of `--output`: `FORMAT=PATH`, where the path `-` is standard output
 * @throws UserError for an unknown format, a path that cannot be written or is named twice
 */
export function openOutputs(specs: readonly string[], io: WriterIo): Outputs {
  const sinks = specs.map((spec) => openSink(spec, io));
  for (const { spec } of sinks) {
    const same = sinks.filter((other) => pathOf(other.spec) === pathOf(spec));
    if (same.length > 1)
      throw new UserError(`--output ${spec}: ${pathOf(spec)} is named twice. Give each report its own path.`);
  }
  return {
    ownStdout: sinks.some(({ spec }) => isStdout(pathOf(spec))),
    writeFiles: (record) =>
      void writeAll(
        sinks.filter(({ target }) => target.replaceable),
        record,
      ),
    write: (record) => {
      const failures = writeAll(sinks, record);
      if (failures.length > 0) throw new UserError(failures.join('\n'));
    },
  };
}

function openSink(spec: string, io: WriterIo): Sink {
  const name = spec.slice(0, Math.max(0, spec.indexOf('=')));
  const path = pathOf(spec);
  const format = FORMATS.find((candidate) => candidate.name === name);
  if (!spec.includes('=') || path === '') {
    throw new UserError(`--output ${spec}: expected FORMAT=PATH, for example json=run.json.`);
  }
  if (!format) {
    const names = FORMATS.map((candidate) => candidate.name);
    const near = nearest(name, names);
    const hint = near ? `Did you mean ${near}?` : `Expected one of ${names.join(', ')}.`;
    throw new UserError(`--output ${spec}: unknown format "${name}". ${hint}`);
  }
  if (isStdout(path))
    return { spec, format, target: { replaceable: false, write: (text) => void io.stdout.write(text) } };
  try {
    return { spec, format, target: fileTarget(path, io.cwd()) };
  } catch (error) {
    throw new UserError(failure(spec, error));
  }
}

/** @returns one sentence for each output that failed */
function writeAll(sinks: readonly Sink[], record: RunRecord): string[] {
  return sinks.flatMap(({ spec, format, target }) => {
    try {
      target.write(format.render(record));
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
