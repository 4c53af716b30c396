/** Traces of any shop, less well kept: the same result, or less confidence, or refused; never another order without a word. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/base/errors.js';
import { readTraces, type TraceFile } from '../../src/traces/read.js';
import { understand, type Understanding } from '../../src/traces/understand.js';
import { fileOf, type Written } from './fixtures.js';

const EPOCH = 1_700_000_000_000_000_000n;
const REQUESTS = 60;
const MS = 1_000_000n;

/** A stage of a shop: a call, or two side by side, of 5 to 50 ms, that the next waits for. */
const stages = fc.array(fc.record({ isPair: fc.boolean(), ms: fc.integer({ min: 5, max: 50 }), spread: fc.integer({ min: 0, max: 4 }) }), { minLength: 2, maxLength: 4 });
type Stages = typeof stages extends fc.Arbitrary<infer S> ? S : never;

function requestOf(shop: Stages, n: number): Written[] {
  const trace = (n + 1).toString(16).padStart(32, 'a');
  let ids = n * 100;
  const nextId = (): string => (++ids).toString(16).padStart(16, '0');
  const root = nextId();
  const begin = EPOCH + BigInt(n) * 1_000_000_000n;
  let at = begin;
  const calls: Written[] = [];
  for (const [position, { isPair, ms, spread }] of shop.entries()) {
    const start = at + 100_000n;
    for (const side of isPair ? ['a', 'b'] : ['a']) {
      const end = start + BigInt(ms) * MS + BigInt((n * 7919 + position) % 1000) * BigInt(spread) * 1000n + (side === 'b' ? MS : 0n);
      const [client, service] = [nextId(), `s${position}${side}`];
      calls.push({ trace, id: client, parent: root, service: 'shop', name: 'POST', kind: 'CLIENT', start, end });
      calls.push({ trace, id: nextId(), parent: client, service, name: 'Do', kind: 'SERVER', start: start + 1000n, end: end - 1000n });
      at = end > at ? end : at;
    }
  }
  return [{ trace, id: root, parent: '', service: 'shop', name: 'POST /orders', kind: 'SERVER', start: begin, end: at }, ...calls];
}

function hash(at: number, seed: number): number {
  let h = Math.imul(at + 1, 0x9e3779b1) ^ Math.imul(seed, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 16), 0x7feb352d);
  return (h ^ (h >>> 15)) >>> 0;
}

const changed = (spans: readonly Written[], change: (span: Written) => Partial<Written>): TraceFile[] => [fileOf('OTLP JSON', spans.map((span) => ({ ...span, ...change(span) })))];
const moved = (by: (span: Written) => bigint) => (span: Written): Partial<Written> => ({ start: span.start + by(span), end: span.end + by(span) });
const round = (ns: bigint): bigint => ((ns + MS / 2n) / MS) * MS;

/** What may become of traces on their way. */
const MUTATIONS: Record<string, (spans: readonly Written[], seed: number) => TraceFile[]> = {
  shuffled: (spans, seed) => [fileOf('OTLP JSON', [...spans.entries()].toSorted((a, b) => hash(a[0], seed) - hash(b[0], seed)).map(([, span]) => span))],
  'split over files': (spans, seed) => [0, 1, 2].map((part) => fileOf('Jaeger JSON', spans.filter((_, at) => hash(at, seed) % 3 === part))),
  'skewed by up to 50 ms': (spans, seed) => changed(spans, moved(({ service }) => (service === 'shop' ? 0n : BigInt((hash(service.charCodeAt(1) * 2 + service.charCodeAt(2), seed) % 101) - 50) * MS))),
  'a tenth dropped': (spans, seed) => [fileOf('OTLP JSON', spans.filter((_, at) => hash(at, seed) % 10 !== 0))],
  'rounded to 1 ms': (spans) => changed(spans, ({ start, end }) => ({ start: round(start), end: round(end) })),
  duplicated: (spans) => [fileOf('OTLP protobuf', spans), fileOf('Zipkin v2', spans)],
  base64: (spans) => [fileOf('OTLP JSON, base64 ids', spans)],
  'kinds stripped': (spans) => changed(spans, () => ({ kind: '' as 'SERVER' })),
  'starts wiped': (spans) => changed(spans, ({ start, end }) => ({ start: EPOCH, end: EPOCH + end - start })),
};

/** Those that lose nothing: the result is the same, and as sure. */
const HARMLESS = new Set(['shuffled', 'split over files', 'duplicated', 'base64', 'kinds stripped']);

/** What is understood; null when it is refused, or asked for. */
function seen(files: readonly TraceFile[]): Understanding | null {
  try {
    const found = understand(readTraces(files), {});
    return Array.isArray(found) ? null : found;
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
}

const orderOf = ({ steps }: Understanding): string[] => steps.map(({ name, after }) => `${name} < ${after.toSorted().join()}`).toSorted();

describe.each(Object.entries(MUTATIONS))('traces of any shop, %s', (how, mutated) => {
  it('tell the same order, or are less sure, or refused', () => {
    fc.assert(
      fc.property(stages, fc.nat(), (shop, seed) => {
        const spans = Array.from({ length: REQUESTS }, (__, n) => requestOf(shop, n)).flat();
        const whole = seen([fileOf('OTLP JSON', spans)])!;
        expect(whole.confidence.level).toBe('good');
        const found = seen(mutated(spans, seed));
        const isSure = found?.confidence.level === 'good';
        expect(isSure || !HARMLESS.has(how)).toBe(true);
        expect(isSure ? orderOf(found) : 'not sure').toEqual(isSure ? orderOf(whole) : 'not sure');
      }),
      { numRuns: 15 },
    );
  });
});
