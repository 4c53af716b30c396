/** Traces of a shop, written in every form that is read. */
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import type { TraceFile } from '../../src/traces/read.js';

/** One span to write; times in ns since 1970. */
export interface Written {
  trace: string;
  id: string;
  parent: string;
  service: string;
  name: string;
  kind: 'SERVER' | 'CLIENT' | 'PRODUCER' | 'CONSUMER' | 'INTERNAL';
  start: bigint;
  end: bigint;
  failed?: boolean;
  attributes?: Readonly<Record<string, string>>;
}

const KINDS = ['', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'];
const EPOCH = 1_700_000_000_000_000_000n;

/** Request number `n` of the shop: payment, then three reads of stock in a row, then mail; 10 us of its own before each call. */
export function shopRequest(n: number): Written[] {
  const trace = (n + 1).toString(16).padStart(32, 'a');
  let ids = n * 100;
  const nextId = (): string => (++ids).toString(16).padStart(16, '0');
  const root = nextId();
  const begin = EPOCH + BigInt(n) * 1_000_000_000n;
  let at = begin;
  const call = (service: string, operation: string, us: number): Written[] => {
    const [client, server] = [nextId(), nextId()];
    const start = (at += 10_000n);
    const end = (at += BigInt(us) * 1000n);
    return [
      { trace, id: client, parent: root, service: 'shop', name: 'POST', kind: 'CLIENT', start, end },
      { trace, id: server, parent: client, service, name: operation, kind: 'SERVER', start: start + 1000n, end: end - 1000n },
    ];
  };
  const calls = [...call('payment', 'Charge', 30_000 + 100 * n), ...[1, 2, 3].flatMap(() => call('stock', 'Get', 5000)), ...call('email', 'Send', 20_000)];
  return [{ trace, id: root, parent: '', service: 'shop', name: 'POST /orders', kind: 'SERVER', start: begin, end: at }, ...calls];
}

/** Every form, of the same spans. */
export const FORMS: Record<string, (spans: readonly Written[]) => Uint8Array> = {
  'OTLP JSON': (spans) => json(otlp(spans, 'resourceSpans', 'scopeSpans', hexId)),
  'OTLP JSON lines': (spans) => new TextEncoder().encode(spans.map((span) => JSON.stringify(otlp([span], 'resourceSpans', 'scopeSpans', hexId))).join('\n')),
  'OTLP JSON, base64 ids': (spans) => json(otlp(spans, 'resourceSpans', 'scopeSpans', base64Id)),
  'Tempo, old library': (spans) => json(otlp(spans, 'batches', 'instrumentationLibrarySpans', hexId)),
  'OTLP protobuf': protobuf,
  'Jaeger JSON': (spans) => json({ data: [...new Set(spans.map(({ trace }) => trace))].map((trace) => jaeger(trace, spans)) }),
  'Zipkin v2': (spans) => json(spans.map(zipkin)),
};

/** The file of a form. */
export function fileOf(form: string, spans: readonly Written[]): TraceFile {
  return { name: form, bytes: FORMS[form]!(spans) };
}

function json(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

const hexId = (id: string): string => id;
const base64Id = (id: string): string => Buffer.from(id, 'hex').toString('base64');

function otlp(spans: readonly Written[], resources: string, scopes: string, id: (hex: string) => string): unknown {
  const list = spans.map((span) => ({
    resource: { attributes: [{ key: 'service.name', value: { stringValue: span.service } }] },
    [scopes]: [
      {
        spans: [
          {
            traceId: id(span.trace),
            spanId: id(span.id),
            parentSpanId: id(span.parent),
            name: span.name,
            kind: `SPAN_KIND_${span.kind}`,
            startTimeUnixNano: String(span.start),
            endTimeUnixNano: String(span.end),
            status: span.failed ? { code: 2 } : {},
            attributes: Object.entries(span.attributes ?? {}).map(([key, value]) => ({ key, value: { stringValue: value } })),
          },
        ],
      },
    ],
  }));
  return { [resources]: list };
}

function protobuf(spans: readonly Written[]): Uint8Array {
  const file = new BinaryWriter();
  const bytes = (hex: string): Uint8Array => Buffer.from(hex, 'hex');
  for (const span of spans) {
    file.tag(1, WireType.LengthDelimited).fork();
    file.tag(1, WireType.LengthDelimited).fork().tag(1, WireType.LengthDelimited).fork();
    file.tag(1, WireType.LengthDelimited).string('service.name').tag(2, WireType.LengthDelimited).fork();
    file.tag(1, WireType.LengthDelimited).string(span.service).join().join().join();
    file.tag(2, WireType.LengthDelimited).fork().tag(2, WireType.LengthDelimited).fork();
    file.tag(1, WireType.LengthDelimited).bytes(bytes(span.trace)).tag(2, WireType.LengthDelimited).bytes(bytes(span.id));
    file.tag(4, WireType.LengthDelimited).bytes(bytes(span.parent)).tag(5, WireType.LengthDelimited).string(span.name);
    file.tag(6, WireType.Varint).int32(KINDS.indexOf(span.kind)).tag(7, WireType.Bit64).fixed64(span.start).tag(8, WireType.Bit64).fixed64(span.end);
    for (const [key, value] of Object.entries(span.attributes ?? {})) {
      file.tag(9, WireType.LengthDelimited).fork().tag(1, WireType.LengthDelimited).string(key);
      file.tag(2, WireType.LengthDelimited).fork().tag(1, WireType.LengthDelimited).string(value).join().join();
    }
    if (span.failed) file.tag(15, WireType.LengthDelimited).fork().tag(3, WireType.Varint).int32(2).join();
    file.join().join().join();
  }
  return file.finish();
}

function jaeger(trace: string, spans: readonly Written[]): unknown {
  const of = spans.filter((span) => span.trace === trace);
  return {
    traceID: trace,
    processes: Object.fromEntries(of.map(({ service }) => [service, { serviceName: service }])),
    spans: of.map((span) => ({
      traceID: trace,
      spanID: span.id,
      operationName: span.name,
      references: span.parent ? [{ refType: 'CHILD_OF', traceID: trace, spanID: span.parent }] : [],
      startTime: Number(span.start / 1000n),
      duration: Number((span.end - span.start) / 1000n),
      processID: span.service,
      tags: [{ key: 'span.kind', value: span.kind.toLowerCase() }, ...(span.failed ? [{ key: 'error', value: true }] : []), ...Object.entries(span.attributes ?? {}).map(([key, value]) => ({ key, value }))],
    })),
  };
}

function zipkin(span: Written): unknown {
  return {
    traceId: span.trace,
    id: span.id,
    ...(span.parent ? { parentId: span.parent } : {}),
    kind: span.kind,
    name: span.name,
    timestamp: Number(span.start / 1000n),
    duration: Number((span.end - span.start) / 1000n),
    localEndpoint: { serviceName: span.service },
    tags: { ...span.attributes, ...(span.failed ? { error: 'true' } : {}) },
  };
}
