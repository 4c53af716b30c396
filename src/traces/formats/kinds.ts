/** Kinds of spans and their status, as the forms write them. */
import type { SpanKind } from '../span.js';

const BY_NUMBER: (SpanKind | null)[] = [null, 'internal', 'server', 'client', 'producer', 'consumer'];
const KNOWN = new Set<string>(['internal', 'server', 'client', 'producer', 'consumer']);

/** A kind by number (OTLP), name (`SPAN_KIND_SERVER`, `server`) or not at all. */
export function kindOf(written: unknown): SpanKind | null {
  if (typeof written === 'number') return BY_NUMBER[written] ?? null;
  if (typeof written !== 'string') return null;
  if (/^\d$/.test(written)) return BY_NUMBER[Number(written)] ?? null;
  const name = written.replace(/^SPAN_KIND_/, '').toLowerCase();
  return KNOWN.has(name) ? (name as SpanKind) : null;
}

/** Whether a status of HTTP is the server's failure. */
export function isServerError(status: string | undefined): boolean {
  return status !== undefined && /^5\d\d$/.test(status);
}

/** Whether attributes tell of a failure: `error`, or a status of 5xx. */
export function tellFailure(attributes: Readonly<Record<string, string>>): boolean {
  const error = attributes['error'];
  if (error !== undefined && error !== '' && error !== 'false') return true;
  return isServerError(attributes['http.status_code'] ?? attributes['http.response.status_code']);
}
