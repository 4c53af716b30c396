/** What an answer counts as. */
import type { Expectation } from '../scenarios/target.js';
import type { Outcome } from './load.js';

/** The outcome of a whole answer. What is no answer to a plain request (101, 600 and above) counts as no HTTP. */
export function outcomeOf(status: number): Outcome {
  if (status >= 200 && status < 400) return 'ok';
  if (status >= 400 && status < 500) return 'http4xx';
  return status >= 500 && status < 600 ? 'http5xx' : 'hangup';
}

/** The outcome of an answer to the request of an index. */
export type Judge = (status: number, body: Buffer, index: number) => Outcome;

/**
 * Judges by what is expected: an answer that is not is a failure, also with a good status or another body. A redirect
 * that is not expected says that nothing was done.
 */
export function judgeOf({ status: wanted, body: text }: Expectation): Judge {
  const isGood = (status: number): boolean => (wanted.length > 0 ? wanted.includes(status) : status >= 200 && status < 300);
  return (status, body, index) => {
    const plain = outcomeOf(status);
    if (plain === 'hangup') return plain;
    if (!isGood(status)) return plain === 'ok' ? 'mismatch' : plain;
    return text === null || body.includes(text.replaceAll('{{index}}', String(index))) ? 'ok' : 'mismatch';
  };
}
