/** On GitHub Actions a run shows itself: the summary of the step, and annotations for what did not pass. */
import { appendFileSync, statSync } from 'node:fs';
import { messageOf } from '../base/errors.js';
import type { RunRecord } from '../measurement/record.js';
import { githubAnnotations, githubSummary, LARGEST_SUMMARY } from '../report/github.js';
import type { Io } from './io.js';

/** Options that say what is shown. */
export interface GithubOptions {
  /** `--no-github` makes it false. */
  github?: boolean;
  output?: string[];
}

/**
 * Shows a finished run to GitHub when it runs there; what `--output` writes already is not written twice. Annotations go to
 * standard error, which the runner reads as well, so that standard output stays whoever's it is.
 */
export function showOnGithub(record: RunRecord, { github = true, output = [] }: GithubOptions, io: Pick<Io, 'env' | 'stderr'>): void {
  if (io.env['GITHUB_ACTIONS'] !== 'true' || !github) return;
  const isAsked = (format: string): boolean => output.some((spec) => spec.startsWith(`${format}=`));
  if (!isAsked('annotations')) io.stderr.write(githubAnnotations(record));
  const summary = io.env['GITHUB_STEP_SUMMARY'];
  if (summary !== undefined && summary !== '' && !isAsked('summary')) appendSummary(record, summary, io);
}

/** A summary that cannot be written changes nothing about the run: it is told, and the exit code stays. */
function appendSummary(record: RunRecord, file: string, io: Pick<Io, 'stderr'>): void {
  try {
    const taken = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
    appendFileSync(file, githubSummary(record, LARGEST_SUMMARY - taken));
  } catch (error) {
    io.stderr.write(`warning: the summary of the step cannot be written: ${messageOf(error)}\n`);
  }
}
