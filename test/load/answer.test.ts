import { describe, expect, it } from 'vitest';
import { judgeOf, outcomeOf } from '../../src/load/answer.js';
import { BodySearch } from '../../src/load/client.js';
import type { ExpectedAnswer, Outcome } from '../../src/load/load.js';

/** Of an answer to the request of index 7. */
function outcomeFor(expected: ExpectedAnswer, status: number, body: string): Outcome {
  const judge = judgeOf(expected);
  const search = new BodySearch(judge.text(7));
  search.take(Buffer.from(body));
  return judge.outcome(status, search.found);
}

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
    [[], null, 304, '', 'ok'],
    [[200], null, 304, '', 'mismatch'],
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
    expect(outcomeFor({ status, body: text }, answered, body)).toBe(outcome);
  });
});
