/** The record itself, for `report` and `compare` to read again. */
import type { RunRecord } from '../measurement/record.js';

export function jsonReport(record: RunRecord): string {
  return `${JSON.stringify(record, null, 2)}\n`;
}
