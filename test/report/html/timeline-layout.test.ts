import { describe, expect, it } from 'vitest';
import { groupTrials, type TrialGroup } from '../../../src/advice/rounds.js';
import type { MeasuredTrial } from '../../../src/measurement/record.js';
import { endOf, layout } from '../../../src/report/html/timeline-layout.js';
import { consumer, events, measured, step, times } from '../../support/measured.js';
import { checkout } from '../../support/record.js';

const SERVICES = { payment: 300, inventory: 200, email: 400, analytics: 150, fulfillment: 250 };

const steps = Object.fromEntries(
  Object.entries(SERVICES).map(([name, ms]) => [name, step(name, { queueTime: times(10), serviceTime: times(ms) })]),
);

function group(subject: string, ms: number, change: Partial<MeasuredTrial> = {}): TrialGroup {
  return groupTrials([measured({ subject, ms, change: { steps, ...change } })])[0] as TrialGroup;
}

const places = (row: TrialGroup) =>
  layout(row, checkout())?.bars.map((bar) => [bar.name, bar.from, endOf(bar), bar.isBeforeReply]);

describe('layout', () => {
  it('puts the steps of sync one after another, before the reply', () => {
    expect(places(group('sync', 1090))).toEqual([
      ['payment', 0, 310, true],
      ['inventory', 310, 520, true],
      ['email', 520, 930, true],
      ['analytics', 930, 1090, true],
    ]);
  });

  it('starts the steps of parallel as soon as what they need is done', () => {
    expect(places(group('parallel', 930))).toEqual([
      ['payment', 0, 310, true],
      ['inventory', 310, 520, true],
      ['email', 520, 930, true],
      ['analytics', 520, 680, true],
    ]);
  });

  it('starts the consumers of hybrid with the reply, and lets them wait for the event too', () => {
    const accounts = { email: consumer('email', { lag: times(1000) }), fulfillment: consumer('fulfillment') };
    expect(places(group('hybrid', 520, { events: events(accounts) }))).toEqual([
      ['payment', 0, 310, true],
      ['inventory', 310, 520, true],
      ['email', 520, 520 + 1000 + 410, false],
      ['fulfillment', 520, 520 + 1 + 260, false],
    ]);
  });

  it('starts the consumers where the event is published, before the reply', () => {
    const scenario = checkout();
    scenario.event.after = 'payment';
    const bars = layout(group('hybrid', 520, { events: events({ email: consumer('email') }) }), scenario)?.bars;
    expect(bars?.map(({ name, from }) => [name, from])).toEqual([['payment', 0], ['inventory', 310], ['email', 310]]);
  });

  it('lets event-driven take the order and run its critical steps after the reply, then the other consumers', () => {
    const accounts = { orders: consumer('orders', { lag: times(100) }), email: consumer('email') };
    expect(places(group('event-driven', 5, { events: events(accounts) }))).toEqual([
      ['orders', 5, 105, false],
      ['payment', 105, 415, false],
      ['inventory', 415, 625, false],
      ['email', 625, 625 + 1 + 410, false],
    ]);
  });

  it('waits for the timeout where calls were given up', () => {
    const none = { ...times(0, 1), count: 0, mean: null };
    const email = step('email', { failed: 1000, timeouts: 1000, queueTime: none, serviceTime: none });
    const bar = layout(group('sync', 3500, { steps: { ...steps, email } }), checkout())?.bars[2];
    expect(bar).toMatchObject({ name: 'email', waiting: 3000, working: 0, failed: 1 });
  });

  it('knows nothing of a server that is not ours, or of a trial without answers', () => {
    expect(layout(group('mine', 100), checkout())).toBeNull();
    expect(layout(group('sync', 100, { responseTime: { ...times(1), mean: null } }), checkout())).toBeNull();
  });
});
