/** Why things failed, over all processes of a trial. */
import { Causes, type Cause } from '../base/causes.js';
import type { ConsumerResult, FaultMark } from './record.js';

/** Causes of each kind that a record keeps. */
const MOST = 5;
/** And that a sentence tells. */
const MOST_TOLD = 3;

/** The most frequent ones of several processes together: none of one kind crowds out another. */
export function mergeCauses(reports: readonly (readonly Cause[] | undefined)[]): Cause[] {
  const all = new Causes();
  for (const cause of reports.flatMap((report) => report ?? [])) all.count(cause);
  const kept: Partial<Record<Cause['call'], number>> = {};
  return all.report().filter(({ call }) => (kept[call] = (kept[call] ?? 0) + 1) <= MOST);
}

type BusCall = Exclude<Cause['call'], 'call' | 'answer'>;

const BUS_SENTENCES: Record<BusCall, (of: string) => string> = {
  publish: (of) => `The bus did not take ${of}`,
  read: (of) => `The bus handed out no events to ${of}`,
  acknowledge: (of) => `The bus did not take note that ${of} was done with an event`,
};

/** So often a reader is refused that tries again all the time for half a second; once or twice may be a hiccup of the machine. */
const REFUSED_FOR_LONG = 10;

/**
 * Consumers that could not read, although nobody took the broker from them on purpose: what waits, how long it takes and what is
 * lost is then the broker's doing, and says nothing about the architecture. A refusal that passed without harm is a note.
 */
export function unreadProblems(causes: readonly Cause[], consumers: Readonly<Record<string, Pick<ConsumerResult, 'lost'>>>, faults: readonly FaultMark[] = []): string[] {
  if (faults.some(({ process }) => process === 'broker')) return [];
  return causes
    .filter(({ call, of, count }) => call === 'read' && (count >= REFUSED_FOR_LONG || (consumers[of]?.lost ?? 0) > 0))
    .map(({ of, reason, count }) => `${of} could not read its events, ${times(count)} refused: ${trimmed(reason)}. Its backlog, lag and losses are the broker's.`);
}

/** A sentence for each refusal of the bus, one for all calls that failed and one for all requests. */
export function causeNotes(causes: readonly Cause[]): string[] {
  const bus = causes.flatMap((cause) => (isOfBus(cause) ? `${BUS_SENTENCES[cause.call](cause.of)}, ${times(cause.count)}: ${trimmed(cause.reason)}.` : []));
  return [
    ...bus,
    ...listed('Calls that failed', causes.filter(({ call }) => call === 'call'), ({ of, reason }) => `${of} ${reason}`),
    ...listed('Requests that failed', causes.filter(({ call }) => call === 'answer'), ({ reason }) => reason),
  ];
}

function isOfBus(cause: Cause): cause is Cause & { call: BusCall } {
  return Object.hasOwn(BUS_SENTENCES, cause.call);
}

function listed(title: string, causes: readonly Cause[], words: (cause: Cause) => string): string[] {
  if (causes.length === 0) return [];
  const told = causes.slice(0, MOST_TOLD).map((cause) => `${trimmed(words(cause))}, ${times(cause.count)}`);
  return [`${title}: ${told.join('; ')}${causes.length > MOST_TOLD ? '; and others' : ''}.`];
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}

function trimmed(words: string): string {
  return words.replace(/[.!]+$/, '');
}
