import { describe, expect, it } from 'vitest';
import { idealResponseTime, idealSummary, unloadedWork } from '../../src/measurement/ideal.js';
import type { Architecture } from '../../src/scenarios/architectures.js';
import { drawsOf } from '../../src/scenarios/draw.js';
import type { Subject } from '../../src/scenarios/subject.js';
import { behaviourOf, callOutcomeOf } from '../../src/services/call-outcome.js';
import { checkout } from './fixtures.js';

describe('unloadedWork', () => {
  it('is that of the slowest consumer, and none where nothing is published', () => {
    expect(unloadedWork(checkout('hybrid'), 1)).toBe(400);
    expect(unloadedWork(checkout('sync'), 1)).toBe(0);
  });
});

describe('idealSummary', () => {
  it.each<[Architecture, number]>([
    ['sync', 1050],
    ['parallel', 900],
    ['hybrid', 500],
    ['event-driven', 0],
  ])('%s is %d ms by arithmetic', (architecture, expected) => {
    expect(idealSummary(checkout(architecture), 1)).toEqual({ mean: expected, p50: expected, p95: expected });
  });

  it('waits for the slowest consumer when the reply does', () => {
    const subject = checkout('hybrid');
    subject.event.wait = true;
    expect(idealSummary(subject, 1).mean).toBe(900);
  });

  it('waits for the consumers beside the steps that follow the event', () => {
    const subject = checkout('hybrid');
    subject.event.wait = true;
    subject.event.after = 'payment';
    expect(idealSummary(subject, 1).mean).toBe(300 + 400);
    expect(idealSummary({ ...subject, event: { ...subject.event, wait: false } }, 1).mean).toBe(500);
  });

  it('waits for the slowest of all messages', () => {
    const subject = exponential('hybrid');
    subject.event.wait = true;
    const one = idealSummary(subject, 7).mean;
    expect(idealSummary({ ...subject, event: { ...subject.event, messages: 5 } }, 7).mean).toBeGreaterThan(1.2 * one);
  });
});

describe('idealResponseTime', () => {
  const first = (seed: number, architecture: Architecture = 'sync'): number[] =>
    Array.from({ length: 100 }, (_, request) => request).map(idealResponseTime(exponential(architecture), seed));

  it('is the same for the same seed and differs for another', () => {
    expect(first(7)).toEqual(first(7));
    expect(first(8)).not.toEqual(first(7));
  });

  it('orders the architectures request by request: they meet the same latencies', () => {
    const [sync, parallel, hybrid] = [first(7), first(7, 'parallel'), first(7, 'hybrid')];
    for (let i = 0; i < 100; i++) {
      expect(hybrid[i]).toBeLessThan(parallel[i] as number);
      expect(parallel[i]).toBeLessThan(sync[i] as number);
    }
  });
});

describe('the draws', () => {
  /** As the service draws it: the seen of one call, in no outage. */
  const latency = (subject: Subject, name: string, request: number, call: number): number => {
    const service = subject.services.find((candidate) => candidate.name === name);
    return callOutcomeOf(behaviourOf(service!, 7), drawsOf(7, name), request, call, 0).ms;
  };

  it('are those of the first call of each step', () => {
    const subject = exponential('sync');
    const ideal = idealResponseTime(subject, 7);
    for (const request of [0, 1, 4711]) {
      const steps = ['payment', 'inventory', 'email', 'analytics'].map((name) => latency(subject, name, request, 0));
      expect(ideal(request)).toBeCloseTo(steps.reduce((sum, ms) => sum + ms, 0), 9);
    }
  });

  it('are those of the first delivery of each message', () => {
    const subject = exponential('hybrid');
    subject.event = { ...subject.event, wait: true, messages: 2 };
    const critical = latency(subject, 'payment', 5, 0) + latency(subject, 'inventory', 5, 0);
    // Three attempts a message: the second message begins with call 3.
    const deliveries = ['email', 'analytics', 'fulfillment'].flatMap((name) => [0, 3].map((call) => latency(subject, name, 5, call)));
    expect(idealResponseTime(subject, 7)(5)).toBeCloseTo(critical + Math.max(...deliveries), 9);
  });

  it.each<Architecture>(['sync', 'parallel', 'hybrid'])('may come to nothing: %s', (architecture) => {
    const subject = checkout(architecture);
    subject.event.wait = true;
    for (const service of subject.services) service.latency = { kind: 'constant', ms: 0 };
    expect(idealSummary(subject, 1).mean).toBe(0);
    subject.services = [];
    expect(idealSummary(subject, 1).mean).toBe(0);
  });
});

function exponential(architecture: Architecture) {
  const subject = checkout(architecture);
  for (const service of subject.services) service.latency = { kind: 'exponential', mean: 100 };
  return subject;
}
