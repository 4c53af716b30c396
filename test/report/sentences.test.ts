import { describe, expect, it } from 'vitest';
import { findings } from '../../src/advice/findings.js';
import type { Finding, Trial } from '../../src/measurement/record.js';
import { keySentences, MOST_WORDS, sentences } from '../../src/report/sentences.js';
import { consumer, events, measured, step, times, unmeasured } from '../support/measured.js';
import { checkout } from '../support/record.js';

const told = (...trials: Trial[]): string[] => keySentences(findings(trials, checkout()));

describe('sentences about whole runs', () => {
  it('hybrid wins, email limits sync, and the price is a backlog', () => {
    const saturated = { email: step('email', { utilisation: 1, queueTime: times(950) }) };
    const timeouts = { email: step('email', { utilisation: 1, queueTime: times(9000), failed: 940, timeouts: 940 }) };
    const backlog = (slopePerSecond: number, arrivalRate: number) => ({
      events: events({
        email: consumer('email', {
          arrivalRate,
          backlog: {
            ...consumer('email').backlog,
            end: slopePerSecond * 10,
            slopePerSecond,
            drainSeconds: slopePerSecond / 5,
          },
        }),
      }),
    });
    expect(
      told(
        measured({ subject: 'sync', users: 10, ms: 1051 }),
        measured({ subject: 'hybrid', users: 10, ms: 501, change: { events: events({ email: consumer('email') }) } }),
        measured({ subject: 'sync', users: 100, ms: 2004, change: { steps: saturated } }),
        measured({ subject: 'hybrid', users: 100, ms: 501, change: backlog(150, 200) }),
        measured({
          subject: 'sync',
          users: 500,
          ms: 3500,
          failureRate: 0.94,
          change: { steps: timeouts, orphaned: 940 },
        }),
        measured({ subject: 'hybrid', users: 500, ms: 601, change: backlog(783, 833) }),
      ),
    ).toEqual([
      'hybrid answers faster than sync: 2.1 times at 10 users (501 ms against 1.05 s) and 4.0 times at 100 users ' +
        '(501 ms against 2.00 s); at 500 users sync fails 94.0% of its requests, hybrid none.',
      'email limits sync: its 20 workers serve 50 a second, the load would take 95.2 at 100 users and 476 at 500 users; ' +
        '39 and 191 workers would keep up. sync told 940 orders "failed" at 500 users although payment or inventory had succeeded.',
      'The price of hybrid is waiting work: the email backlog grows by 150 a second at 100 users and 783 a second at ' +
        '500 users; 81 and 334 workers would keep up, there are 20. What waits in the end takes 157 s to drain.',
    ]);
  });

  it('stay with requests where events reply sooner and more fails later: for that reason', () => {
    const [first] = told(
      measured({ subject: 'sync', users: 10, ms: 800 }),
      measured({ subject: 'hybrid', users: 10, ms: 80, change: { failedLater: 400, events: events({ email: consumer('email') }) } }),
    );
    expect(first).toBe('Stay with requests: at this load more fails in hybrid, at once or later, than in sync, however soon the reply comes.');
  });

  it('no difference: stay with requests', () => {
    expect(
      told(
        measured({ subject: 'sync', users: 10, ms: 100 }),
        measured({ subject: 'hybrid', users: 10, ms: 101 }),
        measured({ subject: 'sync', users: 100, ms: 100 }),
        measured({ subject: 'hybrid', users: 100, ms: 101, change: { events: events({ email: consumer('email') }) } }),
      ),
    ).toEqual([
      'Stay with requests: hybrid gains nothing over sync at any of the 2 loads, and events have a price.',
      'The consumers of hybrid keep up at 100 users: p95 of the event lag 1.0 ms, of the completed order 901 ms.',
      'hybrid and sync do not differ by more than 5.0% at 10 and 100 users.',
    ]);
  });

  it('parallel wins', () => {
    expect(
      told(
        measured({ subject: 'sync', ms: 1000 }),
        measured({ subject: 'parallel', ms: 410 }),
        measured({ subject: 'hybrid', ms: 505 }),
      ),
    ).toEqual([
      'Calling in parallel is enough: parallel answers in 410 ms at 100 users, hybrid in 505 ms, and there are no events to run.',
      'hybrid answers faster than sync: 2.0 times at 100 users (505 ms against 1.00 s); sync meets the goals of advise at every load ' +
        'all the same: p95 at most 1.00 s, 0% failed.',
      'parallel answers faster than sync: 2.4 times at 100 users (410 ms against 1.00 s).',
    ]);
  });

  it('the order turns over the loads', () => {
    expect(
      told(
        measured({ subject: 'sync', users: 10, ms: 100 }),
        measured({ subject: 'hybrid', users: 10, ms: 150 }),
        measured({ subject: 'sync', users: 500, ms: 900 }),
        measured({ subject: 'hybrid', users: 500, ms: 150 }),
      ),
    ).toEqual([
      'sync answers faster than hybrid: 1.5 times at 10 users (100 ms against 150 ms); ' +
        'hybrid answers faster than sync: 6.0 times at 500 users (150 ms against 900 ms). sync meets the goals of advise at every ' +
        'load all the same: p95 at most 900 ms, 0% failed.',
    ]);
  });

  it('event-driven accepts at once and completes late', () => {
    const change = { events: events({ email: consumer('email') }, { completionTime: times(5520, 1000, 60) }) };
    expect(
      told(measured({ subject: 'sync', ms: 1000 }), measured({ subject: 'event-driven', ms: 2, change })),
    ).toContain(
      'event-driven only accepts orders, within 2.0 ms at 100 users; p95 of the completed order is at least 5.52 s at 100 users.',
    );
  });

  it('everything failed', () => {
    expect(
      told(
        measured({ subject: 'sync', ms: 1, failureRate: 1 }),
        measured({ subject: 'hybrid', ms: 1, failureRate: 1 }),
      ),
    ).toEqual([
      'sync failed as a whole at 100 users: 100% of 1,000 requests, most of them server errors (5xx); ' +
        'hybrid failed as a whole at 100 users: 100% of 1,000 requests, most of them server errors (5xx).',
    ]);
  });

  it('both fail', () => {
    expect(
      told(
        measured({ subject: 'sync', ms: 1, failureRate: 0.9 }),
        measured({ subject: 'hybrid', ms: 1, failureRate: 0.6 }),
      ),
    ).toEqual(['At 100 users both fail: hybrid 60.0% of its requests, sync 90.0%.']);
  });

  it('too few requests to tell', () => {
    expect(
      told(measured({ subject: 'sync', ms: 1, sent: 3 }), measured({ subject: 'hybrid', ms: 1, sent: 3 })),
    ).toContain('Too few requests ended to compare hybrid and sync at 100 users.');
  });

  it('nothing was measured well', () => {
    const validity = { valid: false, problems: ['The load generator was busy 97% of the time.'], notes: [] };
    const trials = [
      unmeasured('sync', 100, 'The server process was killed'),
      measured({ subject: 'hybrid', ms: 1, change: { validity } }),
    ];
    expect(told(...trials)).toEqual(['Nothing was measured well enough to compare: see the problems.']);
    expect(sentences(findings(trials, checkout()))).toEqual([
      'sync at 100 users could not be measured: The server process was killed.',
      'hybrid at 100 users was not measured well and is not compared: The load generator was busy 97% of the time.',
    ]);
  });

  it('a trial without numbers does not take the place of what is known', () => {
    const sentence = told(
      unmeasured('sync', 500, 'died'),
      measured({ subject: 'sync', ms: 1000 }),
      measured({ subject: 'hybrid', ms: 500 }),
    )[0];
    expect(sentence).toMatch(/^hybrid answers faster/);
  });

  it('events were lost and work failed later', () => {
    const change = { failedLater: 12, events: events({ email: consumer('email') }, { lost: 3 }) };
    expect(told(measured({ subject: 'hybrid', ms: 500, change }))[0]).toBe(
      'hybrid lost 3 of 1,000 acknowledged events at 100 users; hybrid told 12 of 1,000 orders "ok" at 100 users whose ' +
        'work failed later.',
    );
  });
});

