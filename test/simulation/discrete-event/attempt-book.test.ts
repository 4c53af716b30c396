import { describe, expect, it } from 'vitest';
import type { MeasuredTrial } from '../../../src/measurement/record.js';
import type { ClientRetries } from '../../../src/scenarios/load.js';
import type { Service } from '../../../src/scenarios/scenario.js';
import { simulateTrial, type TrialInput } from '../../../src/simulation/trial.js';
import { differences } from '../../support/agreement.js';
import { liveTrial } from '../../support/live-trial.js';
import { service, step, subject, trialOf } from '../worlds.js';

const retries: ClientRetries = { attempts: 2, backoff: 50, on: ['timeout', 'http5xx'] };

/** A payment of 100 ms, one after another, asked for by two users who come at once and then never again; the client waits for 150 ms. */
function world(more: Partial<TrialInput> = {}, payment: Partial<Service> = {}): TrialInput {
  const sync = subject([service('payment', 100, { workers: 1, ...payment })], [step('payment')]);
  return trialOf(sync, { load: { model: 'closed', users: 2 }, timeout: 150, think: 1e6, retries, ...more });
}

/** Simulated, and the same in the live core. */
async function both(trial: TrialInput): Promise<MeasuredTrial> {
  const simulated = simulateTrial(trial);
  expect(differences(await liveTrial(trial), simulated)).toEqual([]);
  return simulated;
}

describe('a request that its client sends again', () => {
  it('ends with its last attempt, and both payments stand', async () => {
    // The second user gives up at 150, the payment is made at 200 all the same, and the attempt of that moment pays again by 300.
    const trial = await both(world());
    expect(trial).toMatchObject({ outcomes: { sent: 2, ok: 2 }, attempts: 3, repeatedEffects: 1, orphaned: 0, server: { received: 3 } });
    expect(trial.responseTime).toMatchObject({ min: 100, max: 300 });
    expect(trial.steps['payment']).toMatchObject({ calls: 3, ok: 3 });
  });

  it('is orphaned when an earlier attempt has paid and the last one fails', async () => {
    const trial = await both(world({}, { outages: [{ from: 150, for: 1000, kind: 'error' }] }));
    expect(trial).toMatchObject({ outcomes: { sent: 2, ok: 1, http5xx: 1 }, attempts: 3, repeatedEffects: 0, orphaned: 1 });
    expect(trial.responseTime.max).toBeCloseTo(200, 2);
  });

  it('waits longer before each attempt, and no longer than it makes any', async () => {
    const failing = { outages: [{ from: 0, for: 10_000, kind: 'error' as const }] };
    const trial = await both(world({ retries: { attempts: 4, backoff: 50, on: ['http5xx'] } }, failing));
    expect(trial).toMatchObject({ outcomes: { sent: 2, http5xx: 2 }, attempts: 8 });
    expect(trial.responseTime.max).toBeCloseTo(50 + 100 + 200, 1);
  });

  it('is sent once where its end is none of those named, which is as if there were no retries', async () => {
    const trial = await both(world({ retries: { ...retries, on: ['connection'] } }));
    expect(trial).toMatchObject({ outcomes: { ok: 1, timeout: 1 }, orphaned: 1 });
    expect(trial).not.toHaveProperty('attempts');
    expect(trial).toEqual(simulateTrial(world({ retries: undefined as never })));
  });

  it('of a closed load begins before the user does anything else', async () => {
    const trial = await both(world({ think: 0, load: { model: 'closed', users: 3 }, duration: 2000 }));
    expect(trial.attempts).toBe((trial.server.received ?? 0) + trial.server.unreached);
    expect(trial.attempts).toBeGreaterThan(trial.outcomes.sent);
  });
});

describe('a service that times out under load', () => {
  // 15 requests a second, of which it can serve 10: in 20 seconds it falls behind by 5 s of work, and nobody waits for more than one.
  const storm = (more: Partial<TrialInput>): TrialInput => world({ load: { model: 'open', rate: 15, arrivals: 'even' }, timeout: 1000, duration: 20_000, ...more });

  it('becomes a storm: those who press again keep it from ever catching up', async () => {
    const calm = await both(storm({ retries: undefined as never }));
    const stormy = await both(storm({ retries: { attempts: 3, backoff: 100, on: ['timeout'] } }));
    expect(calm.outcomes.sent).toBe(300);
    expect(stormy.outcomes.sent).toBe(300);
    // Once the queue is longer than the timeout, which takes about 2 s, nearly all requests are sent three times.
    expect(stormy.attempts! / 300).toBeGreaterThan(2.5);
    expect(stormy.server.received).toBe(stormy.attempts);
    expect(stormy.steps['payment']!.calls).toBe(stormy.attempts);
    expect(stormy.orphaned).toBeGreaterThan(0);
    expect(stormy.repeatedEffects).toBeGreaterThan(0);
    expect(stormy.outcomes.ok).toBeLessThanOrEqual(calm.outcomes.ok);
  });
});
