import { describe, expect, it } from 'vitest';
import { drawsOf, latencyQuantile } from '../../src/scenarios/draw.js';
import type { Service } from '../../src/scenarios/scenario.js';
import { CALL_OUTCOMES } from '../../src/services/services.js';
import { SimulatedService, type AnsweredOutcome, type Call } from '../../src/services/simulated.js';
import { VirtualClock } from '../support/virtual-clock.js';

/** A service in virtual time, and what its callers were told: `<moment>: <request> <outcome>`. */
function serve(change: Partial<Service>, seed = 1) {
  const clock = new VirtualClock();
  const model: Service = {
    name: 'email', latency: { kind: 'constant', ms: 20 }, workers: 'unlimited', queue: 'unlimited', errors: 0, outages: [],
    abandoned: 'finish', ...change,
  };
  const service = new SimulatedService(model, seed, clock);
  const told: string[] = [];
  const call = (request: number, step = 'email'): Call =>
    service.take({ step, request, call: 0 }, { answered: (outcome: AnsweredOutcome) => told.push(`${clock.now()}: ${request} ${outcome}`) });
  const callAll = (count: number, step?: string): Call[] => Array.from({ length: count }, (_, request) => call(request, step));
  return { clock, service, told, call, callAll, report: () => service.report(0) };
}

describe('a service', () => {
  it('works on no more calls at once than it has workers, in order of arrival', async () => {
    const { clock, callAll, report } = serve({ workers: 4, latency: { kind: 'constant', ms: 50 } });
    callAll(20);
    expect(report().now).toEqual({ inProgress: 4, queue: 16 });
    await clock.run();
    const { peak, received, now, calls } = report();
    expect([peak.inProgress, peak.queue, received]).toEqual([4, 16, 20]);
    expect(now).toEqual({ inProgress: 0, queue: 0 });
    expect(Array.from(calls.request)).toEqual(Array.from({ length: 20 }, (_, request) => request));
    expect(Array.from(calls.queueTime)).toEqual(Array.from({ length: 20 }, (_, request) => 50 * Math.floor(request / 4)));
    expect(new Set(calls.serviceTime)).toEqual(new Set([50]));
  });

  it('turns calls away at once when the queue is full', async () => {
    const { clock, told, callAll, report } = serve({ workers: 20, queue: 50, latency: { kind: 'constant', ms: 2000 } });
    callAll(75);
    expect(told).toEqual([70, 71, 72, 73, 74].map((request) => `0: ${request} rejected`));
    expect(report().peak).toMatchObject({ inProgress: 20, queue: 50 });
    await clock.run();
    expect(told).toHaveLength(75);
    expect(Array.from(report().calls.outcome, (code) => CALL_OUTCOMES[code]).filter((outcome) => outcome === 'ok')).toHaveLength(70);
  });

  it('draws the same latencies for the same seed, step and request', async () => {
    const latency = { kind: 'uniform', min: 1, max: 200 } as const;
    const timesOf = async (seed: number, step: string): Promise<number[]> => {
      const { clock, callAll, report } = serve({ latency }, seed);
      callAll(12, step);
      await clock.run();
      const { request, serviceTime } = report().calls;
      return Array.from(request, (index, row) => [index, serviceTime[row]!] as const).toSorted(([a], [b]) => a - b).map(([, ms]) => ms);
    };
    const draws = drawsOf(5, 'email');
    const drawn = Array.from({ length: 12 }, (_, request) => latencyQuantile(latency, draws(request, 0, 'latency')));
    expect(await timesOf(5, 'email')).toEqual(drawn);
    expect(await timesOf(6, 'email')).not.toEqual(drawn);
    expect(await timesOf(5, 'sms')).not.toEqual(drawn);
  });

  it('fails the calls whose draw says so, after their latency', async () => {
    const { clock, callAll, told } = serve({ errors: 0.5 });
    callAll(60);
    await clock.run();
    const draws = drawsOf(1, 'email');
    expect(told).toEqual(Array.from({ length: 60 }, (_, request) => `20: ${request} ${draws(request, 0, 'error') < 0.5 ? 'error' : 'ok'}`));
  });

  it('tells how busy its workers were within the window', async () => {
    const { clock, service, call, report } = serve({ workers: 2, latency: { kind: 'constant', ms: 50 } });
    service.observe({ startAt: 30, endAt: 230 });
    for (const request of [1, 2, 3]) call(request);
    await clock.advance(1000);
    // Two from 30 to 50, and the third from 50 to 100.
    expect(report().utilisation).toBe((2 * 20 + 50) / (2 * 200));
  });
});

describe('callers that go away', () => {
  async function abandonTwo(abandoned: Service['abandoned']) {
    const made = serve({ workers: 1, latency: { kind: 'constant', ms: 150 }, abandoned });
    const calls = [1, 2].map((request) => made.call(request));
    await made.clock.advance(40);
    for (const call of calls) made.service.leave(call);
    made.call(3);
    await made.clock.run();
    const { outcome, abandoned: left, queueTime, serviceTime } = made.report().calls;
    return { ...made, outcomes: Array.from(outcome, (code) => CALL_OUTCOMES[code]), left, queueTime, serviceTime };
  }

  it('keep their place and their worker with `finish`', async () => {
    const { told, outcomes, left } = await abandonTwo('finish');
    expect(told).toEqual(['450: 3 ok']);
    expect(outcomes).toEqual(['ok', 'ok', 'ok']);
    expect(Array.from(left)).toEqual([1, 1, 0]);
  });

  it('leave the queue and free their worker with `drop`', async () => {
    const { told, outcomes, left, queueTime, serviceTime } = await abandonTwo('drop');
    expect(told).toEqual(['190: 3 ok']);
    expect(outcomes).toEqual(['dropped', 'dropped', 'ok']);
    expect(Array.from(left)).toEqual([1, 1, 0]);
    // The first was given up in progress; that freed its worker for the second, which was given up at the same moment.
    expect([Array.from(queueTime), Array.from(serviceTime)]).toEqual([[0, 40, 0], [40, 0, 150]]);
  });
});

describe('outages, from the start of the window', () => {
  /** Calls at 0 before the window, and at 500 within the outage from 400 to 700. */
  async function during(outage: { kind: 'error' } | { kind: 'hang' } | { kind: 'slow'; factor: number }): Promise<string[]> {
    const { clock, service, call, told } = serve({ latency: { kind: 'constant', ms: 100 }, outages: [{ from: 100, for: 300, ...outage }] });
    service.observe({ startAt: 300, endAt: 2000 });
    call(1);
    await clock.advance(500);
    call(2);
    await clock.run();
    return told;
  }

  it.each([
    ['answers with an error at once', { kind: 'error' }, '500: 2 error'],
    ['hangs until it is over', { kind: 'hang' }, '700: 2 ok'],
    ['is slower by the factor', { kind: 'slow', factor: 3 }, '800: 2 ok'],
  ] as const)('%s', async (_, outage, second) => {
    expect(await during(outage)).toEqual(['100: 1 ok', second]);
  });
});
