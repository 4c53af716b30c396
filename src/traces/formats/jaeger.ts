/** Jaeger: traces as its UI and HTTP API give them, and its protobuf spans in JSON. */
import { fromMicroseconds, isKept, listOf, objectOf, textOf, type SpanSink } from '../span.js';
import { idOf } from './ids.js';
import { kindOf, tellFailure } from './kinds.js';

type Json = Record<string, unknown>;

/** Whether it is one trace with its spans and processes. */
export function isJaegerTrace(value: Json): boolean {
  const first = objectOf(listOf(value['spans'])[0]);
  return first !== null && 'operationName' in first;
}

/** Whether it is one span. */
export function isJaegerSpan(value: Json): boolean {
  return 'operationName' in value && ('traceID' in value || 'traceId' in value);
}

/** Hands over the spans of a trace. */
export function readJaegerTrace(trace: Json, sink: SpanSink): void {
  for (const span of listOf(trace['spans'])) readJaegerSpan(objectOf(span) ?? {}, sink, objectOf(trace['processes']));
}

/** Hands over one span; its process is its own, or named among `processes`. */
export function readJaegerSpan(span: Json, sink: SpanSink, processes: Json | null = null): void {
  const process = objectOf(span['process']) ?? objectOf(processes?.[textOf(span['processID'] ?? span['processId'])]);
  const trace = idOf(span['traceID'] ?? span['traceId'], 16);
  const id = idOf(span['spanID'] ?? span['spanId'], 8);
  const start = startOf(span['startTime']);
  const length = durationOf(span['duration']);
  if (trace === '' || id === '') return sink.leaveOut('spans without an id');
  if (start === null || length === null) return sink.leaveOut('spans without a start or a duration');
  const attributes = tagsOf(span['tags']);
  const references = listOf(span['references']).map(objectOf);
  const parent = references.find((reference) => isParent(reference, trace)) ?? null;
  sink.add({
    trace,
    id,
    parent: parent ? spanIdOf(parent) : idOf(span['parentSpanID'], 8),
    service: textOf(process?.['serviceName'] ?? process?.['service_name']),
    name: textOf(span['operationName']),
    kind: kindOf(attributes['span.kind']),
    start: sink.moments.start(start),
    end: sink.moments.end(start, length),
    failed: tellFailure(attributes),
    attributes,
    links: references.flatMap((reference) => (reference && reference !== parent ? [{ trace: traceIdOf(reference), span: spanIdOf(reference) }] : [])),
  });
}

/** A reference without a type is a child: protobuf leaves out what is 0. */
function isParent(reference: Json | null, trace: string): boolean {
  return reference !== null && traceIdOf(reference) === trace;
}

function traceIdOf(reference: Json): string {
  return idOf(reference['traceID'] ?? reference['traceId'], 16);
}

function spanIdOf(reference: Json): string {
  return idOf(reference['spanID'] ?? reference['spanId'], 8);
}

/** Microseconds, or a moment as protobuf writes it: `2022-05-16T07:58:38.503123Z`. */
function startOf(written: unknown): bigint | null {
  if (typeof written !== 'string') return fromMicroseconds(written);
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z$/.exec(written);
  const seconds = match ? Date.parse(`${match[1]}Z`) : NaN;
  if (!match || !Number.isFinite(seconds)) return fromMicroseconds(written);
  return BigInt(seconds) * 1_000_000n + BigInt((match[2] ?? '').padEnd(9, '0'));
}

/** Microseconds, or a length as protobuf writes it: `0.209603s`. */
function durationOf(written: unknown): bigint | null {
  const match = typeof written === 'string' ? /^(\d{1,9})(?:\.(\d{1,9}))?s$/.exec(written) : null;
  if (!match) return fromMicroseconds(written);
  return BigInt(match[1] ?? '') * 1_000_000_000n + BigInt((match[2] ?? '').padEnd(9, '0'));
}

function tagsOf(tags: unknown): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const entry of listOf(tags)) {
    const tag = objectOf(entry);
    const key = textOf(tag?.['key']);
    if (isKept(key)) attributes[key] = textOf(tag?.['value'] ?? tag?.['vStr'] ?? tag?.['vBool'] ?? tag?.['vInt64']);
  }
  return attributes;
}
