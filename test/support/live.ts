/**
 * How live tests judge: a trial that the machine was not fit for says nothing about the program. It is measured again, and
 * when it stays so, the test is unknown: neither passed nor failed. Of tests that may end so a fifth may do so, no more.
 */
import type { TestContext } from 'vitest';
import type { MeasuredTrial } from '../../src/measurement/record.js';

declare module 'vitest' {
  interface TaskMeta {
    /** Of a test that may end unknown: why it did, or an empty text when it did not. */
    unknown?: string;
  }
}

/** The part of a test's context that judging takes. */
export type Judged = Pick<TestContext, 'skip'> & { task: { meta: { unknown?: string } } };

/** Times that a trial is measured at most until it is valid. */
const ATTEMPTS = 3;

/** Largest share of the tests that may end unknown which do. */
const MOST_UNKNOWN = 1 / 5;

/** Ends a test as unknown. */
export function unknown({ task, skip }: Judged, reason: string): never {
  task.meta.unknown = reason;
  return skip(`unknown: ${reason}`);
}

/**
 * The first measurement that tells something, or the test is unknown.
 * @param silence why a measurement tells nothing; nothing where it does
 */
export async function telling<T>(context: Judged, measure: () => Promise<T>, silence: (measured: T) => readonly string[]): Promise<T> {
  context.task.meta.unknown ??= '';
  let reasons: readonly string[] = [];
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const measured = await measure();
    reasons = silence(measured);
    if (reasons.length === 0) return measured;
  }
  return unknown(context, reasons.join(' '));
}

/**
 * For tests of times: why the machine was not fit for a trial; nothing where it is valid. Books that do not balance are no
 * matter of the machine: such a trial is handed out as it is, to fail.
 */
export function unfitness({ validity: { problems } }: MeasuredTrial): string[] {
  return problems.some((problem) => problem.startsWith('The books ')) ? [] : problems;
}

/** For tests of books alone, which balance on any machine: why a trial has nothing in them. */
export function emptiness({ outcomes: { sent, ok, http5xx } }: MeasuredTrial): string[] {
  return ok + http5xx > 0 ? [] : [`None of the ${sent} requests of the window was answered.`];
}

/** Of a whole run: how many of its tests were judged so, how many ended unknown, and whether that is too many. */
export function countUnknown(reasons: readonly string[]): { judged: number; unknown: number; tooMany: boolean } {
  const count = reasons.filter((reason) => reason !== '').length;
  return { judged: reasons.length, unknown: count, tooMany: count > reasons.length * MOST_UNKNOWN };
}
