/** From files in every form to what they show. */
import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/base/errors.js';
import { parseScenario } from '../../src/scenarios/parse.js';
import { readTraces, type TraceFile } from '../../src/traces/read.js';
import { rowsCsv, scenarioYaml } from '../../src/traces/scenario-file.js';
import { understand, type Question, type Understanding } from '../../src/traces/understand.js';
import { fileOf, FORMS, shopRequest, type Written } from './fixtures.js';

const REQUESTS = Array.from({ length: 60 }, (_, n) => shopRequest(n));
const SPANS = REQUESTS.flat();

function seen(files: readonly TraceFile[], question: Question = {}): Understanding {
  const found = understand(readTraces(files), question);
  if (Array.isArray(found)) throw new Error('several operations');
  return found;
}

/** What must be equal, however it was written; to the microsecond, as Jaeger and Zipkin write. */
function essence({ total, own, steps, rate, confidence }: Understanding): unknown {
  const us = (ms: number): number => Math.round(ms * 1000);
  return { total: us(total.p50), own: us(own.mean), rate, confidence, steps: steps.map(({ name, calls, p50, after }) => ({ name, calls, p50: us(p50), after })) };
}

describe('a traced shop', () => {
  it.each(Object.keys(FORMS))('is understood from %s', (form) => {
    expect(essence(seen([fileOf(form, SPANS)]))).toEqual({
      total: 68_000,
      own: 50,
      rate: 1,
      confidence: { level: 'good', why: [] },
      steps: [
        { name: 'payment-Charge', calls: 1, p50: 32_950, after: [] },
        { name: 'stock-Get', calls: 3, p50: 15_000, after: ['payment-Charge'] },
        { name: 'email-Send', calls: 1, p50: 20_000, after: ['payment-Charge', 'stock-Get'] },
      ],
    });
  });

  it.each([
    ['shuffled', [fileOf('OTLP JSON', SPANS.toReversed())]],
    ['over two files of two forms', [fileOf('OTLP JSON', SPANS.filter((_, at) => at % 2 === 0)), fileOf('Jaeger JSON', SPANS.filter((_, at) => at % 2 === 1))]],
    ['packed', [{ name: 'gz', bytes: gzipSync(FORMS['Zipkin v2']!(SPANS)) }]],
    ['twice', [fileOf('OTLP protobuf', [...SPANS, ...SPANS])]],
  ])('is the same when it comes %s', (_, files) => {
    expect(essence(seen(files))).toEqual(essence(seen([fileOf('OTLP JSON', SPANS)])));
  });

  it.each([50n, -50n])('is the same with the other hosts %s ms ahead: the caller\'s own clock tells', (ms) => {
    const skewed = SPANS.map((span) => (span.service === 'shop' ? span : { ...span, start: span.start + ms * 1_000_000n, end: span.end + ms * 1_000_000n }));
    const found = seen([fileOf('OTLP JSON', skewed)]);
    expect(found.steps).toEqual(seen([fileOf('OTLP JSON', SPANS)]).steps);
    expect(found.confidence.level).toBe('fair');
  });

  it('adds up, request by request', () => {
    const { total, own, steps } = seen([fileOf('OTLP JSON', SPANS)]);
    for (const [row, time] of total.times.entries()) {
      expect(steps.reduce((sum, { times }) => sum + times[row]!, own.times[row]!)).toBeCloseTo(time, 9);
    }
  });

  it('leaves failed requests out of its times, and counts them', () => {
    const spans = REQUESTS.flatMap((request, n) => request.map((span) => (n < 7 && span.parent === '' ? { ...span, failed: true } : span)));
    const found = seen([fileOf('Jaeger JSON', spans)]);
    expect([found.failed, found.total.times.length]).toEqual([7, 53]);
    expect(seen([fileOf('Jaeger JSON', spans)], { withErrors: true }).total.times).toHaveLength(60);
  });

  it('tells calls side by side, refuses an order that no span tells, and takes the one that is said', () => {
    const wiped = SPANS.map((span) => ({ ...span, start: REQUESTS[0]![0]!.start, end: REQUESTS[0]![0]!.start + (span.end - span.start) }));
    const file = fileOf('OTLP JSON', wiped);
    expect(() => seen([file])).toThrow(/order is not in these traces/);
    expect(seen([file], { order: 'serial' }).steps.at(-1)?.after).toHaveLength(2);
  });

  it('tells what is already behind a queue, and what only runs after the reply', () => {
    const spans = REQUESTS.flatMap(withEvent);
    const found = seen([fileOf('OTLP JSON', spans)]);
    expect(found.consumers.map(({ name, times }) => [name, times.length])).toEqual([['ledger', 60]]);
    expect([...found.afterReply]).toEqual([['audit Write', 60]]);
  });

  it('follows a link from one trace into the next', () => {
    const spans = REQUESTS.flatMap(withEvent);
    const document = JSON.parse(Buffer.from(FORMS['OTLP JSON']!(spans)).toString()) as { resourceSpans: { scopeSpans: { spans: Record<string, unknown>[] }[] }[] };
    for (const span of document.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans))) {
      if (span['kind'] !== 'SPAN_KIND_CONSUMER') continue;
      const link = { traceId: span['traceId'], spanId: span['parentSpanId'] };
      Object.assign(span, { traceId: String(span['traceId']).replace(/^a/, 'b'), parentSpanId: '', links: [link] });
    }
    const found = seen([{ name: 'linked', bytes: Buffer.from(JSON.stringify(document)) }]);
    expect(found.consumers.map(({ name, times }) => [name, times.length])).toEqual([['ledger', 60]]);
  });

  it('becomes a valid scenario whose rows hold every request', () => {
    const found = seen([fileOf('OTLP JSON', REQUESTS.flatMap(withEvent))]);
    const csv = rowsCsv(found);
    const yaml = scenarioYaml(found, 'shop.csv', { workers: new Map([['email-Send', 3]]) });
    const scenario = parseScenario(yaml, { file: 'shop.yaml', readFile: () => csv });
    expect(scenario.steps.map(({ name }) => name)).toEqual(['own', 'payment-Charge', 'stock-Get', 'email-Send', 'publish']);
    expect(scenario.event.consumers.map(({ name }) => name)).toEqual(['ledger']);
    expect(scenario.services.find(({ name }) => name === 'email-Send')?.workers).toBe(3);
    expect(csv.trim().split('\n')).toHaveLength(61);
  });
});

