/** Where `serve --keep` keeps what it saw, and what is said of the run there. */
import { accessSync, constants, mkdirSync } from 'node:fs';
import path from 'node:path';
import { messageOf, UserError } from '../base/errors.js';
import type { BusSettings } from '../events/settings.js';
import { busOf } from '../experiment/plan.js';
import { refuseKept } from '../roles/run-folder.js';
import type { About } from '../roles/run-folder-writer.js';
import type { Scenario } from '../scenarios/scenario.js';
import type { Subject } from '../scenarios/subject.js';
import type { Hop } from '../services/services.js';
import { timeOf, type Io } from './io.js';
import { packageInfo } from './package.js';

/** The folder that a run is kept in, which has none yet. @throws UserError where it cannot be had */
export function keptFolder(shown: string, io: Io): string {
  const folder = path.resolve(io.cwd(), shown);
  refuseKept(folder, shown);
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
  } catch (error) {
    throw new UserError(`--keep ${shown}: nothing can be written there: ${messageOf(error)}.`);
  }
  return folder;
}

/** What is known of a run before anything is served. */
export function aboutKept({ name }: Scenario, subject: Subject, { seed, settings, hop }: { seed: number; settings: BusSettings; hop: Hop }, io: Io): About {
  const { bus } = busOf({ trials: [{ base: subject.architecture, bus: settings }] });
  return { tool: packageInfo(), startedAt: timeOf(io).date().toISOString(), scenario: name, subject, seed, ...(bus && { bus }), ...(hop !== 'http' && { hop }) };
}
