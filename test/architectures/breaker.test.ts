import { describe, expect, it } from 'vitest';
import { BreakerState, withBreaker, FailureRate } from '../../src/architectures/breaker.js';
import { CallFailure } from '../../src/architectures/failure.js';
import { StepRunner } from '../../src/architectures/step.js';
import { step } from './orders.js';

const BREAKER = { trip: 0.5, minimum: 4, window: 10_000, reset: 150 };

function guarded() {
  const { report } = new StepRunner(step('email'), 'http://127.0.0.1:1', { seed: 1 });
  const service = { healthy: true, calls: 0, hold: Promise.resolve() };
  const attempt = async (request: number): Promise<void> => {
    service.calls++;
    await service.hold;
    if (!service.healthy) throw new CallFailure('email', 'error', request);
  };
  const time = { now: 0 };
  const call = withBreaker(attempt, 'email', new BreakerState(BREAKER, () => time.now), report);
  const kindOf = (request: number): Promise<string> =>
    call(request, 0).then(() => 'ok', (failure: CallFailure) => failure.kind);
  return { report, service, time, kindOf };
}

async function opened() {
  const breaker = guarded();
  breaker.service.healthy = false;
  for (let request = 0; request < 4; request++) await breaker.kindOf(request);
  return breaker;
}

describe('a breaker', () => {
  it('opens when enough calls failed, and then refuses without a call', async () => {
    const { report, service, kindOf } = await opened();
    expect(report.breakerOpened).toBe(1);
    expect([await kindOf(4), await kindOf(5), await kindOf(-1)]).toEqual(Array.from({ length: 3 }, () => 'shortCircuited'));
    expect(service.calls).toBe(4);
    expect(report.shortCircuited).toBe(2);
  });

  it('lets one call through after its reset, refuses others meanwhile, and closes when that one succeeds', async () => {
    const { service, time, kindOf } = await opened();
    time.now = 149;
    expect(await kindOf(9)).toBe('shortCircuited');
    time.now = 150;
    service.healthy = true;
    let release = (): void => {};
    service.hold = new Promise((resolve) => (release = resolve));
    const probe = kindOf(10);
    expect([await kindOf(11), await kindOf(12)]).toEqual(['shortCircuited', 'shortCircuited']);
    release();
    expect(await probe).toBe('ok');
    expect(await kindOf(13)).toBe('ok');
    expect(service.calls).toBe(6);
  });

  it('stays open when that one fails', async () => {
    const { report, service, time, kindOf } = await opened();
    time.now = 200;
    expect([await kindOf(10), await kindOf(11)]).toEqual(['error', 'shortCircuited']);
    expect(service.calls).toBe(5);
    expect(report.breakerOpened).toBe(2);
  });

  it('stays closed below its minimum of calls', async () => {
    const { service, kindOf } = guarded();
    service.healthy = false;
    for (let request = 0; request < 3; request++) expect(await kindOf(request)).toBe('error');
    service.healthy = true;
    expect(await kindOf(3)).toBe('ok');
  });
});

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
  it.each([0, 37, 12_345.6])('is the same wherever its clock has its zero: %d ms before the first call', (zero) => {
    const { clock, record } = rateWith(0.5, 5);
    clock.at = zero;
    expect(record(11, 0)).toBe(false);
    // The first tenth of the window is remembered until the window is over, and forgotten as a whole.
    clock.at = zero + 999;
    expect(record(0, 5)).toBe(false);
    clock.at = zero + 1000;
    expect(record(0, 1)).toBe(true);
  });

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