describe('sentences about single findings', () => {
  it('say once that a chain meets the goals, whatever it is held against', () => {
    const numbers = { p95: 720, failureRate: 0, limit: 1000, failures: 0.01 };
    const beside = (than: string): Finding => ({ kind: 'within-goals', architecture: 'sync', load: null, numbers, names: { than } });
    expect(sentences([beside('hybrid'), beside('scaled')])).toHaveLength(1);
  });

  const finding = (kind: string, change: { architecture?: string; load?: Finding['load']; numbers?: Record<string, number>; names?: Record<string, string> } = {}): Finding =>
    ({ kind, architecture: 'sync', load: { model: 'open', rate: 50 }, numbers: {}, names: {}, ...change }) as unknown as Finding;

  it('tell failures where there is no bottleneck to tell', () => {
    const failures = finding('failures', { numbers: { failed: 90, most: 90 }, names: { step: 'email', how: 'shortCircuited' } });
    expect(sentences([failures])).toEqual([
      'sync fails at email at 50 requests/s: 90 calls stopped by the open breaker.',
    ]);
    const few = (failed: number, most: number): string[] => sentences([finding('failures', { numbers: { failed, most }, names: { step: 'email', how: 'timeouts' } })]);
    expect(few(1, 1)).toEqual(['sync fails at email at 50 requests/s: 1 timeout.']);
    expect(few(2, 1)).toEqual(['sync fails at email at 50 requests/s: 2 runs of it, 1 timeout among them.']);
    expect(few(9, 5)).toEqual(['sync fails at email at 50 requests/s: 9 runs of it, 5 of them timeouts.']);
    const bottleneck = finding('bottleneck', {
      numbers: { workers: 20, capacity: 50, demand: 49, workersNeeded: 20, utilisation: 0.97, work: 400, service: 400 },
      names: { step: 'email', service: 'email' },
    });
    expect(sentences([bottleneck, failures])).toEqual([
      'email limits sync: its 20 workers serve 50 a second, and they are 97.0% busy at 50 requests/s.',
    ]);
  });

  it('tell a backlog that is never drained, without limit of workers, and others that grow', () => {
    const growing = (consumerName: string, slope: number): Finding =>
      finding('backlog-grows', {
        architecture: 'hybrid',
        numbers: { slope, workersNeeded: 67 },
        names: { consumer: consumerName, service: consumerName },
      });
    expect(sentences([growing('email', 10), growing('audit', 5), growing('search', 3)])).toEqual([
      'The price of hybrid is waiting work: the email backlog grows by 10 a second at 50 requests/s; 67 workers would ' +
        'keep up; what waits in the end is never done at this rate. The backlogs of audit and search grow too.',
    ]);
  });

  it('name the service whose workers are too few, where it is not called like the consumer', () => {
    const orders = finding('backlog-grows', {
      architecture: 'event-driven',
      numbers: { slope: 1300, workers: 250, workersNeeded: 570, drainSeconds: 6 },
      names: { consumer: 'orders', service: 'payment' },
    });
    expect(sentences([orders])[0]).toContain('; 570 payment workers would keep up, there are 250; ');
  });

  it('have 40 words at most, however many loads there are', () => {
    const loads = Array.from({ length: 12 }, (_, i): Finding['load'] => ({ model: 'closed', users: 10 * (i + 1) }));
    const numbers = { factor: 2, time: 1, otherTime: 2, failureRate: 0.7, otherFailureRate: 0.9, sent: 9, workers: 2, capacity: 5, demand: 9, workersNeeded: 4, failed: 9, most: 5, slope: 3, drainSeconds: 9, margin: 0.05 };
    const names = { than: 'sync', step: 'email', consumer: 'email', how: 'timeouts', metric: 'p95' };
    for (const kind of ['faster', 'accepts', 'more-reliable', 'both-fail', 'no-difference', 'too-few', 'everything-failed', 'bottleneck', 'failures', 'backlog-grows']) {
      const text = sentences(loads.map((load) => finding(kind, { architecture: 'hybrid', load, numbers, names }))).join(' ');
      expect(text).toContain('120 users');
      expect(text.split('. ').filter((sentence) => sentence.split(' ').length > MOST_WORDS)).toEqual([]);
    }
  });

  it('pass over a kind that they do not know, such as one of a later version', () => {
    expect(sentences([finding('of-a-later-version')])).toEqual([]);
  });

  it('keep hostile names on one line', () => {
    const hostile = finding('unmeasured', { architecture: 'a\nb', names: { reason: 'c\u001b[2J\r\nd' } });
    expect(sentences([hostile])).toEqual(['a b at 50 requests/s could not be measured: c [2J d.']);
  });
});