it.each([
  ['no rate', null, 2, { users: [2], rates: [] }],
  ['a few requests in years', 5.9e-10, 2, { users: [2], rates: [] }],
  ['all in a nanosecond', 6e10, 60, { users: [60], rates: [] }],
  ['one at once', 5, 1, { users: [1], rates: [] }],
  ['several at once', 12.345, 2, { users: [], rates: [12.3] }],
])('a valid load is made of %s', (_, rate, atOnce, load) => {
  const found = { ...seen([fileOf('OTLP JSON', SPANS)]), rate, atOnce };
  expect(parseScenario(scenarioYaml(found, 'shop.csv', { workers: new Map() }), { file: 'shop.yaml', readFile: () => rowsCsv(found) }).load).toMatchObject(load);
});

describe('a valid scenario is made of an operation', () => {
  const titleOf = (name: string): string => {
    const found = seen([fileOf('OTLP JSON', SPANS.map((span) => (span.parent === '' ? { ...span, name } : span)))]);
    return parseScenario(scenarioYaml(found, 'shop.csv', { workers: new Map() }), { file: 'shop.yaml', readFile: () => rowsCsv(found) }).title;
  };

  it('whose name is damaged', () => {
    expect(titleOf('PO\uFFFDST /\u0085orders')).toContain('PO?ST /?orders');
  });

  it.each(['POST', 'POST '])('whose name is cut, also within a character: %j', (name) => {
    expect(titleOf(`${name}${'😀'.repeat(100)}`)).toMatch(/POST ?😀+\??, as traced$/u);
  });
});

describe('a large document', () => {
  const many = Array.from({ length: 24 }, () => SPANS).flat();

  it.each(['OTLP JSON', 'Tempo, old library', 'Jaeger JSON', 'Zipkin v2'])('is read element by element: %s', (form) => {
    const whole = Buffer.from(FORMS[form]!(SPANS)).toString();
    const padded = `${whole.slice(0, -1)}${' '.repeat(4 * 1024 * 1024)}${whole.slice(-1)}`;
    expect(essence(seen([{ name: form, bytes: Buffer.from(padded) }]))).toEqual(essence(seen([fileOf(form, SPANS)])));
    expect(seen([fileOf('OTLP JSON', many)]).notes.get('spans that stand twice')).toBe(23 * SPANS.length);
  });

  it('is refused with the place of its damage', () => {
    const bytes = Buffer.from(FORMS['OTLP JSON']!(many));
    bytes[bytes.indexOf('"spanId"', 3_000_000) - 1] = 0x3b;
    expect(() => readTraces([{ name: 'large', bytes }])).toThrow(/large: it is no JSON: something between its bytes \d+ and \d+ is damaged/);
  });
});

