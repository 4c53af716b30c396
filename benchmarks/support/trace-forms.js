// Traces of a shop in the forms that backends hand out, of as many spans as are asked for: a server span and some calls with their
// servers for each request.
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

const EPOCH = 1_700_000_000_000_000_000n;
const KINDS = { SERVER: 2, CLIENT: 3 };

/** The spans of each request. @param calls of one request: two spans each, and one of its own */
export function* requestsOf(count, calls) {
  const services = Array.from({ length: calls }, (_, i) => `service-${i}`);
  for (let request = 0; request * (1 + 2 * calls) < count; request++) {
    const trace = request.toString(16).padStart(32, 'a');
    let id = request * 1000;
    const nextId = () => (++id).toString(16).padStart(16, '0');
    const root = nextId();
    const begin = EPOCH + BigInt(request) * 20_000_000n;
    let at = begin;
    const spans = [];
    for (const [position, service] of services.entries()) {
      const [client, server] = [nextId(), nextId()];
      const start = (at += 10_000n);
      const end = (at += BigInt(1_000_000 * (position + 2) + ((request * 7919) % 1000) * 1000));
      spans.push({ trace, id: client, parent: root, service: 'shop', name: 'POST', kind: 'CLIENT', start, end });
      spans.push({ trace, id: server, parent: client, service, name: `POST /${service}`, kind: 'SERVER', start: start + 1000n, end: end - 1000n });
    }
    yield [{ trace, id: root, parent: '', service: 'shop', name: 'POST /orders', kind: 'SERVER', start: begin, end: at }, ...spans];
  }
}

/** Attributes as an instrumented client has them: most are not read, and all have to be read past. */
const ATTRIBUTES = { 'http.request.method': 'POST', 'url.full': 'http://shop.example:8080/orders/4711', 'server.address': 'shop.example', 'network.protocol.version': '1.1', 'user_agent.original': 'undici' };

const otlpSpan = ({ trace, id, parent, name, kind, start, end }) => ({
  traceId: trace, spanId: id, ...(parent ? { parentSpanId: parent } : {}), name, kind: KINDS[kind],
  startTimeUnixNano: String(start), endTimeUnixNano: String(end),
  attributes: Object.entries(ATTRIBUTES).map(([key, value]) => ({ key, value: { stringValue: value } })), status: {},
});

function otlpRequest(spans) {
  const services = grouped(spans);
  return { resourceSpans: [...services].map(([service, own]) => ({ resource: { attributes: [{ key: 'service.name', value: { stringValue: service } }] }, scopeSpans: [{ scope: { name: 'http' }, spans: own.map(otlpSpan) }] })) };
}

/** `Map.groupBy`, which Node 20 lacks. */
function grouped(spans) {
  const groups = new Map();
  for (const span of spans) groups.set(span.service, [...(groups.get(span.service) ?? []), span]);
  return groups;
}

function jaegerTrace(spans) {
  const [{ trace }] = spans;
  return {
    traceID: trace,
    processes: Object.fromEntries(spans.map(({ service }) => [service, { serviceName: service, tags: [] }])),
    spans: spans.map(({ id, parent, name, service, kind, start, end }) => ({
      traceID: trace, spanID: id, operationName: name, references: parent ? [{ refType: 'CHILD_OF', traceID: trace, spanID: parent }] : [],
      startTime: Number(start / 1000n), duration: Number((end - start) / 1000n), processID: service, logs: [],
      tags: [{ key: 'span.kind', type: 'string', value: kind.toLowerCase() }, ...Object.entries(ATTRIBUTES).map(([key, value]) => ({ key, type: 'string', value }))],
    })),
  };
}

const zipkinSpan = ({ trace, id, parent, service, name, kind, start, end }) => ({
  traceId: trace, id, ...(parent ? { parentId: parent } : {}), kind, name, timestamp: Number(start / 1000n), duration: Number((end - start) / 1000n),
  localEndpoint: { serviceName: service }, tags: ATTRIBUTES,
});

function protobuf(requests) {
  const chunks = [];
  for (const spans of requests) {
    for (const span of spans) {
      const file = new BinaryWriter();
      const bytes = (hex) => Buffer.from(hex, 'hex');
      file.tag(1, WireType.LengthDelimited).fork();
      file.tag(1, WireType.LengthDelimited).fork().tag(1, WireType.LengthDelimited).fork();
      file.tag(1, WireType.LengthDelimited).string('service.name').tag(2, WireType.LengthDelimited).fork();
      file.tag(1, WireType.LengthDelimited).string(span.service).join().join().join();
      file.tag(2, WireType.LengthDelimited).fork().tag(2, WireType.LengthDelimited).fork();
      file.tag(1, WireType.LengthDelimited).bytes(bytes(span.trace)).tag(2, WireType.LengthDelimited).bytes(bytes(span.id));
      file.tag(4, WireType.LengthDelimited).bytes(bytes(span.parent)).tag(5, WireType.LengthDelimited).string(span.name);
      file.tag(6, WireType.Varint).int32(KINDS[span.kind]).tag(7, WireType.Bit64).fixed64(span.start).tag(8, WireType.Bit64).fixed64(span.end);
      for (const [key, value] of Object.entries(ATTRIBUTES)) {
        file.tag(9, WireType.LengthDelimited).fork().tag(1, WireType.LengthDelimited).string(key);
        file.tag(2, WireType.LengthDelimited).fork().tag(1, WireType.LengthDelimited).string(value).join().join();
      }
      chunks.push(file.join().join().join().finish());
    }
  }
  return Buffer.concat(chunks);
}

/** Each form as bytes, of at least so many spans. */
export const FORMS = {
  'OTLP JSON lines': (requests) => Buffer.from(Array.from(requests, (spans) => JSON.stringify(otlpRequest(spans))).join('\n')),
  'OTLP JSON': (requests) => Buffer.from(JSON.stringify({ resourceSpans: [...requests].flatMap((spans) => otlpRequest(spans).resourceSpans) })),
  'OTLP protobuf': protobuf,
  'Jaeger JSON': (requests) => Buffer.from(JSON.stringify({ data: Array.from(requests, jaegerTrace) })),
  'Zipkin v2': (requests) => Buffer.from(JSON.stringify(Array.from(requests, (spans) => spans.map(zipkinSpan)))),
};
