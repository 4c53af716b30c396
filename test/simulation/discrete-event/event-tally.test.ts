import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BacklogMeter } from '../../../src/simulation/discrete-event/backlog.js';
import { WaitLog } from '../../../src/simulation/discrete-event/event-tally.js';

const window = { startAt: 10, endAt: 60 };

/** Events that come and leave, at whole moments; one that never leaves has no end. */
const events = fc.array(fc.record({ from: fc.integer({ min: 0, max: 80 }), for: fc.option(fc.integer({ min: 0, max: 40 }), { nil: null }), ok: fc.boolean() }), { maxLength: 30 });

/** What happens, in the order of time, told to a meter. */
function play(meter: BacklogMeter | WaitLog, all: readonly { from: number; for: number | null; ok: boolean }[]): void {
  const steps = all.flatMap(({ from, for: length, ok }, i) => [
    { at: from, order: 2 * i, run: () => meter.arrive(from) },
    ...(length === null ? [] : [{ at: from + length, order: 2 * i + 1, run: () => meter.leave(from + length, from, ok) }]),
  ]);
  for (const { run } of steps.toSorted((a, b) => a.at - b.at || a.order - b.order)) run();
}

describe('WaitLog', () => {
  it('finds what the meter finds that keeps nothing', () => {
    fc.assert(
      fc.property(events, (all) => {
        const [log, meter] = [new WaitLog(window), new BacklogMeter(window)];
        play(log, all);
        play(meter, all);
        const { slopePerSecond, ...found } = log.result(130);
        const { slopePerSecond: slope, ...others } = meter.result(130);
        expect(found).toEqual(others);
        expect(slopePerSecond).toBeCloseTo(slope, 9);
        expect(log.rates).toEqual(meter.rates);
      }),
    );
  });

  it('knows that what was lost has never waited, and that it came', () => {
    const log = new WaitLog(window);
    log.arrive(20);
    log.arrive(20);
    log.lose(20);
    expect(log.result(100)).toMatchObject({ peak: 1, end: 1 });
    expect(log.rates.arrivalRate).toBe(2 / 0.05);
  });
});
