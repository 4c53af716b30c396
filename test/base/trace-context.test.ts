import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clientTraceparent, NO_RUN, parseTraceparent, roleOf, spanIdOf, traceIdOf, traceparentOf } from '../../src/base/trace-context.js';

const hex = (length: number): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom(...'0123456789abcdef'.split('')), { minLength: length, maxLength: length }).map((digits) => digits.join(''));
const isZero = (id: string): boolean => /^0*$/.test(id);
const index = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });

describe('a traceparent', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(hex(32), hex(16), (trace, span) => {
        expect(parseTraceparent(traceparentOf(trace, span))).toEqual(isZero(trace) || isZero(span) ? undefined : { trace, span });
      }),
    );
  });

  it.each([
    ['an example of the specification', '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00', true],
    ['a later version with more behind it', 'cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-what', true],
    ['the version that is none', 'ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01', false],
    ['capitals', '00-4BF92F3577B34DA6A3CE929D0E0E4736-00F067AA0BA902B7-01', false],
    ['a short one', '00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-01', false],
    ['nothing', '', false],
  ])('%s', (_, text, isOne) => {
    expect(parseTraceparent(text) !== undefined).toBe(isOne);
  });

  it('of a request of ours is one, whatever its index', () => {
    fc.assert(
      fc.property(index, (request) => {
        expect(parseTraceparent(clientTraceparent(NO_RUN, request))?.trace).toBe(traceIdOf(NO_RUN, request));
      }),
    );
  });
});

describe('ids', () => {
  it('tell requests of a run apart, and spans of a request by who did what for the how manieth time', () => {
    fc.assert(
      fc.property(index, index, fc.nat(1000), fc.nat(1000), (a, b, one, other) => {
        expect(traceIdOf(NO_RUN, a) === traceIdOf(NO_RUN, b)).toBe(a === b);
        const [email, payment] = [roleOf('call email'), roleOf('call payment')];
        expect(spanIdOf(email, a, one) === spanIdOf(email, a, other)).toBe(one === other);
        expect(spanIdOf(email, a, one)).not.toBe(spanIdOf(payment, a, one));
        expect(spanIdOf(email, a, one)).toMatch(/^[0-9a-f]{16}$/);
      }),
    );
  });
});
