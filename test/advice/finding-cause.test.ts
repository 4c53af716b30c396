import { describe, expect, it } from 'vitest';
import { causes } from '../../src/advice/finding-cause.js';
import { groupTrials } from '../../src/advice/rounds.js';
import { workersFor } from '../../src/advice/work.js';
import type { MeasuredTrial } from '../../src/measurement/record.js';
import { measured, step, times } from '../support/measured.js';
import { checkout } from '../support/record.js';
import { ofAnyKind } from '../support/findings.js';

const idle = { payment: step('payment'), inventory: step('inventory'), analytics: step('analytics') };
const saturated = step('email', { utilisation: 0.998, queueTime: times(950) });

const causesOf = (change: Partial<MeasuredTrial>, users = 100, subject = 'sync') =>
  ofAnyKind(causes(groupTrials([measured({ subject, users, ms: 2000, change })]), checkout()));

describe('causes', () => {
  it('names the saturated step, what it serves, what is asked for and the workers that takes', () => {
    const [found] = causesOf({ steps: { ...idle, email: saturated } });
    expect(found).toMatchObject({
      kind: 'bottleneck',
      architecture: 'sync',
      names: { step: 'email', service: 'email' },
    });
    // 20 workers of 400 ms; 100 users of 1050 ms; 95.24 x 0.4 = 38.1; 50 x 1.05.
    expect(found?.numbers).toMatchObject({ workers: 20, capacity: 50, workersNeeded: 39, knee: 52.5 });
    expect(found?.numbers.demand).toBeCloseTo(95.238, 3);
  });

  it('takes the rate of an open load as what is asked for', () => {
    const trial = measured({ subject: 'sync', rate: 80, ms: 2000, change: { steps: { email: saturated } } });
    expect(causes(groupTrials([trial]), checkout())[0]?.numbers).toMatchObject({ demand: 80, workersNeeded: 33 });
  });

  it('counts the pause of a user', () => {
    const scenario = checkout();
    scenario.load.think = 950;
    const trial = measured({ subject: 'sync', users: 200, ms: 2000, change: { steps: { email: saturated } } });
    expect(causes(groupTrials([trial]), scenario)[0]?.numbers).toMatchObject({ demand: 100, knee: 100 });
  });

  it('takes the measured service time where the service did not work as configured', () => {
    const slow = { ...saturated, serviceTime: times(3000) };
    expect(causesOf({ steps: { email: slow } })[0]?.numbers).toMatchObject({ service: 3000, workersNeeded: 286 });
    const late = { ...saturated, serviceTime: times(404) };
    expect(causesOf({ steps: { email: late } })[0]?.numbers.service).toBe(400);
  });

  it('knows that calls wait where all of them time out before they are served', () => {
    const none = { ...times(0, 1), count: 0, mean: null };
    const change = { utilisation: 1, failed: 123, timeouts: 123, queueTime: none, serviceTime: none };
    expect(causesOf({ steps: { email: step('email', change) } })[0]).toMatchObject({
      kind: 'bottleneck',
      numbers: { wait: 3000, service: 400, workersNeeded: 39 },
    });
  });

  it.each([
    ['busy but nobody waits', { utilisation: 0.99, queueTime: times(10) }],
    ['waiting in bursts but not saturated', { utilisation: 0.6, queueTime: times(300) }],
    ['without a limit', { utilisation: null, workers: null, queueTime: times(0) }],
  ])('finds no bottleneck in a step that is %s', (_, change) => {
    expect(causesOf({ steps: { email: step('email', change) } })).toEqual([]);
  });

  it('takes the step that makes calls wait longest when several are saturated', () => {
    const payment = step('payment', { utilisation: 1, workers: 250, queueTime: times(200) });
    expect(causesOf({ steps: { payment, email: saturated } })[0]?.names.step).toBe('email');
  });

  it('does not look for it among the steps that events do', () => {
    expect(causesOf({ steps: { ...idle, email: saturated } }, 100, 'hybrid')).toEqual([]);
    expect(causesOf({ steps: { payment: saturated } }, 100, 'event-driven')).toEqual([]);
    expect(causesOf({ steps: { ...idle, payment: saturated } }, 100, 'hybrid')).toHaveLength(1);
  });

  it('tells where most requests fail, and how', () => {
    const steps = {
      inventory: step('inventory', { failed: 10, errors: 10 }),
      email: step('email', { failed: 90, timeouts: 80, rejected: 10 }),
    };
    const [found] = causesOf({ failureRate: 0.1, steps });
    expect(found).toMatchObject({
      kind: 'failures',
      numbers: { failed: 90, share: 0.9, failureRate: 0.1 },
      names: { step: 'email', how: 'timeouts' },
    });
    expect(causesOf({ failureRate: 0.009, steps })).toEqual([]);
    expect(causesOf({ failureRate: 0.5, steps: idle })).toEqual([]);
  });

  it('counts the orders that were told "failed" although a critical step had taken effect, and names all that it may have been', () => {
    expect(causesOf({ orphaned: 7, steps: idle })).toMatchObject([
      { kind: 'orphaned', numbers: { orphaned: 7, sent: 1000, critical: 2 }, names: { steps: 'payment, inventory', noun: 'order' } },
    ]);
  });

  it('puts the subject that fails before the one that is only slow', () => {
    const slow = measured({ subject: 'hybrid', ms: 1, change: { steps: { payment: saturated } } });
    const failing = measured({
      subject: 'sync',
      ms: 1,
      failureRate: 0.3,
      change: { steps: { email: step('email', { failed: 300 }) } },
    });
    const found = causes(groupTrials([slow, failing]), checkout());
    expect(found.map(({ architecture }) => architecture)).toEqual(['sync', 'hybrid']);
  });
});

describe('workersFor', () => {
  it.each([
    [167, 400, 67],
    // Exactly 40 are busy: nothing that once waits would ever be worked off by as many.
    [100, 400, 41],
    [95.238, 420, 40],
    [100.01, 400, 41],
    [0, 400, 0],
  ])('with %d/s of %d ms %d workers keep up', (rate, service, workers) => {
    expect(workersFor(rate, service)).toBe(workers);
  });
});
