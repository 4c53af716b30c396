/** Work counted by kinds of request, by shares and by several calls: held against plain counts of drawn requests, and of simulated trials. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findings } from '../../src/advice/findings.js';
import { callsPerRequest, meanWorkOfRequests } from '../../src/advice/mean-work.js';
import { planTrials } from '../../src/experiment/plan.js';
import { isOf, type Finding, type FindingKind, type Found } from '../../src/measurement/finding.js';
import type { MeasuredTrial } from '../../src/measurement/record.js';
import { sentences } from '../../src/report/sentences.js';
import { callCount } from '../../src/scenarios/call-count.js';
import { drawsOf, takesPart } from '../../src/scenarios/draw.js';
import { kindPositions } from '../../src/scenarios/kinds.js';
import { perSecond, type Scenario } from '../../src/scenarios/scenario.js';
import { subjectOf } from '../../src/scenarios/subject.js';
import { simulateTrial } from '../../src/simulation/trial.js';
import { parse } from '../scenarios/support.js';
import { cases } from '../support/properties.js';
import { adviceFor } from './advice-for.js';

function benchOf(scenario: Scenario, ...names: string[]): { found: Finding[]; trials: MeasuredTrial[]; said: string } {
  const subjects = names.map((name) => subjectOf(scenario, name)!);
  const trials = planTrials(scenario, subjects, 1).trials.map((plan) => simulateTrial(plan));
  const found = findings(trials, scenario);
  return { found, trials, said: sentences(found).join(' ') };
}

function numbersOf<K extends FindingKind>(found: readonly Finding[], kind: K, subject: string): Found<K>['numbers'] | undefined {
  return found.filter((one) => isOf(one, kind)).find(({ architecture }) => architecture === subject)?.numbers;
}

describe('calls for one of all requests', () => {
  const kind = fc.record({ share: fc.integer({ min: 5, max: 100 }), times: fc.constantFrom('1', '3', '{ p50: 2, max: 6 }', '{ values: [0, 1, 4] }') });

  it('are those of a plain count of drawn requests, whatever the weights, shares and counts', () => {
    fc.assert(
      fc.property(fc.integer({ min: 5, max: 95 }), kind, kind, (weight, one, other) => {
        const written = ({ share, times }: typeof one): string => `[{ call: db, critical: true, share: ${share}%, times: ${times} }]`;
        const scenario = parse(`
services: { db: 40ms }
transactions: { look: { weight: ${weight}%, steps: ${written(one)} }, book: { weight: ${100 - weight}%, steps: ${written(other)} } }
`);
        const subject = subjectOf(scenario, 'sync')!;
        const requests = 4000;
        const positionOf = kindPositions(scenario.kinds!, 1);
        for (const [position, step] of scenario.steps.entries()) {
          const draws = drawsOf(1, step.name);
          const counts = Array.from({ length: requests }, (_, request) => (positionOf(request) === position && takesPart(draws, step.share, request) ? callCount(draws, step.times ?? 1, request) : 0));
          const mean = counts.reduce((sum, count) => sum + count, 0) / requests;
          const deviation = Math.sqrt(counts.reduce((sum, count) => sum + (count - mean) ** 2, 0) / requests / requests);
          expect(Math.abs(callsPerRequest(step, subject) - mean)).toBeLessThan(5 * deviation + 0.01);
          expect(meanWorkOfRequests(step, subject)).toBeCloseTo(40 * callsPerRequest(step, subject), 9);
        }
      }),
      { numRuns: cases(10) },
    );
  });
});

describe('workers that would keep up', () => {
  const seats = parse(`
services: { seats: { latency: 40ms, workers: 4 }, mail: { latency: 200ms, workers: 2 } }
transactions:
  search: { weight: 80%, steps: [{ call: seats, critical: true, timeout: 1m }] }
  book: { weight: 20%, steps: [{ call: seats, critical: true, times: 2, timeout: 1m }, { call: mail, timeout: 1m }] }
load: { rate: 200, duration: 20s, timeout: 1m }
`);

  it('are those for the kinds as often as they come, before the reply and after it', () => {
    const { found } = benchOf(seats, 'sync', 'event-driven');
    // 80 % x 40 ms + 20 % x 80 ms.
    expect(numbersOf(found, 'bottleneck', 'sync')).toMatchObject({ workersNeeded: 10, capacity: 4 / 0.048 });
    const orders = found.filter((one) => isOf(one, 'backlog-grows')).find(({ names }) => names.consumer === 'orders');
    expect(orders?.numbers.workersNeeded).toBe(Math.ceil(orders!.numbers.arrivalRate * 0.048));
  });

  it('are advised for the events of a kind alone', async () => {
    const advice = await adviceFor({ ...seats, services: seats.services.map((one) => ({ ...one, workers: 100 })), load: { ...seats.load, rates: [60], duration: 5000 } });
    const [needs] = advice.options.flatMap(({ workers }) => workers.filter(({ consumer }) => consumer === 'mail').flatMap((one) => one.needs));
    // 60 x 20 % x 200 ms keep 2.4 busy; those of all requests would keep 12 busy.
    expect(needs).toBeGreaterThanOrEqual(3);
    expect(needs).toBeLessThan(12);
  });

  it('are those for all calls that a message makes', () => {
    const scenario = parse(`
services: { pay: 10ms, partner: { latency: 100ms, workers: 5 } }
steps: [pay!, { call: partner, times: 3 }]
load: { rate: 40, duration: 20s }
`);
    expect(numbersOf(benchOf(scenario, 'hybrid').found, 'backlog-grows', 'hybrid')).toMatchObject({ workers: 5, workersNeeded: 13 });
  });

  it('are those of a service that is only fallen back on, in so many requests as need it', () => {
    const scenario = parse(`
services: { search: { latency: 10ms, errors: 50% }, replica: { latency: 200ms, workers: 2 } }
steps: [{ call: search, critical: true, timeout: 1m, fallback: replica }]
load: { rate: 40, duration: 20s, timeout: 1m }
`);
    const { found, trials } = benchOf(scenario, 'sync');
    const failed = trials[0]!.steps.search!.failed / (trials[0]!.steps.search!.ok + trials[0]!.steps.search!.failed);
    expect(found.find(({ kind }) => kind === 'bottleneck')).toMatchObject({ names: { step: 'search-fallback', service: 'replica' }, numbers: { workersNeeded: Math.ceil(40 * failed * 0.2) } });
  });
});

describe('a failure that a request outlives', () => {
  it('is not what it fails at', () => {
    const { said } = benchOf(parse(`
services: { users: { latency: 10ms, errors: 5% }, risk: { latency: 20ms, errors: 60% }, search: { latency: 20ms, errors: 50% } }
steps: [users!, { call: risk, critical: true, onError: continue }, { call: search, critical: true, fallback: 5ms }]
load: { rate: 40, duration: 20s }
`), 'sync');
    expect(said).toContain('sync fails at users at 40 requests/s');
  });
});

describe('a rate that limits', () => {
  it('is the bottleneck of a reply, whose service refuses what is more', () => {
    const { found, said, trials } = benchOf(parse(`
services: { pay: 10ms, partner: { latency: 50ms, rate: 10/s } }
steps: [pay!, { call: partner, critical: true, share: 80% }]
load: { rate: 30, duration: 20s }
`), 'sync');
    expect(found.find(({ kind }) => kind === 'rate-limit')).toMatchObject({ names: { step: 'partner', limit: 'service' }, numbers: { rate: 10, capacity: 12.5, demand: 30 } });
    expect(said).toContain(`partner limits sync: its rate lets 12.5 a second through (10 calls, 0.8 each), the load would take 30 at 30 requests/s, and ${trials[0]!.steps.partner!.limited} calls were refused (429)`);
  });

  it('is that of the step itself, which holds its calls back', () => {
    const { found, said } = benchOf(parse(`
services: { pay: 10ms, partner: 50ms }
steps: [pay!, { call: partner, critical: true, rate: 10/s, timeout: 1m }]
load: { rate: 30, duration: 20s, timeout: 1m }
`), 'sync');
    expect(found.find(({ kind }) => kind === 'rate-limit')).toMatchObject({ names: { limit: 'step' }, numbers: { capacity: 10, demand: 30 } });
    expect(said).toMatch(/partner limits sync: the rate of its own calls lets 10 a second through, the load would take 30 at 30 requests\/s, and \d+ calls were held back/);
  });

  it('is named where a backlog grows, in place of workers that would not help', () => {
    const { found, said } = benchOf(parse(`
services: { pay: 10ms, partner: { latency: 2s, workers: 10 } }
steps: [pay!, partner]
event: { consumers: { partner: { rate: 120/m } } }
load: { rate: 20, duration: 20s }
`), 'hybrid');
    const growing = found.find((one) => isOf(one, 'backlog-grows'));
    expect(growing?.names.limit).toBe('consumer');
    expect(growing?.numbers).toMatchObject({ rate: perSecond({ count: 120, per: 60_000, burst: 120 }) });
    expect(growing?.numbers.workersNeeded).toBeUndefined();
    expect(said).toContain('its own rate lets 2 calls a second through, however many workers there are');
  });

  it('limits nothing where the load asks for less', () => {
    const { found } = benchOf(parse(`
services: { pay: 10ms, partner: { latency: 50ms, rate: 10/s } }
steps: [pay!, { call: partner, critical: true, rate: 10/s }]
load: { rate: 8, duration: 20s }
`), 'sync');
    expect(found.filter(({ kind }) => kind === 'rate-limit')).toEqual([]);
  });
});
