import { describe, expect, it } from 'vitest';
import type { BusSettings } from '../../../src/events/settings.js';
import { type Fault, parseFault } from '../../../src/scenarios/fault.js';
import { simulateTrial } from '../../../src/simulation/trial.js';
import type { MeasuredTrial } from '../../../src/measurement/record.js';
import { consumer, event } from '../../architectures/orders.js';
import { service, step, subject, trialOf } from '../worlds.js';

const bus = (name: BusSettings['name']): BusSettings => ({ name, publish: 'confirmed', url: null });

/** 100 orders a second for a second: pay 10 ms, then an event, which mail works on for 5 ms. */
function afflicted(sentence: string, name: BusSettings['name'] = 'redis', publish = 0): MeasuredTrial {
  const faults = [(parseFault(sentence) as { fault: Fault }).fault];
  const mail = consumer('mail', { workers: 4 });
  const world = subject([service('pay', 10), service('mail', 5)], [step('pay')], { architecture: 'hybrid', event: { ...event([mail]), publish }, faults });
  return simulateTrial(trialOf(world, { load: { model: 'open', rate: 100 }, bus: bus(name), timeout: 5000, drain: 20_000, restart: 50, handling: 0 }));
}

const ledger = ({ events }: MeasuredTrial): object => {
  const { acknowledged, processed, lost, pending } = events!;
  return { acknowledged, processed, lost, pending };
};
const ALL = { acknowledged: 100, processed: 100, lost: 0, pending: 0 };

describe('a server', () => {
  it('that is stopped answers afterwards, and loses nothing', () => {
    const trial = afflicted('pause server at 205ms for 300ms');
    // The request of 210 ms is read at 505 ms.
    expect([trial.outcomes.ok, trial.responseTime.max, ledger(trial)]).toEqual([100, 305, ALL]);
    expect(trial.faults).toEqual([{ fault: 'pause server at 205ms for 300ms', kind: 'pause', process: 'server', at: 205, until: 505 }]);
  });

  it('that is killed cuts off what is in progress, and is not there until it has started', () => {
    const trial = afflicted('crash server at 205ms for 100ms');
    // 200 ms is in progress; 210 to 350 ms find nobody: 150 ms until it is back.
    expect(trial.outcomes).toMatchObject({ sent: 100, ok: 84, hangup: 1, connection: 15 });
    expect(trial.server).toEqual({ received: 85, unreached: 15 });
    // The payment of 200 ms is taken all the same.
    expect([trial.orphaned, ledger(trial)]).toEqual([1, { ...ALL, acknowledged: 84, processed: 84 }]);
  });

  it('that is killed with the memory bus loses what its consumers had', () => {
    // The event of 200 ms is published at 210 and worked on until 215.
    const trial = afflicted('crash server at 212ms for 100ms', 'memory');
    expect([trial.events!.lost, trial.failedLater, trial.events!.pending]).toEqual([1, 1, 0]);
  });
});

describe('consumers', () => {
  it('that are stopped work off afterwards what came', () => {
    const trial = afflicted('pause consumer at 205ms for 300ms');
    // The event published at 210 ms begins at 505.
    expect([ledger(trial), trial.events!.lag.max, trial.responseTime.max]).toEqual([ALL, 295, 10]);
  });

  it('that are killed get again what they had in hand: when they are back, or when their bus takes them for dead', () => {
    const redis = afflicted('crash consumer at 212ms for 100ms');
    const nats = afflicted('crash consumer at 212ms for 100ms', 'nats');
    const kafka = afflicted('crash consumer at 212ms for 100ms', 'kafka');
    // The event of 210 ms was in hand: it is done again from 362 ms on, or 5 s * 5/6 after its worker died.
    expect([redis, nats, kafka].map(ledger)).toEqual([ALL, ALL, ALL]);
    expect(redis.events!.completionTime.max).toBeCloseTo(362 + 5 - 200, 6);
    expect(nats.events!.completionTime.max).toBeCloseTo(212 + 25_000 / 6 + 5 - 200, 6);
    expect(kafka.events!.completionTime.max).toBeCloseTo(212 + 6000 + 5 - 200, 6);
  });

  it('are not there with the memory bus', () => {
    const trial = afflicted('crash consumer at 212ms for 100ms', 'memory');
    expect([trial.faults, trial.validity.notes]).toEqual([undefined, ['The fault "crash consumer at 212ms for 100ms" did not happen: the window had ended, or there is no such process here.']]);
  });
});

describe('a broker', () => {
  it('that is stopped holds up publishes, and hands out nothing', () => {
    const trial = afflicted('pause broker at 205ms for 300ms', 'nats', 2);
    // The order of 200 ms publishes at 210 and is answered at 507; its event begins at 505.
    expect([ledger(trial), trial.responseTime.max, trial.events!.lag.max]).toEqual([ALL, 307, 295]);
  });

  it('that is killed is not in the model, nor is one that is away for longer than a publish waits', () => {
    const told = (sentence: string): string[] => afflicted(sentence, 'nats').validity.notes;
    expect(told('crash broker at 205ms for 300ms')).toEqual([
      'The fault "crash broker at 205ms for 300ms" did not happen: it is not in the model, since what a broker that dies holds up, and hands out again, is its own.',
    ]);
    expect(told('pause broker at 205ms for 3s')).toEqual([
      'The fault "pause broker at 205ms for 3s" did not happen: it is not in the model, since a publish waits 3 s for its broker at most.',
    ]);
  });
});
