/** CloudEvents 1.0 envelopes of the business event, in the JSON event format. */
import type { CloudEvent } from './bus.js';

/** The minimal payload: enough to look the order up. `padding` fills it up to the size asked for. */
export interface OrderData {
  orderId: string;
  userId: string;
  time: string;
  padding?: string;
}

/** What one envelope is made of. */
export interface EnvelopeParts {
  source: string;
  type: string;
  orderId: string;
  userId: string;
  /** Index of the request, negative for warm-up. */
  request: number;
  /** Ordinal of the message within its order, from 0. */
  message: number;
  /** Size of `data` in bytes of JSON; 0 is the minimal payload. A size below the minimal one is not reached. */
  payload: number;
  time: Date;
  /** W3C Trace Context of its publishing; none when left out. */
  traceparent?: string;
}

/** Larger events are worth a warning: the CloudEvents specification promises delivery up to this size only. */
export const WARNING_BYTES = 64 * 1024;

const SEQUENCE_DIGITS = 10;
const PADDING_SYNTAX_BYTES = ',"padding":""'.length;

/** Builds one envelope. `source` and `id` are unique when order ids are. */
export function orderEvent(parts: EnvelopeParts): CloudEvent<OrderData> {
  const time = parts.time.toISOString();
  const sequence = String(parts.message + 1).padStart(SEQUENCE_DIGITS, '0');
  return {
    specversion: '1.0',
    id: `${parts.orderId}.${sequence}`,
    source: parts.source,
    type: parts.type,
    subject: parts.orderId,
    time,
    datacontenttype: 'application/json',
    sequence,
    request: parts.request,
    ...(parts.traceparent === undefined ? {} : { traceparent: parts.traceparent }),
    data: padded({ orderId: parts.orderId, userId: parts.userId, time }, parts.payload),
  };
}

/** What identifies an event: a source is a URI reference and holds no space. */
export function identityOf(event: CloudEvent): string {
  return `${event.source} ${event.id}`;
}

/** Position of an event within its subject, from 1. */
export function sequenceOf(event: CloudEvent): number {
  return Number(event.sequence);
}

/** Ordinal of the message within its order, from 0. */
export function messageOrdinal(event: CloudEvent): number {
  return sequenceOf(event) - 1;
}

/** Size of an event on the wire, bytes of JSON. */
export function sizeOf(event: CloudEvent): number {
  return Buffer.byteLength(JSON.stringify(event));
}

function padded(data: OrderData, bytes: number): OrderData {
  if (bytes <= 0) return data;
  const missing = bytes - Buffer.byteLength(JSON.stringify(data)) - PADDING_SYNTAX_BYTES;
  return missing > 0 ? { ...data, padding: 'x'.repeat(missing) } : data;
}
