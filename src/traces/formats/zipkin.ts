/** Zipkin v2: client and server halves of a call share one id. */
import { fromMicroseconds, isKept, listOf, objectOf, textOf, type SpanSink } from '../span.js';
import { idOf } from './ids.js';
import { kindOf, tellFailure } from './kinds.js';

type Json = Record<string, unknown>;

/** Whether it is a span of version 2. */
export function isZipkinSpan(value: Json): boolean {
  return typeof value['traceId'] === 'string' && typeof value['id'] === 'string' && !('spanId' in value);
}

/** Whether it is a span of version 1, whose annotations say where they were made. */
export function isZipkinV1(value: Json): boolean {
  return 'binaryAnnotations' in value || listOf(value['annotations']).some((annotation) => objectOf(annotation)?.['endpoint'] !== undefined);
}

/** What stands behind the id of a server's half, so that the two halves are two spans. */
export const SERVER_HALF = '/server';

/** Hands over one span. */
export function readZipkinSpan(span: Json, sink: SpanSink): void {
  const start = fromMicroseconds(span['timestamp']);
  const length = fromMicroseconds(span['duration']);
  if (start === null || start === 0n || length === null) return sink.leaveOut('spans without a start or a duration');
  const tags = objectOf(span['tags']) ?? {};
  const remote = textOf(objectOf(span['remoteEndpoint'])?.['serviceName']);
  const attributes: Record<string, string> = remote === '' ? {} : { 'peer.service': remote };
  for (const [key, value] of Object.entries(tags)) if (isKept(key)) attributes[key] = textOf(value);
  const shared = span['shared'] === true;
  const id = idOf(span['id'], 8);
  sink.add({
    trace: idOf(span['traceId'], 16),
    id: shared ? `${id}${SERVER_HALF}` : id,
    parent: shared ? id : idOf(span['parentId'], 8),
    service: textOf(objectOf(span['localEndpoint'])?.['serviceName']),
    name: textOf(span['name']),
    kind: kindOf(span['kind']) ?? 'internal',
    start: sink.moments.start(start),
    end: sink.moments.end(start, length),
    failed: 'error' in tags || tellFailure(attributes),
    attributes,
    links: [],
  });
}
