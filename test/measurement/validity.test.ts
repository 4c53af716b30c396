import { describe, expect, it } from 'vitest';
import type { Schedule } from '../../src/load/load.js';
import type { TrialLoad } from '../../src/measurement/record.js';
import { flowOf, judgeValidity, VALIDITY_LIMITS, type Evidence } from '../../src/measurement/validity.js';
import { observationsOf, usage } from './fixtures.js';

const CLOSED: TrialLoad = { model: 'closed', users: 10 };
const RAMP: TrialLoad = { model: 'closed', users: 10, ramp: { from: 1, stages: [{ duration: 1000, target: 10 }] } };
const OPEN: TrialLoad = { model: 'open', rate: 100 };
const EVENTS = {
  attempted: 9, acknowledged: 8, processed: 5, lost: 1, duplicated: 3, unexpected: 0, recovered: 1, deadLettered: 1,
  outOfOrder: 0, pending: 1, appliedTwice: 0,
};

/** A schedule kept this well. */
function kept(p99: number, unsent = 0): Schedule {
  return { late: 0, unsent, lateness: { p99, max: 99 } };
}

/** Evidence of a trial without fault, with something changed. */
function evidence(change: Partial<Evidence> = {}): Evidence {
  return {
    outcomes: { sent: 100, ok: 97, http4xx: 0, http5xx: 1, timeout: 1, connection: 1, hangup: 0, cutOff: 0, mismatch: 0, stale: 0 },
    server: { received: 99, unreached: 1 },
    processes: { load: usage(), server: usage(), services: usage() },
    load: CLOSED,
    schedule: kept(50),
    flow: { inFlight: 10, rate: 100, time: 100 },
    events: EVENTS,
    ...change,
  };
}

const problemsOf = (change: Partial<Evidence>): string[] => judgeValidity(evidence(change)).problems;

describe('judgeValidity', () => {
  it('finds nothing wrong with a good trial', () => {
    expect(judgeValidity(evidence())).toEqual({ valid: true, problems: [], notes: [] });
    expect(judgeValidity(evidence({ events: null }))).toMatchObject({ valid: true });
  });

  it('is invalid as soon as there is a problem', () => {
    expect(judgeValidity(evidence({ server: { received: 98, unreached: 1 } })).valid).toBe(false);
  });

  it.each<[string, Partial<Evidence>, string]>([
    [
      'requests that the server never received',
      { server: { received: 98, unreached: 1 } },
      'The books do not balance: 100 requests were sent, but the server received 98 and 1 reached no server: 1 are missing.',
    ],
    [
      'requests that nobody sent',
      { server: { received: 103, unreached: 0 } },
      'The books do not balance: 100 requests were sent, but the server received 103: 3 too many.',
    ],
    [
      'a request without an outcome',
      { outcomes: { sent: 100, ok: 99, http4xx: 0, http5xx: 0, timeout: 0, connection: 0, hangup: 0, cutOff: 0, mismatch: 0, stale: 0 } },
      'The books do not balance: 100 requests were sent, and 99 ended.',
    ],
    [
      'an event in no place',
      { events: { ...EVENTS, lost: 0 } },
      'The books of the events do not balance: 8 were acknowledged, and 7 are accounted for.',
    ],
    [
      'a starved generator',
      { processes: { load: usage({ eventLoop: 0.97 }) } },
      "The load generator was busy 97 % of the time: these response times are the machine's.",
    ],
    [
      'a starved server',
      { processes: { server: usage({ eventLoop: 0.951 }) } },
      "The server was busy 95 % of the time: these response times are the machine's.",
    ],
    [
      'starved services',
      { processes: { services: usage({ eventLoop: 1 }) } },
      "The process of the simulated services was busy 100 % of the time: these response times are the machine's.",
    ],
    [
      'an event loop that stood still',
      { processes: { server: usage({ delayP99: 101 }) } },
      "The server reacted 101 ms late (99th percentile): these response times are the machine's.",
    ],
    [
      'a schedule not kept',
      { load: OPEN, schedule: kept(10.6) },
      'Requests were sent 11 ms after their time (99th percentile): the load generator did not keep to its schedule.',
    ],
    [
      'more requests in flight than users',
      { flow: { inFlight: 10.2, rate: 102, time: 100 } },
      'On average 10.2 requests were in flight, from 10 users: response times or counts are wrong.',
    ],
  ])('%s', (_, change, sentence) => {
    expect(problemsOf(change)).toEqual([sentence]);
  });

  it('has nothing to measure without requests', () => {
    const outcomes = { sent: 0, ok: 0, http4xx: 0, http5xx: 0, timeout: 0, connection: 0, hangup: 0, cutOff: 0, mismatch: 0, stale: 0 };
    const problems = problemsOf({ outcomes, server: { received: 0, unreached: 0 } });
    expect(problems).toEqual(['No request was sent within the window: there is nothing to measure. Make it longer.']);
  });

  it('takes each limit itself as good', () => {
    const atLimit = usage({ eventLoop: VALIDITY_LIMITS.busy, delayP99: VALIDITY_LIMITS.delayNote });
    const open = { load: OPEN, schedule: kept(VALIDITY_LIMITS.lateness) };
    expect(judgeValidity(evidence({ processes: { load: atLimit }, ...open }))).toMatchObject({ valid: true, notes: [] });
    expect(problemsOf({ flow: { inFlight: 10.1, rate: 101, time: 100 } })).toEqual([]);
    expect(problemsOf({ load: OPEN, schedule: kept(0), flow: { inFlight: 50, rate: 500, time: 100 } })).toEqual([]);
  });

  it('notes what lies just at a limit of problems', () => {
    expect(judgeValidity(evidence({ processes: { server: usage({ delayP99: VALIDITY_LIMITS.delay }) } }))).toEqual({
      valid: true,
      problems: [],
      notes: ['The server reacted 100 ms late (99th percentile).'],
    });
  });

  it.each<[string, Partial<Evidence>]>([
    ['a fifth more than in flight', { flow: { inFlight: 8, rate: 100, time: 100 } }],
    ['a sixth less than in flight', { flow: { inFlight: 10, rate: 85, time: 100 } }],
    ['anything, when the load was meant to change', { load: RAMP, flow: { inFlight: 1, rate: 100, time: 100 } }],
  ])("is content with Little's law when the product is %s", (_, change) => {
    expect(judgeValidity(evidence(change)).notes).toEqual([]);
  });

  it('notes a slow event loop, and a load that was not steady, without calling the trial invalid', () => {
    expect(judgeValidity(evidence({ processes: { server: usage({ delayP99: 30 }) } }))).toEqual({
      valid: true,
      problems: [],
      notes: ['The server reacted 30 ms late (99th percentile).'],
    });
    expect(judgeValidity(evidence({ flow: { inFlight: 10, rate: 100, time: 130 } }))).toEqual({
      valid: true,
      problems: [],
      notes: ['Not steady: on average 10 requests were in flight, but those begun in the window, 100 a second of 130 ms each, make 13.'],
    });
  });
});

