/** AWS X-Ray: segment documents, as texts of their own or inside `Traces`. */
import { listOf, objectOf, textOf, type SpanKind, type SpanSink } from '../span.js';

type Json = Record<string, unknown>;

/** Whether it is the answer of `batch-get-traces`, a trace of it, a segment of it, or a segment document. */
export function isXRay(value: Json): boolean {
  return isDocument(value) || 'Document' in value || Array.isArray(value['Segments']) || Array.isArray(value['Traces']);
}

function isDocument(value: Json): boolean {
  return typeof value['trace_id'] === 'string' && typeof value['id'] === 'string' && 'start_time' in value;
}

/** Hands over the spans of it. */
export function readXRay(value: Json, sink: SpanSink): void {
  if (isDocument(value)) return readSegment(value, { trace: textOf(value['trace_id']), service: textOf(value['name']), parent: textOf(value['parent_id']) }, sink);
  if ('Document' in value) {
    const document = objectOf(value['Document']) ?? parsed(textOf(value['Document']));
    return document && isDocument(document) ? readXRay(document, sink) : sink.leaveOut('segments whose document is no JSON');
  }
  for (const inner of [...listOf(value['Traces']), ...listOf(value['Segments'])]) {
    const object = objectOf(inner);
    if (object && isXRay(object)) readXRay(object, sink);
  }
}

const DEEPEST = 100;

interface Place {
  trace: string;
  service: string;
  parent: string;
  isSub?: boolean;
  depth?: number;
}

function readSegment(segment: Json, { trace, service, parent, isSub = false, depth = 0 }: Place, sink: SpanSink): void {
  // An inferred segment repeats the call to a service that sends none of its own.
  if (segment['inferred'] === true) return sink.leaveOut('inferred segments, which repeat a call');
  const id = textOf(segment['id']);
  const [start, end] = [secondsOf(segment['start_time']), secondsOf(segment['end_time'])];
  if (start === null || end === null) sink.leaveOut('spans without a start or an end');
  else if (end < start) sink.leaveOut('spans that end before they start');
  else {
    const remote = segment['namespace'] === 'aws' || segment['namespace'] === 'remote';
    const aws = objectOf(segment['aws']);
    const operation = textOf(aws?.['operation']);
    const name = textOf(segment['name']);
    const kind: SpanKind = isSub ? (remote ? 'client' : 'internal') : 'server';
    sink.add({
      trace,
      id,
      parent,
      service,
      name: isSub ? operation || name : requestName(segment) || name,
      kind,
      start: sink.moments.start(start),
      end: sink.moments.at(end),
      failed: segment['fault'] === true,
      attributes: remote ? { 'peer.service': name } : {},
      links: [],
    });
  }
  if (depth > DEEPEST) return sink.leaveOut('subsegments nested too deep');
  for (const sub of listOf(segment['subsegments'])) readSegment(objectOf(sub) ?? {}, { trace, service, parent: id, isSub: true, depth: depth + 1 }, sink);
}

/** `POST /api/user` of a segment that serves HTTP; empty for others. */
function requestName(segment: Json): string {
  const request = objectOf(objectOf(segment['http'])?.['request']);
  const path = /^https?:\/\/[^/]+([^?#]*)/.exec(textOf(request?.['url']))?.[1];
  return path === undefined ? '' : `${textOf(request?.['method']) || 'GET'} ${path || '/'}`;
}

/** Seconds with a fraction hold less than a microsecond as a double. */
function secondsOf(written: unknown): bigint | null {
  if (typeof written !== 'number' || !(written > 0) || written > 9.2e9) return null;
  return BigInt(Math.round(written * 1e6)) * 1000n;
}

function parsed(text: string): Json | null {
  try {
    return objectOf(JSON.parse(text));
  } catch {
    return null;
  }
}
