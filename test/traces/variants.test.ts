/** The same traces as the exporters, collectors, backends and shells of others write them: read to the same result. */
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readTraces } from '../../src/traces/read.js';
import { understand } from '../../src/traces/understand.js';
import { fileOf, FORMS, shopRequest, type Written } from './fixtures.js';

type Json = Record<string, unknown>;

const REQUESTS = Array.from({ length: 60 }, (_, n) => shopRequest(n));
const SPANS = REQUESTS.flat();
const KINDS = ['', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'];

/** What is understood, but for the names, which X-Ray and Zipkin have others for. */
function seen(files: Buffer | Buffer[]): unknown {
  const found = understand(readTraces([files].flat().map((bytes, at) => ({ name: `file ${at}`, bytes }))), {});
  if (Array.isArray(found)) return found.map(({ name }) => name);
  const us = (ms: number): number => Math.round(ms * 1000);
  const { total, own, rate, confidence, steps } = found;
  return { total: us(total.p50), own: us(own.mean), rate, confidence, steps: steps.map(({ calls, p50, after }) => ({ calls, p50: us(p50), after: after.length })) };
}

const text = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const lines = (values: readonly unknown[], end = '\n'): Buffer => Buffer.from(values.map((value) => JSON.stringify(value) + end).join(''));
const base64 = (hex: string): string => Buffer.from(hex, 'hex').toString('base64');

/** Spans grouped by service, as an exporter sends them. @param span what a span has in place of the usual */
function otlp(spans: readonly Written[], span: (written: Written) => Json = () => ({}), resources = 'resourceSpans', scopes = 'scopeSpans'): Json {
  const usual = ({ trace, id, parent, name, kind, start, end }: Written): Json => ({ traceId: trace, spanId: id, parentSpanId: parent, name, kind: KINDS.indexOf(kind), startTimeUnixNano: String(start), endTimeUnixNano: String(end) });
  const services = [...new Set(spans.map(({ service }) => service))];
  return {
    [resources]: services.map((service) => ({
      resource: { attributes: [{ key: 'service.name', value: { stringValue: service } }] },
      [scopes]: [{ spans: spans.filter((written) => written.service === service).map((written) => ({ ...usual(written), ...span(written) })) }],
    })),
  };
}

function snake(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(snake);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), snake(inner)]));
}

const long = (ns: bigint): Json => ({ low: Number(BigInt.asIntN(32, ns)), high: Number(ns >> 32n), unsigned: true });
const documents = REQUESTS.map((request) => otlp(request));
const whole = JSON.stringify(otlp(SPANS));
const pretty = JSON.stringify(otlp(SPANS), null, 2);
const numbers = JSON.stringify(otlp(SPANS, ({ start, end }) => ({ startTimeUnixNano: `#${start}`, endTimeUnixNano: `#${end}` }))).replaceAll(/"#(\d+)"/g, '$1');

const OTLP: Record<string, Buffer | Buffer[]> = {
  'whole': Buffer.from(whole),
  'in snake_case': text(snake(otlp(SPANS))),
  'in snake_case of an old library': text(snake(otlp(SPANS, undefined, 'resourceSpans', 'instrumentationLibrarySpans'))),
  'of Tempo, base64': text(otlp(SPANS, ({ trace, id, parent, kind }) => ({ traceId: base64(trace), spanId: base64(id), parentSpanId: base64(parent), kind: `SPAN_KIND_${kind}` }), 'batches')),
  'ids in base64url, the root below zeros': text(otlp(SPANS, ({ trace, id, parent }) => ({ traceId: base64(trace).replaceAll('=', ''), spanId: base64(id).replace('=', ''), parentSpanId: parent === '' ? 'AAAAAAAAAAA=' : base64(parent) }))),
  'ids in capitals': text(otlp(SPANS, ({ trace, id }) => ({ traceId: trace.toUpperCase(), spanId: id.toUpperCase() }))),
  'kinds as numbers in text': text(otlp(SPANS, ({ kind }) => ({ kind: String(KINDS.indexOf(kind)) }))),
  'kinds as words': text(otlp(SPANS, ({ kind }) => ({ kind: kind.toLowerCase() }))),
  'kinds that nobody knows': text(otlp(SPANS, ({ kind }) => ({ kind: `SpanKind.${kind}` }))),
  'times as numbers': Buffer.from(numbers),
  'times as halves': text(otlp(SPANS, ({ start, end }) => ({ startTimeUnixNano: long(start), endTimeUnixNano: long(end) }))),
  'roots whose parent is null': text(otlp(SPANS, ({ parent }) => ({ parentSpanId: parent || null }))),
  'in an answer of Tempo': text({ trace: otlp(SPANS) }),
  'in answers of Jaeger\'s version 3, one a line': lines(documents.map((result) => ({ result }))),
  'pretty, with a mark and CRLF': Buffer.from(`\uFEFF${pretty.replaceAll('\n', '\r\n')}`),
  'lines with a mark and CRLF': Buffer.concat([Buffer.from('\uFEFF'), lines(documents, '\r\n')]),
  'lines with empty ones between and before': Buffer.concat([Buffer.from(' \n\n'), lines(documents, '\n\n')]),
  'lines after those of metrics and logs': Buffer.concat([lines([{ resourceMetrics: [] }, { resourceLogs: [] }]), lines(documents)]),
  'documents one behind the other': lines(documents, ''),
  'pretty documents one behind the other': Buffer.from(documents.map((document) => JSON.stringify(document, null, 2)).join('\n')),
  'in UTF-16, as PowerShell writes': Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(whole, 'utf16le')]),
  'packed': gzipSync(whole),
  'packed line by line': Buffer.concat(documents.map((document) => gzipSync(`${JSON.stringify(document)}\n`))),
  'packed protobuf': gzipSync(FORMS['OTLP protobuf']!(SPANS)),
  'protobuf behind four bytes each': Buffer.concat(REQUESTS.map((request) => framed(FORMS['OTLP protobuf']!(request), (length) => [length >>> 24, (length >>> 16) & 255, (length >>> 8) & 255, length & 255]))),
  'protobuf behind varints': Buffer.concat(REQUESTS.map((request) => framed(FORMS['OTLP protobuf']!(request), (length) => [(length & 127) | 128, length >>> 7]))),
  'a file for each request': documents.map(text),
  'requests torn over files': [0, 1, 2].map((part) => text(otlp(SPANS.filter((_, at) => at % 3 === part)))),
  'twice, in two forms': [Buffer.from(whole), Buffer.from(fileOf('Jaeger JSON', SPANS).bytes)],
};