describe('the same traces, less well kept', () => {
  const whole = seen([fileOf('OTLP JSON', SPANS)]);
  const order = ({ steps }: Understanding): string[] => steps.map(({ name, after }) => `${name} < ${after.join()}`);

  it('without kinds are the same', () => {
    expect(essence(seen([fileOf('OTLP JSON', SPANS.map((span) => ({ ...span, kind: '' as 'SERVER' })))]))).toEqual(essence(whole));
  });

  it('rounded to the millisecond keep their order, and their times to it', () => {
    const round = (ns: bigint): bigint => ((ns + 500_000n) / 1_000_000n) * 1_000_000n;
    const found = seen([fileOf('OTLP JSON', SPANS.map((span) => ({ ...span, start: round(span.start), end: round(span.end) })))]);
    expect(order(found)).toEqual(order(whole));
    expect(found.confidence.level).toBe('good');
    expect(Math.abs(found.total.p50 - whole.total.p50)).toBeLessThanOrEqual(1);
  });

  it('with a tenth of the spans gone are less sure, or refused', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const kept = SPANS.filter((_, at) => (Math.imul(at + 1, 0x9e3779b1) ^ Math.imul(seed, 0x85ebca6b)) >>> 0 > 0x1999_9999);
        const found = understand(readTraces([fileOf('OTLP JSON', kept)]), {});
        const isLess = Array.isArray(found) || found.confidence.level !== 'good';
        expect(isLess).toBe(true);
      }),
      { numRuns: 20 },
    );
  });

  it('with the servers of some calls gone say that a step may stand under two names', () => {
    const found = seen([fileOf('OTLP JSON', SPANS.filter(({ service }, at) => service !== 'payment' || at % 22 > 10))]);
    expect(found.confidence.why.join()).toContain('other end is missing');
  });

  it('cut a session of a browser into its requests', () => {
    const page = { ...SPANS[0]!, id: 'e'.repeat(16), service: 'browser', name: 'documentLoad', kind: 'INTERNAL' as 'SERVER', start: SPANS[0]!.start - 2000n, end: SPANS[0]!.start - 1000n };
    const found = seen([fileOf('OTLP JSON', [page, ...SPANS.map((span) => (span.parent === '' ? { ...span, trace: page.trace, parent: page.id } : { ...span, trace: page.trace }))])], { operation: 'POST /orders' });
    expect([found.total.times.length, found.total.p50]).toEqual([60, whole.total.p50]);
    expect(found.notes.get('requests of a session, each one of its own')).toBe(60);
  });

  it('tell retries, and calls that outlast the reply', () => {
    const spans = SPANS.map((span, at) => (at === 3 ? { ...span, failed: true } : at === 9 ? { ...span, end: span.end + 5_000_000n } : span));
    expect([...seen([fileOf('OTLP JSON', spans)]).notes]).toEqual([
      ['calls made again after a failure: retries are part of the time of their step', 1],
      ['calls that go on after the reply, cut at its end', 1],
    ]);
  });

  it('leave out requests that no scenario holds, and cut a name to a title', () => {
    const [root, ...calls] = shopRequest(60);
    const long = { ...root!, end: root!.start + 700_000_000_000n };
    const found = seen([fileOf('OTLP JSON', [...SPANS, long, ...calls])]);
    expect([found.total.times.length, found.notes.get('requests of more than 10 minutes, which no scenario holds')]).toEqual([60, 1]);
    expect(() => seen([fileOf('OTLP JSON', [long, ...calls])])).toThrow(/more than 10 minutes/);
    const named = seen([fileOf('OTLP JSON', SPANS.map((span) => (span.parent === '' ? { ...span, name: `POST /${'orders'.repeat(60)}` } : span)))]);
    expect(parseScenario(scenarioYaml(named, 'shop.csv', { workers: new Map() }), { file: 'shop.yaml', readFile: () => rowsCsv(named) }).title).toHaveLength(191);
  });

  it('leave out streams', () => {
    const stream: Written = { ...SPANS[0]!, trace: 'f'.repeat(32), id: 'f'.repeat(16), name: 'GET /events', end: SPANS[0]!.start + 60_000_000_000n };
    const found = seen([fileOf('OTLP JSON', [...SPANS, stream])]);
    expect([...found.notes]).toEqual([['streams (30 s and more, and no call)', 1]]);
  });
});

