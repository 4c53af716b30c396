/** Reports as commands print them on standard output. */
import type { RunRecord } from '../measurement/record.js';
import { screenOf, type Screen } from '../report/screen.js';
import { terminalReport } from '../report/terminal.js';
import type { TwoRuns } from '../report/two-runs.js';
import { twoRunsTerminal } from '../report/two-runs-terminal.js';
import type { Io } from './io.js';

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
