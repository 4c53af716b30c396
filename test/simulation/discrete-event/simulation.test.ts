import { describe, expect, it } from 'vitest';
import type { BusinessEvent, Consumer, Service } from '../../../src/scenarios/scenario.js';
import type { Subject } from '../../../src/scenarios/subject.js';
import type { MeasuredTrial } from '../../../src/measurement/record.js';
import { decodeSamples } from '../../../src/measurement/samples.js';
import { simulateTrial, type TrialInput } from '../../../src/simulation/trial.js';
import { service, step, subject, trialOf } from '../worlds.js';

/** Each of some users sends one request at once, and none another. */
function crowd(world: Subject, users: number, more: Partial<TrialInput> = {}): MeasuredTrial {
  return simulateTrial(trialOf(world, { load: { model: 'closed', users }, duration: 0.5, handling: 1, ...more }));
}

/** Response times in the order sent, ms. */
function timesOf(trial: MeasuredTrial): number[] {
  return Array.from(decodeSamples(trial.samples).time, (ms) => Math.round(ms * 1000) / 1000);
}

function consumer(name: string, more: Partial<Consumer> = {}): Consumer {
  return { name, call: name, share: 1, workers: 'unlimited', timeout: 1e9, attempts: 3, backoff: 100, ...more };
}

/** A world that calls `pay`, and then has consumers. */
function shop(consumers: Consumer[], more: Partial<Subject> = {}, event: Partial<Subject['event']> = {}): Subject {
  const services = [service('pay', 50), service('mail', 200, { workers: 1 }), service('count', 10)];
  const base = subject(services, [step('pay')], { architecture: 'hybrid', ...more });
  return { ...base, event: { ...base.event, consumers, ...event } };
}

/** A world whose one consumer calls the service that replies need. */
function withRefunds(pay: Service): Subject {
  const base = subject([pay], [step('pay')], { architecture: 'hybrid' });
  return { ...base, event: { ...base.event, consumers: [consumer('refunds', { call: 'pay' })] } };
}

