import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/base/errors.js';
import { OUTCOMES } from '../../src/load/load.js';
import { decodeFloats, decodeSamples, encodeFloats, encodeSamples, samplesOf } from '../../src/measurement/samples.js';
import { observationsOf } from './fixtures.js';

describe('samplesOf', () => {
  it('keeps start, response time and outcome of every request', () => {
    const observations = observationsOf([
      { index: -1, intendedAt: 9900, endedAt: 10_100 },
      { index: 0, intendedAt: 10_250, endedAt: 10_500, outcome: 'timeout' },
    ]);
    const { start, time, outcome } = samplesOf(observations, 10_000);
    expect([...start]).toEqual([-100, 250]);
    expect([...time]).toEqual([200, 250]);
    expect([...outcome]).toEqual([0, 3]);
  });

  it('tells warm-up from window by the index, however near the edge', () => {
    const observations = observationsOf([
      { index: -1, intendedAt: 10_000, endedAt: 10_100 },
      { index: 0, intendedAt: 9999.9, endedAt: 10_100 },
    ]);
    const { start } = samplesOf(observations, 10_000);
    expect(start[0]).toBeLessThan(0);
    expect(start[1]).toBe(0);
  });
});

describe('encodeSamples', () => {
  const column = fc.float32Array({ noNaN: true, maxLength: 50 });

  it('is undone by decodeSamples', () => {
    fc.assert(
      fc.property(column, (start) => {
        const columns = { start, time: start.map((value) => value / 2), outcome: new Uint8Array(start.length).fill(6) };
        expect(decodeSamples(encodeSamples(columns))).toEqual(columns);
      }),
    );
  });

  it('writes little-endian, whatever the machine', () => {
    expect(encodeFloats(Float32Array.of(1))).toBe(Buffer.from([0, 0, 0x80, 0x3f]).toString('base64'));
    expect([...decodeFloats('AACAPw==')]).toEqual([1]);
  });

  it.each([
    ['columns of different length', { start: encodeFloats(Float32Array.of(1)), time: '', outcome: '' }],
    ['an unknown outcome', { start: 'AACAPw==', time: 'AACAPw==', outcome: Buffer.from([OUTCOMES.length]).toString('base64') }],
  ])('refuses %s', (_, samples) => {
    expect(() => decodeSamples(samples)).toThrow(UserError);
  });
});
