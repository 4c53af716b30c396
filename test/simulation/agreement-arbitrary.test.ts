import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Subject } from '../../src/scenarios/subject.js';
import { EventQueue } from '../../src/simulation/discrete-event/event-queue.js';
import { simulateTrial } from '../../src/simulation/trial.js';
import { differences } from '../support/agreement.js';
import { liveTrial } from '../support/live-trial.js';
import { cases } from '../support/properties.js';
import { arbitraryTrial } from './arbitrary-trial.js';
import { service, step, subject, trialOf } from './worlds.js';

describe('arbitrary trials', () => {
  beforeEach(() => {
    // oxlint-disable-next-line typescript/unbound-method -- called with its queue
    const { plan } = EventQueue.prototype;
    vi.spyOn(EventQueue.prototype, 'plan').mockImplementation(function plans(this: EventQueue, at, ...rest): void {
      if (at < this.now) throw new Error(`Planned ${this.now - at} ms before now`);
      plan.call(this, at, ...rest);
    });
  });

  afterEach(() => {
    vi.restoreAllMocks();
  });

  it('are the same, live and simulated', async () => {
    const agree = fc.asyncProperty(arbitraryTrial, async (trial) => {
      expect(differences(await liveTrial(trial), simulateTrial(trial))).toEqual([]);
    });
    await fc.assert(agree, { numRuns: cases(200) });
  });

  it('agree that what a call was turned away with is heard before its timeout, when both waited for a process that stood still', async () => {
    const limited = service('b', 25, { workers: 5, rate: { count: 50, per: 2000, burst: 2 } });
    const paused = subject([limited], [step('b', { timeout: 20, connections: 1 })], { faults: [{ kind: 'pause', process: 'server', at: 95, for: 30 }] });
    const trial = trialOf(paused, { load: { model: 'open', rate: 200, arrivals: 'even' }, duration: 300, handling: 0 });
    expect(differences(await liveTrial(trial), simulateTrial(trial))).toEqual([]);
  });

  it('agree that a delivery to be held back starts at once while another one is held', async () => {
    const event: Subject['event'] = { ...subject([], []).event, inbox: false, consumers: [{ name: 'c0', call: 'd', share: 1, workers: 'unlimited', timeout: 5, attempts: 1, backoff: 0 }] };
    const services = [service('a', 0), service('d', { kind: 'exponential', mean: 10 }, { workers: 1, queue: 0 })];
    const reordered = subject(services, [step('s0', { call: 'a', critical: false, onError: 'continue' })], { architecture: 'event-driven', event, faults: [{ kind: 'reorder', share: 0.3 }] });
    const trial = trialOf(reordered, { load: { model: 'closed', users: 4 }, seed: 30, warmup: 100, duration: 100, timeout: 1000, handling: 0.5 });
    expect(differences(await liveTrial(trial), simulateTrial(trial))).toEqual([]);
  });

  it('agree that a delivery for which there is nothing to do has passed before the one that was held back is let go', async () => {
    const { consumers: _, ...nothing } = subject([], []).event;
    const kinds = [['x', 0.5], ['y', 0.3], ['z', 0.2]].map(([name, weight]) => ({ name: name as string, weight: weight as number, event: nothing }));
    const services = [service('b', 20, { workers: 2 })];
    const reordered = subject(services, [step('s1', { call: 'b', only: 'x' })], { architecture: 'event-driven', kinds, faults: [{ kind: 'reorder', share: 0.3 }] });
    const trial = trialOf(reordered, { load: { model: 'open', rate: 400, arrivals: 'even' }, seed: 0, duration: 100, drain: 1000, timeout: 1000, handling: 0 });
    expect(differences(await liveTrial(trial), simulateTrial(trial))).toEqual([]);
  });

  it('agree that of calls that take no time only the first that a started worker takes up is a cold start', async () => {
    const d = service('d', 0, { workers: 1, errors: 0.2, scaling: { min: 0, start: 0, target: 0.5, idle: 5 } });
    const event: Subject['event'] = { ...subject([], []).event, consumers: [{ name: 'c0', call: 'd', share: 1, times: 2, concurrency: 2, workers: 2, timeout: 5, attempts: 1, backoff: 0 }] };
    const crashed = subject([service('a', 0), d], [step('s0', { call: 'a', critical: false })], { architecture: 'hybrid', event, faults: [{ kind: 'crash', process: 'server', at: 60, for: 20 }] });
    const trial = trialOf(crashed, { load: { model: 'closed', users: 12 }, warmup: 100, duration: 100, timeout: 20, think: 30, handling: 0 });
    const simulated = simulateTrial(trial);
    expect(differences(await liveTrial(trial), simulated)).toEqual([]);
    // Twice in the window all users ask at one moment, and one worker is started.
    expect(simulated.steps.c0?.scaled).toMatchObject({ most: 1, coldStarts: 2 });
  });

  it('agree that a delivery of a batch is handled a second time once those of the same batch have ended, and their workers have taken up others', async () => {
    for (const inbox of [false, true]) {
      const event: Subject['event'] = { ...subject([], []).event, inbox, consumers: [{ name: 'c0', call: 'd', share: 1, workers: 1, timeout: 1000, attempts: 1, backoff: 0, batch: { size: 3, wait: 0 } }] };
      const services = [service('a', 0), service('d', { kind: 'exponential', mean: 10 }, { workers: 1 })];
      const twice = subject(services, [step('s0', { call: 'a' })], { architecture: 'hybrid', event, faults: [{ kind: 'duplicate', share: 0.3 }] });
      for (const seed of [0, 1, 2]) {
        const trial = trialOf(twice, { load: { model: 'open', rate: 400, arrivals: 'even' }, seed, duration: 60, drain: 1000, timeout: 1000, handling: 0 });
        expect(differences(await liveTrial(trial), simulateTrial(trial)), `seed ${seed}`).toEqual([]);
      }
    }
  });

  describe('of a server that is killed, and whose consumers wait for its replies,', () => {
    const heldBack = (faults: Subject['faults']): Subject => {
      const consumer = { name: 'c0', call: 'd', share: 1, workers: 'unlimited' as const, timeout: 5, attempts: 1, backoff: 0, rate: { count: 20, per: 1000, burst: 1 } };
      const event: Subject['event'] = { ...subject([], []).event, wait: true, consumers: [consumer] };
      return subject([service('a', 0), service('d', 0)], [step('s0', { call: 'a' })], { architecture: 'hybrid', event, faults: [{ kind: 'reorder', share: 0.3 }, ...faults] });
    };

    /** @param timeout of the client, ms */
    const killedAsItGoesOn = (timeout: number) => {
      const world = heldBack([{ kind: 'pause', process: 'server', at: 30, for: 40 }, { kind: 'crash', process: 'server', at: 60, for: 20 }]);
      return trialOf(world, { load: { model: 'open', rate: 400, arrivals: 'even' }, seed: 0, duration: 100, drain: 1000, timeout, restart: 0, handling: 0 });
    };

    it('agree that it is back before anything else of that moment: the first of several requests is handed on before the second is read', async () => {
      // Who is cut off at 60 ms sends again 100 ms later, when it is just back.
      const world = heldBack([{ kind: 'crash', process: 'server', at: 60, for: 100 }]);
      const trial = trialOf(world, { load: { model: 'closed', users: 12 }, seed: 0, duration: 200, drain: 1000, timeout: 3000, restart: 0, handling: 0.5 });
      const simulated = simulateTrial(trial);
      expect(differences(await liveTrial(trial), simulated)).toEqual([]);
      expect(simulated.outcomes.hangup).toBe(12);
    });

    it('agree that requests which came while it was stopped find no server when it is killed as it goes on', async () => {
      const trial = killedAsItGoesOn(1000);
      const simulated = simulateTrial(trial);
      expect(differences(await liveTrial(trial), simulated)).toEqual([]);
      // Requests are due every 2.5 ms: 16 from 30 to 67.5 ms, and 8 until 87.5 ms.
      expect(simulated.outcomes.connection).toBe(24);
    });

    it('agree that nobody counts those that had been given up by then', async () => {
      const trial = killedAsItGoesOn(20);
      const simulated = simulateTrial(trial);
      expect(differences(await liveTrial(trial), simulated)).toEqual([]);
      // Sent from 30 to 47.5 ms; those sent at 50 ms have 20 ms until 70.
      expect(simulated.server).toMatchObject({ unreached: 16, uncounted: 8 });
    });

    it.each([0, 1])('agree how many workers of a consumer it has started since, of %i at least', async (min) => {
      const consumer = { name: 'c0', call: 'd', share: 1, workers: 4, timeout: 1000, attempts: 1, backoff: 0, scaling: { min, start: 5, target: 0.5, idle: 20 } };
      const event: Subject['event'] = { ...subject([], []).event, consumers: [consumer] };
      const world = subject([service('a', 0), service('d', 15)], [step('s0', { call: 'a' })], { architecture: 'hybrid', event, faults: [{ kind: 'crash', process: 'server', at: 60, for: 20 }] });
      const trial = trialOf(world, { load: { model: 'open', rate: 100, arrivals: 'even' }, duration: 200, drain: 1000, timeout: 1000, handling: 0, restart: 10 });
      const simulated = simulateTrial(trial);
      expect(differences(await liveTrial(trial), simulated)).toEqual([]);
      expect(simulated.events?.consumers.c0?.scaled?.most).toBeGreaterThan(0);
    });
  });
});
