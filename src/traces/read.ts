/** From the bytes of files to spans: which form it is, and what is no such form. */
import * as zlib from 'node:zlib';
import { messageOf, UserError } from '../base/errors.js';
import { documentsOf, elementsOf, type Element } from './elements.js';
import { isJaegerSpan, isJaegerTrace, readJaegerSpan, readJaegerTrace } from './formats/jaeger.js';
import { otlpResources, readOtlpResources } from './formats/otlp-json.js';
import { looksLikeOtlpProtobuf, readOtlpProtobuf } from './formats/otlp-protobuf.js';
import { isXRay, readXRay } from './formats/xray.js';
import { isZipkinSpan, isZipkinV1, readZipkinSpan } from './formats/zipkin.js';
import { Moments, objectOf, Texts, type Span, type SpanSink } from './span.js';

/** What files held. */
export interface Reading {
  spans: Span[];
  /** Tick of the clock, ns. */
  tick: number;
  /** What comes so much after an end, ns, may have been before it. */
  slack: number;
  /** Nanoseconds since 1970 of moment 0. */
  epoch: bigint;
  /** What was left out, by reason. */
  leftOut: Map<string, number>;
}

/** One file, named as it was asked for. */
export interface TraceFile {
  name: string;
  bytes: Uint8Array;
}

/** A compressed file may hold so much, bytes: more is no text for this engine. */
const MOST_BYTES = 500 * 1024 * 1024;
const EXPORT_OTLP = 'Export OTLP in its place: the Collector\'s `file` exporter, or any backend\'s download as OTLP or Jaeger JSON.';

