import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../../src/base/errors.js';
import { FORMATS } from '../../src/report/formats.js';
import { openOutputs, type WriterIo } from '../../src/report/writer.js';
import { checkoutRecord } from '../support/record.js';

let folder = '';
let printed = '';
let io: WriterIo;
beforeEach(() => {
  folder = fs.mkdtempSync(join(tmpdir(), 'writer-'));
  printed = '';
  io = { stdout: { write: (text) => (printed += text) }, cwd: () => folder };
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

const read = (name: string): string => fs.readFileSync(join(folder, name), 'utf8');

describe('openOutputs', () => {
  it('writes every format to its file', () => {
    const record = checkoutRecord();
    const outputs = openOutputs(
      FORMATS.map(({ name }) => `${name}=report.${name}`),
      io,
    );
    outputs.write(record);
    for (const { name, render } of FORMATS) expect(read(`report.${name}`)).toBe(render(record));
    expect(fs.readdirSync(folder)).toHaveLength(FORMATS.length);
    expect(outputs.ownStdout).toBe(false);
    expect(printed).toBe('');
  });

  it('writes to standard output once, when the run is over', () => {
    const outputs = openOutputs(['junit=-', 'json=run.json'], io);
    outputs.writeFiles(checkoutRecord());
    expect(printed).toBe('');
    expect(read('run.json')).toContain('"schemaVersion": 2');
    outputs.write(checkoutRecord());
    expect(printed).toMatch(/^<\?xml/);
    expect(outputs.ownStdout).toBe(true);
  });

  it('keeps the other reports when one of them breaks, and says which', () => {
    fs.mkdirSync(join(folder, 'gone'));
    const outputs = openOutputs(['json=gone/run.json', 'csv=run.csv'], io);
    fs.rmSync(join(folder, 'gone'), { recursive: true });
    expect(() => outputs.writeFiles(checkoutRecord())).not.toThrow();
    expect(() => outputs.write(checkoutRecord())).toThrow(
      new UserError('--output json=gone/run.json: cannot write: the folder gone does not exist: create it first.'),
    );
    expect(read('run.csv')).toMatch(/^architecture,/);
  });

  it('keeps the other reports when a renderer breaks', () => {
    const record = checkoutRecord();
    for (const trial of record.trials) if (trial.state === 'measured') trial.samples.outcome = '';
    const outputs = openOutputs(['csv=run.csv', 'json=run.json'], io);
    expect(() => outputs.write(record)).toThrow(/--output csv=run.csv: cannot write: The raw samples/);
    expect(read('run.json')).toContain('schemaVersion');
  });

  it.each([
    ['json', '--output json: expected FORMAT=PATH, for example json=run.json.'],
    ['json=', '--output json=: expected FORMAT=PATH, for example json=run.json.'],
    ['=run.json', '--output =run.json: unknown format "".'],
    ['jsn=run.json', '--output jsn=run.json: unknown format "jsn". Did you mean json?'],
    ['pdf=run.pdf', 'unknown format "pdf". Expected one of json, markdown,'],
    ['json=no/run.json', '--output json=no/run.json: cannot write: the folder no does not exist: create it first.'],
    ['json=/dev/full', '--output json=/dev/full: cannot write: no space is left there.'],
  ])('refuses %s', (spec, message) => {
    expect(() => openOutputs([spec], io)).toThrow(UserError);
    expect(() => openOutputs([spec], io)).toThrow(message);
  });

  it('refuses two reports on one path', () => {
    expect(() => openOutputs(['json=-', 'csv=-'], io)).toThrow('--output json=-: - is named twice.');
  });

  it('has nothing to write where nothing was asked for', () => {
    const outputs = openOutputs([], io);
    outputs.write(checkoutRecord());
    expect(fs.readdirSync(folder)).toEqual([]);
  });
});
