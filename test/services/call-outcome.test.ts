import { describe, expect, it } from 'vitest';
import { drawsOf } from '../../src/scenarios/draw.js';
import { behaviourOf, deliveryCall, callOutcomeOf, type Behaviour } from '../../src/services/call-outcome.js';

const draws = drawsOf(7, 'email');
const constant: Behaviour = behaviourOf({ latency: { kind: 'constant', ms: 400 }, errors: 0, outages: [] }, 7);

describe('the fate of a call', () => {
  it('is its latency, drawn by request and call number only', () => {
    const random: Behaviour = behaviourOf({ latency: { kind: 'exponential', mean: 100 }, errors: 0, outages: [] }, 7);
    const first = callOutcomeOf(random, draws, 4711, 0, 0);
    expect(callOutcomeOf(random, drawsOf(7, 'email'), 4711, 0, 99_999)).toEqual(first);
    expect(callOutcomeOf(random, draws, 4711, 1, 0).ms).not.toBe(first.ms);
    expect(callOutcomeOf(random, draws, 4712, 0, 0).ms).not.toBe(first.ms);
    expect(callOutcomeOf(random, drawsOf(8, 'email'), 4711, 0, 0).ms).not.toBe(first.ms);
  });

  it('fails about as often as it should, after the latency', () => {
    const flaky: Behaviour = { ...constant, errors: 0.1 };
    const fates = Array.from({ length: 10_000 }, (_, request) => callOutcomeOf(flaky, draws, request, 0, 0));
    const failed = fates.filter(({ fails }) => fails);
    // Five standard deviations of a binomial.
    expect(Math.abs(failed.length - 1000)).toBeLessThan(150);
    expect(failed.every(({ ms }) => ms === 400)).toBe(true);
  });

  it.each([
    ['error', { kind: 'error' }, { ms: 0, fails: true }],
    ['slow', { kind: 'slow', factor: 3 }, { ms: 1200, fails: false }],
    ['hang', { kind: 'hang' }, { ms: 1500, fails: false }],
  ] as const)('follows an outage of kind %s from its beginning to its end', (_, outage, during) => {
    const service: Behaviour = { ...constant, outages: [{ from: 1000, for: 2000, ...outage }] };
    const fateAt = (sinceStart: number) => callOutcomeOf(service, draws, 1, 0, sinceStart);
    expect(fateAt(-5000)).toEqual({ ms: 400, fails: false });
    expect(fateAt(999)).toEqual({ ms: 400, fails: false });
    expect(fateAt(1500)).toEqual(during);
    expect(fateAt(3000)).toEqual({ ms: 400, fails: false });
  });

  it('does not end sooner than usual because it hung at the end of an outage', () => {
    const service: Behaviour = { ...constant, outages: [{ from: 0, for: 1000, kind: 'hang' }] };
    expect(callOutcomeOf(service, draws, 1, 0, 900).ms).toBe(400);
  });
});

describe('call numbers of deliveries', () => {
  it('begin as a step does and never meet', () => {
    const numbers = [0, 1, 2].flatMap((message) => [1, 2, 3].map((delivery) => deliveryCall(message, delivery, 3)));
    expect(numbers[0]).toBe(0);
    expect(new Set(numbers).size).toBe(9);
  });
});
