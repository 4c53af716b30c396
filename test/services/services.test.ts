import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { callPath, parseCallPath } from '../../src/services/services.js';

describe('the path of a call', () => {
  it('is read as it was written, whatever the step is called', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), fc.integer(), fc.nat(), (step, request, call) => {
        expect(parseCallPath(callPath(step, request, call))).toEqual({ step, request, call });
        expect(parseCallPath(callPath(step, request, call, true))).toEqual({ step, request, call, isBackground: true });
      }),
    );
  });

  it.each(['/', '//1/2', '/payment', '/payment/1', '/payment/1/', '/payment//1', '/payment/x/0', '/payment/1/0.5', '/%zz/1/0', '/a/1/0/9', '/a/1/background'])(
    'is none: %s',
    (path) => {
      expect(parseCallPath(path)).toBeUndefined();
    },
  );
});
