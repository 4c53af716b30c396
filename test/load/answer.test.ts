import { describe, expect, it } from 'vitest';
import { judgeOf, outcomeOf } from '../../src/load/answer.js';

describe('the outcome of an answer', () => {
  it.each([
    [200, 'ok'],
    [302, 'ok'],
    [404, 'http4xx'],
    [503, 'http5xx'],
    [101, 'hangup'],
    [600, 'hangup'],
  ])('of %d is %s when nothing is expected', (status, outcome) => {
    expect(outcomeOf(status)).toBe(outcome);
  });

  it.each([
    // expected statuses and text, answer, outcome
    [[], null, 200, '', 'ok'],
    [[], null, 302, '', 'mismatch'],
    [[], null, 404, '', 'http4xx'],
    [[302], null, 302, '', 'ok'],
    [[201], null, 200, '', 'mismatch'],
    [[404], null, 404, '', 'ok'],
    [[404], null, 200, '', 'mismatch'],
    [[], 'order 7', 200, 'this is order 7.', 'ok'],
    [[], 'order {{index}}', 200, 'this is order 7.', 'ok'],
    [[], 'order {{index}}', 200, 'this is order 8.', 'mismatch'],
    [[503], 'sorry', 503, 'error', 'mismatch'],
    [[], null, 101, '', 'hangup'],
  ] as const)('with %j and %j expected: %d %j is %s', (status, text, answered, body, outcome) => {
    expect(judgeOf({ status, body: text })(answered, Buffer.from(body), 7)).toBe(outcome);
  });
});
