/** What `bench` and `simulate` have in common when a run is over: what is told of it, and where it is written. */
import type { RunRecord } from '../measurement/record.js';
import { formatLoad, oneLine } from '../report/format.js';
import type { Outputs } from '../report/writer.js';
import { exitCodeOf } from './exit-codes.js';
import { showOnGithub } from './github.js';
import type { Io } from './io.js';
import type { BenchOptions } from './prepare.js';
import { printReport } from './print.js';

/** Prints a run that is over, and writes what it is to be written to. Returns the exit code. */
export function tell(record: RunRecord, options: Pick<BenchOptions, 'quiet' | 'color' | 'github' | 'output'>, outputs: Outputs, io: Io): number {
  // Told before it is written: a disk that is full by now takes no result away.
  if (!options.quiet && !outputs.ownStdout) printReport(record, options, io);
  else sayErrors(record, io);
  showOnGithub(record, options, io);
  io.deliver?.(record);
  outputs.write(record);
  return exitCodeOf(record);
}

/** Where no report is printed: why trials have no numbers, each reason once. */
function sayErrors({ trials }: RunRecord, io: Io): void {
  const sentences = trials.flatMap((trial) => (trial.state === 'errored' ? [`${trial.subject} at ${formatLoad(trial.load)}: ${trial.message}`] : []));
  for (const sentence of new Set(sentences)) io.stderr.write(`error: ${oneLine(sentence)}\n`);
}
