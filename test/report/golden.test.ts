/** Records that versions before have saved are read and reported by this one. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseRecord } from '../../src/measurement/readRecord.js';
import { SCHEMA_VERSION, type RunRecord } from '../../src/measurement/record.js';
import { FORMATS, TWO_RUN_FORMATS } from '../../src/report/formats.js';
import { terminalReport } from '../../src/report/terminal.js';
import { refusals } from '../../src/verdict/records/comparability.js';
import { compareRecords } from '../../src/verdict/records/compare.js';

const FOLDER = path.resolve(import.meta.dirname, '../golden');
const files = readdirSync(FOLDER);
const screen = { columns: 80, colour: false, unicode: true, tty: false };

function read(file: string): RunRecord {
  return parseRecord(readFileSync(path.join(FOLDER, file), 'utf8'), file);
}

describe('golden records', () => {
  it('are there for every schema version that is read', () => {
    expect(files).toEqual(Array.from({ length: SCHEMA_VERSION }, (_, version) => `record-${version + 1}.json`));
  });

  it('answer the same question, whatever their version', () => {
    const [first, ...others] = files.map(read);
    for (const other of others) expect(refusals(first!, other)).toEqual([]);
  });

  describe.each(files)('%s', (file) => {
    it('is a measured run with events, checks and samples', () => {
      const { trials, checks } = read(file);
      expect(trials.map(({ architecture, state }) => `${architecture} ${state}`)).toEqual(
        ['sync', 'hybrid', 'sync', 'hybrid'].map((name) => `${name} measured`),
      );
      expect(trials.some((trial) => trial.state === 'measured' && (trial.events?.acknowledged ?? 0) > 0)).toBe(true);
      expect(checks.map(({ expression }) => expression)).toContain('hybrid: lost == 0');
    });

    it.each(FORMATS.map(({ name, render }) => [name, render] as const))('is reported as %s', (name, render) => {
      // Every check of it passed: there is nothing to annotate.
      const least = name === 'annotations' ? 0 : 100;
      expect(render(read(file)).length).toBeGreaterThanOrEqual(least);
    });

    it('is saved again as a record of its version, which is read to the same', () => {
      const record = read(file);
      expect(parseRecord(FORMATS.find(({ name }) => name === 'json')!.render(record), file)).toEqual(record);
      expect(file).toBe(`record-${record.schemaVersion}.json`);
    });

    it('is drawn on a screen, with the numbers that were saved', () => {
      const text = terminalReport(read(file), screen);
      for (const architecture of ['sync', 'hybrid']) expect(text).toMatch(new RegExp(`^ .*${architecture} .* ms|${architecture} .* s`, 'm'));
      expect(text).not.toMatch(/undefined|NaN|\[object/);
    });

    it.each(TWO_RUN_FORMATS.map(({ name, render }) => [name, render] as const))('stands beside another as %s', (_, render) => {
      const record = read(file);
      const run = { name: file, record };
      expect(render({ a: run, b: run, compared: compareRecords(record, record) })).toMatch(/0 of \d+ figures changed/);
    });
  });
});
