import { describe, expect, it } from 'vitest';
import { asAttempt, requestWriter, type RequestParts } from '../../src/load/request.js';

function write(parts: Partial<RequestParts>, index = 0): string {
  const usual = { url: 'http://127.0.0.1:8080/orders?now=1', method: 'post', headers: {}, body: '' };
  return requestWriter({ ...usual, ...parts })(index);
}

/** Body and announced length of a request. */
function bodyOf(request: string): { body: string; announced: number } {
  const [head = '', body = ''] = request.split('\r\n\r\n');
  return { body, announced: Number(/^content-length: (\d+)$/m.exec(head)?.[1]) };
}

describe('a request', () => {
  it('is HTTP/1.1 with the index in its header', () => {
    expect(write({ headers: { 'content-type': 'application/json' }, body: '{}' }, -3)).toBe(
      [
        'POST /orders?now=1 HTTP/1.1',
        'host: 127.0.0.1:8080',
        'content-type: application/json',
        'x-request: -3',
        'content-length: 2',
        '',
        '{}',
      ].join('\r\n'),
    );
  });

  it('carries the trace of its index, where it is to have one and has none of its own', () => {
    const run = 'abcdefabcdefabcdefabcdef';
    expect(write({ run }, 7)).toMatch(/x-request: 7\r\ntraceparent: 00-00000007abcdefabcdefabcdefabcdef-[0-9a-f]{16}-01\r\ncontent-length: 0\r\n\r\n$/);
    expect(write({ run }, -1)).toContain(`traceparent: 00-ffffffff${run}-`);
    expect(write({ run, headers: { TraceParent: 'mine' } }, 7).match(/traceparent/gi)).toHaveLength(1);
    expect(write({}, 7)).not.toContain('traceparent');
  });

  it('has a key of its own that is equal over its attempts, where it may be sent again', () => {
    const retries = { attempts: 2, backoff: 0, on: ['timeout' as const] };
    const writer = requestWriter({ url: 'http://127.0.0.1/', method: 'POST', headers: {}, body: '', retries });
    const [first, second] = [writer(0), writer(1)];
    expect(first).toMatch(/\r\nidempotency-key: [0-9a-f-]{36}\.0\r\n/);
    expect(second).toContain(/idempotency-key: [0-9a-f-]{36}/.exec(first)![0]);
    expect(asAttempt(first, 0)).toBe(first);
    expect(asAttempt(first, 1)).toBe(first.replace('HTTP/1.1\r\n', 'HTTP/1.1\r\nx-attempt: 2\r\n'));
    expect(write({ retries, headers: { 'Idempotency-Key': 'mine' } }).match(/idempotency-key/gi)).toHaveLength(1);
    expect(write({})).not.toContain('idempotency-key');
  });

  it('announces an empty body only where one is expected', () => {
    expect(write({ method: 'GET' })).not.toContain('content-length');
    expect(write({ method: 'POST' })).toContain('content-length: 0\r\n\r\n');
  });

  it('replaces the index, everywhere, and counts the length anew', () => {
    for (const index of [-1, 0, 7, 12_345]) {
      const { body, announced } = bodyOf(write({ body: '{"id":{{index}},"name":"Zoë {{index}}"}' }, index));
      expect(body).toBe(`{"id":${index},"name":"Zoë ${index}"}`);
      expect(announced).toBe(Buffer.byteLength(body));
    }
  });

  it('gives every place its own uuid', () => {
    const { body, announced } = bodyOf(write({ body: '{{uuid}} {{uuid}}' }));
    expect(body).toMatch(/^[0-9a-f-]{36} [0-9a-f-]{36}$/);
    expect(new Set(body.split(' ')).size).toBe(2);
    expect(announced).toBe(73);
  });

  it('counts bytes, not characters, of a body that stays the same', () => {
    expect(bodyOf(write({ body: 'Zoë €' })).announced).toBe(8);
  });

  it('prefers the job to the URL, except for the length', () => {
    const request = write({ headers: { Host: 'shop.test', 'Content-Length': '99' }, body: 'ab' });
    expect(request).toContain('Host: shop.test');
    expect(request).not.toContain('127.0.0.1');
    expect(request).not.toContain('99');
  });

  it('replaces in path, query and headers as well', () => {
    const request = write({ url: 'http://h/orders/{{index}}/{{ index }}?id={{uuid}}&n={{index}}', headers: { 'idempotency-key': 'k-{{index}}-{{uuid}}' } }, 7);
    expect(request).toMatch(/^POST \/orders\/7\/7\?id=[0-9a-f-]{36}&n=7 HTTP\/1\.1\r\n/);
    expect(request).toMatch(/\r\nidempotency-key: k-7-[0-9a-f-]{36}\r\n/);
    expect(request).toContain('x-request: 7\r\n');
  });

  it('leaves braces alone that are no placeholder', () => {
    expect(write({ url: 'http://h/%7B%7Bother%7D%7D', body: String.raw`{"a":{"b":{}}} \{{index}}` })).toMatch(/^POST \/%7B%7Bother%7D%7D [^]*\{"a":\{"b":\{\}\}\} \{\{index\}\}$/);
  });

  it.each([
    ['50%off', '50%off'],
    ['%40%zz%25', '@%zz%'],
    ['%ff', '%ff'],
  ])('takes a password with a % as it was meant: %s', (written, meant) => {
    expect(write({ url: `http://ann:${written}@localhost/` })).toContain(`authorization: Basic ${Buffer.from(`ann:${meant}`).toString('base64')}\r\n`);
  });

  it('takes credentials from the URL', () => {
    expect(write({ url: 'http://ann:s%40cret@localhost/' })).toContain(
      `authorization: Basic ${Buffer.from('ann:s@cret').toString('base64')}\r\n`,
    );
  });
});
