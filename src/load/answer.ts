/** What an answer counts as. */
import { filled } from '../scenarios/placeholders.js';
import type { ExpectedAnswer, Outcome } from './load.js';

/** Not modified: the whole answer to a request that asked whether anything was. It redirects nobody. */
const NOT_MODIFIED = 304;

/** The outcome of a whole answer. What is no answer to a plain request (101, 600 and above) counts as no HTTP. */
export function outcomeOf(status: number): Outcome {
  if (status >= 200 && status < 400) return 'ok';
  if (status >= 400 && status < 500) return 'http4xx';
  return status >= 500 && status < 600 ? 'http5xx' : 'hangup';
}

/** What is looked for in answers, and what they count as. */
export interface Judge {
  /** What the body of the answer to the request of an index must contain; null: whatever it says. */
  text(index: number): string | null;
  /** @param found whether the body contains it */
  outcome(status: number, found: boolean): Outcome;
}

/**
 * Judges by what is expected: an answer that is not is a failure, also with a good status or another body. A redirect
 * that is not expected says that nothing was done.
 */
export function judgeOf({ status: wanted, body }: ExpectedAnswer): Judge {
  const isGood = (status: number): boolean =>
    wanted.length > 0 ? wanted.includes(status) : (status >= 200 && status < 300) || status === NOT_MODIFIED;
  return {
    text: (index) => (body === null ? null : filled(body, () => String(index))),
    outcome: (status, found) => {
      const plain = outcomeOf(status);
      if (plain === 'hangup') return plain;
      if (!isGood(status)) return plain === 'ok' ? 'mismatch' : plain;
      return found ? 'ok' : 'mismatch';
    },
  };
}
