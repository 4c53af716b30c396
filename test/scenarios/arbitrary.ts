/** Scenario files of every kind, for property tests. */
import * as fc from 'fast-check';
import type { Arbitrary } from 'fast-check';

const SERVICES = ['payment', 'inventory', 'email', 'analytics'];
const ARCHITECTURES = ['sync', 'parallel', 'hybrid', 'event-driven'];

/** A duration as it is written: any unit, whole and broken numbers. */
function duration(least: number, most: number): Arbitrary<string> {
  return fc.oneof(
    fc.integer({ min: least, max: most }).map((ms) => `${ms}ms`),
    fc.integer({ min: least, max: most }).map((ms) => `${ms / 1000}s`),
    fc
      .double({ min: least, max: most, noNaN: true })
      .filter((ms) => ms === 0 || ms > 0.01)
      .map((ms) => `${ms}ms`),
  );
}

const latency: Arbitrary<unknown> = fc.oneof(
  duration(0, 5000),
  fc.tuple(duration(1, 500), duration(500, 5000)).map(([p50, p99]) => ({ p50, p99 })),
  fc.record({ mean: duration(1, 40_000), cv: fc.double({ min: 0, max: 10, noNaN: true }) }),
  duration(0, 5000).map((exponential) => ({ exponential })),
  fc.tuple(duration(0, 500), duration(500, 5000)).map((uniform) => ({ uniform })),
  fc.array(duration(0, 5000), { minLength: 1, maxLength: 30 }).map((values) => ({ values })),
  fc.constantFrom('fast', 'slow').map((column) => ({ column })),
);

const share = fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 0, max: 100 }).map((n) => `${n}%`));
const limit = fc.oneof(fc.constant('unlimited'), fc.integer({ min: 1, max: 1000 }));

const rate = fc.oneof(
  fc.constantFrom('10/s', '600/m', '0.5/s', '1000/h', 'unlimited'),
  fc.record({ limit: fc.constantFrom('10/s', '7.25/m'), burst: fc.integer({ min: 1, max: 50 }) }),
);

const times = fc.oneof(
  fc.integer({ min: 1, max: 9 }),
  fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 5, max: 40 })).map(([p50, max]) => ({ p50, max })),
  fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 9 }).map((values) => ({ values: [...values, 1] })),
);

const outage = fc
  .record({ from: duration(0, 900), for: duration(1, 1000), kind: fc.constantFrom('error', 'hang', 'slow') })
  .map((written) => (written.kind === 'slow' ? { ...written, factor: 3.5 } : written));

function optional(fields: Record<string, Arbitrary<unknown>>): Arbitrary<object> {
  return fc.record(fields, { requiredKeys: [] });
}

const workers = fc.oneof(
  limit,
  fc.record(
    { min: fc.integer({ min: 0, max: 3 }), max: fc.integer({ min: 3, max: 99 }), start: duration(0, 9000), target: fc.constantFrom('70%', 0.5, 1), idle: duration(1, 90_000) },
    { requiredKeys: ['max', 'start'] },
  ),
);

const capacity = {
  workers,
  queue: limit,
  errors: share,
  rate,
  priority: fc.constantFrom('none', 'replies'),
  outages: fc.array(outage, { maxLength: 1 }),
  abandoned: fc.constantFrom('finish', 'drop'),
};
const service = fc.oneof(duration(0, 5000), fc.record({ latency, ...capacity }, { requiredKeys: ['latency'] }));

const stepFields = {
  timeout: duration(1, 5000),
  retries: optional({
    attempts: fc.integer({ min: 1, max: 9 }),
    backoff: duration(0, 1000),
    jitter: fc.constantFrom('none', 'full'),
    budget: share,
    retryAfter: fc.constantFrom('heed', 'ignore'),
  }),
  breaker: fc.oneof(
    fc.constant('none'),
    optional({
      trip: share,
      minimum: fc.integer({ min: 1, max: 50 }),
      window: duration(1, 9000),
      reset: duration(1, 9000),
    }),
  ),
  connections: limit,
  rate,
  times,
  concurrency: limit,
  fallback: fc.oneof(duration(0, 500), fc.constantFrom('payment', 'none')),
  compensate: fc.constantFrom('inventory', 'none'),
};

function stepOf(call: string): Arbitrary<{ call: string; pool?: string }> {
  if (call === 'inventory') return fc.constant({ call, pool: 'db' });
  return fc.record({ call: fc.constant(call), critical: fc.boolean(), ...stepFields }, { requiredKeys: ['call'] });
}

const ownWork = fc.record({ own: latency, name: fc.constantFrom('own', 'render'), critical: fc.constant(true) }, { requiredKeys: ['own'] });

const consumer = optional({
  workers,
  timeout: duration(1, 5000),
  rate,
  times,
  concurrency: limit,
  attempts: fc.integer({ min: 1, max: 9 }),
  backoff: duration(0, 999),
  delay: duration(0, 90_000),
}).chain((fields) => {
  const batch = fc.oneof(fc.constant('none'), fc.record({ size: fc.integer({ min: 2, max: 90 }), wait: duration(0, 900) }));
  // There is no batch beside several calls for one message.
  return 'times' in fields ? fc.constant({ ...fields, batch: 'none' }) : fc.oneof(fc.constant(fields), batch.map((it) => ({ ...fields, times: 1, batch: it })));
});