describe('a service', () => {
  it('serves as many as it has workers, the others in order of arrival', () => {
    const trial = crowd(subject([service('a', 100, { workers: 2 })], [step('a')]), 5);
    expect(timesOf(trial)).toEqual([100, 100, 200, 200, 300]);
    expect(trial.steps.a).toMatchObject({ peakInProgress: 2, peakConnections: 5, workers: 2, calls: 5, ok: 5 });
    expect(trial.steps.a?.queueTime).toMatchObject({ count: 5, min: 0, max: 200 });
  });

  it('turns away what its queue does not hold', () => {
    const trial = crowd(subject([service('a', 100, { workers: 1, queue: 1 })], [step('a')]), 3);
    expect(trial.outcomes).toMatchObject({ sent: 3, ok: 2, http5xx: 1 });
    expect(trial.steps.a).toMatchObject({ rejected: 1, ok: 2, failed: 1 });
    expect(timesOf(trial)).toEqual([100, 200, 3]);
  });

  it('whose workers scale pays a cold start, and starts as many as keep its target busy', () => {
    const scaling = { min: 0, start: 50, target: 1, idle: 1000 };
    const none = crowd(subject([service('a', 100, { workers: 3, scaling })], [step('a')]), 5);
    // The first five come at once, and three workers are started for them.
    expect(timesOf(none)).toEqual([150, 150, 150, 250, 250]);
    expect(none.steps.a).toMatchObject({ workers: 3, peakInProgress: 3, scaled: { coldStarts: 3 } });
    const one = crowd(subject([service('a', 100, { workers: 3, scaling: { ...scaling, min: 1 } })], [step('a')]), 3);
    // At 50 two more are up, and at 100 the first would be free.
    expect(timesOf(one)).toEqual([100, 150, 150]);
    const half = crowd(subject([service('a', 100, { workers: 9, scaling: { ...scaling, min: 1, target: 0.5 } })], [step('a')]), 2);
    expect([timesOf(half), half.steps.a?.scaled?.coldStarts]).toEqual([[100, 150], 1]);
    // What takes no time leaves the one worker to the others, for whom nothing starts.
    const quick = crowd(subject([service('a', 0, { workers: 1, scaling })], [step('a')]), 5);
    expect([timesOf(quick), quick.steps.a?.scaled?.coldStarts]).toEqual([[50, 50, 50, 50, 50], 1]);
  });

  it('whose workers scale tells how many there were in the window, and how busy they were', () => {
    const scaling = { min: 1, start: 100, target: 0.5, idle: 200 };
    const trial = simulateTrial(trialOf(subject([service('a', 50, { workers: 4, scaling })], [step('a')]), { load: { model: 'open', rate: 1 }, duration: 1000, handling: 0 }));
    // One request, at 0: a second worker is started, counted from then on, and stopped 200 after the call has ended at 50.
    expect(trial.steps.a?.scaled).toEqual({ most: 2, mostAt: 0, mean: (250 * 2 + 750) / 1000, coldStarts: 0 });
    expect(trial.steps.a?.utilisation).toBeCloseTo(50 / 1250, 12);
  });

  it('with a priority takes up what replies wait for before what consumers do', () => {
    const every100ms = { load: { model: 'open', rate: 10 }, duration: 500, drain: 1000, handling: 0 } as const;
    const times = (more: object): number[] => timesOf(simulateTrial(trialOf(withRefunds(service('pay', 80, { workers: 1, ...more })), every100ms)));
    // The fourth comes at 300, while the third is worked on until 320 and the consumer of the second has waited since 240.
    expect(times({})).toEqual([80, 140, 120, 180, 240]);
    // The fifth comes at 400, when that consumer's call has just been taken up.
    expect(times({ priority: 'replies' })).toEqual([80, 140, 120, 100, 160]);
  });

  it('fails as many calls as it says, after their latency', () => {
    const trial = simulateTrial(trialOf(subject([service('a', 10, { errors: 0.3 })], [step('a')]), { duration: 100_000 }));
    expect(trial.failureRate).toBeCloseTo(0.3, 1);
    expect(trial.responseTime).toMatchObject({ min: 10, max: 10 });
    expect(trial.steps.a?.errors).toBe(trial.outcomes.http5xx);
  });

  it('is busy for the share of the window in which its workers work', () => {
    const world = subject([service('a', 100, { workers: 4 }), service('b', 300)], [step('a'), step('b')]);
    const trial = simulateTrial(trialOf(world, { warmup: 400, duration: 4000 }));
    expect(trial.steps.a?.utilisation).toBeCloseTo(1 / 16, 6);
    expect(trial.steps.b?.utilisation).toBeNull();
  });
});

describe('an outage', () => {
  const during = (outage: Subject['services'][number]['outages'][number]): number[] => {
    const world = subject([service('a', 100, { outages: [outage] })], [step('a')]);
    return timesOf(simulateTrial(trialOf(world, { warmup: 200, duration: 400, handling: 10 })));
  };

  it('counts from the start of the window', () => {
    expect(during({ kind: 'slow', factor: 3, from: 0, for: 50 })).toEqual([100, 100, 300, 100]);
  });

  it('that hangs holds a call until it is over, and at least for its latency', () => {
    expect(during({ kind: 'hang', from: 0, for: 250 })).toEqual([100, 100, 250, 100, 100]);
    expect(during({ kind: 'hang', from: 0, for: 20 })).toEqual([100, 100, 100, 100, 100, 100]);
  });

  it('with errors answers at once', () => {
    expect(during({ kind: 'error', from: 0, for: 15 })).toEqual([100, 100, 10, 10, 100, 100, 100, 100]);
  });
});

