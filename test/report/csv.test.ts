import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeSamples } from '../../src/measurement/samples.js';
import { csvReport } from '../../src/report/csv.js';
import { measured, unmeasured } from '../support/measured.js';
import { checkoutRecord, hostileRecord, recordOf } from '../support/record.js';

/** A reader of RFC 4180. */
function parse(text: string): string[][] {
  return text
    .split('\r\n')
    .slice(0, -1)
    .map((line) =>
      [...`,${line}`.matchAll(/,(?:"((?:[^"]|"")*)"|([^,"]*))/g)].map(
        ([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare ?? '',
      ),
    );
}

const samples = encodeSamples({
  start: Float32Array.of(-1.5, 0, 12.25),
  time: Float32Array.of(10, 20.0625, 10_000),
  outcome: Uint8Array.of(0, 2, 3),
});

describe('csvReport', () => {
  it('has one line for each request, the warm-up included', () => {
    const trials = [
      measured({ subject: 'sync', rate: 50, ms: 1, change: { samples } }),
      unmeasured('hybrid', 10, 'died'),
    ];
    expect(csvReport(recordOf(trials)).split('\r\n')).toEqual([
      'architecture,model,load,round,warmup,start_ms,response_ms,outcome',
      'sync,open,50,1,1,-1.5,10,ok',
      'sync,open,50,1,0,0,20.063,http5xx',
      'sync,open,50,1,0,12.25,10000,timeout',
      '',
    ]);
  });

  it('has as many measured lines as requests were sent', () => {
    const record = checkoutRecord();
    const lines = parse(csvReport(record)).slice(1);
    const sent = record.trials.reduce((sum, trial) => sum + (trial.state === 'measured' ? trial.outcomes.sent : 0), 0);
    expect(lines.filter(([, , , , warmup]) => warmup === '0')).toHaveLength(sent);
  });

  it('keeps hostile names in their field', () => {
    const lines = parse(csvReport(hostileRecord()));
    expect(new Set(lines.map((line) => line.length))).toEqual(new Set([8]));
    expect(lines[1]?.[0]).toContain('<script>');
  });

  it('cannot be taken for a formula by a spreadsheet', () => {
    fc.assert(
      fc.property(fc.string(), (name) => {
        const [, line] = parse(csvReport(recordOf([measured({ subject: name, ms: 1, sent: 1 })])));
        expect(line).toHaveLength(8);
        expect(line?.[0]).not.toMatch(/^[=+\-@]/);
      }),
    );
  });
});
