/** What faults of processes do to the account of a trial. */
import { OUTCOMES, type Observations, type Outcome } from '../load/load.js';
import { formatFault, isProcessFault } from '../scenarios/fault.js';
import type { Subject } from '../scenarios/subject.js';
import type { FaultMark, MeasuredTrial } from './record.js';

type Books = MeasuredTrial['server'];

/** How a request ends whose server dies. */
const CUT_SHORT: readonly Outcome[] = ['connection', 'hangup'];

/**
 * Where a server was killed, requests that were on their way to it may be in no count of its own: as many are booked as
 * are missing, and no more than have ended with a broken connection or were sent again.
 */
export function bookFaults(books: Books, observations: Observations, faults: readonly FaultMark[] = []): Books {
  const { received, unreached } = books;
  if (received === null || !faults.some(({ kind, process }) => kind === 'crash' && process === 'server')) return books;
  const { index, outcome, unreached: isUnreached, attempts } = observations;
  let sent = 0;
  let cutShort = 0;
  for (const [row, request] of index.entries()) {
    if (request < 0) continue;
    const made = attempts?.[row] ?? 1;
    sent += made;
    // Nobody knows how the earlier attempts ended: each may have been cut short.
    cutShort += made - 1;
    const how = OUTCOMES[outcome[row] ?? -1];
    if (how && CUT_SHORT.includes(how) && isUnreached[row]! < made) cutShort++;
  }
  return { ...books, uncounted: Math.max(0, Math.min(cutShort, sent - received - unreached)) };
}

/** Whether a process was killed or stopped on purpose. @param name as in `MeasuredTrial.processes` */
export function isFaulty(name: string, faults: readonly FaultMark[]): boolean {
  const killed = name === 'consumers' ? 'consumer' : name;
  return faults.some(({ process }) => process === killed);
}

/** What was done on purpose, in sentences. */
export function faultNotes(subject: Subject, marks: readonly FaultMark[], { uncounted = 0 }: Books): string[] {
  const deliveries = subject.faults.filter((fault) => !isProcessFault(fault)).map(formatFault);
  const missed = subject.faults.filter(isProcessFault).map(formatFault).filter((asked) => marks.every(({ fault }) => fault !== asked));
  return [
    ...marks.map(markSentence),
    ...(deliveries.length > 0 ? [`Faults of deliveries: ${deliveries.join(', ')}.`] : []),
    ...missed.map((asked) => `The fault "${asked}" did not happen: the window had ended, or there is no such process here.`),
    ...(uncounted > 0 ? [`On their way to the server when it was killed, and not counted by it: ${uncounted} ${uncounted === 1 ? 'request' : 'requests'}.`] : []),
  ];
}

/** What happened to a process, and when. */
export function markSentence({ kind, process, at, until }: FaultMark): string {
  const what = kind === 'crash' ? 'was killed' : 'was stopped';
  const back = until === null ? 'did not come back' : `was back ${until - at} ms later`;
  return `The ${process} ${what} ${seconds(at)} into the window, and ${back}.`;
}

function seconds(ms: number): string {
  return `${Math.round(ms / 10) / 100} s`;
}
