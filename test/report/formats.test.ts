import { expect, it } from 'vitest';
import { parseRecord } from '../../src/measurement/readRecord.js';
import { jsonReport } from '../../src/report/formats.js';
import { checkoutRecord, hostileRecord, troubledRecord } from '../support/record.js';

it.each([checkoutRecord(), hostileRecord(), troubledRecord()])('is the record, which can be read again', (record) => {
  expect(parseRecord(jsonReport(record), 'run.json')).toEqual(record);
});
