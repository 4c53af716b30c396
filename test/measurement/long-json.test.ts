import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonPieces, parseLongJson } from '../../src/measurement/long-json.js';

const LONG = 8;

describe('JSON in pieces', () => {
  it('is the JSON that it would be in one, and is read again as what it was', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
        const text = [...jsonPieces(value, LONG)].join('');
        expect(text).toBe(JSON.stringify(value, null, 2));
        expect(parseLongJson(Buffer.from(text), LONG)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('keeps long strings apart, escapes and all', () => {
    const value = { a: 'x'.repeat(20), b: ['"\\'.repeat(9), 'ä\n\\'.repeat(9)], c: 'short' };
    const pieces = [...jsonPieces(value, LONG)];
    expect(pieces).toHaveLength(7);
    expect(parseLongJson(Buffer.from(pieces.join('')), LONG)).toEqual(value);
  });

  it('is read behind a mark of byte order', () => {
    expect(parseLongJson(Buffer.from('\uFEFF{"a":1}'))).toEqual({ a: 1 });
  });

  it.each(['', '{', '"abc', '{"a":"\\"}', `{"a":"${'x'.repeat(20)}"`])('is refused where it is none: %s', (text) => {
    expect(() => parseLongJson(Buffer.from(text), LONG)).toThrow(SyntaxError);
  });
});