/** Forms that are known and not read: what the beginning of such a text shows. */
const UNREAD: [RegExp, string][] = [
  [/"SpanContext"\s*:\s*\{\s*"TraceID"/, 'the output of the stdouttrace exporter of Go'],
  [/"context"\s*:\s*\{\s*"trace_id"\s*:\s*"0x/, 'the output of the console exporter of Python'],
  [/"traceSegmentId"|"segmentId"|"spanLayer"/, 'a trace of SkyWalking'],
  [/^\s*\{\s*"log"\s*:\s*\{[^]{0,2000}"(creator|entries)"/, 'a HAR file of a browser'],
];

/**
 * The spans of files, as one set: a trace may lie in several of them.
 * @throws UserError for a file that holds none, or is of a form that is not read
 */
export function readTraces(files: readonly TraceFile[]): Reading {
  const spans: Span[] = [];
  const leftOut = new Map<string, number>();
  const moments = new Moments();
  const texts = new Texts();
  const leaveOut = (reason: string): void => void leftOut.set(reason, (leftOut.get(reason) ?? 0) + 1);
  for (const { name, bytes } of files) {
    const before = spans.length;
    const sink: SpanSink = { moments, leaveOut, add: (span) => spans.push(texts.once(span)) };
    readFile(name, unpacked(name, bytes), sink);
    if (spans.length === before) throw new UserError(`${name}: it holds no spans${reasons(leftOut)}. Read are OTLP, Jaeger, Zipkin v2 and X-Ray.`);
  }
  return { spans, tick: moments.tick, slack: moments.slack, epoch: moments.epoch ?? 0n, leftOut };
}

function reasons(leftOut: ReadonlyMap<string, number>): string {
  const told = [...leftOut].map(([reason, count]) => `${reason} (${count}x)`);
  return told.length > 0 ? ` that can be used (left out: ${told.join(', ')})` : '';
}

function unpacked(name: string, bytes: Uint8Array): Uint8Array {
  try {
    if (bytes[0] === 0x1f && bytes[1] === 0x8b) return zlib.gunzipSync(bytes, { maxOutputLength: MOST_BYTES });
    if (bytes[0] === 0x28 && bytes[1] === 0xb5 && bytes[2] === 0x2f && bytes[3] === 0xfd) return unzstd(name, bytes);
    return bytes;
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`${name}: cannot be unpacked: ${messageOf(error)}.`);
  }
}

/** Node 22.15 and later have zstd. */
function unzstd(name: string, bytes: Uint8Array): Uint8Array {
  const { zstdDecompressSync } = zlib as { zstdDecompressSync?: (bytes: Uint8Array, options: { maxOutputLength: number }) => Uint8Array };
  if (!zstdDecompressSync) throw new UserError(`${name}: this version of Node reads no zstd; unpack it first: zstd -d ${name}`);
  return zstdDecompressSync(bytes, { maxOutputLength: MOST_BYTES });
}

function readFile(name: string, bytes: Uint8Array, sink: SpanSink): void {
  if (bytes.length === 0) throw new UserError(`${name}: it is empty.`);
  if (bytes.length > MOST_BYTES) throw new UserError(`${name}: it is larger than 500 MB; import a part of it.`);
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  // What PowerShell writes with `>`.
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return readText(name, Buffer.from(buffer.toString('utf16le', 2)), sink);
  if (isText(bytes)) return readText(name, buffer, sink);
  if (!looksLikeOtlpProtobuf(bytes)) throw new UserError(`${name}: it is neither JSON nor OTLP in protobuf. ${EXPORT_OTLP}`);
  try {
    readOtlpProtobuf(bytes, sink);
  } catch (error) {
    throw new UserError(`${name}: it begins like OTLP in protobuf and is damaged: ${messageOf(error)}.`);
  }
}

/** JSON begins with a bracket, after white space or a byte order mark. 0x0a is protobuf's first byte as well as a line's end. */
function isText(bytes: Uint8Array): boolean {
  let at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  while (isSpace(bytes[at])) at++;
  return (bytes[at] === 0x7b || bytes[at] === 0x5b) && !(bytes[0] === 0x0a && looksLikeOtlpProtobuf(bytes));
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d;
}

function readText(name: string, bytes: Buffer, sink: SpanSink): void {
  const begin = bytes.toString('utf8', 0, 100_000);
  const unread = UNREAD.find(([pattern]) => pattern.test(begin));
  if (unread) throw new UserError(`${name}: it is ${unread[1]}, which is not read. ${EXPORT_OTLP}`);
  if (isLines(bytes)) return readLines(name, bytes, sink);
  const elements = bytes.length > LARGE ? elementsOf(bytes, LISTS) : null;
  if (elements) return readElements(name, bytes, elements, sink);
  for (const value of valuesIn(name, bytes)) readValue(name, value, sink);
}

/** The document; or several, one behind the other, as answers to one request after another are written into one file. */
function valuesIn(name: string, bytes: Buffer): unknown[] {
  try {
    return [JSON.parse(bytes.toString('utf8').replace(/^\uFEFF/, ''))];
  } catch (error) {
    const values = documentsOf(bytes).map(({ from, to }) => parsed(bytes.toString('utf8', from, to)));
    if (values.length > 1 && !values.includes(undefined)) return values;
    throw new UserError(`${name}: it is no JSON: ${messageOf(error)}.`);
  }
}

/** Larger documents are read element by element, bytes. */
const LARGE = 4 * 1024 * 1024;
const LISTS = new Set(['resourceSpans', 'resource_spans', 'batches', 'data', 'Traces']);

/** @throws UserError when an element is no JSON */
function readElements(name: string, bytes: Buffer, elements: readonly Element[], sink: SpanSink): void {
  for (const { key, from, to } of elements) {
    const value = parsed(bytes.toString('utf8', from, to));
    if (value === undefined) throw new UserError(`${name}: it is no JSON: something between its bytes ${from} and ${to} is damaged.`);
    readValue(name, key === null ? value : { [key]: [value] }, sink);
  }
}

/** Whether the first line is a value by itself, with more behind it. */
function isLines(bytes: Buffer): boolean {
  let from = 0;
  while (isSpace(bytes[from])) from++;
  const end = bytes.indexOf(0x0a, from);
  return end >= 0 && bytes.toString('utf8', end, end + 10_000).trim() !== '' && parsed(lineAt(bytes, from, end)) !== undefined;
}

function lineAt(bytes: Buffer, from: number, end: number): string {
  return bytes.toString('utf8', from, end).replace(/^\uFEFF/, '').trim();
}

/** One value a line. A line that is none, such as the last one of a file still written, is left out and counted. */
function readLines(name: string, bytes: Buffer, sink: SpanSink): void {
  for (let from = 0; from < bytes.length; ) {
    const next = bytes.indexOf(0x0a, from);
    const end = next < 0 ? bytes.length : next;
    const line = lineAt(bytes, from, end);
    from = end + 1;
    if (line === '') continue;
    const value = parsed(line);
    if (value === undefined) sink.leaveOut('lines that are no JSON');
    else readValue(name, value, sink);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Keys under which answers of servers hold what is meant. */
const WRAPPERS = ['data', 'result', 'trace', 'traces', 'hits', '_source'];
const DEEPEST = 8;

/** Hands over the spans of any value, whatever form it has. @throws UserError for a form that is not read */
function readValue(name: string, value: unknown, sink: SpanSink, depth = 0): void {
  if (depth > DEEPEST) return sink.leaveOut('values nested too deep');
  if (Array.isArray(value)) {
    for (const item of value) readValue(name, item, sink, depth + 1);
    return;
  }
  // Documents of X-Ray are texts.
  if (typeof value === 'string' && value.startsWith('{')) return readValue(name, parsed(value), sink, depth + 1);
  const object = objectOf(value);
  if (!object) return sink.leaveOut('values that are no spans');
  const resources = otlpResources(object);
  if (resources) return readOtlpResources(resources, sink);
  if (isJaegerTrace(object)) return readJaegerTrace(object, sink);
  if (isJaegerSpan(object)) return readJaegerSpan(object, sink);
  if (isXRay(object)) return readXRay(object, sink);
  if (isZipkinSpan(object)) {
    if (isZipkinV1(object)) throw new UserError(`${name}: it is Zipkin v1, which is not read: ask for /api/v2/traces. ${EXPORT_OTLP}`);
    return readZipkinSpan(object, sink);
  }
  if ('resourceMetrics' in object || 'resourceLogs' in object) return sink.leaveOut('lines of metrics or logs');
  const inner = WRAPPERS.filter((key) => typeof object[key] === 'object' && object[key] !== null);
  if (inner.length === 0) return sink.leaveOut('values that are no spans');
  for (const key of inner) readValue(name, object[key], sink, depth + 1);
}
