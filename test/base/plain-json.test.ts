import { describe, expect, it } from 'vitest';
import { fromPlainJson, toPlainJson } from '../../src/base/plain-json.js';

describe('plain data as JSON', () => {
  it('comes back as it was, columns and endless numbers too', () => {
    const data = {
      name: 'email', none: null, list: [1, Infinity, -Infinity], nested: { nan: Number.NaN },
      columns: { at: Float64Array.of(1.5, -2), request: Int32Array.of(-1, 7), step: Uint16Array.of(65_535), outcome: new Uint8Array(0), time: Float32Array.of(0.25) },
    };
    expect(fromPlainJson(toPlainJson(data))).toEqual(data);
  });

  it('takes a part of a larger buffer for itself alone', () => {
    expect(fromPlainJson(toPlainJson(Float64Array.of(1, 2, 3).subarray(1)))).toEqual(Float64Array.of(2, 3));
  });

  it('leaves out what is undefined', () => {
    expect(fromPlainJson(toPlainJson({ a: undefined }))).toEqual({});
    expect(fromPlainJson(toPlainJson(undefined))).toBeNull();
  });
});
