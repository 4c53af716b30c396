/** `report`: the report of a saved record again, or of two side by side. */
import path from 'node:path';
import { rejudged, thresholdsOn } from '../experiment/record.js';
import { parseRecord } from '../measurement/readRecord.js';
import type { RunRecord } from '../measurement/record.js';
import { TWO_RUN_FORMATS } from '../report/formats.js';
import type { NamedRun } from '../report/two-runs.js';
import { openOutputs, openOutputsOf } from '../report/writer.js';
import { compareRecords } from '../verdict/records/compare.js';
import { doubtfulLimits } from '../verdict/thresholds.js';
import { EXIT, exitCodeOf } from './exit-codes.js';
import type { Io } from './io.js';
import { printReport, printTwoRuns } from './print.js';
import { readBytes } from './files.js';

/**
 * Draws a saved record on the screen, or writes it where `--output` says; judged anew where there are thresholds.
 * @returns the exit code: with thresholds what they say
 * @throws UserError when it cannot be read, is no record, or an output cannot be written
 */
export function report(file: string, options: { output?: string[]; threshold?: string[]; color: boolean }, io: Io): number {
  const saved = readRecord(file, io);
  for (const doubt of options.threshold ? doubtfulLimits(thresholdsOn(saved, options.threshold)) : []) io.stderr.write(`warning: ${doubt}\n`);
  const record = options.threshold ? rejudged(saved, options.threshold) : saved;
  if (options.output) openOutputs(options.output, io).write(record);
  else printReport(record, options, io);
  return options.threshold ? exitCodeOf(record) : EXIT.passed;
}

/**
 * The same of two records side by side. Nothing is judged: that is what `compare` is for.
 * @throws UserError when one cannot be read, or an output cannot be written
 */
export function reportTwo(fileA: string, fileB: string, options: { output?: string[]; color: boolean }, io: Io): void {
  const [a, b] = [fileA, fileB].map((name) => ({ name, record: readRecord(name, io) })) as [NamedRun, NamedRun];
  const runs = { a, b, compared: compareRecords(a.record, b.record) };
  if (!options.output) return printTwoRuns(runs, options, io);
  openOutputsOf(options.output, io, TWO_RUN_FORMATS).write(runs);
}

/** A saved record. @throws UserError when it cannot be read or is none */
export function readRecord(file: string, io: Pick<Io, 'cwd'>): RunRecord {
  return parseRecord(readBytes(path.resolve(io.cwd(), file), file), file);
}