describe('a timeout', () => {
  const world = (abandoned: 'finish' | 'drop'): Subject =>
    subject([service('a', 300, { workers: 1, abandoned })], [step('a', { timeout: 100 })]);

  it('ends the call for its caller, while the service works on', () => {
    const trial = simulateTrial(trialOf(world('finish'), { duration: 250, timeout: 1e6 }));
    expect(timesOf(trial)).toEqual([100, 100, 100]);
    expect(trial.outcomes.http5xx).toBe(3);
    expect(trial.steps.a).toMatchObject({ calls: 3, timeouts: 3, ok: 0, peakInProgress: 1 });
    // Only the first had been served when the last request ended.
    expect(trial.steps.a?.serviceTime.count).toBe(1);
    expect(trial.orphaned).toBe(1);
  });

  it('frees a worker of a service that drops abandoned calls', () => {
    const trial = simulateTrial(trialOf(world('drop'), { duration: 250 }));
    expect(trial.steps.a?.serviceTime).toMatchObject({ count: 3, censored: 3, max: 100 });
    expect(trial.orphaned).toBe(0);
  });

  it('takes a waiting call out of the queue of a service that drops', () => {
    const services = [service('a', 300, { workers: 1, queue: 1, abandoned: 'drop' })];
    const steps = [step('patient', { call: 'a' }), step('hasty', { call: 'a', timeout: 100 })];
    const trial = crowd(subject(services, steps, { architecture: 'parallel' }), 1);
    expect(timesOf(trial)).toEqual([100]);
    expect(trial.steps.hasty).toMatchObject({ timeouts: 1, rejected: 0, serviceTime: { count: 0 } });
    expect(trial.steps.hasty?.queueTime).toMatchObject({ count: 1, censored: 1, max: 100 });
  });

  it('of the client is the outcome, and the work goes on: paid, but told nothing', () => {
    const trial = simulateTrial(trialOf(subject([service('a', 300)], [step('a')]), { duration: 250, timeout: 100 }));
    expect(trial.outcomes).toMatchObject({ sent: 3, timeout: 3 });
    expect(trial.responseTime).toMatchObject({ count: 3, censored: 3, max: 100 });
    expect(trial.responseTimeOk.count).toBe(0);
    expect(trial.orphaned).toBe(1);
  });

  it('does not strike a call that is answered at that very moment', () => {
    const trial = crowd(subject([service('a', 100)], [step('a', { timeout: 100 })]), 3);
    expect(trial.outcomes.ok).toBe(3);
  });
});

describe('retries', () => {
  const failing = service('a', 10, { outages: [{ kind: 'error', from: 0, for: 150 }] });

  it('wait twice as long each time, and succeed once the service is back', () => {
    const retries = { attempts: 4, backoff: 100, jitter: 'none', budget: 1 } as const;
    const trial = crowd(subject([failing], [step('a', { retries })]), 1);
    expect(timesOf(trial)).toEqual([100 + 200 + 10]);
    expect(trial.steps.a).toMatchObject({ calls: 3, errors: 2, ok: 1, failed: 0 });
  });

  it('wait for a drawn part of that with full jitter', () => {
    const retries = { attempts: 20, backoff: 100, jitter: 'full', budget: 1 } as const;
    const times = timesOf(crowd(subject([failing], [step('a', { retries })]), 50));
    expect(new Set(times).size).toBe(50);
  });

  it('end with the attempts, and with the budget', () => {
    const down = service('a', 10, { outages: [{ kind: 'error', from: 0, for: 1e6 }] });
    const retries = { attempts: 3, backoff: 1, jitter: 'none', budget: 1 } as const;
    expect(crowd(subject([down], [step('a', { retries })]), 10).steps.a).toMatchObject({ calls: 30, failed: 10 });
    const held = crowd(subject([down], [step('a', { retries: { ...retries, budget: 0.2 } })]), 10);
    expect(held.steps.a).toMatchObject({ calls: 12, failed: 10, budgetExhausted: 10 });
  });

  it('of a call that timed out go beside the one that the service is still at', () => {
    const retries = { attempts: 2, backoff: 50, jitter: 'none', budget: 1 } as const;
    const trial = crowd(subject([service('a', 300)], [step('a', { retries, timeout: 100 })]), 1);
    expect(timesOf(trial)).toEqual([250]);
    expect(trial.steps.a).toMatchObject({ calls: 2, timeouts: 2, peakInProgress: 2 });
  });
});

describe('a breaker', () => {
  const breaker = { trip: 0.5, minimum: 4, window: 10_000, reset: 1000 };
  const down = (length: number): Subject =>
    subject([service('a', 10, { outages: [{ kind: 'error', from: 0, for: length }] })], [step('a', { breaker })]);

  it('opens after so many failures, refuses at once, and closes when a trial succeeds', () => {
    const trial = simulateTrial(trialOf(down(50), { duration: 3000, handling: 10 }));
    const { errors = 0, shortCircuited = 0, ok = 0, breakerOpened } = trial.steps.a ?? {};
    expect({ errors, breakerOpened }).toEqual({ errors: 4, breakerOpened: 1 });
    expect(shortCircuited).toBe(99);
    expect(ok).toBe(trial.outcomes.ok);
    expect(ok).toBeGreaterThan(190);
  });

  it('opens again when the trial fails', () => {
    const trial = simulateTrial(trialOf(down(1e6), { duration: 3500, handling: 10 }));
    expect(trial.steps.a).toMatchObject({ errors: 7, breakerOpened: 4, ok: 0 });
  });
});

