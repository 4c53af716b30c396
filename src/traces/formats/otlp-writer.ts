/** Writes spans as OTLP in JSON, one `ExportTraceServiceRequest` a line, as the Collector's `file` exporter does. */
import type { Moment, RunSpan } from '../run-spans.js';

/** The conventions that the attributes follow. */
const SCHEMA = 'https://opentelemetry.io/schemas/1.37.0';

/** Positions of kinds and codes in the protocol. */
const KINDS = { internal: 1, server: 2, client: 3, producer: 4, consumer: 5 } as const;
const ERROR = 2;

/** Spans in one line: a Collector takes messages of 4 MB, and a span takes some hundred bytes. */
const MOST_SPANS = 1000;

/** Who wrote them, and what is said of all services of a trial. */
export interface OtlpHead {
  tool: { name: string; version: string };
  resource: Readonly<Record<string, string | number>>;
}

/** The lines of some spans, without their ends. Spans of one service that come one after another share a line. */
export function* otlpLines(spans: Iterable<RunSpan>, head: OtlpHead): Generator<string> {
  let batch: RunSpan[] = [];
  for (const span of spans) {
    if (batch.length === MOST_SPANS || (batch[0] && batch[0].service !== span.service)) {
      yield lineOf(batch, head);
      batch = [];
    }
    batch.push(span);
  }
  if (batch.length > 0) yield lineOf(batch, head);
}

function lineOf(spans: readonly RunSpan[], { tool, resource }: OtlpHead): string {
  const attributes = attributesOf({ 'service.name': spans[0]?.service ?? '', ...resource });
  const scope = { scope: tool, spans: spans.map(otlpSpan), schemaUrl: SCHEMA };
  return JSON.stringify({ resourceSpans: [{ resource: { attributes }, scopeSpans: [scope], schemaUrl: SCHEMA }] });
}

function otlpSpan({ trace, id, parent, name, kind, start, end, attributes, failure }: RunSpan): object {
  return {
    traceId: trace,
    spanId: id,
    ...(parent === '' ? {} : { parentSpanId: parent }),
    // Sampled.
    flags: 1,
    name,
    kind: KINDS[kind],
    startTimeUnixNano: nanoseconds(start),
    endTimeUnixNano: nanoseconds(end),
    attributes: attributesOf(attributes),
    status: failure === null ? {} : { code: ERROR, message: failure },
  };
}

/** Nanoseconds since 1970, as text: they are more than a double holds. */
export function nanoseconds({ at, epoch }: Moment): string {
  return String(BigInt(epoch) * 1_000_000n + BigInt(Math.round(at * 1e6)));
}

function attributesOf(attributes: Readonly<Record<string, string | number>>): object[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: valueOf(value) }));
}

function valueOf(value: string | number): object {
  if (typeof value === 'string') return { stringValue: value };
  return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}
