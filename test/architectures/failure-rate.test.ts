import { describe, expect, it } from 'vitest';
import { FailureRate } from '../../src/architectures/failure-rate.js';

function rateWith(trip: number, minimum: number) {
  const clock = { at: 0 };
  const rate = new FailureRate({ trip, minimum, window: 1000, reset: 500 }, () => clock.at);
  const record = (ok: number, failed: number): boolean => {
    for (let call = 0; call < ok; call++) rate.record(true);
    for (let call = 0; call < failed; call++) rate.record(false);
    return rate.tripped();
  };
  return { clock, rate, record };
}

describe('the failure rate that opens a breaker', () => {
  it('trips exactly at its share and not below', () => {
    expect(rateWith(0.5, 20).record(10, 10)).toBe(true);
    expect(rateWith(0.5, 20).record(11, 9)).toBe(false);
    expect(rateWith(1, 1).record(0, 5)).toBe(true);
    expect(rateWith(1, 1).record(1, 99)).toBe(false);
  });

  it('waits for the minimum of calls', () => {
    const { record } = rateWith(0.5, 20);
    expect(record(0, 19)).toBe(false);
    expect(record(0, 1)).toBe(true);
  });

  it('forgets what is older than the window', () => {
    const { clock, record } = rateWith(0.5, 4);
    expect(record(0, 4)).toBe(true);
    clock.at = 899;
    expect(record(0, 0)).toBe(true);
    clock.at = 1000;
    expect(record(0, 3)).toBe(false);
  });

  it('starts anew when it is reset, and does not trip without a failure', () => {
    const { rate, record } = rateWith(0.5, 4);
    record(0, 4);
    rate.reset();
    expect(rate.tripped()).toBe(false);
    expect(record(3, 3)).toBe(true);
    expect(rateWith(0, 0).record(5, 0)).toBe(false);
  });
});
