import { describe, expect, it } from 'vitest';
import { countFailedLater, countOrphaned, countRepeatedEffects, stands, type StepEffects, outcomesByRequest } from '../../src/measurement/false-replies.js';
import { attemptNumber } from '../../src/scenarios/request.js';
import type { EventWork } from '../../src/measurement/ledger.js';
import { checkout, observationsOf, serviceOf } from './fixtures.js';

const outcomes = outcomesByRequest(
  observationsOf([
    { index: -1, intendedAt: 0, endedAt: 1 },
    { index: 0, intendedAt: 0, endedAt: 1, outcome: 'http5xx' },
    { index: 1, intendedAt: 0, endedAt: 1, outcome: 'timeout' },
    { index: 2, intendedAt: 0, endedAt: 1 },
    { index: 3, intendedAt: 0, endedAt: 1, outcome: 'cutOff' },
  ]),
);

describe('countOrphaned', () => {
  it('counts each failed request once for which a critical step took effect', () => {
    const services = [
      serviceOf('payment', [
        { request: -1, step: 'payment' },
        { request: 0, step: 'payment' },
        { request: 2, step: 'payment' },
      ]),
      serviceOf('inventory', [{ request: 0, step: 'inventory' }]),
    ];
    expect(countOrphaned(outcomes, checkout('sync'), services)).toBe(1);
  });

  it.each([
    ['a step that is not critical', serviceOf('email', [{ request: 1, step: 'email' }]), 0],
    ['a call that did no work', serviceOf('payment', [{ request: 1, step: 'payment', outcome: 'error' }]), 0],
    ['a request that nobody sent', serviceOf('payment', [{ request: 99, step: 'payment' }]), 0],
    ['a request cut off', serviceOf('payment', [{ request: 3, step: 'payment' }]), 1],
  ])('%s', (_, service, expected) => {
    expect(countOrphaned(outcomes, checkout('sync'), [service])).toBe(expected);
  });
});

describe('requests that were sent several times', () => {
  const observations = {
    ...observationsOf([0, 1, 2].map((index) => ({ index, intendedAt: 0, endedAt: 1, outcome: index === 0 ? 'ok' : 'timeout' }))),
    attempts: Uint8Array.of(2, 2, 1),
  };
  const paid = (...requests: number[]) => [serviceOf('payment', requests.map((request) => ({ request, step: 'payment' })))];

  it('are orphaned when any attempt has paid and the last one was told to have failed', () => {
    const outcomesOf = outcomesByRequest(observations);
    expect(countOrphaned(outcomesOf, checkout('sync'), paid(1))).toBe(1);
    expect(countOrphaned(outcomesOf, checkout('sync'), paid(attemptNumber(1, 1)))).toBe(1);
    expect(countOrphaned(outcomesOf, checkout('sync'), paid(1, attemptNumber(1, 1), 2))).toBe(2);
    expect(countOrphaned(outcomesOf, checkout('sync'), paid(0, attemptNumber(0, 1)))).toBe(0);
  });

  it('took effect twice when two attempts have, whatever was told', () => {
    expect(countRepeatedEffects(observations, checkout('sync'), paid(0, attemptNumber(0, 1), 1))).toBe(1);
    expect(countRepeatedEffects(observations, checkout('sync'), paid(0, 1, 2))).toBe(0);
    expect(countRepeatedEffects({ ...observations, attempts: undefined as never }, checkout('sync'), paid(0))).toBe(0);
  });
});

describe('what still stands of a step that can be undone', () => {
  it.each<[string, StepEffects, boolean]>([
    ['done', { done: [5], undone: [] }, true],
    ['undone after it', { done: [5], undone: [9] }, false],
    ['undone as soon as it was done', { done: [5], undone: [5] }, false],
    ['done again, for a call that was given up', { done: [5, 12], undone: [9] }, true],
    ['undone twice', { done: [5, 12], undone: [9, 13] }, false],
    ['to be done when the trial is over', { done: [21], undone: [] }, false],
    ['to be undone when the trial is over', { done: [5], undone: [21] }, true],
  ])('%s', (_, effects, expected) => {
    expect(stands(effects, 20)).toBe(expected);
  });
});

describe('countFailedLater', () => {
  const judgeWork = (work: EventWork | undefined): number =>
    countFailedLater(new Map([[2, 'ok' as const]]), new Map(work ? [[2, work]] : []));

  it.each<[string, EventWork | undefined, number]>([
    ['done', { place: 'processed', completedAt: 5 }, 0],
    ['recovered', { place: null, completedAt: 5 }, 0],
    ['still waiting', { place: 'pending', completedAt: null }, 0],
    ['dead-lettered', { place: 'deadLettered', completedAt: null }, 1],
    ['lost', { place: 'lost', completedAt: null }, 1],
    ['never acknowledged', { place: null, completedAt: null }, 1],
    ['acknowledged in part only', { place: 'processed', completedAt: null }, 1],
    ['never published', undefined, 1],
  ])('%s', (_, work, expected) => {
    expect(judgeWork(work)).toBe(expected);
  });

  it('leaves out requests that were not told "ok"', () => {
    expect(countFailedLater(outcomes, new Map([[2, { place: 'processed', completedAt: 1 }]]))).toBe(0);
  });
});
