import type { RunRecord } from '../measurement/record.js';

/** What the shell is told. */
export const EXIT = {
  passed: 0,
  /** A threshold or comparison failed. */
  failed: 1,
  /** Could not run: usage, scenario, port, a process that died. */
  couldNotRun: 2,
  /** Measured, but a check is unknown or the measurement invalid. */
  unknown: 3,
  interrupted: 130,
} as const;

/** The exit code of a finished run: what stopped it outweighs what it found. */
export function exitCodeOf(record: RunRecord): number {
  // Ended by a limit that said so, it has its verdict.
  if (record.trials.some((trial) => 'hopeless' in trial)) return record.verdict === 'fail' ? EXIT.failed : EXIT.unknown;
  const states = new Set(record.trials.map((trial) => trial.state));
  if (states.has('aborted') || record.trials.length < record.plan.trials.length) return EXIT.interrupted;
  if (states.has('errored')) return EXIT.couldNotRun;
  if (record.verdict === 'fail') return EXIT.failed;
  return record.verdict === 'pass' ? EXIT.passed : EXIT.unknown;
}
