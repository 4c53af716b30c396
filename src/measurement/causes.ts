/** Why a bus refused what was asked of it, over all processes of a trial. */
import { Causes, type Cause } from '../events/causes.js';

/** Causes that a record keeps. */
const MOST = 10;

/** The most frequent ones of several processes together. */
export function mergeCauses(reports: readonly (readonly Cause[] | undefined)[]): Cause[] {
  const all = new Causes();
  for (const cause of reports.flatMap((report) => report ?? [])) all.count(cause);
  return all.report(MOST);
}

const WHAT: Record<Cause['call'], (of: string) => string> = {
  publish: (of) => `The bus did not take ${of}`,
  read: (of) => `The bus handed out no events to ${of}`,
  acknowledge: (of) => `The bus did not take note that ${of} was done with an event`,
};

/** A sentence for each. */
export function causeNotes(causes: readonly Cause[]): string[] {
  return causes.map(({ call, of, reason, count }) => `${WHAT[call](of)}, ${count === 1 ? 'once' : `${count} times`}: ${reason.replace(/[.!]+$/, '')}.`);
}
