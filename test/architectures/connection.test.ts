import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AnswerReader } from '../../src/architectures/connection.js';

const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}';

describe('the reader of answers', () => {
  it.each([
    ['HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n', 200],
    ['HTTP/1.1 503 Service Unavailable\r\nDate: now\r\nContent-Length:3 \r\nx: y\r\n\r\nbut', 503],
    ['HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{}', 'incomplete'],
    ['HTTP/1.1 200 OK\r\nx-content-length: 9\r\n\r\n', 'broken'],
    ['HTTP/1.1 200 OK\r\n\r\n', 'broken'],
    ['HTTP/1.1 099 OK\r\ncontent-length: 0\r\n\r\n', 'broken'],
    ['HTTP/1.1 two OK\r\ncontent-length: 0\r\n\r\n', 'broken'],
    ['hello?', 'broken'],
    ['hello?\r\ncontent-length: 0\r\n\r\n', 'broken'],
    ['HTTP', 'incomplete'],
    [`HTTP/1.1 200 OK\r\n${'x'.repeat(20_000)}`, 'broken'],
    [`${OK}HTTP`, 'broken'],
  ])('reads %j as %s', (text, answer) => {
    expect(new AnswerReader().read(text)).toBe(answer);
  });

  it.each([
    ['429 Too Many Requests\r\nRetry-After: 2', 2000],
    ['429 Too Many Requests', 0],
    ['429 Too Many Requests\r\nretry-after: Fri, 31 Dec 1999 23:59:59 GMT', 0],
    ['200 OK\r\nretry-after: 2', 0],
  ])('%j says to come again after %d ms', (head, retryAfter) => {
    const reader = new AnswerReader();
    reader.read(`HTTP/1.1 ${head}\r\ncontent-length: 0\r\n\r\n`);
    expect(reader.retryAfter).toBe(retryAfter);
  });

  it('reads the same from any pieces', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 1, max: OK.length - 1 })), (cuts) => {
        const edges = [0, ...cuts.toSorted((a, b) => a - b), OK.length];
        const reader = new AnswerReader();
        const answers = edges.slice(1).map((edge, i) => reader.read(OK.slice(edges[i], edge)));
        expect(answers).toEqual([...cuts.map(() => 'incomplete'), 200]);
        expect(reader.read(OK)).toBe(200);
      }),
    );
  });

  it('forgets half an answer with the connection that it came over', () => {
    const reader = new AnswerReader();
    reader.read(OK.slice(0, 20));
    reader.reset();
    expect(reader.read(OK)).toBe(200);
  });
});
