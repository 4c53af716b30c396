import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MeasuredTrial } from '../../../src/measurement/record.js';
import type { Consumer } from '../../../src/scenarios/scenario.js';
import { simulateTrial } from '../../../src/simulation/trial.js';
import { service, step, subject, trialOf } from '../worlds.js';

type Traits = Pick<Consumer, 'share' | 'workers' | 'timeout' | 'attempts' | 'backoff'>;

const traits: fc.Arbitrary<Traits> = fc.record({
  share: fc.constantFrom(0.4, 1),
  workers: fc.constantFrom<Consumer['workers']>(1, 2, 'unlimited'),
  timeout: fc.constantFrom(45, 1e6),
  attempts: fc.constantFrom(1, 3),
  backoff: fc.constantFrom(0, 30, 1000),
});

const services = fc.record({
  errors: fc.constantFrom(0, 0.1),
  workers: fc.constantFrom(1, 3),
  queue: fc.constantFrom<'unlimited' | number>(1, 'unlimited'),
});

/** Several consumers that are independent; or the same ones, which a delay of nothing keeps from being so. */
function trialWith(consumers: readonly Traits[], others: Parameters<typeof service>[2][], seed: number, more: Partial<Consumer>): MeasuredTrial {
  const names = consumers.map((_, position) => `c${position}`);
  const called = names.map((name, position) => service(name, { kind: 'exponential', mean: 40 }, others[position]));
  const base = subject([service('pay', { kind: 'exponential', mean: 20 }), ...called], [step('pay')], { architecture: 'hybrid' });
  const listening = consumers.map((one, position) => ({ ...one, ...more, name: names[position]!, call: names[position]! }));
  const world = { ...base, event: { ...base.event, consumers: listening } };
  return simulateTrial(trialOf(world, { load: { model: 'closed', users: 3 }, seed, warmup: 200, duration: 2000, drain: 500, handling: 1 }));
}

/** The slope is a sum of what comes and leaves, which become known in another order. */
function comparable(trial: MeasuredTrial): unknown {
  return JSON.parse(JSON.stringify(trial, (key, value: unknown) => (key === 'slopePerSecond' ? (value as number).toFixed(6).replace('-0.000000', '0.000000') : value)));
}

describe('independent consumers', () => {
  it('come to the digits of those whose every delivery is queued', () => {
    const pairs = fc.array(fc.tuple(traits, services), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(pairs, fc.nat(1000), (all, seed) => {
        const [consumers, others] = [all.map(([one]) => one), all.map(([, other]) => other)];
        const foreseen = trialWith(consumers, others, seed, {});
        const queued = trialWith(consumers, others, seed, { delay: 0 });
        expect(comparable(foreseen)).toEqual(comparable(queued));
      }),
      { numRuns: 30 },
    );
  });
});
