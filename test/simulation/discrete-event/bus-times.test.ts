/** The time that a bus takes, in virtual time. */
import { describe, expect, it } from 'vitest';
import type { BusSettings, BusTime } from '../../../src/events/settings.js';
import type { EventsResult, MeasuredTrial } from '../../../src/measurement/record.js';
import type { BusinessEvent, Consumer } from '../../../src/scenarios/scenario.js';
import { simulateTrial, type TrialInput } from '../../../src/simulation/trial.js';
import { consumer } from '../../architectures/orders.js';
import { service, step, subject, trialOf } from '../worlds.js';

const always = (ms: number): BusTime => ({ min: ms, p50: ms, p95: ms });
const bus = (publish: number, lag: number): BusSettings => ({ name: 'kafka', publish: 'confirmed', url: null, times: { publish: always(publish), lag: always(lag) } });

/** Twenty orders a second; nothing waits, where there are workers enough. */
function hybrid({ bus: carried, ...more }: Partial<TrialInput> & { bus?: BusSettings }, event: Partial<BusinessEvent> = {}, mail: Partial<Consumer> = {}): MeasuredTrial {
  const world = subject([service('pay', 20), service('mail', 50)], [step('pay')]);
  const published = { ...world.event, consumers: [consumer('mail', mail)], ...event };
  const load = { load: { model: 'open' as const, rate: 20 }, duration: 2000, drain: 5000 };
  return simulateTrial(trialOf({ ...world, architecture: 'hybrid', event: published }, { ...load, ...more, ...(carried && { bus: carried }) }));
}

function eventsOf({ events }: MeasuredTrial): EventsResult {
  if (!events) throw new Error('no events');
  return events;
}

describe('a publish', () => {
  it('makes the reply of hybrid later by exactly what the bus takes, and its events no later', () => {
    const [at, later] = [hybrid({ bus: bus(0, 3) }), hybrid({ bus: bus(7, 3) })];
    expect(at.responseTime.p50).toBeCloseTo(20, 9);
    for (const which of ['min', 'p50', 'p95', 'max'] as const) expect(later.responseTime[which]! - at.responseTime[which]!).toBeCloseTo(7, 9);
    expect(eventsOf(later).lag).toEqual(eventsOf(at).lag);
  });

  it('takes what the scenario says, shorter or longer, in place of the default', () => {
    for (const said of [2, 30]) expect(hybrid({ bus: bus(7, 3) }, { publish: said }).responseTime.p50).toBeCloseTo(20 + said, 9);
  });

  it('takes what was measured on the machine in place of the default, and no less than the scenario says', () => {
    const machine = { reply: [], call: [], publish: [4] };
    expect(hybrid({ bus: bus(7, 3), machine }).responseTime.p50).toBeCloseTo(24, 9);
    expect(hybrid({ bus: bus(7, 3), machine }, { publish: 9 }).responseTime.p50).toBeCloseTo(29, 9);
  });

  it('is waited for once a message', () => {
    expect(hybrid({ bus: bus(7, 3) }, { messages: 3 }).responseTime.p50).toBeCloseTo(20 + 3 * 7, 9);
  });
});

describe('the way to a consumer', () => {
  it('moves lag and completion by exactly that, and no reply', () => {
    const [near, far] = [hybrid({ bus: bus(7, 3) }), hybrid({ bus: bus(7, 16) })];
    expect(far.responseTime).toEqual(near.responseTime);
    expect(eventsOf(near).lag.p50).toBeCloseTo(3, 9);
    for (const which of ['lag', 'completionTime'] as const) {
      for (const percentile of ['min', 'p50', 'p95', 'max'] as const) {
        expect(eventsOf(far)[which][percentile]! - eventsOf(near)[which][percentile]!).toBeCloseTo(13, 9);
      }
    }
    expect(eventsOf(far).consumers.mail?.lag.p50).toBeCloseTo(16, 9);
  });

  it('is the same whether the consumer is decided at once or waits for its turn', () => {
    // Where the reply waits for the same service, nothing is decided at once.
    const queued = hybrid({ bus: bus(7, 16) }, {}, { call: 'pay' });
    expect(eventsOf(queued).lag).toEqual(eventsOf(hybrid({ bus: bus(7, 16) })).lag);
  });

  it('adds nothing to the wait of an event that would have waited as long', () => {
    // One worker, 50 ms each, 25 a second: what waits in line is on its way meanwhile.
    const busy = { load: { model: 'open' as const, rate: 25 }, duration: 4000 };
    const [near, far] = [0, 5].map((lag) => eventsOf(hybrid({ bus: bus(1, lag), ...busy }, {}, { workers: 1 })));
    expect(near!.lag.max!).toBeGreaterThan(500);
    expect(far!.lag.max! - near!.lag.max!).toBeCloseTo(5, 9);
    expect(far!.processed).toBe(near!.processed);
  });

  it('lets no message of an order overtake another, however long each order takes', () => {
    const spread: BusTime = { min: 0.1, p50: 5, p95: 90 };
    const carried = { ...bus(1, 0), times: { publish: always(1), lag: spread } };
    const events = eventsOf(hybrid({ bus: carried }, { messages: 3 }));
    expect(events.outOfOrder).toBe(0);
    expect(events.processed).toBe(120);
    expect(events.lag.max! - events.lag.min!).toBeGreaterThan(20);
  });

  it('counts in the backlog, and is pending where the trial ends before it does', () => {
    const events = eventsOf(hybrid({ bus: bus(1, 60_000) }));
    expect(events).toMatchObject({ acknowledged: 40, processed: 0, pending: 40, lost: 0 });
    expect(events.backlog.end).toBe(40);
    expect(events.lag.censored).toBe(40);
  });
});

