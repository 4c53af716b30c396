/** Other load generators, one entry each: what is exported for it, and how its rows are read back. */
import type { EngineLoad, ExportedFiles } from './engine-load.js';
import { k6Files } from './k6.js';
import { K6Rows } from './k6-rows.js';
import { locustFiles } from './locust.js';
import { LocustRows } from './locust-rows.js';
import type { EngineRun } from './rows.js';

/** Takes a file line by line. */
export interface RowReader {
  /** @throws UserError with the line when it cannot be read */
  take(line: string, file: string): void;
  finish(): EngineRun;
}

export interface Engine {
  title: string;
  /** Names of its files of rows: each machine may have written one of its own, `rows-1.jsonl`. */
  rows: RegExp;
  /** @throws UserError for a load that it cannot make */
  files: (load: EngineLoad) => ExportedFiles;
  reader: () => RowReader;
}

export const ENGINES = {
  locust: { title: 'Locust', rows: /^rows.*\.jsonl$/, files: locustFiles, reader: () => new LocustRows() },
  k6: { title: 'k6', rows: /^rows.*\.(jsonl|csv)$/, files: k6Files, reader: () => new K6Rows() },
} as const satisfies Record<string, Engine>;

export type EngineName = keyof typeof ENGINES;
export const ENGINE_NAMES = Object.keys(ENGINES) as [EngineName, ...EngineName[]];
