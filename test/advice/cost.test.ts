import { describe, expect, it } from 'vitest';
import { byCost, costOf } from '../../src/advice/cost.js';
import { findings } from '../../src/advice/findings.js';
import type { Finding, Found } from '../../src/measurement/finding.js';
import { consumer, events, measured, step, times } from '../support/measured.js';
import { checkout } from '../support/record.js';

const load = { model: 'open', rate: 50 } as const;
const failures = (architecture: string, failureRate: number): Found<'failures'> => ({
  kind: 'failures',
  architecture,
  load,
  numbers: { failed: 10, most: 10, share: 1, failureRate },
  names: { step: 'email', service: 'email', how: 'errors' },
});
const waiting = (wait: number): Finding => ({
  kind: 'bottleneck',
  architecture: 'parallel',
  load,
  numbers: { utilisation: 1, workers: 1, capacity: 1, demand: 2, workersNeeded: 2, wait, service: 100, work: 100, knee: 1 },
  names: { step: 'email', service: 'email' },
});

describe('what findings cost', () => {
  it('is more where anything fails than where all wait, and the more of them', () => {
    expect(costOf(failures('sync', 0.01))).toBeGreaterThan(costOf(waiting(1e6)));
    expect(costOf(failures('sync', 0.5))).toBe(1.5);
    // Three quarters of the time of a call are waiting.
    expect(costOf(waiting(300))).toBe(0.75);
    expect(byCost([waiting(300), failures('hybrid', 0.1), failures('sync', 0.4), failures('hybrid', 0.2)]).map(({ architecture }) => architecture)).toEqual(['sync', 'hybrid', 'hybrid', 'parallel']);
  });

  it('puts the price before the cause where it is the higher one', () => {
    const slow = measured({ subject: 'sync', ms: 1000, change: { steps: { email: step('email', { utilisation: 1, queueTime: times(500) }) } } });
    const hybrid = (failedLater: number) => measured({ subject: 'hybrid', ms: 500, change: { failedLater, events: events({ email: consumer('email') }) } });
    const topics = (failedLater: number): string[] => findings([slow, hybrid(failedLater)], checkout()).map(({ kind }) => kind).filter((kind) => kind === 'bottleneck' || kind === 'failed-later' || kind === 'keeps-up');
    expect(topics(0)).toEqual(['bottleneck', 'keeps-up']);
    expect(topics(20)).toEqual(['failed-later', 'bottleneck']);
  });
});
