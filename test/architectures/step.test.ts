import { describe, expect, it } from 'vitest';
import type { Service, Step } from '../../src/scenarios/scenario.js';
import { service, step } from './orders.js';
import { openVirtualPlace } from './virtual-place.js';

/** Orders of one step, one after another: what was said, and the account of the step. */
async function ordered(orders: number, model: Service, change: Partial<Step>) {
  const place = await openVirtualPlace({ services: [model], steps: [step(model.name, change)] });
  const said: string[] = [];
  for (let request = 0; request < orders; request++) said.push(...(await place.order(request)).map((one) => one.said));
  const [runner] = place.arrangement.parts.steps;
  return { said, place, report: runner?.report };
}

const BROKEN = service('payment', 1, { errors: 1 });

describe('a step', () => {
  it('tells of its retries, and of a budget that is used up', async () => {
    const retries = { attempts: 3, backoff: 1, jitter: 'full', budget: 0.5 } as const;
    const { place, report } = await ordered(8, BROKEN, { retries });
    expect(place.received('payment')).toBe(8 + 4);
    expect(report).toMatchObject({ runs: 8, failed: 8, calls: 12, errors: 12, budgetExhausted: 8 });
  });

  it('waits before each retry, twice as long each time', async () => {
    const { place, report } = await ordered(1, BROKEN, { retries: { attempts: 4, backoff: 10, jitter: 'none', budget: 1 } });
    expect(place.calls('payment').map(({ from }) => from)).toEqual([0, 11, 32, 73]);
    expect(report).toMatchObject({ runs: 1, failed: 1, calls: 4, errors: 4 });
  });

  it('succeeds in the end when a retry does', async () => {
    const retries = { attempts: 8, backoff: 1, jitter: 'none', budget: 1 } as const;
    const { said, report } = await ordered(20, service('payment', 1, { errors: 0.5 }), { retries });
    expect(said).toEqual(Array.from({ length: 20 }, () => 'confirmed'));
    expect(report).toMatchObject({ runs: 20, ok: 20, failed: 0 });
    expect(report?.calls).toBe(20 + (report?.errors ?? NaN));
    expect(report?.errors).toBeGreaterThan(5);
  });

  it('makes no call while its breaker is open, and tries again after the reset', async () => {
    const breaker = { trip: 0.5, minimum: 5, window: 10_000, reset: 100 };
    const { said, place, report } = await ordered(8, BROKEN, { breaker });
    expect(said).toEqual([...Array.from({ length: 5 }, () => 'payment: error'), ...Array.from({ length: 3 }, () => 'payment: shortCircuited')]);
    await place.clock.advance(99);
    expect(await place.order(8)).toEqual([{ said: 'payment: shortCircuited', at: 104 }]);
    await place.clock.advance(1);
    expect(await place.order(9)).toEqual([{ said: 'payment: error', at: 106 }]);
    expect(report).toMatchObject({ runs: 10, calls: 6, shortCircuited: 4, breakerOpened: 2 });
  });
});
