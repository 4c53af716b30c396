import type { ChildProcess } from 'node:child_process';
import type { MeasuredTrial, RunRecord } from '../../src/measurement/record.js';

/** A command that runs. */
export interface Command {
  process: ChildProcess;
  /** What it has said so far, on both streams. */
  said(): string;
  /** Resolves with what a pattern finds in it, once it does. @throws Error when the command ends before */
  says(pattern: RegExp): Promise<string>;
  ended: Promise<number | null>;
}

export class Commands {
  /** Where they run. */
  readonly folder: string;
  /** Starts this program. */
  start(...args: string[]): Command;
  startProgram(program: string, args: readonly string[]): Command;
  /** Runs this program to its end. */
  run(...args: string[]): Promise<{ code: number | null; said: string }>;
  /** `collect`, and the trial of its record, which is in `run.json`. */
  collected(folder: string): Promise<{ code: number | null; trial: MeasuredTrial; record: RunRecord }>;
  /** Ends what still runs, and removes the folder. */
  end(): Promise<void>;
}