const event = optional({
  type: fc.constantFrom('order.placed', 'user: updated', '#x'),
  messages: fc.integer({ min: 1, max: 9 }),
  payload: fc.oneof(fc.integer({ min: 0, max: 100_000 }), fc.constantFrom('8KB', '64KiB')),
  wait: fc.boolean(),
  consumers: optional({
    audit: consumer.map((fields) => ({ call: 'payment', ...fields })),
    archive: consumer.map((fields) => ({ call: 'payment', after: 'journal', ...fields })),
    journal: consumer.map((fields) => ({ call: 'payment', ...fields })),
  }).map((consumers) => ('archive' in consumers ? { journal: { call: 'payment' }, ...consumers } : consumers)),
});

const load = fc.tuple(
  fc.oneof(
    fc.record({ users: fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 4 }) }),
    fc.record({ rate: fc.double({ min: 0.01, max: 5000, noNaN: true }) }),
    fc.constant({}),
  ),
  optional({
    think: duration(0, 5000),
    duration: duration(100, 60_000),
    warmup: fc.oneof(fc.constant('auto'), duration(0, 5000)),
    drain: duration(0, 9000),
    rounds: fc.integer({ min: 1, max: 9 }),
  }),
).map(([model, rest]) => ({ ...model, ...rest }));

/** Texts for people, with everything that could disturb YAML. */
const text = fc.oneof(
  fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme' }),
  fc.constantFrom('a: b', '# x', '- y', ' lead', 'trail ', 'two\nlines\n', "'", '"', '{', 'null', '1e3', '~', '*a', '&b', '%'),
).filter((written) => written.trimEnd() !== '' && !/(?![\t\n])[\p{Cc}\p{Cs}\ufffd]/u.test(written));

const faults = fc.subarray([
  'crash server at 3s', { pause: 'broker at 1.25s for 2m' }, 'duplicate 5%', 'drop 0.01', 'reorder 33.3%', 'delay 1% by 1.5ms', 'poison 0.1%', 'poison order 7',
]);

const variant = fc.record(
  {
    architecture: fc.constantFrom(...ARCHITECTURES),
    title: text,
    services: optional({ payment: service, email: optional({ latency, ...capacity }) }),
    steps: optional({ email: optional({ critical: fc.boolean(), ...stepFields }) }),
    event,
    faults,
  },
  { requiredKeys: ['architecture'] },
);

const ofOneKind = fc
  .record(
    {
      name: fc.constantFrom('a', 'my-chain_2'),
      title: text,
      description: text,
      rows: fc.constant({ fast: ['1ms', '2.5ms', '0ms'], slow: ['900ms', '1s', '7ms'] }),
      services: fc.record(Object.fromEntries(SERVICES.map((name) => [name, service]))),
      steps: fc
        .tuple(...SERVICES.map(stepOf))
        .chain((steps) => fc.shuffledSubarray(steps, { minLength: 1 }))
        .chain((steps) => fc.option(ownWork).map((own): object[] => (own ? [own, ...steps] : steps)))
        // The variants change this one.
        .map((steps) => (steps.some((one) => 'call' in one && one.call === 'email') ? steps : [...steps, { call: 'email' }])),
      pools: fc.record({ db: limit }),
      event,
      faults,
      load,
      subjects: fc.subarray(ARCHITECTURES, { minLength: 1 }),
      baseline: fc.constantFrom(...ARCHITECTURES),
      variants: optional({ quick: variant, slow: variant }),
      thresholds: fc.array(fc.constant('hybrid: p95 < 600ms'), { maxLength: 2 }),
    },
    { requiredKeys: ['services', 'steps', 'rows', 'pools'] },
  )
  .map(({ pools, variants, ...file }): Record<string, unknown> & { steps: object[]; event?: object } => {
    // A pool that nothing uses is a mistake.
    const isUsed = file.steps.some((one) => 'pool' in one);
    const changed = variants && Object.fromEntries(Object.entries(variants).map(([name, about]) => [name, { ...about, pools }]));
    return { ...file, ...(isUsed && { pools: { db: 7 } }), ...(variants && { variants: isUsed ? changed : variants }) };
  });

/** The same with its steps divided among kinds of request, and no variants. */
const ofTwoKinds = ofOneKind.map((file) => {
  const { steps, event: own, variants: _variants, ...rest } = file;
  const half = Math.ceil(steps.length / 2);
  const [some, others] = [steps.slice(0, half), steps.slice(half)];
  const one = { weight: others.length > 0 ? '30%' : 1, steps: some, ...(own && { event: own }) };
  return { ...rest, transactions: { one, ...(others.length > 0 ? { other: { steps: others } } : {}) } };
});

/** The same with two events, and no variants. */
const ofTwoEvents = ofOneKind.map((file) => {
  const { event: own, variants: _variants, ...rest } = file;
  return { ...rest, events: { 'order-placed': own ?? {}, again: { messages: 2, consumers: { other: { call: 'payment' } } } } };
});

/** A file that is right: plain data, to be written as YAML or JSON. */
export const scenarioFile: Arbitrary<object> = fc.oneof({ weight: 3, arbitrary: ofOneKind }, { weight: 1, arbitrary: ofTwoKinds }, { weight: 1, arbitrary: ofTwoEvents });
