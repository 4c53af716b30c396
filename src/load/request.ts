/** A request as the bytes that go over the wire, written anew for every index. */
import { randomUUID } from 'node:crypto';
import { REQUEST_HEADER, type LoadJob } from './load.js';

/** Methods whose requests say so when they carry no content (RFC 9110, 8.6). */
const CONTENT_METHODS = new Set(['POST', 'PUT', 'PATCH']);

/** What of a job makes its requests. */
export type RequestParts = Pick<LoadJob, 'url' | 'method' | 'headers' | 'body'>;

/**
 * How to write the requests of a job: HTTP/1.1, the index in REQUEST_HEADER, `{{index}}` and `{{uuid}}` of the body
 * replaced, its length counted in bytes of UTF-8.
 */
export function requestWriter(job: RequestParts): (index: number) => string {
  const head = `${headOf(job)}${REQUEST_HEADER}: `;
  const bodyOf = bodyWriter(job.body);
  if (bodyOf) {
    return (index) => {
      const body = bodyOf(index);
      return `${head}${index}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
    };
  }
  const counted = job.body !== '' || CONTENT_METHODS.has(job.method.toUpperCase());
  const length = counted ? `content-length: ${Buffer.byteLength(job.body)}\r\n` : '';
  const tail = `\r\n${length}\r\n${job.body}`;
  return (index) => head + index + tail;
}

/** Request line and the headers that stay the same. A `host` header of the job wins over the URL's. */
function headOf(job: RequestParts): string {
  const url = new URL(job.url);
  const own = Object.entries(job.headers).filter(([name]) => name.toLowerCase() !== 'content-length');
  const names = new Set(own.map(([name]) => name.toLowerCase()));
  const lines = [`${job.method.toUpperCase()} ${url.pathname}${url.search} HTTP/1.1`];
  if (!names.has('host')) lines.push(`host: ${url.host}`);
  if (url.username !== '' && !names.has('authorization')) lines.push(`authorization: Basic ${credentialsOf(url)}`);
  for (const [name, value] of own) lines.push(`${name}: ${value}`);
  return `${lines.join('\r\n')}\r\n`;
}

function credentialsOf(url: URL): string {
  const text = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  return Buffer.from(text).toString('base64');
}

/** How to write the body of each request; undefined when it is always the same. */
function bodyWriter(body: string): ((index: number) => string) | undefined {
  if (!/\{\{(index|uuid)\}\}/.test(body)) return undefined;
  return (index) =>
    body.replace(/\{\{(index|uuid)\}\}/g, (_, name) => (name === 'index' ? String(index) : randomUUID()));
}
