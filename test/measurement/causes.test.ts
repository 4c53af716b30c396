import { expect, it } from 'vitest';
import { causeNotes, mergeCauses, unreadProblems } from '../../src/measurement/causes.js';

const publish = { call: 'publish', of: 'order.placed', reason: 'maximum payload exceeded' } as const;
const read = { call: 'read', of: 'email', reason: 'NOGROUP No such key.' } as const;

it('failed calls and requests are one sentence each, with the most frequent reasons, and crowd out no refusal of the bus', () => {
  const call = (of: string, reason: string, count: number) => ({ call: 'call' as const, of, reason, count });
  const answers = Array.from({ length: 9 }, (_, i) => ({ call: 'answer' as const, of: 'http5xx', reason: `50${i} No`, count: 1000 - i }));
  const merged = mergeCauses([answers, [call('email', 'answered 503', 7), call('email', 'gave no answer within 2s', 1)], [{ ...publish, count: 2 }]]);
  expect(merged.filter((cause) => cause.call === 'answer')).toHaveLength(5);
  expect(causeNotes(merged)).toEqual([
    'The bus did not take order.placed, 2 times: maximum payload exceeded.',
    'Calls that failed: email answered 503, 7 times; email gave no answer within 2s, once.',
    'Requests that failed: 500 No, 1000 times; 501 No, 999 times; 502 No, 998 times; and others.',
  ]);
});

it('causes of several processes are one list, the most frequent first, and a sentence each', () => {
  const merged = mergeCauses([[{ ...publish, count: 3 }], undefined, [{ ...read, count: 5 }, { ...publish, count: 4 }]]);
  expect(merged).toEqual([{ ...publish, count: 7 }, { ...read, count: 5 }]);
  expect(causeNotes([...merged, { call: 'acknowledge', of: 'email', reason: 'READONLY', count: 1 }])).toEqual([
    'The bus did not take order.placed, 7 times: maximum payload exceeded.',
    'The bus handed out no events to email, 5 times: NOGROUP No such key.',
    'The bus did not take note that email was done with an event, once: READONLY.',
  ]);
});

it('consumers that could not read make a trial invalid, unless the broker was taken from them on purpose', () => {
  const refused = (count: number) => [{ ...publish, count: 3 }, { ...read, count }];
  const problem = (count: number): string =>
    `email could not read its events, ${count === 1 ? 'once' : `${count} times`} refused: NOGROUP No such key. Its backlog, lag and losses are the broker's.`;
  expect(unreadProblems(refused(10), {})).toEqual([problem(10)]);
  // A hiccup that did no harm, and one that did.
  expect(unreadProblems(refused(9), { email: { lost: 0 } })).toEqual([]);
  expect(unreadProblems(refused(1), { email: { lost: 1 } })).toEqual([problem(1)]);
  const mark = { fault: 'crash broker at 1s for 1s', kind: 'crash', at: 1000, until: 2000 } as const;
  expect(unreadProblems(refused(10), {}, [{ ...mark, process: 'broker' }])).toEqual([]);
  expect(unreadProblems(refused(10), {}, [{ ...mark, process: 'server' }])).toHaveLength(1);
  expect(unreadProblems([{ ...publish, count: 30 }], {})).toEqual([]);
});
