/** What commands print on standard output: reports, and what is told of a run that is over. */
import type { RunRecord } from '../measurement/record.js';
import { formatLoad, oneLine } from '../report/format.js';
import { type Screen, screenOf } from '../report/screen.js';
import { terminalReport, twoRunsTerminal } from '../report/terminal.js';
import type { TwoRuns } from '../report/two-runs.js';
import type { Outputs } from '../report/writer.js';
import { exitCodeOf } from './exit-codes.js';
import { showOnGithub } from './github.js';
import type { Io } from './io.js';
import type { BenchOptions } from './prepare.js';

/** The screen that stdout is; without colours when none are wanted. */
export function screenFor({ color }: { color: boolean }, io: Io): Screen {
  return screenOf(io.stdout, color ? io.env : { ...io.env, NO_COLOR: '1', FORCE_COLOR: undefined });
}

/** Prints the report for the screen that stdout is. */
export function printReport(record: RunRecord, options: { color: boolean }, io: Io): void {
  io.stdout.write(terminalReport(record, screenFor(options, io)));
}

/** The same for two runs side by side. */
export function printTwoRuns(runs: TwoRuns, options: { color: boolean }, io: Io): void {
  io.stdout.write(twoRunsTerminal(runs, screenFor(options, io)));
}

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
