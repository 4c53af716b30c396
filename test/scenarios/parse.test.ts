import { describe, expect, it } from 'vitest';
import { mistakes, parse, SMALL } from './support.js';

describe('parseScenario', () => {
  it('fills in every default', () => {
    expect(parse(SMALL, { file: 'shop/my chain.v2.yaml' })).toEqual({
      name: 'my-chain-v2',
      title: 'my-chain-v2',
      description: '',
      services: ['payment', 'email'].map((name) => ({
        name,
        latency: { kind: 'constant', ms: name === 'email' ? 400 : 300 },
        workers: 100,
        queue: 'unlimited',
        errors: 0,
        outages: [],
        abandoned: 'finish',
      })),
      steps: [
        { name: 'payment', call: 'payment', critical: true, after: [] },
        { name: 'email', call: 'email', critical: false, after: ['payment'] },
      ].map((step) => ({
        ...step,
        share: 1,
        onError: 'fail',
        effect: true,
        timeout: 3000,
        retries: { attempts: 1, backoff: 100, jitter: 'full', budget: 1 },
        breaker: null,
        connections: 'unlimited',
      })),
      event: {
        type: 'order.placed',
        after: 'payment',
        messages: 1,
        payload: 0,
        publish: 0,
        wait: false,
        inbox: true,
        consumers: [{ name: 'email', call: 'email', share: 1, workers: 100, timeout: 3000, attempts: 3, backoff: 100 }],
      },
      server: { processes: 1, work: 0.15 },
      faults: [],
      load: {
        users: [10, 100, 500],
        rates: [],
        arrivals: 'even',
        stages: [],
        think: 0,
        duration: 10_000,
        until: null,
        maxDuration: 60_000,
        warmup: 'auto',
        timeout: 10_000,
        drain: 2000,
        rounds: 1,
      },
      subjects: ['sync', 'hybrid'],
      variants: [],
      targets: [],
      thresholds: [],
    });
  });

  it('reads JSON, tabs and all', () => {
    const file = { services: { payment: '300ms' }, steps: ['payment!'] };
    expect(parse(JSON.stringify(file, null, '\t')).steps[0]).toMatchObject({ name: 'payment', critical: true });
  });

  it('reads every field', () => {
    const scenario = parse(`
name: full
services:
  payment:
    latency: { p50: 40ms, p99: 200ms }
    workers: unlimited
    queue: 50
    errors: 1%
    outages: [{ from: 1s, for: 2s, kind: hang }, { from: 3s, for: 500ms, kind: slow, factor: 2.5 }]
    abandoned: drop
  email: 1.5s
steps:
  - name: pay
    call: payment
    critical: true
    timeout: 700ms
    retries: { attempts: 3, backoff: 50ms, jitter: none, budget: 0.1 }
    breaker: { trip: 40%, minimum: 10, window: 5s, reset: 1m }
    connections: 20
  - { call: email, after: [], timeout: 2s, breaker: {} }
event:
  type: order.paid
  after: pay
  messages: 2
  payload: 8KB
  wait: true
  consumers:
    email: { workers: 5, attempts: 9 }
    ledger: { call: payment, timeout: 1s, backoff: 1s }
load: { rate: [50, 0.5], arrivals: poisson, think: 1s, duration: 2m, until: 2%, maxDuration: 5m, warmup: 3s, timeout: 5s, drain: 0s, rounds: 4 }
subjects: parallel
thresholds: ["hybrid: p95 < 600ms"]
`);
    expect(scenario.services[0]).toMatchObject({
      workers: 'unlimited',
      queue: 50,
      errors: 0.01,
      outages: [{ from: 1000, for: 2000, kind: 'hang' }, { from: 3000, for: 500, kind: 'slow', factor: 2.5 }],
      abandoned: 'drop',
    });
    expect(scenario.steps).toMatchObject([
      {
        name: 'pay',
        call: 'payment',
        timeout: 700,
        retries: { attempts: 3, backoff: 50, jitter: 'none', budget: 0.1 },
        breaker: { trip: 0.4, minimum: 10, window: 5000, reset: 60_000 },
        connections: 20,
      },
      { name: 'email', after: [], timeout: 2000, breaker: { trip: 0.5, minimum: 20, window: 10_000, reset: 30_000 } },
    ]);
    expect(scenario.event).toEqual({
      type: 'order.paid',
      after: 'pay',
      inbox: true,
      messages: 2,
      payload: 8000,
      publish: 0,
      wait: true,
      consumers: [
        { name: 'email', call: 'email', share: 1, workers: 5, timeout: 2000, attempts: 9, backoff: 100 },
        { name: 'ledger', call: 'payment', share: 1, workers: 'unlimited', timeout: 1000, attempts: 3, backoff: 1000 },
      ],
    });
    expect(scenario.load).toEqual({
      users: [],
      rates: [50, 0.5],
      arrivals: 'poisson',
      stages: [],
      think: 1000,
      duration: 120_000,
      until: 0.02,
      maxDuration: 300_000,
      warmup: 3000,
      timeout: 5000,
      drain: 0,
      rounds: 4,
    });
    expect(scenario).toMatchObject({ subjects: ['parallel'], thresholds: ['hybrid: p95 < 600ms'] });
  });

  it('reads stages, which make the window', () => {
    const staged = parse(`${SMALL}load: { users: 5, stages: [10s:50, 0s:20, 1.5s:0.5] }`).load;
    expect(staged).toMatchObject({
      users: [5],
      rates: [],
      stages: [{ duration: 10_000, target: 50 }, { duration: 0, target: 20 }, { duration: 1500, target: 0.5 }],
      duration: 11_500,
    });
    expect(parse(`${SMALL}load: { stages: [10s:50] }`).load).toMatchObject({ users: [], rates: [] });
  });

  it.each([
    ['stages: [10s]', 'load.stages.0: expected a stage such as 30s:200'],
    ['stages: [10s:50], duration: 5s', 'load.duration: expected no duration beside stages'],
    ['stages: [0s:50]', 'load.stages: expected stages that take from 100ms'],
    ['maxDuration: 5s', 'load.maxDuration: expected until beside it'],
    ['until: 0%', 'load.until: expected a share above 0'],
    ['until: 1%, stages: [10s:50]', 'load.until: expected no until beside stages'],
    ['arrivals: bursts', 'load.arrivals: expected one of even, poisson'],
  ])('refuses %s', (load, message) => {
    expect(() => parse(`${SMALL}load: { ${load} }`)).toThrow(message);
  });

  it('tells every mistake at its place, those of meaning included', () => {
    const text = `
services:
  payment: 300
  inventory: { latency: 200ms, wrokers: 5, queue: -1 }
  email: { latency: { p50: 400ms, p9: 2s }, errors: 5 }
steps:
  - paymnt!
  - { call: inventory, timeout: 0s, after: emial }
  - call: email
    critical: yes
event: { messages: 1.5 }
lod: {}
subjects: [sync, hybird]
`;
    expect(mistakes(text)).toEqual([
      'my.yaml:3:12: services.payment: expected a duration from 0ms to 10m, such as 300ms or 2s, got 300; did you mean "300ms"?',
      'my.yaml:4:32: services.inventory.wrokers: unknown in a service, which has latency, workers, queue, errors, rate, priority, outages, abandoned; did you mean "workers"?',
      'my.yaml:4:51: services.inventory.queue: expected a whole number from 0 to 1000000, or "unlimited", got -1',
      'my.yaml:5:12: services.email.latency.p99: is missing in a latency by quantiles',
      'my.yaml:5:35: services.email.latency.p9: unknown in a latency by quantiles, which has p50, p99; did you mean "p99"?',
      'my.yaml:5:53: services.email.errors: expected a share from 0 to 1, such as 1% or 0.01, got 5; did you mean "5%"?',
      'my.yaml:8:33: steps.1.timeout: expected a duration from 1ms to 60m, such as 300ms or 2s, got "0s"',
      'my.yaml:10:15: steps.2.critical: expected true or false, got "yes"; did you mean "true"?',
      'my.yaml:11:20: event.messages: expected a whole number from 1 to 1000, got 1.5',
      'my.yaml:12:1: lod: unknown in a scenario, which has $schema, name, title, noun, description, services, rows, steps, event, events, transactions, deadline, server, pools, groups, faults, load, subjects, baseline, targets, variants, thresholds; did you mean "load"?',
    ]);
  });

  it('tells mistakes of form and of meaning together where nothing is missing', () => {
    expect(mistakes(`${SMALL}load: { users: 0 }\nsubjects: [sync, hybird]\n`)).toEqual([
      'my.yaml:3:16: load.users: expected a whole number from 1 to 1000000, got 0',
      'my.yaml:4:18: subjects.1: expected an architecture or a variant (sync, parallel, hybrid, event-driven), got "hybird"; did you mean "hybrid"?',
    ]);
  });

  it('knows the subject that the chain is today', () => {
    expect(parse(`${SMALL}baseline: parallel\n`).baseline).toBe('parallel');
    expect(mistakes(`${SMALL}baseline: parrallel\n`)).toEqual([
      'my.yaml:3:11: baseline: expected an architecture, a variant or a target (sync, parallel, hybrid, event-driven), got "parrallel"; did you mean "parallel"?',
    ]);
  });

  it('does not mistake a service whose description is wrong for one that is unknown', () => {
    expect(mistakes('services: { payment: 300 }\nsteps: [payment!]')).toHaveLength(1);
  });

  it('stops listing after 20', () => {
    const steps = Array.from({ length: 50 }, (_, i) => `  - s${i}`).join('\n');
    const lines = mistakes(`services: { payment: 1ms }\nsteps:\n${steps}\n`);
    expect(lines).toHaveLength(21);
    expect(lines.at(-1)).toBe('... and 30 more');
  });

  it('names what is missing', () => {
    expect(mistakes('title: x')).toEqual([
      'my.yaml:1:1: services: is missing in a scenario',
      'my.yaml:1:1: steps: is missing in a scenario',
    ]);
    expect(mistakes('')).toEqual(['my.yaml:1:1: expected a scenario, got nothing']);
    expect(mistakes('hello')).toEqual(['my.yaml:1:1: expected a scenario, got "hello"']);
    expect(mistakes('[1]')).toEqual(['my.yaml:1:1: expected a scenario, got a list']);
  });
});

