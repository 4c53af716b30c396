/** Other load generators, one entry each: what is exported for it, and how its rows are read back. */
import type { EngineLoad, ExportedFiles } from './engine-load.js';
import { locustFiles } from './locust.js';
import { LocustRows } from './locust-rows.js';
import type { EngineRun } from './rows.js';

/** Takes a file line by line. */
export interface RowReader {
  /** @throws UserError with the line when it cannot be read */
  take(line: string): void;
  finish(): EngineRun;
}

export interface Engine {
  title: string;
  /** @throws UserError for a load that it cannot make */
  files: (load: EngineLoad) => ExportedFiles;
  /** @param file for messages */
  reader: (file: string) => RowReader;
}

export const ENGINES = {
  locust: { title: 'Locust', files: locustFiles, reader: (file) => new LocustRows(file) },
} as const satisfies Record<string, Engine>;

export type EngineName = keyof typeof ENGINES;
export const ENGINE_NAMES = Object.keys(ENGINES) as [EngineName, ...EngineName[]];
