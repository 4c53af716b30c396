import { describe, expect, it } from 'vitest';
import { BreakerState, withBreaker } from '../../src/architectures/breaker.js';
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