describe('connections', () => {
  it('are lent to so many calls at once; the others wait, and their timeout runs', () => {
    const trial = crowd(subject([service('a', 100)], [step('a', { connections: 2, timeout: 250 })]), 7);
    expect(timesOf(trial)).toEqual([100, 100, 200, 200, 250, 250, 250]);
    expect(trial.steps.a).toMatchObject({ peakConnections: 2, timeouts: 3 });
  });

  it('are given back by calls that time out or are rejected', () => {
    const services = [service('a', 100, { workers: 1, queue: 0 })];
    const trial = crowd(subject(services, [step('a', { connections: 2 })]), 200);
    expect(trial.steps.a).toMatchObject({ ok: 1, rejected: 199, peakConnections: 2 });
  });
});

describe('architectures', () => {
  const services = [service('a', 100), service('b', 200), service('c', 50), service('d', 10)];
  const steps = [step('a'), step('b', { after: ['a'] }), step('c', { after: ['a'] }), step('d', { after: ['b', 'c'] })];

  it.each([
    ['sync', 360],
    ['parallel', 310],
    ['hybrid', 310],
  ] as const)('%s takes %i ms', (architecture, ms) => {
    expect(timesOf(crowd(subject(services, steps, { architecture }), 3))).toEqual([ms, ms, ms]);
  });

  it('leave out what is not critical where there are events', () => {
    const some = steps.map((one) => ({ ...one, critical: one.name === 'a' || one.name === 'd', after: one.name === 'd' ? ['a'] : [] }));
    const trial = crowd(subject(services, some, { architecture: 'hybrid' }), 1);
    expect(timesOf(trial)).toEqual([110]);
    expect(Object.keys(trial.steps)).toEqual(['a', 'd']);
  });

  it('event-driven replies once it has received the request, and works afterwards', () => {
    const trial = crowd(subject(services, steps, { architecture: 'event-driven' }), 3, { drain: 1000 });
    expect(timesOf(trial)).toEqual([1, 2, 3]);
    expect(trial.events).toMatchObject({ acknowledged: 6, processed: 6, pending: 0 });
    expect(trial.events?.completionTime).toMatchObject({ count: 3, min: 310, max: 310 });
    expect(trial.events?.consumers.orders).toMatchObject({ acknowledged: 3, workers: null });
  });

  it('stop at the step that failed, and have paid all the same', () => {
    const failing = services.map((one) => (one.name === 'b' ? service('b', 200, { errors: 1 }) : one));
    const sync = crowd(subject(failing, steps), 1);
    expect(timesOf(sync)).toEqual([300]);
    expect(sync.orphaned).toBe(1);
    expect(sync.steps.c?.calls).toBe(0);
    const parallel = crowd(subject(failing, steps, { architecture: 'parallel' }), 1);
    expect(timesOf(parallel)).toEqual([300]);
    expect(parallel.steps).toMatchObject({ c: { ok: 1 }, d: { calls: 0 } });
    const later = crowd(subject(failing, steps, { architecture: 'event-driven' }), 1, { drain: 1000 });
    expect(later.outcomes.ok).toBe(1);
    expect(later).toMatchObject({ failedLater: 1, orphaned: 0, events: { deadLettered: 1, processed: 0 } });
  });

  it('reply with the first failure while the rest runs on', () => {
    const side = [service('fast', 10, { errors: 1 }), service('slow', 100)];
    const trial = crowd(subject(side, [step('fast'), step('slow')], { architecture: 'parallel' }), 2, { duration: 200 });
    expect(timesOf(trial)[0]).toBe(10);
    expect(trial.steps.slow?.peakInProgress).toBeGreaterThan(10);
  });
});