/** The request with an event whose consumer works, and a call, after the reply. */
function withEvent(request: Written[]): Written[] {
  const root = request[0]!;
  const after = (id: string, ms: number): Pick<Written, 'trace' | 'id' | 'start' | 'end'> => ({ trace: root.trace, id: id.repeat(16), start: root.end + BigInt(ms) * 1_000_000n, end: root.end + BigInt(ms + 4) * 1_000_000n });
  return [
    ...request,
    { ...after('c', 0), parent: root.id, service: 'shop', name: 'publish', kind: 'PRODUCER', start: root.end - 5000n, end: root.end - 1000n },
    { ...after('d', 1), parent: 'c'.repeat(16), service: 'ledger', name: 'process', kind: 'CONSUMER' },
    { ...after('e', 2), parent: root.id, service: 'shop', name: 'POST', kind: 'CLIENT' },
    { ...after('f', 2), parent: 'e'.repeat(16), service: 'audit', name: 'Write', kind: 'SERVER' },
  ];
}

describe('files that are no traces', () => {
  it.each([
    ['Zipkin v1', '[{"traceId":"1","id":"2","binaryAnnotations":[]}]', /Zipkin v1/],
    ['stdouttrace', '{"Name":"a","SpanContext":{"TraceID":"1"}}', /stdouttrace/],
    ['a HAR file', '{"log":{"version":"1.2","creator":{},"entries":[]}}', /HAR/],
    ['SkyWalking', '{"traceId":"1","segmentId":"2","spans":[]}', /SkyWalking/],
    ['nothing', '', /empty/],
    ['text', 'hello', /neither JSON/],
    ['other JSON', '{"a":1}', /no spans/],
  ])('are refused by name: %s', (_, text, expected) => {
    expect(() => readTraces([{ name: 'file', bytes: new TextEncoder().encode(text) }])).toThrow(expected);
  });

  it('do not run in circles, or out of stack', () => {
    const chain = Array.from({ length: 30_000 }, (_, n) => ({ ...SPANS[0]!, id: (n + 1).toString(16).padStart(16, '0'), parent: n.toString(16).padStart(16, '0') }));
    expect(outcomeOf(FORMS['OTLP JSON']!(chain))).not.toBe('crashed');
    const circle = SPANS.slice(1, 3).map((span, at, both) => ({ ...span, parent: both[1 - at]!.id }));
    expect(outcomeOf(FORMS['Jaeger JSON']!([...circle, ...SPANS.slice(22)]))).toBe('read');
    expect(outcomeOf(FORMS['Jaeger JSON']!(circle))).toBe('refused');
  });

  it('are read or refused however they are damaged', () => {
    const whole = Object.keys(FORMS).map((form) => FORMS[form]!(SPANS.slice(0, 22)));
    const damage = fc.record({ form: fc.nat(whole.length - 1), cut: fc.double({ min: 0, max: 1, noNaN: true }), hits: fc.array(fc.tuple(fc.nat(20_000), fc.nat(255)), { maxLength: 8 }) });
    fc.assert(
      fc.property(damage, ({ form, cut, hits }) => {
        const bytes = Uint8Array.from(whole[form]!.subarray(0, Math.ceil(cut * whole[form]!.length)));
        for (const [at, byte] of hits) if (bytes.length > 0) bytes[at % bytes.length] = byte;
        expect(outcomeOf(bytes)).not.toBe('crashed');
      }),
    );
  });
});

function outcomeOf(bytes: Uint8Array): 'read' | 'refused' | 'crashed' {
  try {
    understand(readTraces([{ name: 'file', bytes }]), {});
    return 'read';
  } catch (error) {
    return error instanceof UserError ? 'refused' : 'crashed';
  }
}
