import { describe, expect, it } from 'vitest';
import { bills } from '../../src/advice/finding-bill.js';
import { groupTrials } from '../../src/advice/rounds.js';
import type { BacklogResult, MeasuredTrial } from '../../src/measurement/record.js';
import { consumer, events, measured, step, times } from '../support/measured.js';
import { checkout } from '../support/record.js';
import { ofAnyKind } from '../support/findings.js';

const billsOf = (change: Partial<MeasuredTrial>) =>
  ofAnyKind(bills(groupTrials([measured({ subject: 'hybrid', users: 500, ms: 600, change })]), checkout()));

const backlog = (slopePerSecond: number, end: number, drainSeconds: number | null = 157): BacklogResult => ({
  peak: end,
  end,
  slopePerSecond,
  drainSeconds,
  series: { at: [0], waiting: [0] },
});

describe('bills', () => {
  it('is empty without events', () => {
    expect(billsOf({})).toEqual([]);
  });

  it('tells that all consumers keep up, and the times that go with it', () => {
    expect(billsOf({ events: events({ email: consumer('email') }) })).toMatchObject([
      { kind: 'keeps-up', numbers: { lagP95: 1, completionP95: 901 } },
    ]);
  });

  it('does not tell times of too few events', () => {
    expect(billsOf({ events: events({ email: consumer('email') }, { lag: times(1, 58) }) })).toEqual([]);
  });

  it('names every consumer whose backlog grows, the fastest first, with the workers that would keep up', () => {
    const growing = events({
      analytics: consumer('analytics', { workers: 100, arrivalRate: 833, backlog: backlog(166, 1660) }),
      email: consumer('email', { arrivalRate: 833, pending: 7000, backlog: backlog(783, 7830) }),
      fulfillment: consumer('fulfillment'),
    });
    const found = billsOf({ events: growing });
    expect(found.map(({ kind, names }) => [kind, names.consumer])).toEqual([
      ['backlog-grows', 'email'],
      ['backlog-grows', 'analytics'],
    ]);
    // 833 x 0.4 and 833 x 0.15.
    expect(found[0]?.numbers).toMatchObject({
      slope: 783,
      workers: 20,
      workersNeeded: 334,
      pending: 7000,
      drainSeconds: 157,
    });
    expect(found[1]?.numbers.workersNeeded).toBe(125);
  });

  it('looks for the scarcest critical step where a consumer runs them all', () => {
    const orders = consumer('orders', { workers: 500, arrivalRate: 1900, backlog: backlog(1300, 4900) });
    const steps = { payment: step('payment', { workers: 250 }), inventory: step('inventory', { workers: 250 }) };
    const trial = measured({ subject: 'event-driven', ms: 2, change: { steps, events: events({ orders }) } });
    const [found] = bills(groupTrials([trial]), checkout());
    // 400 ms were measured in both, against 300 and 200 configured: then what was measured counts.
    expect(found).toMatchObject({
      numbers: { workers: 250, workersNeeded: 761 },
      names: { consumer: 'orders', service: 'payment' },
    });
  });

  it('leaves out what is not there: no limit of workers, no end of the drain', () => {
    const email = consumer('email', { workers: null, backlog: backlog(10, 100, null) });
    const numbers = billsOf({ events: events({ email }) })[0]?.numbers;
    expect(numbers).not.toHaveProperty('workers');
    expect(numbers).not.toHaveProperty('drainSeconds');
  });

  it.each([
    // 20 a second at 0.4 s keep 8 workers busy: 8 events in hand are no backlog, and neither are 16 by chance.
    ['no more than it has in hand', 20, 0.5, 8, 'keeps-up'],
    ['no more than it may have in hand by chance', 20, 1.3, 16, 'keeps-up'],
    ['more than that, but hardly rising', 20, 0.5, 40, 'keeps-up'],
    ['more than that, and rising', 20, 3, 40, 'backlog-grows'],
    ['a few at a trickle', 0.2, 0.1, 1, 'keeps-up'],
  ])('judges a consumer with %s', (_, arrivalRate, slope, end, kind) => {
    const email = consumer('email', { arrivalRate, backlog: backlog(slope, end) });
    expect(billsOf({ events: events({ email }) })[0]?.kind).toBe(kind);
  });

  it('takes a backlog that goes up and down for none', () => {
    const email = consumer('email', { backlog: backlog(2, 20) });
    expect(billsOf({ events: events({ email }) })[0]?.kind).toBe('keeps-up');
  });

  it('counts what was lost and what failed later', () => {
    const found = billsOf({ failedLater: 12, events: events({ email: consumer('email') }, { lost: 3 }) });
    expect(found.map(({ kind, numbers }) => [kind, numbers.lost ?? numbers.failedLater])).toEqual([
      ['lost', 3],
      ['failed-later', 12],
    ]);
  });

  it('names the faults under which something was lost', () => {
    const scenario = { ...checkout(), faults: [{ kind: 'drop' as const, share: 0.01 }, { kind: 'crash' as const, process: 'server' as const, at: 3000, for: 500 }] };
    const trial = measured({ subject: 'hybrid', users: 500, ms: 600, change: { events: events({ email: consumer('email') }, { lost: 3 }) } });
    expect(bills(groupTrials([trial]), scenario)[0]?.names).toEqual({ faults: 'drop 1%, crash server at 3s for 500ms' });
  });
});
