import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/base/errors.js';
import { parseSweep, turned } from '../../src/simulation/sweep.js';
import { simulateTrial } from '../../src/simulation/trial.js';
import { service, step, subject, trialOf } from './worlds.js';

const MAIL = { name: 'mailer', call: 'mail', share: 1, workers: 1, timeout: 1e9, attempts: 1, backoff: 0 };
const base = subject([service('pay', 100, { workers: 5 }), service('mail', 200, { workers: 1 })], [step('pay')]);
const world = { ...base, architecture: 'hybrid' as const, event: { ...base.event, consumers: [MAIL] } };
const input = trialOf(world, { load: { model: 'closed', users: 10 }, duration: 5000 });

describe('parseSweep', () => {
  it('reads a knob and its values', () => {
    expect(parseSweep('email.workers=10,20,40')).toEqual({ knob: 'email.workers', values: [10, 20, 40] });
    expect(parseSweep('rate=0.5')).toEqual({ knob: 'rate', values: [0.5] });
    expect(parseSweep('email.timeout=500ms,1s,2m')).toEqual({ knob: 'email.timeout', values: [500, 1000, 120_000] });
    expect(parseSweep('think=1s')).toEqual({ knob: 'think', values: [1000] });
  });

  it.each(['', 'users', 'users=', 'users=1,', '=1', 'users=a', 'users=-1', 'users = 1', 'users=1s'])('refuses %j', (text) => {
    expect(() => parseSweep(text)).toThrow(UserError);
  });
});

describe('turned', () => {
  it('turns the load', () => {
    expect(turned(input, 'users', 7).load).toEqual({ model: 'closed', users: 7 });
    expect(turned(input, 'rate', 0.5).load).toEqual({ model: 'open', rate: 0.5 });
    expect(turned(input, 'think', 250).think).toBe(250);
  });

  it('turns how often clients send a request: as they do otherwise, and once is no retry', () => {
    const on = ['timeout' as const];
    expect(turned({ ...input, retries: { attempts: 5, backoff: 20, on } }, 'attempts', 2).retries).toEqual({ attempts: 2, backoff: 20, on });
    expect(turned(input, 'attempts', 3).retries).toEqual({ attempts: 3, backoff: 1000, on: ['timeout', 'http5xx', 'connection', 'hangup'] });
    expect(turned({ ...input, retries: { attempts: 5, backoff: 20, on } }, 'attempts', 1)).not.toHaveProperty('retries');
    for (const value of [0, 10, 1.5]) expect(() => turned(input, 'attempts', value)).toThrow(`--sweep: expected attempts to be a whole number from 1 to 9, got ${value}.`);
  });

  it('keeps how a load is spaced, and how it moves', () => {
    const ramp = { from: 10, stages: [{ duration: 1000, target: 50 }, { duration: 1000, target: 20 }] };
    const open = { ...input, load: { model: 'open' as const, rate: 50, arrivals: 'poisson' as const, ramp } };
    expect(turned(open, 'rate', 100).load).toEqual({
      model: 'open', rate: 100, arrivals: 'poisson', ramp: { from: 20, stages: [{ duration: 1000, target: 100 }, { duration: 1000, target: 40 }] },
    });
    const closed = { ...input, load: { model: 'closed' as const, users: 50, ramp } };
    expect(turned(closed, 'users', 25).load).toMatchObject({ users: 25, ramp: { from: 5 } });
  });

  it('turns the timeout of the consumer as well', () => {
    expect(turned(input, 'mailer.timeout', 500).subject.event.consumers[0]?.timeout).toBe(500);
  });

  it('turns the workers of a service together with those of its consumers', () => {
    const { services, event } = turned(input, 'mail.workers', 4).subject;
    expect(services.map(({ workers }) => workers)).toEqual([5, 4]);
    expect(event.consumers[0]?.workers).toBe(4);
  });

  it('turns what belongs to a step, and leaves the rest', () => {
    const { steps, event } = turned(input, 'pay.timeout', 40).subject;
    expect(steps[0]).toMatchObject({ timeout: 40, connections: 'unlimited' });
    expect(turned(input, 'mail.queue', 9).subject.services[1]).toMatchObject({ queue: 9, workers: 1 });
    expect(event.consumers[0]?.workers).toBe(1);
  });

  it('says what there is when there is no such knob', () => {
    expect(() => turned(input, 'mial.workers', 4)).toThrow(/did you mean mail\.workers/);
    expect(() => turned(input, 'mail.timeout', 4)).toThrow(/pay\.timeout/);
    expect(() => turned(input, 'workers', 4)).toThrow(UserError);
  });

  it.each([0, 1.5, -3])('refuses %f users', (value) => {
    expect(() => turned(input, 'users', value)).toThrow(UserError);
  });

  it('refuses a rate of nothing', () => {
    expect(() => turned(input, 'rate', 0)).toThrow('above 0');
  });
});

describe('a sweep', () => {
  it('finds the workers that keep up: 50 a second of 200 ms take 10', () => {
    const trials = [1, 5, 10, 20].map((value) => simulateTrial(turned(input, 'mail.workers', value)));
    const growth = trials.map((trial) => Math.round(trial.events?.consumers.mailer?.backlog.slopePerSecond ?? -1));
    expect(growth[0]).toBeCloseTo(45, -1);
    expect(growth[1]).toBeCloseTo(25, -1);
    expect(growth.slice(2).every((slope) => Math.abs(slope) <= 1)).toBe(true);
  });
});