it('takes no time without defaults: the memory bus as it was', () => {
  const { bus: _bus, ...without } = { bus: bus(0, 0) };
  expect(eventsOf(hybrid(without)).lag.max).toBe(0);
  expect(hybrid(without).responseTime.p50).toBeCloseTo(20, 9);
});

describe('the way back to a server whose reply waits for its consumers', () => {
  it('makes the reply later by one more hop: from the publish of a reply to the server', () => {
    const [near, far] = [0, 9].map((lag) => hybrid({ bus: bus(2, lag) }, { wait: true }));
    // There 9 ms and back 9 ms; the publish of the event is over sooner than its consumer.
    for (const which of ['min', 'p50', 'p95', 'max'] as const) expect(far!.responseTime[which]! - near!.responseTime[which]!).toBeCloseTo(18, 9);
    expect(near!.responseTime.p50).toBeCloseTo(20 + 50, 9);
    // The consumer hears that its reply is taken 2 ms after its work.
    expect(eventsOf(near!).completionTime.p50).toBeCloseTo(20 + 50 + 2, 9);
  });

  it('keeps a worker until the bus has taken its reply', () => {
    // One worker, 50 ms each: 60 ms with the publish are too many for 20 a second.
    const one = { workers: 1 };
    expect(eventsOf(hybrid({ bus: bus(10, 1) }, { wait: true }, one)).lag.max!).toBeGreaterThan(300);
    expect(eventsOf(hybrid({ bus: bus(10, 1) }, {}, one)).lag.max!).toBeCloseTo(1, 9);
  });

  it('is gone by what is given up, too: the server hears that nobody works on it any more', () => {
    const lost = hybrid({ bus: bus(2, 9) }, { wait: true }, { timeout: 30, attempts: 1 });
    expect(eventsOf(lost).deadLettered).toBe(40);
    expect(lost.responseTime.p50).toBeCloseTo(20 + 9 + 30 + 9, 9);
    expect(lost.outcomes.ok).toBe(40);
  });

  it('is waited for by the last of several messages', () => {
    // Each is published when the one before is taken, 2 ms later.
    expect(hybrid({ bus: bus(2, 9) }, { wait: true, messages: 3 }).responseTime.p50).toBeCloseTo(20 + 2 * 2 + 9 + 50 + 9, 9);
  });

  it('is what was measured on the machine in place of the default', () => {
    const machine = { reply: [], call: [], publish: [3], delivery: [5] };
    expect(hybrid({ bus: bus(2, 9), machine }, { wait: true }).responseTime.p50).toBeCloseTo(20 + 5 + 50 + 5, 9);
  });

  it('keeps the consumer of submissions for as long as a publish, however they end', () => {
    const took = (mail: number): MeasuredTrial => {
      const world = subject([service('pay', 20)], [step('pay', { timeout: mail })]);
      return simulateTrial(trialOf({ ...world, architecture: 'event-driven' }, { load: { model: 'open', rate: 20 }, duration: 2000, drain: 5000, bus: bus(2, 9) }));
    };
    // It publishes the business event, and then what became of the order.
    expect(eventsOf(took(1000)).completionTime.p50).toBeCloseTo(9 + 20 + 2 + 2, 9);
    expect(eventsOf(took(10)).processed).toBe(0);
  });
});
