import { describe, expect, it } from 'vitest';
import { planTrials } from '../../src/experiment/plan.js';
import type { Load } from '../../src/scenarios/load.js';
import { subjectOf, type Subject } from '../../src/scenarios/subject.js';
import { checkout } from '../support/record.js';

function plan(load: Partial<Load> = {}, names = ['sync', 'hybrid']) {
  const scenario = checkout();
  const changed = { ...scenario, load: { ...scenario.load, ...load } };
  return planTrials(changed, names.map((name) => subjectOf(changed, name) as Subject), 7);
}

describe('planTrials', () => {
  it('puts the architectures side by side at every load', () => {
    const { trials } = plan({ users: [10, 100] });
    expect(trials.map(({ architecture, load }) => `${architecture} ${load.model === 'closed' && load.users}`)).toEqual([
      'sync 10',
      'hybrid 10',
      'sync 100',
      'hybrid 100',
    ]);
  });

  it('loads by rate when the scenario names rates', () => {
    const { trials } = plan({ users: [], rates: [50] });
    expect(trials.map(({ load }) => load)).toEqual([
      { model: 'open', rate: 50 },
      { model: 'open', rate: 50 },
    ]);
  });

  it('takes stages from where users or rates begin, else from nobody', () => {
    const stages = [{ duration: 10_000, target: 50 }, { duration: 30_000, target: 200 }];
    const loads = (load: Partial<Load>) => plan({ ...load, stages }, ['sync']).trials.map((trial) => trial.load);
    expect(loads({ users: [] })).toEqual([{ model: 'closed', users: 200, ramp: { from: 0, stages } }]);
    expect(loads({ users: [5, 300] })).toEqual([
      { model: 'closed', users: 200, ramp: { from: 5, stages } },
      { model: 'closed', users: 300, ramp: { from: 300, stages } },
    ]);
    expect(loads({ users: [], rates: [9], arrivals: 'poisson' })).toEqual([
      { model: 'open', rate: 200, arrivals: 'poisson', ramp: { from: 9, stages } },
    ]);
  });

  it('has nothing to warm up with before stages that begin with nobody', () => {
    const stages = [{ duration: 10_000, target: 50 }];
    expect(plan({ users: [0, 5], stages }, ['sync']).trials.map(({ warmup }) => warmup)).toEqual([0, 1575]);
  });

  it('says of other than even arrivals how they are', () => {
    expect(plan({ users: [], rates: [50], arrivals: 'poisson' }, ['sync']).trials[0]?.load).toEqual({
      model: 'open', rate: 50, arrivals: 'poisson',
    });
  });

  it('lets the users in over one unloaded response time, and warms up for one and a half, a second at least', () => {
    const { trials } = plan({ users: [10] });
    expect(trials.map(({ entry, warmup }) => ({ entry, warmup }))).toEqual([
      { entry: 1050, warmup: 1575 },
      { entry: 500, warmup: 1000 },
    ]);
  });

  it('lets very many users in over several cycles, a thousand a second, and warms up until they are all there', () => {
    const { trials } = plan({ users: [500, 2000] }, ['sync', 'hybrid']);
    expect(trials.map(({ entry, warmup }) => ({ entry, warmup }))).toEqual([
      { entry: 1050, warmup: 1575 },
      { entry: 500, warmup: 1000 },
      { entry: 2100, warmup: 2625 },
      { entry: 2000, warmup: 2250 },
    ]);
  });

  it('takes a warm-up that was asked for', () => {
    expect(plan({ users: [10], warmup: 5000 }).trials[0]?.warmup).toBe(5000);
  });

  it('waits for a backlog only where there are events', () => {
    expect(plan({ users: [10] }).trials.map(({ drain }) => drain)).toEqual([0, 500]);
  });

  it('gives every trial the same seed, so that all meet the same latencies', () => {
    expect(new Set(plan({ rounds: 3 }).trials.map(({ seed }) => seed))).toEqual(new Set([7]));
  });

  it('estimates more time for more rounds', () => {
    expect(plan({ rounds: 4 }).estimatedSeconds).toBeGreaterThan(3.5 * plan().estimatedSeconds);
  });
});
