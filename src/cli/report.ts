/** `report`: the report of a saved record again. */
import path from 'node:path';
import { parseRecord } from '../measurement/readRecord.js';
import type { RunRecord } from '../measurement/record.js';
import { openOutputs } from '../report/writer.js';
import type { Io } from './io.js';
import { printReport } from './print.js';
import { readText } from './scenario.js';

/**
 * Draws a saved record on the screen, or writes it where `--output` says.
 * @throws UserError when it cannot be read, is no record, or an output cannot be written
 */
export function report(file: string, options: { output?: string[]; color: boolean }, io: Io): void {
  const record = readRecord(file, io);
  if (!options.output) return printReport(record, options, io);
  openOutputs(options.output, io).write(record);
}

/** A saved record. @throws UserError when it cannot be read or is none */
export function readRecord(file: string, io: Pick<Io, 'cwd'>): RunRecord {
  return parseRecord(readText(path.resolve(io.cwd(), file), file), file);
}