describe('events', () => {
  it('are worked on by so many workers, in order', () => {
    const trial = crowd(shop([consumer('mail', { workers: 1 }), consumer('count')]), 4, { drain: 10_000 });
    expect(timesOf(trial)).toEqual([50, 50, 50, 50]);
    expect(trial.events).toMatchObject({ acknowledged: 4, processed: 4, deadLettered: 0, pending: 0, lost: 0 });
    expect(trial.events?.lag).toMatchObject({ count: 4, min: 0, max: 600, censored: 0 });
    expect(trial.events?.completionTime).toMatchObject({ min: 250, max: 850 });
    expect(trial.events?.consumers.count?.lag.max).toBe(0);
    expect(trial.events?.backlog.drainSeconds).toBeCloseTo(0.8495, 6);
  });

  it('that are not done when the drain ends are pending, and as old as they are at least', () => {
    const trial = crowd(shop([consumer('mail', { workers: 1 })]), 4, { drain: 300 });
    expect(trial.events).toMatchObject({ acknowledged: 4, processed: 1, pending: 3 });
    expect(trial.events?.lag).toMatchObject({ count: 4, censored: 2, max: 300 });
    expect(trial.events?.completionTime).toMatchObject({ count: 4, censored: 3, max: 350 });
    expect(trial.failedLater).toBe(0);
  });

  it('come again after a failure, at the back, and die in the end', () => {
    const world = shop([consumer('mail', { attempts: 2, backoff: 30 })]);
    const dead = { ...world, services: world.services.map((one) => (one.name === 'mail' ? service('mail', 20, { errors: 1 }) : one)) };
    const trial = crowd(dead, 2, { drain: 10_000 });
    expect(trial.outcomes.ok).toBe(2);
    expect(trial.events).toMatchObject({ acknowledged: 2, processed: 0, deadLettered: 2, pending: 0 });
    expect(trial.steps.mail).toMatchObject({ calls: 4, errors: 4, failed: 4 });
    expect(trial.failedLater).toBe(2);
    expect(trial.events?.completionTime).toMatchObject({ count: 2, censored: 2 });
    expect(trial.events?.backlog.drainSeconds).toBeCloseTo((50 + 20 + 30 + 20 - 0.5) / 1000, 6);
  });

  it('may be many for one order, and overtake each other when one fails', () => {
    const world = shop([consumer('mail', { workers: 5 })], {}, { messages: 3 });
    const services = world.services.map((one) => (one.name === 'mail' ? service('mail', 20, { errors: 0.5 }) : one));
    const trial = crowd({ ...world, services }, 20, { drain: 100_000 });
    expect(trial.events).toMatchObject({ acknowledged: 60, pending: 0 });
    expect(trial.events?.outOfOrder).toBeGreaterThan(5);
    expect(trial.events?.outOfOrder).toBe(trial.events?.consumers.mail?.outOfOrder);
    const well = crowd(world, 20, { drain: 100_000 });
    expect(well.events).toMatchObject({ acknowledged: 60, processed: 60, outOfOrder: 0 });
  });

  it('are waited for when the reply has to, also when they die', () => {
    const consumers = [consumer('mail', { workers: 1 }), consumer('count')];
    expect(timesOf(crowd(shop(consumers, {}, { wait: true }), 3))).toEqual([250, 450, 650]);
    expect(timesOf(crowd(shop([], {}, { wait: true }), 1))).toEqual([50]);
    const world = shop([consumer('mail', { attempts: 1, timeout: 40 })], {}, { wait: true });
    const trial = crowd(world, 1);
    expect(timesOf(trial)).toEqual([90]);
    expect(trial).toMatchObject({ failedLater: 1, outcomes: { ok: 1 } });
  });

  it('begin after the step that the event names, and are waited for beside the steps that follow', () => {
    const early = (more: Partial<BusinessEvent>): Subject => {
      const steps = [step('pay'), step('stock', { after: ['pay'] })];
      const services = [service('pay', 50), service('stock', 300), service('mail', 200)];
      const event = { type: 'x', messages: 1, payload: 0, publish: 0, wait: true, inbox: true, consumers: [consumer('mail')], after: 'pay', ...more };
      return subject(services, steps, { architecture: 'hybrid', event });
    };
    expect(timesOf(crowd(early({}), 1))).toEqual([350]);
    expect(timesOf(crowd(early({ after: null }), 1))).toEqual([550]);
    const free = crowd(early({ wait: false }), 1);
    expect(timesOf(free)).toEqual([350]);
    expect(free.events?.completionTime.max).toBe(350);
    const inTheEnd = crowd({ ...early({}), architecture: 'event-driven' }, 1, { drain: 1000 });
    expect(inTheEnd.events?.completionTime.max).toBe(350);
  });

  it('are done at once when nobody listens', () => {
    const trial = crowd(shop([]), 2);
    expect(trial.events).toMatchObject({ acknowledged: 2, processed: 2 });
    expect(trial.events?.completionTime.max).toBe(50);
  });

  it('are given to any number of workers without nesting, even when each fails at once', () => {
    const world = shop([consumer('mail', { workers: 1, attempts: 1 })]);
    const closed = { ...world, services: world.services.map((one) => (one.name === 'mail' ? service('mail', 1, { workers: 1, queue: 0, outages: [{ kind: 'hang', from: 0, for: 60 }] }) : one)) };
    const trial = crowd({ ...closed, event: { ...closed.event, consumers: [consumer('mail', { attempts: 1 })] } }, 20_000, { drain: 1000, handling: 0.001 });
    expect(trial.events).toMatchObject({ acknowledged: 20_000, processed: 1, deadLettered: 19_999 });
  });
});

