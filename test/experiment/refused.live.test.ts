/** Brokers that refuse in the middle of a trial: the record says why, and what nobody will ever deliver is lost. */
import { createClient } from '@redis/client';
import { afterEach, describe, expect, it } from 'vitest';
import { startBroker, type Broker } from '../../src/events/brokers/broker.js';
import type { BrokerKind } from '../../src/events/buses.js';
import { busSettings } from '../../src/events/settings.js';
import { planTrials, type TrialPlan } from '../../src/experiment/plan.js';
import { runTrial, type TrialProgress } from '../../src/experiment/trial.js';
import type { MeasuredTrial } from '../../src/measurement/record.js';
import { parseScenario } from '../../src/scenarios/parse.js';
import { subjectOf, type Subject } from '../../src/scenarios/subject.js';
import { needs } from '../support/needs.js';

let broker: Broker | undefined;
afterEach(() => broker?.stop());

const shop = (payload: string): string => `
services:
  payment: { latency: 5ms, workers: 50 }
  email: { latency: 5ms, workers: 50 }
steps: [payment!, email]
event: { payload: ${payload} }
load: { users: [4], duration: 1500ms, warmup: 200ms, drain: 1s, timeout: 5s }
`;

async function measure(kind: BrokerKind, payload: string, settings = '', onProgress: (progress: TrialProgress) => void = () => {}): Promise<MeasuredTrial> {
  broker = await startBroker(kind, undefined, settings);
  const scenario = parseScenario(shop(payload), { file: 'shop.yaml' });
  const bus = busSettings({ bus: kind, busUrl: broker.url });
  const [trial] = planTrials(scenario, [subjectOf(scenario, 'hybrid') as Subject], 1, bus).trials;
  return runTrial({ ...(trial as TrialPlan), calibrate: false }, new AbortController().signal, onProgress);
}

describe('a broker that refuses in the middle of a trial', { timeout: 60_000 }, () => {
  it('NATS, events beyond its max_payload: every order fails, and the record says why', needs('nats'), async () => {
    const { outcomes, causes, validity, events } = await measure('nats', '2MB', 'max_payload: 1MB');
    expect(outcomes.ok).toBe(0);
    expect(outcomes.http5xx).toBeGreaterThan(0);
    expect(causes?.filter(({ call }) => call === 'publish')).toEqual([{ call: 'publish', of: 'order.placed', reason: expect.stringMatching(/max.?payload/i), count: expect.any(Number) }]);
    expect(causes?.find(({ call }) => call === 'publish')?.count).toBeGreaterThanOrEqual(outcomes.http5xx);
    expect(causes).toContainEqual({ call: 'answer', of: 'http5xx', reason: '503 Service Unavailable', count: outcomes.http5xx });
    expect(validity.notes).toContainEqual(expect.stringMatching(/^The bus did not take order\.placed, \d+ times: /));
    expect(events?.acknowledged).toBe(0);
  });

  it('Redis, flushed in the window: its consumers cannot read, and what they never get is lost', needs('redis'), async () => {
    let flushed: Promise<unknown> | undefined;
    const flush = async (): Promise<void> => {
      const client = createClient({ url: broker?.url ?? '' });
      await client.connect();
      await client.flushAll();
      client.destroy();
    };
    const { causes, events, validity } = await measure('redis', '0', '', ({ phase }) => {
      if (phase === 'measuring') flushed ??= flush();
    });
    await flushed;
    expect(causes).toContainEqual({ call: 'read', of: 'email', reason: expect.stringContaining('NOGROUP'), count: expect.any(Number) });
    const { acknowledged = 0, processed = 0, lost = 0, pending } = events ?? {};
    expect(pending).toBe(0);
    expect(lost).toBeGreaterThan(0);
    expect(processed + lost).toBe(acknowledged);
    // What it says of lag and backlog is not the architecture's.
    expect(validity.valid).toBe(false);
    expect(validity.problems).toContainEqual(expect.stringMatching(/^email could not read its events, \d+ times refused: NOGROUP/));
  });
});
