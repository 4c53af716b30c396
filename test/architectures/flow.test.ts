/** Steps that are undone when a later one fails, in virtual time. */
import { describe, expect, it } from 'vitest';
import { subjectOf } from '../../src/scenarios/subject.js';
import { simulateTrial, type TrialInput } from '../../src/simulation/trial.js';
import { parse } from '../scenarios/support.js';
import { trialOf } from '../simulation/worlds.js';
import { differences } from '../support/agreement.js';
import { liveTrial } from '../support/live-trial.js';
import { service, step } from './orders.js';
import { openVirtualPlace } from './virtual-place.js';

const services = [
  service('seats', 40), service('payment', 100), service('letter', 30), service('flaky', 20, { errors: 1 }), service('release', 15), service('refund', 50),
];
const booking = [step('seats', { compensate: 'release' }), step('payment', { compensate: 'refund' }), step('letter', { effect: false })];

describe('a flow whose steps can be undone', () => {
  it('undoes nothing when all succeed', async () => {
    const place = await openVirtualPlace({ steps: booking, services });
    expect(await place.order(1)).toEqual([{ said: 'confirmed', at: 170 }]);
    await place.rest();
    expect([place.received('release'), place.received('refund')]).toEqual([0, 0]);
  });

  it('replies at once when one fails, and then undoes those before it, the last first', async () => {
    const place = await openVirtualPlace({ steps: [...booking, step('flaky')], services });
    expect(await place.order(1)).toEqual([{ said: 'flaky: error', at: 190 }]);
    expect(place.arrangement.parts.isUndoing).toBe(true);
    await place.rest();
    expect(place.arrangement.parts.isUndoing).toBe(false);
    expect(place.calls('refund')).toEqual([{ request: 1, from: 190, until: 240, outcome: 'ok' }]);
    expect(place.calls('release')).toEqual([{ request: 1, from: 240, until: 255, outcome: 'ok' }]);
    expect(place.arrangement.parts.steps.map(({ report }) => report.name)).toEqual(
      ['seats', 'payment', 'letter', 'flaky', 'seats-compensation', 'payment-compensation'],
    );
  });

  it('waits for what is under way beside the one that failed', async () => {
    const steps = [step('seats', { compensate: 'release', after: [] }), step('payment', { compensate: 'refund', after: [] }), step('flaky', { after: [] })];
    const place = await openVirtualPlace({ architecture: 'parallel', steps, services });
    expect(await place.order(1)).toEqual([{ said: 'flaky: error', at: 20 }]);
    await place.rest();
    expect([place.calls('refund')[0]!.from, place.calls('release')[0]!.from]).toEqual([100, 150]);
  });

  it('undoes neither what was passed over nor what a fallback stood in for', async () => {
    const steps = [
      step('seats', { compensate: 'release', share: 0 }), step('gone', { call: 'flaky', compensate: 'refund', fallback: 'letter' }), step('flaky'),
    ];
    const place = await openVirtualPlace({ steps, services });
    await place.order(1);
    await place.rest();
    expect([place.received('release'), place.received('refund')]).toEqual([0, 0]);
  });

  it('tries again as the step does, and leaves what it cannot undo', async () => {
    const retries = { attempts: 3, backoff: 10, jitter: 'none' as const, budget: 1 };
    const place = await openVirtualPlace({ steps: [step('seats', { compensate: 'release' }), step('payment', { compensate: 'flaky', retries }), step('flaky')], services });
    await place.order(1);
    await place.rest();
    const undone = place.arrangement.parts.steps.find(({ report }) => report.name === 'payment-compensation')!.report;
    expect([undone.calls, undone.ok, undone.failed]).toEqual([3, 0, 1]);
    expect(place.received('release')).toBe(1);
  });

  it('in event-driven it is the worker that undoes, and its order has failed after that', async () => {
    const place = await openVirtualPlace({ architecture: 'event-driven', steps: [...booking, step('flaky')], services });
    expect((await place.order(1))[0]!.said).toBe('accepted');
    expect(await place.drain()).toBe(165);
    expect(place.received('refund')).toBe(1);
  });
});

const SCENARIO = parse(`
services:
  debit: 40ms
  credit: { latency: 40ms, errors: 10% }
  reverse: { latency: 30ms, errors: 20% }
steps:
  - { call: debit, critical: true, compensate: reverse }
  - credit!
variants:
  bare: { architecture: sync, steps: { debit: { compensate: none } } }
  late: { architecture: sync, services: { debit: { latency: 90ms } }, steps: { debit: { timeout: 60ms } } }
`);

function run(name: string): TrialInput {
  return trialOf(subjectOf(SCENARIO, name)!, { load: { model: 'open', rate: 100 }, duration: 3000, timeout: 10_000, drain: 2000, handling: 0 });
}

describe('orphaned', () => {
  it('counts what still stands: failed credits whose debit could not be reversed', async () => {
    const [bare, saga] = [simulateTrial(run('bare')), simulateTrial(run('sync'))];
    expect(differences(await liveTrial(run('sync')), saga)).toEqual([]);
    expect(saga.outcomes).toEqual(bare.outcomes);
    expect(bare.orphaned).toBe(bare.outcomes.http5xx);
    const undone = saga.steps['debit-compensation']!;
    expect(undone.ok + undone.failed).toBe(bare.orphaned);
    expect(saga.orphaned).toBe(undone.failed);
    expect([undone.ok > 0, undone.failed > 0]).toEqual([true, true]);
  });

  it('counts a step that timed out, and was done all the same: nobody undoes it', () => {
    const late = simulateTrial(run('late'));
    // What a service finishes after the end of the trial is not seen.
    expect(late.outcomes.http5xx - late.orphaned).toBeLessThan(5);
    expect(late.steps['debit-compensation']).toMatchObject({ calls: 0 });
  });
});
