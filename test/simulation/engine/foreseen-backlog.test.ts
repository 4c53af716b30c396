import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BacklogMeter } from '../../../src/simulation/engine/backlog-meter.js';
import { ForeseenBacklog } from '../../../src/simulation/engine/foreseen-backlog.js';
import { Kernel } from '../../../src/simulation/engine/kernel.js';

const FRACTION = fc.double({ min: 0.001, max: 0.999, noNaN: true });
const SPANS = fc.array(fc.record({ from: FRACTION, length: FRACTION }), { maxLength: 60 });
const WINDOW = { startAt: 300, endAt: 1500 };

describe('ForeseenBacklog', () => {
  it('finds what a meter finds that sees one come and go after the other, when some have not gone as well', () => {
    fc.assert(
      fc.property(SPANS, FRACTION, FRACTION, (drawn, longest, after) => {
        const endedAt = 1500 + 700 * after;
        const spans = drawn
          .map(({ from, length }) => ({ from: 2200 * from, to: 2200 * from + 700 * longest * length }))
          .filter(({ from }) => from <= endedAt)
          .toSorted((a, b) => a.from - b.from);
        const meter = new BacklogMeter(WINDOW, 2000);
        const changes = spans.flatMap(({ from, to }) => [
          { at: from, run: () => meter.arrive(from) },
          { at: to, run: () => meter.leave(to, true) },
        ]);
        for (const { at, run } of changes.toSorted((a, b) => a.at - b.at)) if (at <= endedAt) run();
        const kernel = new Kernel();
        const foreseen = new ForeseenBacklog(kernel, WINDOW, 2000, { longest: 700, waiting: 10 });
        for (const { from, to } of spans) {
          kernel.now = from;
          foreseen.add(Float64Array.of(from, to), 0);
        }
        kernel.now = endedAt;
        const { slopePerSecond, ...result } = foreseen.result(endedAt);
        const { slopePerSecond: slope, ...expected } = meter.result(endedAt);
        expect(result).toEqual(expected);
        expect(slopePerSecond).toBeCloseTo(slope, 6);
        expect(foreseen.rates).toEqual(meter.rates);
      }),
      { numRuns: 300 },
    );
  });

  it('tells when the last one will be done', () => {
    const foreseen = new ForeseenBacklog(new Kernel(), WINDOW, 2000, { longest: 100, waiting: 1 });
    foreseen.add(Float64Array.of(10, 90), 0);
    foreseen.add(Float64Array.of(20, 50), 0);
    expect(foreseen.endsAt).toBe(90);
  });
});
