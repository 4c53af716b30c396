/** OTLP in protobuf (opentelemetry-proto, trace/v1): bare, or one message after another behind their lengths. */
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { isKept, type SpanSink } from '../span.js';
import { kindOf, tellFailure } from './kinds.js';

/** Field number to what is done with its value; what has no entry is skipped. */
type Fields = Record<number, (reader: BinaryReader) => void>;

/**
 * Hands over every span of one or more `TracesData` (or `ExportTraceServiceRequest`, which is the same on the wire).
 * @throws Error when the bytes are none
 */
export function readOtlpProtobuf(bytes: Uint8Array, sink: SpanSink): void {
  for (const message of messagesOf(bytes)) readTraces(message, sink);
}

/** Whether the bytes may be such a message: field 1, of which a first one is as long as it says. */
export function looksLikeOtlpProtobuf(bytes: Uint8Array): boolean {
  return framings(bytes).some((frames) => frames.every(isTracesData));
}

function messagesOf(bytes: Uint8Array): Uint8Array[] {
  const messages = framings(bytes).find((frames) => frames.every(isTracesData));
  if (!messages) throw new Error('it is no OTLP');
  return messages;
}

/** The ways in which a file may be cut into messages: whole; behind varints; behind four bytes, as the Collector writes. */
function framings(bytes: Uint8Array): Uint8Array[][] {
  return [[bytes], cut(bytes, varintLength), cut(bytes, fourByteLength)].filter((frames) => frames.length > 0);
}

/** The messages behind their lengths; none when the lengths do not add up to the file. */
function cut(bytes: Uint8Array, lengthAt: (bytes: Uint8Array, at: number) => { length: number; from: number } | null): Uint8Array[] {
  const frames: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const next = lengthAt(bytes, at);
    if (!next || next.from + next.length > bytes.length || next.length === 0) return [];
    frames.push(bytes.subarray(next.from, next.from + next.length));
    at = next.from + next.length;
  }
  return frames;
}

function varintLength(bytes: Uint8Array, at: number): { length: number; from: number } | null {
  let length = 0;
  for (let place = 0; place < 5; place++) {
    const byte = bytes[at + place];
    if (byte === undefined) return null;
    length += (byte & 0x7f) * 2 ** (7 * place);
    if (byte < 0x80) return { length, from: at + place + 1 };
  }
  return null;
}

function fourByteLength(bytes: Uint8Array, at: number): { length: number; from: number } | null {
  if (at + 4 > bytes.length) return null;
  return { length: new DataView(bytes.buffer, bytes.byteOffset).getUint32(at), from: at + 4 };
}

/** Field 1 alone, each as long as it says, to the last byte; a resource begins with field 1 or 2. */
function isTracesData(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; ) {
    if (bytes[at] !== 0x0a) return false;
    const next = varintLength(bytes, at + 1);
    if (!next || next.from + next.length > bytes.length) return false;
    if (next.length > 0 && bytes[next.from] !== 0x0a && bytes[next.from] !== 0x12) return false;
    at = next.from + next.length;
  }
  return bytes.length > 0;
}

function readTraces(bytes: Uint8Array, sink: SpanSink): void {
  readAll(bytes, { 1: (reader) => readResourceSpans(reader.bytes(), sink) });
}

function readResourceSpans(bytes: Uint8Array, sink: SpanSink): void {
  const service: Record<string, string> = {};
  const scopes: Uint8Array[] = [];
  readAll(bytes, {
    1: (reader) => readMessage(reader, { 1: attributeInto(service, (key) => key === 'service.name') }),
    2: (reader) => scopes.push(reader.bytes()),
    // `instrumentation_library_spans` of old exporters.
    1000: (reader) => scopes.push(reader.bytes()),
  });
  for (const scope of scopes) readAll(scope, { 2: (reader) => readSpan(reader, service['service.name'] ?? '', sink) });
}

function readSpan(span: BinaryReader, service: string, sink: SpanSink): void {
  const attributes: Record<string, string> = {};
  const links: { trace: string; span: string }[] = [];
  let [trace, id, parent, name, kind, code] = ['', '', '', '', 0, 0];
  let [start, end] = [0n, 0n];
  readMessage(span, {
    1: (reader) => (trace = hex(reader.bytes())),
    2: (reader) => (id = hex(reader.bytes())),
    4: (reader) => (parent = hex(reader.bytes())),
    5: (reader) => (name = reader.string()),
    6: (reader) => (kind = reader.int32()),
    7: (reader) => (start = BigInt(reader.fixed64())),
    8: (reader) => (end = BigInt(reader.fixed64())),
    9: attributeInto(attributes, isKept),
    13: (reader) => links.push(linkOf(reader)),
    15: (reader) => readMessage(reader, { 3: (status) => (code = status.int32()) }),
  });
  if (trace === '' || id === '') return sink.leaveOut('spans without an id');
  if (start === 0n || end === 0n) return sink.leaveOut('spans without a start or an end');
  if (end < start) return sink.leaveOut('spans that end before they start');
  const failed = code === 2 || tellFailure(attributes);
  const moments = { start: sink.moments.start(start), end: sink.moments.at(end) };
  sink.add({ trace, id, parent, service, name, kind: kindOf(kind), ...moments, failed, attributes, links });
}

function linkOf(written: BinaryReader): { trace: string; span: string } {
  const link = { trace: '', span: '' };
  readMessage(written, { 1: (reader) => (link.trace = hex(reader.bytes())), 2: (reader) => (link.span = hex(reader.bytes())) });
  return link;
}

/** Puts one `KeyValue` into `attributes`, when it is wanted. */
function attributeInto(attributes: Record<string, string>, wanted: (key: string) => boolean): (reader: BinaryReader) => void {
  let [key, value] = ['', ''];
  const scalar: Fields = {
    1: (any) => (value = any.string()),
    2: (any) => (value = String(any.bool())),
    3: (any) => (value = String(any.int64())),
    4: (any) => (value = String(any.double())),
  };
  const fields: Fields = {
    1: (field) => (key = field.string()),
    // The key comes first, and most are not wanted.
    2: (field) => (key !== '' && !wanted(key) ? field.skip(WireType.LengthDelimited) : readMessage(field, scalar)),
  };
  return (reader) => {
    [key, value] = ['', ''];
    readMessage(reader, fields);
    if (wanted(key)) attributes[key] = value;
  };
}

function readAll(bytes: Uint8Array, fields: Fields): void {
  const reader = new BinaryReader(bytes);
  readFields(reader, reader.len, fields);
}

/** A message behind its length, in the same reader: one of its own for each would be most of the work. */
function readMessage(reader: BinaryReader, fields: Fields): void {
  const length = reader.uint32();
  const end = reader.pos + length;
  if (end > reader.len) throw new RangeError('a message is longer than what is left');
  readFields(reader, end, fields);
}

function readFields(reader: BinaryReader, end: number, fields: Fields): void {
  while (reader.pos < end) {
    const [number, type] = reader.tag();
    const read = fields[number];
    if (!read || type === WireType.EndGroup) reader.skip(type, number);
    else read(reader);
  }
  if (reader.pos > end) throw new RangeError('a field is longer than its message');
}

function hex(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');
  return /^0*$/.test(text) ? '' : text;
}
