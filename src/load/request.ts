/** A request as the bytes that go over the wire, written anew for every index. */
import { randomUUID } from 'node:crypto';
import { clientTraceparent, TRACEPARENT } from '../base/trace-context.js';
import { decoded } from '../base/urls.js';
import { filled, hasPlaceholders } from '../scenarios/placeholders.js';
import { ATTEMPT_HEADER, IDEMPOTENCY_HEADER, REQUEST_HEADER, type LoadJob } from './load.js';

/** Methods whose requests say so when they carry no content (RFC 9110, 8.6). */
const CONTENT_METHODS = new Set(['POST', 'PUT', 'PATCH']);

/** What of a job makes its requests. */
export type RequestParts = Pick<LoadJob, 'url' | 'method' | 'headers' | 'body' | 'run' | 'retries'>;

/** A text for every index. */
type Template = (index: number) => string;

/**
 * How to write the requests of a job: HTTP/1.1, the index in REQUEST_HEADER, its trace in TRACEPARENT, where it may be sent again a key in IDEMPOTENCY_HEADER, `{{index}}` and `{{uuid}}` replaced in path,
 * query, headers and body, and the body's length counted in bytes of UTF-8.
 */
export function requestWriter(job: RequestParts): Template {
  const head = template(`${headOf(job)}${REQUEST_HEADER}: `);
  const context = contextOf(job);
  const key = keyOf(job);
  const rest = restOf(job);
  return (index) => head(index) + index + context(index) + key(index) + rest(index);
}

/**
 * The bytes of a request as those of one of its attempts: all the same, but that a later one says which it is in ATTEMPT_HEADER.
 * @param attempt from 0
 */
export function asAttempt(request: string, attempt: number): string {
  return attempt === 0 ? request : request.replace('\r\n', `\r\n${ATTEMPT_HEADER}: ${attempt + 1}\r\n`);
}

/** The text with its placeholders replaced for a request. */
export function fill(text: string, index: number): string {
  return filled(text, (placeholder) => (placeholder === 'index' ? String(index) : randomUUID()));
}

/** The parts of one request of a job, for whoever sends it in another way. */
export function requestOf({ url, method, headers, body }: RequestParts, index: number): RequestParts {
  const filledHeaders = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, fill(value, index)]));
  return { url: fill(bracesIn(url), index), method, headers: filledHeaders, body: fill(body, index) };
}

function template(text: string): Template {
  return hasPlaceholders(text) ? (index) => fill(text, index) : () => text;
}

/** The header of the trace, behind a line that is not ended yet. */
function contextOf({ run, headers }: RequestParts): Template {
  const isGiven = Object.keys(headers).some((name) => name.toLowerCase() === TRACEPARENT);
  if (run === undefined || isGiven) return () => '';
  return (index) => `\r\n${TRACEPARENT}: ${clientTraceparent(run, index)}`;
}

/** By what a server may know a request that is sent again: a header of its own, unless the job gives it one. */
function keyOf({ retries, headers }: RequestParts): Template {
  const isGiven = Object.keys(headers).some((name) => name.toLowerCase() === IDEMPOTENCY_HEADER);
  if (!retries || isGiven) return () => '';
  const load = randomUUID();
  return (index) => `\r\n${IDEMPOTENCY_HEADER}: ${load}.${index}`;
}

/** What follows the index: the last header, and the body. */
function restOf({ body, method }: RequestParts): Template {
  if (hasPlaceholders(body)) {
    return (index) => {
      const written = fill(body, index);
      return `\r\ncontent-length: ${Buffer.byteLength(written)}\r\n\r\n${written}`;
    };
  }
  const counted = body !== '' || CONTENT_METHODS.has(method.toUpperCase());
  const length = counted ? `content-length: ${Buffer.byteLength(body)}\r\n` : '';
  const rest = `\r\n${length}\r\n${body}`;
  return () => rest;
}

/** Request line and headers. A `host` header of the job wins over the URL's. */
function headOf(job: RequestParts): string {
  const url = new URL(job.url);
  const own = Object.entries(job.headers).filter(([name]) => name.toLowerCase() !== 'content-length');
  const names = new Set(own.map(([name]) => name.toLowerCase()));
  const lines = [`${job.method.toUpperCase()} ${bracesIn(url.pathname + url.search)} HTTP/1.1`];
  if (!names.has('host')) lines.push(`host: ${url.host}`);
  if (url.username + url.password !== '' && !names.has('authorization')) lines.push(`authorization: Basic ${credentialsOf(url)}`);
  for (const [name, value] of own) lines.push(`${name}: ${value}`);
  return `${lines.join('\r\n')}\r\n`;
}

/** A URL has no braces in its path: the parser has escaped those of the placeholders. */
function bracesIn(escaped: string): string {
  return escaped.replaceAll(/%7B%7B(?:%20)*(index|uuid)(?:%20)*%7D%7D/gi, '{{$1}}');
}

function credentialsOf(url: URL): string {
  return Buffer.from(`${decoded(url.username)}:${decoded(url.password)}`).toString('base64');
}
