/** Spans, whatever form they were written in. */

/** What a span is to the call it belongs to; null when the file does not say. */
export type SpanKind = 'server' | 'client' | 'producer' | 'consumer' | 'internal';

/** One piece of work of one trace. */
export interface Span {
  trace: string;
  id: string;
  /** Empty for a root. */
  parent: string;
  /** Empty when the file does not say. */
  service: string;
  name: string;
  kind: SpanKind | null;
  /** Nanoseconds since the epoch of the set (see `Moments`). */
  start: number;
  end: number;
  failed: boolean;
  /** Attributes that tell what is called (see `KEPT`); text alone. */
  attributes: Readonly<Record<string, string>>;
  /** Spans, of this trace or another, that this one follows from. */
  links: readonly { trace: string; span: string }[];
}

/** Attributes that are read: of hundreds, those that name what is called, and the route. */
const KEPT = new Set([
  'http.route',
  'http.method',
  'http.request.method',
  'http.url',
  'url.full',
  'http.target',
  'url.path',
  'http.status_code',
  'http.response.status_code',
  'peer.service',
  'server.address',
  'net.peer.name',
  'rpc.service',
  'rpc.method',
  'db.system',
  'db.system.name',
  'db.operation',
  'db.operation.name',
  'db.statement',
  'messaging.system',
  'messaging.destination',
  'messaging.destination.name',
  'messaging.consumer.group.name',
  'kafka.topic',
  'error',
  'span.kind',
  'sync_vs_events.step',
]);

/** Whether an attribute is one of those that are read. */
export function isKept(key: string): boolean {
  return KEPT.has(key);
}

/** What readers hand over, and what they could not use. */
export interface SpanSink {
  moments: Moments;
  /** Takes one span. */
  add(span: Span): void;
  /** Counts what is left out, by its reason. */
  leaveOut(reason: string): void;
}

/** Texts that stand in spans again and again, kept once: every span that is read has copies of its own. */
export class Texts {
  private readonly known = new Map<string, string>();
  private trace = '';

  /** The span, its texts those of earlier ones where they are equal. */
  once(span: Span): Span {
    if (span.trace === this.trace) span.trace = this.trace;
    else this.trace = span.trace;
    span.service = this.of(span.service);
    span.name = this.of(span.name);
    const attributes = span.attributes as Record<string, string>;
    for (const key in attributes) attributes[key] = this.of(attributes[key]!);
    return span;
  }

  private of(text: string): string {
    const known = this.known.get(text);
    if (known !== undefined) return known;
    // Some are of one span alone, as URLs are.
    if (this.known.size >= MOST_TEXTS) this.known.clear();
    this.known.set(text, text);
    return text;
  }
}

const MOST_TEXTS = 5000;

/**
 * Moments of one set of files as nanoseconds since the first one read: nanoseconds since 1970 are more than a double
 * holds exactly. Also the tick of the clock that they were read from.
 */
export class Moments {
  /** Nanoseconds since 1970 of moment 0; null until the first moment. */
  epoch: bigint | null = null;
  private common = NS_PER_MS;
  private hasLengths = false;

  /** @param ns nanoseconds since 1970 */
  at(ns: bigint): number {
    this.epoch ??= ns;
    return Number(ns - this.epoch);
  }

  /** The same, of a start, from which the tick is read. */
  start(ns: bigint): number {
    if (this.common > 1) this.common = greatestCommonDivisor(this.common, Number(((ns % NS) + NS) % NS));
    return this.at(ns);
  }

  /** An end that is written as a length. */
  end(start: bigint, length: bigint): number {
    this.hasLengths = true;
    return this.at(start + length);
  }

  /** By how much what is written may be off the end that it was, ns: a start and a length that were both cut to microseconds lose up to two of them. */
  get slack(): number {
    return this.hasLengths && this.tick === US ? 2 * US : this.tick;
  }

  /** Tick of the clock, ns: 1 ms, 1 us or 1 ns, the largest that divides every start. */
  get tick(): number {
    return [NS_PER_MS, US].find((tick) => this.common % tick === 0) ?? 1;
  }
}

const US = 1000;
const NS_PER_MS = 1_000_000;
const NS = BigInt(NS_PER_MS);

function greatestCommonDivisor(a: number, b: number): number {
  while (b > 0) [a, b] = [b, a % b];
  return a;
}

/**
 * Nanoseconds of a written number of nanoseconds, as text, number, bigint or the two halves of protobuf's `Long`; null when it
 * is none. A JSON number beyond 2^53 has lost its last digits: it is taken to the microsecond.
 */
export function nanoseconds(written: unknown): bigint | null {
  if (typeof written === 'bigint') return written;
  if (typeof written === 'string' && /^\d{1,19}$/.test(written)) return BigInt(written);
  if (typeof written !== 'number') return longOf(objectOf(written));
  if (!(written >= 0) || written > 9.2e18) return null;
  if (written <= Number.MAX_SAFE_INTEGER) return BigInt(Math.round(written));
  return BigInt(Math.round(written / 1000)) * 1000n;
}

function longOf(long: Record<string, unknown> | null): bigint | null {
  const [low, high] = [long?.['low'], long?.['high']];
  if (!Number.isInteger(low) || !Number.isInteger(high) || Number(high) < 0) return null;
  return (BigInt(Number(high)) << 32n) + BigInt(Number(low) >>> 0);
}

/** Nanoseconds of microseconds, whole or not; null when it is no such number. */
export function fromMicroseconds(written: unknown): bigint | null {
  const us = typeof written === 'string' && /^\d{1,16}$/.test(written) ? Number(written) : written;
  if (typeof us !== 'number' || !(us >= 0) || us > 9.2e15) return null;
  return BigInt(Math.round(us)) * 1000n;
}

/** An object of a JSON text, or null. */
export function objectOf(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
}

/** A list of a JSON text; anything else is an empty one. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A text of a JSON text; numbers are written out, anything else is empty. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}
