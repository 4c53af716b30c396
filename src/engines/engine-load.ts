/** A load as another generator is told it: plain data, with nothing in it that only this program could do. */
import type { ArrivalKind, Ramp } from '../scenarios/load.js';

/** What an engine sends, and when. Times in ms. */
export interface EngineLoad {
  /** What is loaded, and of which scenario: for titles. */
  subject: string;
  scenario: string;
  /** `{{index}}` and `{{uuid}}` in path, query, headers and body are replaced for each request. */
  url: string;
  method: string;
  headers: Readonly<Record<string, string>>;
  body: string;
  /** Good statuses, none is any 2xx and 304; and a text that the body must contain. */
  expect: { status: readonly number[]; body: string | null };
  /** Users at once, or requests per second; with a ramp at the highest. */
  shape: { model: 'closed'; users: number; ramp?: Ramp } | { model: 'open'; rate: number; arrivals: ArrivalKind; ramp?: Ramp };
  /** Time over which users are let in, from the start of the warm-up. */
  entry: number;
  /** Pause of a user between answer and next request. */
  think: number;
  /** Of a request, from its intended start. */
  timeout: number;
  warmup: number;
  duration: number;
  seed: number;
}

/** A constant of a script: its name, its value, and what it is where the name does not say. */
export type Constant = [name: string, value: unknown, about: string];

/** What is sent and what is expected, which every script says alike. */
export function requestConstants({ url, method, headers, body, expect }: EngineLoad): Constant[] {
  return [
    ['TARGET', url, ''],
    ['METHOD', method, ''],
    ['HEADERS', headers, ''],
    ['BODY', body, ''],
    ['GOOD_STATUS', expect.status, 'none: any 2xx, and 304'],
    ['GOOD_BODY', expect.body, 'what the body must contain'],
  ];
}

/** A file of an export, by its name in the folder. */
export type ExportedFiles = Record<string, string>;

/** Where the rows of a run are put, one JSON document a line; `collect` looks for it. */
export const ROWS_FILE = 'rows.jsonl';
/** What was exported, for `collect`. */
export const MANIFEST_FILE = 'export.json';

/** Time from the order to begin until the warm-up, ms: every machine has to have heard of it. */
export const BEGIN_LEAD = 2000;
