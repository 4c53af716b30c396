import { describe, expect, it } from 'vitest';
import { TraceBook } from '../../src/architectures/trace-book.js';
import { clientTraceparent, traceIdOf, traceparentOf } from '../../src/base/trace-context.js';

const RUN = '0123456789abcdef01234567';
const THEIRS = { trace: '4bf92f3577b34da6a3ce929d0e0e4736', span: '00f067aa0ba902b7' };

describe('the traces of a process', () => {
  it('are those of its run, and know a request that the run sent', () => {
    const book = new TraceBook(RUN);
    expect(book.of(7)).toBe(traceIdOf(RUN, 7));
    expect(book.adopt(7, clientTraceparent(RUN, 7))).toBe('run');
    expect(book.parentFor(1, 7, 0)).toContain(traceIdOf(RUN, 7));
  });

  it('are those that requests came with', () => {
    const book = new TraceBook(RUN);
    expect(book.adopt(1e9, traceparentOf(THEIRS.trace, THEIRS.span))).toEqual(THEIRS);
    expect(book.of(1e9)).toBe(THEIRS.trace);
    expect(book.parentFor(1, 1e9, 0)).toContain(THEIRS.trace);
  });

  it.each([undefined, 'nonsense', ['a', 'b']])('are the own ones where a request comes with %j', (traceparent) => {
    const book = new TraceBook(RUN);
    expect(book.adopt(3, traceparent)).toBeUndefined();
    expect(book.of(3)).toBe(traceIdOf(RUN, 3));
  });

  it('forgets the oldest of very many', () => {
    const book = new TraceBook(RUN);
    for (let request = 0; request <= 100_000; request++) book.adopt(request, traceparentOf(THEIRS.trace, THEIRS.span));
    expect([book.of(0), book.of(1)]).toEqual([traceIdOf(RUN, 0), THEIRS.trace]);
  });
});
