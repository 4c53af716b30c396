import { expect, it } from 'vitest';
import { causeNotes, mergeCauses } from '../../src/measurement/causes.js';

const publish = { call: 'publish', of: 'order.placed', reason: 'maximum payload exceeded' } as const;
const read = { call: 'read', of: 'email', reason: 'NOGROUP No such key.' } as const;

it('causes of several processes are one list, the most frequent first, and a sentence each', () => {
  const merged = mergeCauses([[{ ...publish, count: 3 }], undefined, [{ ...read, count: 5 }, { ...publish, count: 4 }]]);
  expect(merged).toEqual([{ ...publish, count: 7 }, { ...read, count: 5 }]);
  expect(causeNotes([...merged, { call: 'acknowledge', of: 'email', reason: 'READONLY', count: 1 }])).toEqual([
    'The bus did not take order.placed, 7 times: maximum payload exceeded.',
    'The bus handed out no events to email, 5 times: NOGROUP No such key.',
    'The bus did not take note that email was done with an event, once: READONLY.',
  ]);
});
