/** What every record begins with, whatever was run. */
import { maskUrls } from '../base/urls.js';
import { describeEnvironment } from '../experiment/environment.js';
import type { RunHead } from '../experiment/record.js';
import { timeOf, type Io } from './io.js';
import { packageInfo } from './package.js';

/** What a run is about. */
export type RunSubject = Pick<RunHead, 'scenario' | 'plan' | 'seed'> & Partial<Pick<RunHead, 'thresholds'>>;

/** Around it the tool, the command, the moment and the machine. */
export function runHeadOf(subject: RunSubject, io: Pick<Io, 'argv' | 'env' | 'time'>): RunHead {
  return {
    tool: packageInfo(),
    command: io.argv.slice(2).map(maskUrls),
    startedAt: timeOf(io).date(),
    environment: describeEnvironment(io.env),
    thresholds: [],
    ...subject,
  };
}
