/** Other load generators, one entry each: what is exported for it, and how its rows are read back; loaded when it is asked for. */
import type { EngineLoad, ExportedFiles } from './engine-load.js';
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
  /** Rejects with a UserError for a load that it cannot make. */
  files: (load: EngineLoad) => Promise<ExportedFiles>;
  reader: () => Promise<RowReader>;
}

export const ENGINES = {
  locust: {
    title: 'Locust',
    rows: /^rows.*\.jsonl$/,
    files: async (load) => (await import('./locust.js')).locustFiles(load),
    reader: async () => new (await import('./locust-rows.js')).LocustRows(),
  },
  k6: {
    title: 'k6',
    rows: /^rows.*\.(jsonl|csv)$/,
    files: async (load) => (await import('./k6.js')).k6Files(load),
    reader: async () => new (await import('./k6-rows.js')).K6Rows(),
  },
} as const satisfies Record<string, Engine>;

export type EngineName = keyof typeof ENGINES;
export const ENGINE_NAMES = Object.keys(ENGINES) as [EngineName, ...EngineName[]];