function framed(message: Uint8Array, prefix: (length: number) => number[]): Buffer {
  return Buffer.concat([Buffer.from(prefix(message.length)), message]);
}

function jaegerSpan({ trace, id, parent, service, name, kind, start, end }: Written): Json {
  const references = parent === '' ? [] : [{ refType: 'CHILD_OF', traceID: trace, spanID: parent }];
  const times = { startTime: Number(start / 1000n), duration: Number((end - start) / 1000n) };
  return { traceID: trace, spanID: id, operationName: name, references, ...times, process: { serviceName: service }, tags: [{ key: 'span.kind', type: 'string', value: kind.toLowerCase() }] };
}

function protojson({ trace, id, parent, service, name, kind, start, end }: Written): Json {
  const moment = `${new Date(Number(start / 1_000_000n)).toISOString().slice(0, 19)}.${String(start % 1_000_000_000n).padStart(9, '0')}Z`;
  const references = parent === '' ? [] : [{ traceId: base64(trace), spanId: base64(parent) }];
  return { traceId: base64(trace), spanId: base64(id), operationName: name, references, startTime: moment, duration: `${Number(end - start) / 1e9}s`, tags: [{ key: 'span.kind', vStr: kind.toLowerCase() }], process: { serviceName: service } };
}

const traces = REQUESTS.map((request) => ({ traceID: request[0]!.trace, spans: request.map(jaegerSpan) }));

const JAEGER: Record<string, Buffer | Buffer[]> = {
  'an answer': text({ data: traces, total: 0, errors: null }),
  'a list of traces': text(traces),
  'a trace a line': lines(traces),
  'a file for each trace': traces.map(text),
  'parents by parentSpanID': text(SPANS.map((span) => ({ ...jaegerSpan(span), references: [], parentSpanID: span.parent }))),
  'times as text': text(SPANS.map((span) => ({ ...jaegerSpan(span), startTime: String(span.start / 1000n), duration: String((span.end - span.start) / 1000n) }))),
  'ids without the zeros before them': text(SPANS.map((span) => ({ ...jaegerSpan(span), spanID: span.id.replace(/^0+/, '') }))),
  'references that only follow': text(SPANS.map((span) => ({ ...jaegerSpan(span), references: span.parent === '' ? [] : [{ refType: 'FOLLOWS_FROM', traceID: span.trace, spanID: span.parent }] }))),
  'protobuf in JSON, a span a line': lines(SPANS.map(protojson)),
  'protobuf in JSON, a list': text({ spans: SPANS.map(protojson) }),
  'out of Elasticsearch': text({ hits: { hits: SPANS.map((span) => ({ _index: 'jaeger-span', _source: jaegerSpan(span) })) } }),
};

function zipkinSpan({ trace, id, parent, service, name, kind, start, end }: Written): Json {
  return { traceId: trace, id, ...(parent === '' ? {} : { parentId: parent }), kind, name, timestamp: Number(start / 1000n), duration: Number((end - start) / 1000n), localEndpoint: { serviceName: service } };
}

