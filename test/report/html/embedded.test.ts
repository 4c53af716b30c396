import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { parseRecord } from '../../../src/measurement/readRecord.js';
import type { RunRecord } from '../../../src/measurement/record.js';
import { embedded, leftOutSentence, recordElement } from '../../../src/report/html/embedded.js';
import { htmlReport } from '../../../src/report/html/page.js';
import { checkoutRecord } from '../../support/record.js';

/** The record in a page, or in a part of one. */
function carried(page: string): RunRecord {
  const [, packed = ''] = /class="record-data">([^<]*)</.exec(page) ?? [];
  return JSON.parse(gunzipSync(Buffer.from(packed, 'base64')).toString()) as RunRecord;
}

/** The record as if each of its trials had so many requests, whose times nobody looks at here. */
function withRequests(record: RunRecord, count: number): RunRecord {
  const samples = { start: '', time: '', outcome: Buffer.alloc(count).toString('base64') };
  return { ...record, trials: record.trials.map((trial) => ('samples' in trial ? { ...trial, samples } : trial)) };
}

const record = checkoutRecord();
const sampled = record.trials.filter((trial) => 'samples' in trial).length;

describe('the record that a page carries', () => {
  it('is whole where it is small', () => {
    const page = htmlReport(record);
    expect(carried(page)).toEqual(record);
    expect(page).not.toContain('Without the raw samples');
    expect(carried(recordElement(embedded(withRequests(record, Math.floor(100_000 / sampled)))).text).trials).toEqual(withRequests(record, Math.floor(100_000 / sampled)).trials);
  });

  it('is without its raw samples where there are many: all else is in it, and it says so', () => {
    const many = withRequests(record, 100_001);
    const thin = embedded(many);
    expect(leftOutSentence(thin)).toContain(`Without the raw samples of its ${(sampled * 100_001).toLocaleString('en')} requests, which this page does not carry`);
    for (const [i, trial] of thin.record.trials.entries()) {
      const whole = many.trials[i];
      if (!('samples' in trial) || !whole || !('samples' in whole)) continue;
      expect(trial.samples).toEqual({ start: '', time: '', outcome: '' });
      expect({ ...trial, samples: whole.samples, events: whole.events }).toEqual(whole);
    }
    // However many there were, it is no larger.
    expect(recordElement(embedded(withRequests(record, 400_000))).text.length).toBe(recordElement(thin).text.length);
  });

  it('is a record without them, too: all that was folded from them is reported again', () => {
    const thin = carried(recordElement(embedded(withRequests(record, 100_001))).text);
    expect(parseRecord(JSON.stringify(thin), 'record.json').trials).toHaveLength(record.trials.length);
    expect(htmlReport(thin)).toContain('No request was recorded.');
  });

  it('has no samples in a page that is sent again and again', () => {
    expect(embedded(record, true).leftOut).toBeGreaterThan(0);
    expect(embedded(record, true).record.trials.every((trial) => !('samples' in trial) || trial.samples.time === '')).toBe(true);
  });
});
