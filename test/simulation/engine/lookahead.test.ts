import { describe, expect, it } from 'vitest';
import type { Consumer, Latency, Service } from '../../../src/scenarios/scenario.js';
import type { Subject } from '../../../src/scenarios/subject.js';
import { lookaheadOf } from '../../../src/simulation/engine/lookahead.js';
import { service, step, subject, trialOf } from '../worlds.js';

describe('looking ahead', () => {
  it('is not tried where a call may wait, be tried again, fail, or take always as long', () => {
    const drawn: Latency = { kind: 'exponential', mean: 100 };
    const seen = (more: Partial<Service>, architecture: Subject['architecture'] = 'sync', wait = false): boolean => {
      const world = subject([service('a', drawn, more)], [step('a')], { architecture });
      return lookaheadOf(trialOf({ ...world, event: { ...world.event, wait } }, { load: { model: 'closed', users: 4 } })) !== null;
    };
    expect(seen({})).toBe(true);
    expect(seen({}, 'hybrid')).toBe(true);
    expect(seen({ workers: 4 })).toBe(true);
    expect(seen({ workers: 3 })).toBe(false);
    expect(seen({ errors: 0.1 })).toBe(false);
    expect(seen({ abandoned: 'drop' })).toBe(false);
    expect(seen({ latency: { kind: 'constant', ms: 5 } })).toBe(false);
    expect(seen({}, 'parallel')).toBe(false);
    expect(seen({}, 'event-driven')).toBe(false);
    expect(seen({}, 'hybrid', true)).toBe(false);
    const pooled = subject([service('a', drawn)], [step('a', { connections: 5 })]);
    expect(lookaheadOf(trialOf(pooled))).toBeNull();
  });

  it('goes as far as deliveries where none is likely to wait, or to fail', () => {
    const drawn: Latency = { kind: 'lognormal', p50: 100, p99: 300 };
    const mail: Consumer = { name: 'mail', call: 'b', workers: 'unlimited', timeout: 1e4, attempts: 3, backoff: 10 };
    const seen = (consumers: Partial<Consumer>[], more: Partial<Service> = {}): boolean | undefined => {
      const world = subject([service('a', drawn), service('b', drawn, more)], [step('a')], { architecture: 'hybrid' });
      const event = { ...world.event, consumers: consumers.map((one, i) => ({ ...mail, name: `mail-${i}`, ...one })) };
      return lookaheadOf(trialOf({ ...world, event }, { load: { model: 'closed', users: 100 } }))?.deliveries;
    };
    expect(seen([{}])).toBe(true);
    // About a hundred are in progress, and five times their square root more.
    expect(seen([{}], { workers: 151 })).toBe(true);
    expect(seen([{}], { workers: 149 })).toBe(false);
    expect(seen([{}, {}], { workers: 151 })).toBe(false);
    expect(seen([{ workers: 200 }], { workers: 200 })).toBe(true);
    expect(seen([{ workers: 199 }], { workers: 200 })).toBe(false);
    // The service of the step has its calls from there as well.
    expect(seen([{ call: 'a' }])).toBe(true);
    expect(seen([{}], { errors: 0.01 })).toBe(false);
    expect(seen([{}], { latency: { kind: 'constant', ms: 100 } })).toBe(false);
    expect(seen([])).toBe(false);
  });
});
