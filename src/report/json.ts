/** The record itself, for `report` and `compare` to read again. */
import { jsonPieces } from '../measurement/long-json.js';
import type { RunRecord } from '../measurement/record.js';

export function jsonReport(record: RunRecord): string {
  return [...jsonReportPieces(record)].join('');
}

/** The same in pieces: of a long run it is longer than a text can be. */
export function* jsonReportPieces(record: RunRecord): Generator<string> {
  yield* jsonPieces(record);
  yield '\n';
}
