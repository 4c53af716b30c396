import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BodySearch } from '../../src/load/client.js';

function found(text: string | null, pieces: readonly string[]): boolean {
  const search = new BodySearch(text);
  for (const piece of pieces) search.take(Buffer.from(piece));
  return search.found;
}

describe('a search in a body that arrives in pieces', () => {
  it('finds what the whole body contains, wherever it is cut', () => {
    const pieces = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', 'ä'), maxLength: 5 }), { maxLength: 8 });
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'ä'), maxLength: 6 });
    fc.assert(fc.property(text, pieces, (wanted, parts) => {
      expect(found(wanted, parts)).toBe(parts.join('').includes(wanted));
    }));
  });

  it('finds nothing to be wrong with any body where nothing is looked for', () => {
    expect(found(null, [])).toBe(true);
  });

  it('finds what stands behind the first MiB, and keeps no more than the text is long', () => {
    const search = new BodySearch('end');
    const piece = Buffer.alloc(65_536, 'x');
    for (let i = 0; i < 1600; i++) search.take(piece);
    expect(search.found).toBe(false);
    search.take(Buffer.from('en'));
    search.take(Buffer.from('d'));
    expect(search.found).toBe(true);
  });
});
