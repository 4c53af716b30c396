/** OTLP in JSON, in the ways that exporters, collectors and Tempo write it. */
import { isKept, listOf, nanoseconds, objectOf, textOf, type SpanSink } from '../span.js';
import { idOf } from './ids.js';
import { kindOf, tellFailure } from './kinds.js';

type Json = Record<string, unknown>;

/** The lists of resources, under whichever name; null when there is none: it is no OTLP. */
export function otlpResources(value: Json): readonly unknown[] | null {
  const found = value['resourceSpans'] ?? value['resource_spans'] ?? value['batches'];
  return Array.isArray(found) ? found : null;
}

/** Hands over every span of `resources`. */
export function readOtlpResources(resources: readonly unknown[], sink: SpanSink): void {
  for (const entry of resources) {
    const resource = objectOf(entry) ?? {};
    const service = attributesOf(objectOf(resource['resource'])?.['attributes'], (key) => key === 'service.name')['service.name'] ?? '';
    const scopes =
      resource['scopeSpans'] ?? resource['scope_spans'] ?? resource['instrumentationLibrarySpans'] ?? resource['instrumentation_library_spans'];
    for (const scope of listOf(scopes)) for (const span of listOf(objectOf(scope)?.['spans'])) readSpan(objectOf(span), service, sink);
  }
}

function readSpan(span: Json | null, service: string, sink: SpanSink): void {
  if (!span) return sink.leaveOut('no span');
  const field = (camel: string, snake: string): unknown => span[camel] ?? span[snake];
  const trace = idOf(field('traceId', 'trace_id'), 16);
  const id = idOf(field('spanId', 'span_id'), 8);
  const start = nanoseconds(field('startTimeUnixNano', 'start_time_unix_nano'));
  const end = nanoseconds(field('endTimeUnixNano', 'end_time_unix_nano'));
  if (trace === '' || id === '') return sink.leaveOut('spans without an id');
  if (start === null || end === null || start === 0n) return sink.leaveOut('spans without a start or an end');
  if (end < start) return sink.leaveOut('spans that end before they start');
  const attributes = attributesOf(span['attributes'], isKept);
  sink.add({
    trace,
    id,
    parent: idOf(field('parentSpanId', 'parent_span_id'), 8),
    service,
    name: textOf(span['name']),
    kind: kindOf(span['kind']),
    start: sink.moments.start(start),
    end: sink.moments.at(end),
    failed: isError(objectOf(span['status'])?.['code']) || tellFailure(attributes),
    attributes,
    links: linksOf(span['links']),
  });
}

const NO_LINKS: readonly never[] = [];

function isError(code: unknown): boolean {
  return code === 2 || code === '2' || code === 'STATUS_CODE_ERROR' || code === 'ERROR';
}

function linksOf(links: unknown): readonly { trace: string; span: string }[] {
  if (links === undefined) return NO_LINKS;
  return listOf(links).flatMap((entry) => {
    const link = objectOf(entry);
    const [trace, span] = [idOf(link?.['traceId'] ?? link?.['trace_id'], 16), idOf(link?.['spanId'] ?? link?.['span_id'], 8)];
    return trace === '' || span === '' ? [] : [{ trace, span }];
  });
}

function attributesOf(list: unknown, wanted: (key: string) => boolean): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const entry of listOf(list)) {
    const attribute = objectOf(entry);
    const key = attribute?.['key'];
    if (typeof key !== 'string' || !wanted(key)) continue;
    // One key of several names, such as `stringValue`.
    const value = objectOf(attribute?.['value']);
    for (const kind in value) {
      attributes[key] = textOf(value[kind]);
      break;
    }
  }
  return attributes;
}
