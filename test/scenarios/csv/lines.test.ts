import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CsvLines, placeOf, type CsvRecord } from '../../../src/scenarios/csv/lines.js';

function read(text: string, separator = ','): CsvRecord[] {
  const records: CsvRecord[] = [];
  const lines = new CsvLines(separator, (record) => void records.push(record));
  for (const line of text.split('\n')) lines.take(line);
  lines.end();
  return records;
}

const quoted = (cell: string): string => (/[",;\t\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
// A carriage return alone ends no line of a file, and a record of one empty cell is an empty line.
const cell = fc.string({ unit: fc.constantFrom('a', 'é', ' ', '"', ',', ';', '\n', '1') });

describe('CsvLines', () => {
  it('gives back every cell that was written, with the line of each record, however many there are', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constant('x'), cell, cell), { maxLength: 1200 }), fc.constantFrom(',', ';', '\t'), (written, separator) => {
        const records = read(written.map((cells) => cells.map(quoted).join(separator)).join('\n'), separator);
        expect(records.map(({ cells }) => cells)).toEqual(written);
        const heights = written.map((cells) => cells.join('').split('\n').length);
        expect(records.map(({ line }) => line)).toEqual(heights.map((_, i) => 1 + heights.slice(0, i).reduce((sum, height) => sum + height, 0)));
      }),
      { numRuns: 40 },
    );
  });

  it('tells where a cell begins, beyond separators in quotes and lines within cells', () => {
    const [record] = read('a,"b,c","d\ne",f');
    expect(record?.cells).toEqual(['a', 'b,c', 'd\ne', 'f']);
    expect([0, 1, 2, 3].map((at) => record && placeOf(record, at, ','))).toEqual([{ line: 1, column: 1 }, { line: 1, column: 3 }, { line: 1, column: 9 }, { line: 2, column: 4 }]);
  });

  it.each([
    ['a,b\nc,"d\ne,f', 'a quote is opened and never closed', 2, 3],
    ['a,b\n\nc,d"e"', 'Invalid Opening Quote', 3, 4],
    [`a,b\n"${'\nc'.repeat(2000)}`, 'a quote is opened and never closed', 2, 1],
  ])('refuses %j at its line and column', (text, message, line, column) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ message: expect.stringContaining(message) as string, line, column }));
  });
});