describe('requests that were never sent', () => {
  it('are told: they are failures that no server made', () => {
    expect(judgeValidity(evidence({ load: OPEN, schedule: kept(0, 12) }))).toEqual({
      valid: true,
      problems: [],
      notes: ['12 requests were due and not sent, because every connection was taken: they failed.'],
    });
  });
});

describe('flowOf', () => {
  const window = { startAt: 10_000, duration: 1000, warmup: 500, endedAt: 13_000, startedAt: '' };

  it('takes the area of all requests within the window, and rate and time of the measured ones', () => {
    const observations = observationsOf([
      { index: -2, intendedAt: 9000, endedAt: 9900 },
      { index: -1, intendedAt: 9800, endedAt: 10_300 },
      { index: 0, intendedAt: 10_300, endedAt: 10_800 },
      { index: 1, intendedAt: 10_800, endedAt: 11_500, outcome: 'cutOff' },
    ]);
    expect(flowOf(observations, window)).toEqual({ inFlight: 1, rate: 2, time: 600 });
  });

  it("obeys Little's law when it is steady", () => {
    const rows = Array.from({ length: 400 }, (_, i) => ({ index: i - 100, intendedAt: 9500 + i * 5, endedAt: 9750 + i * 5 }))
      .filter(({ intendedAt }) => intendedAt < 11_000)
      .map((row) => ({ ...row, index: row.intendedAt < 10_000 ? -1 : row.index }));
    const { inFlight, rate, time } = flowOf(observationsOf(rows), window);
    expect(inFlight).toBeCloseTo(50, 5);
    expect((rate * time) / 1000).toBeCloseTo(50, 5);
  });

  it('counts per second, however long the window is', () => {
    const rows = [{ index: 0, intendedAt: 10_000, endedAt: 10_500 }];
    expect(flowOf(observationsOf(rows), { ...window, duration: 2000 })).toEqual({ inFlight: 0.25, rate: 0.5, time: 500 });
  });

  it('is nothing without requests', () => {
    expect(flowOf(observationsOf([]), window)).toEqual({ inFlight: 0, rate: 0, time: 0 });
  });
});

describe('time that others took', () => {
  const SAID = (share: string): string => `Other machines on the same host took ${share} of the processors' time (steal): response times may be longer for it.`;

  it.each([
    [{}, []],
    [{ load: { stolen: 0.009 } }, []],
    [{ load: { stolen: 0.01 }, server: { stolen: 0.062 } }, [SAID('6 %')]],
  ])('is a remark from 1 %% on, of the machine it was taken from most: %j', (stolen, notes) => {
    const processes = Object.fromEntries(Object.entries(stolen).map(([name, one]) => [name, { ...usage(), ...one }]));
    expect(judgeValidity(evidence({ processes }))).toEqual({ valid: true, problems: [], notes });
  });
});

describe('a quota of CPU', () => {
  const throttled = (count: number): Partial<Evidence> => ({ processes: { load: usage(), server: { ...usage(), throttling: { periods: 200, throttled: count } } } });
  const SAID = (count: number): string => `The server had to wait for its quota of CPU in ${count} of 200 periods`;

  it.each([
    [0, [], []],
    [1, [], [`${SAID(1)}.`]],
    [2, [], [`${SAID(2)}.`]],
    [3, [`${SAID(3)}: these response times are the machine's.`], []],
  ])('used up in %d of 200 periods', (count, problems, notes) => {
    expect(judgeValidity(evidence(throttled(count)))).toEqual({ valid: problems.length === 0, problems, notes });
  });
});