/** Both halves of a call under the id of the client's. */
const halves = REQUESTS.flatMap((request) => request.map((span) => {
  const client = span.kind === 'SERVER' ? request.find(({ id }) => id === span.parent) : undefined;
  return client ? { ...zipkinSpan(span), id: client.id, parentId: client.parent, shared: true } : zipkinSpan(span);
}));
const unsaid = halves.map((span) => ({ ...span, shared: undefined }));

const ZIPKIN: Record<string, Buffer | Buffer[]> = {
  'a list': text(SPANS.map(zipkinSpan)),
  'a list of lists': text(REQUESTS.map((request) => request.map(zipkinSpan))),
  'a span a line': lines(SPANS.map(zipkinSpan)),
  'kinds in small letters': text(SPANS.map((span) => ({ ...zipkinSpan(span), kind: span.kind.toLowerCase() }))),
  'traces of 64 bits': text(SPANS.map((span) => ({ ...zipkinSpan(span), traceId: span.trace.slice(16) }))),
  'halves that share an id': text(halves),
  'halves that share an id, the last first': text(halves.toReversed()),
  'halves that share an id and do not say so': text(unsaid),
  'halves that share an id and do not say so, the last first': text(unsaid.toReversed()),
  'halves that share an id, twice': [text(unsaid), text(halves), text(unsaid)],
};

/** The segment of a server, with the calls that it makes. */
function segment(span: Written, request: readonly Written[]): Json {
  const seconds = (ns: bigint): number => Number(ns / 1000n) / 1e6;
  const calls = request.filter(({ parent, service }) => parent === span.id && service === span.service);
  const subsegments = calls.map(({ id, start, end }) => ({ id, name: request.find(({ parent }) => parent === id)?.service, namespace: 'remote', start_time: seconds(start), end_time: seconds(end) }));
  const above = span.parent === '' ? { http: { request: { method: 'POST', url: 'http://shop/orders' } } } : { parent_id: span.parent };
  return { id: span.id, name: span.service, trace_id: `1-${span.trace.slice(0, 8)}-${span.trace.slice(8)}`, ...above, start_time: seconds(span.start), end_time: seconds(span.end), subsegments };
}

const segments = REQUESTS.map((request) => request.filter(({ kind }) => kind === 'SERVER').map((span) => segment(span, request)));
const answer = (document: (segment: Json) => unknown): Json => ({ Traces: segments.map((of) => ({ Segments: of.map((one) => ({ Id: one['id'], Document: document(one) })) })) });
const inferred = SPANS.filter(({ kind }) => kind === 'CLIENT').map(({ id, trace, start, end }) => ({ id: `f${id.slice(1)}`, name: 'x', trace_id: `1-${trace.slice(0, 8)}-${trace.slice(8)}`, parent_id: id, inferred: true, start_time: Number(start) / 1e9, end_time: Number(end) / 1e9 }));

const XRAY: Record<string, Buffer | Buffer[]> = {
  'an answer': text(answer((one) => JSON.stringify(one))),
  'an answer whose documents are read already': text(answer((one) => one)),
  'a list of documents': text(segments.flat()),
  'a list of documents as texts': text(segments.flat().map((one) => JSON.stringify(one))),
  'a document a line, as the daemon is sent them': lines(segments.flat().flatMap((one) => [{ format: 'json', version: 1 }, one])),
  'with inferred segments': text([...segments.flat(), ...inferred]),
};

describe.each(Object.entries({ OTLP, Jaeger: JAEGER, Zipkin: ZIPKIN, 'X-Ray': XRAY }))('%s', (_, variants) => {
  it.each(Object.keys(variants))('%s', (variant) => {
    expect(seen(variants[variant]!)).toEqual(seen(Buffer.from(fileOf('OTLP JSON', SPANS).bytes)));
  });
});

describe('spans that cannot be read', () => {
  it('make the import less sure, and what is left of a line does', () => {
    const timeless = text(halves.map((span) => ('shared' in span ? { ...span, timestamp: undefined } : span)));
    expect(seen(timeless)).toMatchObject({ confidence: { level: 'fair', why: ['spans that could not be read: 300, so that traces are not whole'] } });
    expect(seen(lines(documents).subarray(0, -40))).toMatchObject({ confidence: { level: 'fair' } });
  });

  it.each([
    ['documents with something between them', Buffer.from(`${whole} and ${whole}`), /no JSON/],
    ['a document and half of another', Buffer.from(`${whole}${whole.slice(0, -9)}`), /no JSON/],
    ['half of a packed one', gzipSync(whole).subarray(0, -50), /cannot be unpacked/],
    ['one packed twice', gzipSync(gzipSync(whole)), /neither JSON nor OTLP/],
    ['an answer of nothing', text({ data: [], errors: null }), /no spans/],
  ])('are refused: %s', (_, bytes, expected) => {
    expect(() => seen(bytes)).toThrow(expected);
  });
});
