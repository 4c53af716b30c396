import { describe, expect, it } from 'vitest';
import type { MeasuredTrial } from '../../src/measurement/record.js';
import { countUnknown, emptiness, telling, unfitness, unknown, type Judged } from './live.js';
import { measured } from './measured.js';

class Skipped extends Error {}

function context(): Judged {
  const skip = (note?: string | boolean): never => {
    throw new Skipped(String(note));
  };
  return { task: { meta: {} }, skip };
}

const STALLED = 'The server reacted 300 ms late (99th percentile): these response times are the machine\'s.';
const UNBALANCED = 'The books do not balance: 3 requests were sent, and 2 ended.';

const trialWith = (...problems: string[]): MeasuredTrial => ({
  ...measured({ subject: 'sync', ms: 100 }),
  validity: { valid: problems.length === 0, problems, notes: [] },
});

/** Measures these in turn, and counts how often it did. */
function measuring<T>(results: T[]) {
  const seen = { times: 0 };
  return { seen, measure: async (): Promise<T> => results[Math.min(seen.times++, results.length - 1)] as T };
}

describe('a trial of a live test', () => {
  it('is measured once when it is valid', async () => {
    const { seen, measure } = measuring([trialWith()]);
    const judged = context();
    expect(await telling(judged, measure, unfitness)).toEqual(trialWith());
    expect(seen.times).toBe(1);
    expect(judged.task.meta).toEqual({ unknown: '' });
  });

  it('is measured again while the machine is not fit for it', async () => {
    const { seen, measure } = measuring([trialWith(STALLED), trialWith(STALLED), trialWith()]);
    expect((await telling(context(), measure, unfitness)).validity.valid).toBe(true);
    expect(seen.times).toBe(3);
  });

  it('leaves its test unknown when the machine never is', async () => {
    const { seen, measure } = measuring([trialWith(STALLED)]);
    const judged = context();
    await expect(telling(judged, measure, unfitness)).rejects.toThrow(`unknown: ${STALLED}`);
    expect(seen.times).toBe(3);
    expect(judged.task.meta).toEqual({ unknown: STALLED });
  });

  it('is handed out when its books do not balance, to fail', async () => {
    const { seen, measure } = measuring([trialWith(UNBALANCED, STALLED)]);
    expect((await telling(context(), measure, unfitness)).validity.problems).toContain(UNBALANCED);
    expect(seen.times).toBe(1);
  });

  it('of books alone is measured again only when there is nothing in them', async () => {
    const empty = measured({ subject: 'sync', ms: 100, sent: 0 });
    const { seen, measure } = measuring([empty, trialWith(STALLED)]);
    expect(await telling(context(), measure, emptiness)).toEqual(trialWith(STALLED));
    expect(seen.times).toBe(2);
    await expect(telling(context(), async () => empty, emptiness)).rejects.toThrow('unknown: None of the 0 requests of the window was answered.');
  });

  it('may be unknown for another reason', () => {
    const judged = context();
    expect(() => unknown(judged, 'a bare timer was as late')).toThrow('unknown: a bare timer was as late');
    expect(judged.task.meta.unknown).toBe('a bare timer was as late');
  });
});

describe('a run of live tests', () => {
  it('may have a fifth that end unknown, and no more', () => {
    expect(countUnknown([])).toEqual({ judged: 0, unknown: 0, tooMany: false });
    expect(countUnknown(['', '', '', '', 'late'])).toEqual({ judged: 5, unknown: 1, tooMany: false });
    expect(countUnknown(['', '', '', 'late'])).toEqual({ judged: 4, unknown: 1, tooMany: true });
  });
});