describe('load', () => {
  const quick = subject([service('a', 10)], [step('a')]);

  it('of the open model comes evenly, warm-up before index 0', () => {
    const trial = simulateTrial(trialOf(quick, { load: { model: 'open', rate: 100 }, warmup: 50, duration: 200 }));
    const { start } = decodeSamples(trial.samples);
    expect(Array.from(start)).toEqual([-50, -40, -30, -20, -10, ...Array.from({ length: 20 }, (_, i) => i * 10)]);
    expect(trial.outcomes.sent).toBe(20);
    expect(trial.throughput).toBe(100);
  });

  it('of the open model comes by chance when asked to', () => {
    const load = { model: 'open', rate: 100, arrivals: 'poisson' } as const;
    const trial = simulateTrial(trialOf(quick, { load, duration: 50_000 }));
    const { start } = decodeSamples(trial.samples);
    const gaps = Array.from(start.slice(1), (at, i) => at - (start[i] ?? 0));
    expect(gaps.filter((gap) => gap > 10).length / gaps.length).toBeCloseTo(Math.exp(-1), 1);
  });

  it('of the closed model enters bit by bit and thinks', () => {
    const load = { model: 'closed', users: 4 } as const;
    const trial = simulateTrial(trialOf(quick, { load, entry: 20, think: 90, duration: 200 }));
    expect(Array.from(decodeSamples(trial.samples).start)).toEqual([0, 5, 10, 15, 100, 105, 110, 115]);
  });

  it('of the closed model follows a ramp', () => {
    const ramp = { from: 0, stages: [{ duration: 1000, target: 10 }, { duration: 1000, target: 0 }] };
    const trial = simulateTrial(trialOf(quick, { load: { model: 'closed', users: 10, ramp }, duration: 2000 }));
    const { start } = decodeSamples(trial.samples);
    const within = (from: number, to: number): number => start.filter((at) => at >= from && at < to).length;
    expect(within(450, 550)).toBeGreaterThan(44);
    expect(within(450, 550)).toBeLessThan(61);
    expect(within(950, 1050)).toBeGreaterThan(90);
    expect(within(1900, 2000)).toBeLessThan(12);
  });

  it('without a pause takes the time of the server itself, so that time passes', () => {
    const nothing = subject([], []);
    const trial = simulateTrial(trialOf(nothing, { load: { model: 'closed', users: 3 }, duration: 100, handling: 1 }));
    expect(trial.outcomes.sent).toBe(102);
    expect(trial.responseTime.p50).toBeCloseTo(3, 9);
  });

  it('is answered by the processes of the server in turn', () => {
    const nothing = subject([], [], { server: { processes: 2, work: 1 } });
    const { handling: _, ...trial } = trialOf(nothing, { load: { model: 'closed', users: 6 }, duration: 100 });
    const { outcomes, responseTime } = simulateTrial(trial);
    expect(outcomes.sent).toBe(6 + 2 * 99);
    expect(responseTime.p50).toBeCloseTo(3, 9);
  });
});
