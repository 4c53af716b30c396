import { describe, expect, it } from 'vitest';
import { idealSummary } from '../../../src/measurement/ideal.js';
import { GROUPS } from '../../../src/scenarios/library/entry.js';
import { builtIn, builtInEntry, builtInNames } from '../../../src/scenarios/library/library.js';
import type { Scenario } from '../../../src/scenarios/scenario.js';
import { subjectOf } from '../../../src/scenarios/subject.js';

function scenarioOf(name: string): Scenario {
  const scenario = builtIn(name);
  if (!scenario) throw new Error(`no ${name}`);
  return scenario;
}

describe('the library', () => {
  it('has all that the article says, by group', () => {
    const byGroup = GROUPS.map((group) => [group, builtInNames().filter((name) => builtInEntry(name)?.group === group)]);
    expect(Object.fromEntries(byGroup)).toEqual({
      'the claim': ['checkout', 'slow-email', 'email-outage', 'audit-and-third-party', 'flash-sale', 'retry-storm'],
      mistakes: ['event-spam', 'bloated-payload', 'publish-and-wait'],
      tips: ['convert-one-step', 'duplicates', 'ordering', 'event-lag', 'lost-events'],
      'stay with requests': ['simple-crud', 'immediate-consistency', 'moderate-load'],
      'real world': ['client-case', 'real-checkout'],
      chains: [
        'login-risk', 'ride-dispatch', 'insurance-quote', 'image-upload', 'bank-transfer', 'telemetry',
        'sign-up', 'search-fallback', 'booking-hold', 'webhooks', 'bulk-import', 'chat-moderation',
      ],
    });
  });

  it('knows nothing of other names', () => {
    for (const name of ['nothing', 'toString', '__proto__', '']) expect(builtIn(name)).toBeUndefined();
  });

  describe.each(builtInNames())('%s', (name) => {
    const scenario = scenarioOf(name);

    it('tells what happens, what to look at and what the article says', () => {
      expect(scenario.name).toBe(name);
      expect(scenario.title).not.toBe(name);
      expect(scenario.title.length).toBeLessThanOrEqual(70);
      expect(scenario.description).toMatch(/Look at|look at/);
      expect(builtInEntry(name)?.article.length).toBeGreaterThan(40);
    });

    it('is written in lines that fit a page', () => {
      expect(builtInEntry(name)?.yaml.split('\n').filter((line) => line.length > 120)).toEqual([]);
    });

    it('compares at least two subjects, and a laptop can run it', () => {
      expect(scenario.subjects.length).toBeGreaterThan(1);
      for (const subjectName of scenario.subjects) {
        const subject = subjectOf(scenario, subjectName);
        if (!subject) throw new Error(`no ${subjectName}`);
        const { mean } = idealSummary(subject, 1);
        const repliesPerSecond = [
          ...scenario.load.rates,
          ...scenario.load.users.map((users) => (users * 1000) / (mean + scenario.load.think)),
        ];
        expect(Math.max(...repliesPerSecond)).toBeLessThanOrEqual(1000);
      }
    });
  });

  it('has the checkout of the article', () => {
    const { services, steps, event, load, subjects } = scenarioOf('checkout');
    expect(services.map((service) => [service.name, service.latency, service.workers])).toEqual([
      ['payment', { kind: 'constant', ms: 300 }, 250],
      ['inventory', { kind: 'constant', ms: 200 }, 250],
      ['email', { kind: 'constant', ms: 400 }, 20],
      ['analytics', { kind: 'constant', ms: 150 }, 100],
      ['fulfillment', { kind: 'constant', ms: 250 }, 100],
    ]);
    expect(steps.map((step) => [step.name, step.critical, step.after, step.timeout])).toEqual([
      ['payment', true, [], 3000],
      ['inventory', true, ['payment'], 3000],
      ['email', false, ['inventory'], 3000],
      ['analytics', false, ['inventory'], 3000],
    ]);
    expect(event.consumers.map(({ name, workers }) => [name, workers])).toEqual([
      ['email', 20],
      ['analytics', 100],
      ['fulfillment', 100],
    ]);
    expect(load).toMatchObject({ users: [10, 100, 500], duration: 10_000, timeout: 10_000, drain: 500 });
    expect(subjects).toEqual(['sync', 'hybrid']);
  });

  it('has a client case whose parameters make the three claims true', () => {
    const { services, load } = scenarioOf('client-case');
    const [order, payment, crm, email] = services;
    const works = (...some: typeof services): number => some.reduce((product, { errors }) => product * (1 - errors), 1);
    if (!order || !payment || !crm || !email) throw new Error('no services');
    expect(works(order, payment, crm, email)).toBeCloseTo(0.94, 3);
    expect(works(order, payment)).toBeCloseTo(0.992, 3);
    // Users that a bottleneck of c calls a second carries: c x (response time + think).
    expect((Number(email.workers) / 0.4) * (0.8 + load.think / 1000)).toBeGreaterThan(200);
    expect((Number(email.workers) / 0.4) * (0.8 + load.think / 1000)).toBeLessThan(250);
    expect((Number(order.workers) / 0.1) * (0.15 + load.think / 1000)).toBeGreaterThan(2000);
  });

  it('has a real checkout in which reads are three quarters and email is a twentieth', () => {
    const { services, steps } = scenarioOf('real-checkout');
    const p50 = (call: string): number => {
      const latency = services.find(({ name }) => name === call)?.latency;
      return latency?.kind === 'lognormal' ? latency.p50 : NaN;
    };
    const total = steps.reduce((sum, { call }) => sum + p50(call), 0);
    const reads = steps.filter(({ call }) => call === 'catalog' || call === 'currency');
    expect(reads).toHaveLength(8);
    expect(reads.reduce((sum, { call }) => sum + p50(call), 0) / total).toBeCloseTo(0.75, 2);
    expect(p50('email') / total).toBeCloseTo(0.05, 2);
  });
});
