import { describe, expect, it } from 'vitest';
import type { MachineTimes } from '../../../src/measurement/record.js';
import { addedTime, publishTime } from '../../../src/simulation/discrete-event/machine.js';
import { simulateTrial } from '../../../src/simulation/trial.js';
import { consumer } from '../../architectures/orders.js';
import { service, step, subject, trialOf } from '../worlds.js';

const machine: MachineTimes = { reply: [1], call: [2], publish: [4] };
const open = { load: { model: 'open' as const, rate: 10 }, duration: 1000 };

describe('what a machine adds', () => {
  it('is drawn from what was measured, and every part of it comes', () => {
    const added = addedTime(1, 'a:hop', [1, 2, 3, 4])!;
    const times = Array.from({ length: 400 }, (_, request) => added(request, 0));
    for (const ms of [1, 2, 3, 4]) expect(times.filter((time) => time === ms).length).toBeGreaterThan(70);
    expect(addedTime(1, 'a:hop', [])).toBeNull();
  });

  it('is no less of a publish than the scenario says', () => {
    expect(publishTime(1, 'orders', 3, {})?.(0, 0)).toBe(3);
    expect(publishTime(1, 'orders', 3, { machine })?.(0, 0)).toBe(4);
    expect(publishTime(1, 'orders', 5, { machine })?.(0, 0)).toBe(5);
    expect(publishTime(1, 'orders', 0, { machine: { ...machine, publish: [] } })).toBeNull();
  });

  it('comes to each call, each publish and the reply', () => {
    const services = [service('pay', 20), service('stock', 30), service('mail', 50)];
    const steps = [step('pay'), step('stock', { after: ['pay'] })];
    const chain = subject(services, steps);
    expect(simulateTrial(trialOf(chain, { ...open, machine })).responseTime.p50).toBeCloseTo(22 + 32 + 1, 9);
    const event = { ...chain.event, messages: 2, consumers: [consumer('mail')] };
    const hybrid = simulateTrial(trialOf({ ...chain, architecture: 'hybrid', event }, { ...open, drain: 1000, machine }));
    expect(hybrid.responseTime.p50).toBeCloseTo(22 + 32 + 2 * 4 + 1, 9);
    // The second message is published once the bus has taken the first; its call takes two more milliseconds.
    expect(hybrid.events?.completionTime.p50).toBeCloseTo(22 + 32 + 4 + 52, 9);
  });

  it('holds a connection of the caller, and no worker of the service', () => {
    const load = { load: { model: 'closed' as const, users: 4 }, duration: 10_000 };
    const perSecond = (world: ReturnType<typeof subject>): number => simulateTrial(trialOf(world, { ...load, machine: { ...machine, call: [5], reply: [] } })).throughput;
    expect(perSecond(subject([service('pay', 20)], [step('pay', { connections: 1 })]))).toBeCloseTo(1000 / 25, 0);
    expect(perSecond(subject([service('pay', 20, { workers: 1 })], [step('pay')]))).toBeCloseTo(1000 / 20, 0);
  });

  it.each(['finish', 'drop'] as const)('makes an answer late that would have been in time, where calls that are left are %sed', (abandoned) => {
    const world = subject([service('pay', 20, { abandoned, workers: 1 })], [step('pay', { timeout: 21 })]);
    const trial = simulateTrial(trialOf(world, { ...open, machine }));
    expect(trial.steps.pay).toMatchObject({ timeouts: 10, serviceTime: { count: 10, max: 20 } });
    expect(trial.responseTime.p50).toBeCloseTo(22, 9);
    expect(trial.validity.valid).toBe(true);
  });
});