describe('measured latencies', () => {
  const text = 'services: { payment: { latency: { values: times.csv } } }\nsteps: [payment!]\n';

  it('come from the file beside the scenario', () => {
    const scenario = parse(text, { readFile: (path) => (path === 'times.csv' ? '30\n10\n20.5\n' : '') });
    expect(scenario.services[0]?.latency).toEqual({ kind: 'values', values: [10, 20.5, 30] });
  });

  it('that cannot be read are a mistake like others', () => {
    const readFile = (): string => {
      throw new Error('no such file');
    };
    expect(mistakes(text, { readFile })).toEqual([
      'my.yaml:1:43: services.payment.latency.values: cannot use "times.csv": no such file',
    ]);
    expect(mistakes(text)).toEqual([
      'my.yaml:1:43: services.payment.latency.values: cannot use "times.csv": there are no files here',
    ]);
  });

  it('can be those of a variant', () => {
    const variant = '{ architecture: sync, services: { payment: { latency: { values: slow.csv, column: ms } } } }';
    const scenario = parse(`${SMALL}variants: { slow: ${variant} }`, { readFile: () => 'ms\n900\n' });
    expect(scenario.variants[0]?.services[0]?.latency).toEqual({ kind: 'values', values: [900] });
    expect(scenario.services[0]?.latency).toEqual({ kind: 'constant', ms: 300 });
  });
});
