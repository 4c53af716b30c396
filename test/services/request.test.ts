import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RequestReader } from '../../src/services/request.js';

/** Every request that is read from some pieces, and what comes after the last one. */
function readAll(pieces: readonly string[]): { paths: string[]; end: 'incomplete' | 'broken' } {
  const reader = new RequestReader();
  const paths: string[] = [];
  let end: 'incomplete' | 'broken' = 'incomplete';
  for (const piece of pieces) {
    reader.add(piece);
    for (;;) {
      const request = reader.next();
      if (typeof request === 'string') {
        end = request;
        break;
      }
      paths.push(request.path);
    }
  }
  return { paths, end };
}

function cut(text: string, places: readonly number[]): string[] {
  const edges = [0, ...places.map((place) => place % text.length).toSorted((a, b) => a - b), text.length];
  return edges.slice(1).map((edge, i) => text.slice(edges[i], edge));
}

const request = fc.record({ path: fc.stringMatching(/^\/[a-z0-9/%]{0,30}$/), body: fc.option(fc.string({ unit: 'binary-ascii', maxLength: 40 })), header: fc.stringMatching(/^[A-Za-z-]{1,10}$/) });

describe('the reader of requests', () => {
  it.each([
    ['POST /email/1/0 HTTP/1.1\r\nhost: a\r\n\r\n', { method: 'POST', path: '/email/1/0', keepsAlive: true }],
    ['GET / HTTP/1.1\r\nConnection: close\r\n\r\n', { method: 'GET', path: '/', keepsAlive: false }],
    ['POST / HTTP/1.1\r\nContent-Length:3 \r\n\r\nabc', { method: 'POST', path: '/', keepsAlive: true }],
    ['POST / HTTP/1.1\r\nx-content-length: 3\r\n\r\n', { method: 'POST', path: '/', keepsAlive: true }],
    ['POST / HTTP/1.1\r\ncontent-length: 3\r\n\r\nab', 'incomplete'],
    ['POST / HTTP/1.1\r\ncontent-length: 3\r\n', 'incomplete'],
    ['', 'incomplete'],
    ['PO', 'incomplete'],
    ['POST / HT', 'incomplete'],
    ['POST / HTTP/1.1\r\ncontent-length: -3\r\n\r\n', 'broken'],
    ['POST / HTTP/1.1\r\ncontent-length: 0x1\r\n\r\n', 'broken'],
    ['POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n', 'broken'],
    ['POST / HTTP/1.0\r\n', 'broken'],
    ['POST  HTTP/1.1\r\n\r\n', 'broken'],
    ['\u0016\u0003\u0001', 'broken'],
    ['hello?', 'broken'],
    [`POST / HTTP/1.1\r\n${'x'.repeat(20_000)}`, 'broken'],
  ])('reads %j', (text, read) => {
    const reader = new RequestReader();
    reader.add(text);
    expect(reader.next()).toEqual(read);
  });

  it('reads the same requests from any pieces, and passes over their bodies', () => {
    fc.assert(
      fc.property(fc.array(request, { minLength: 1, maxLength: 5 }), fc.array(fc.nat()), (requests, places) => {
        const text = requests
          .map(({ path, body, header }) => `POST ${path} HTTP/1.1\r\nx-${header}: 1\r\n${body === null ? '' : `Content-Length: ${body.length}\r\n`}\r\n${body ?? ''}`)
          .join('');
        expect(readAll(cut(text, places))).toEqual({ paths: requests.map(({ path }) => path), end: 'incomplete' });
      }),
    );
  });

  it('takes whatever else comes for broken or incomplete, and never for a request', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii' }), fc.array(fc.nat()), (noise, places) => {
        const text = `?${noise}`;
        expect(readAll(cut(text, places))).toEqual({ paths: [], end: 'broken' });
      }),
    );
  });
});
