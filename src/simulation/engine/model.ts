/** What a simulation is asked: one trial, with everything it needs. */
import type { TrialHead } from '../../measurement/record.js';
import type { Subject } from '../../scenarios/subject.js';

/** One trial to simulate; what is planned for the live run will do as it is. Times in ms. */
export interface TrialInput extends TrialHead {
  subject: Subject;
  seed: number;
  /** Time before the measured window, and its length. */
  warmup: number;
  duration: number;
  /** Longest wait for the event backlog once all requests are answered. */
  drain: number;
  /** Client timeout of one request. */
  timeout: number;
  /** Time over which users are let in. */
  entry: number;
  /** Pause of a user between answer and next request. */
  think: number;
  /** Time of the server's own for each request, one after another; see `handlingOf`. */
  handling?: number;
}

/** Moments of a trial on the virtual clock, which begins with the warm-up. */
export interface VirtualWindow {
  startAt: number;
  endAt: number;
  /** The trial is over by then, whatever is still under way. */
  overBy: number;
}

/** What happens in the virtual world; each to a row of the table named. */
export const EVENT = {
  /** A service that drops calls is done with one: a call. */
  served: 0,
  /** The answer to a call comes to its caller: a call. */
  answer: 1,
  /** A call waits no longer for its answer. */
  callTimeout: 2,
  /** A call is tried again after its backoff. */
  retry: 3,
  /** A delivery that failed is queued again: a delivery. */
  redelivery: 4,
  /** A consumer takes up what waits for it: position of the consumer. */
  delivery: 5,
  /** The reply comes to the client: a request. */
  reply: 6,
  /** A client waits no longer for the reply: a request. */
  clientTimeout: 7,
  /** A user has thought: a user. */
  ready: 8,
  /** The next user enters, or the next request of the schedule starts. */
  arrival: 9,
  /** The measured window is over. */
  windowEnd: 10,
  /** The server takes up a request: a request. */
  request: 11,
} as const;

/** CPU time of a small Express server for one request, ms. */
const HANDLING_MS = 0.15;
/** Requests in flight, or per second, that one server process is given. */
const USERS_PER_PROCESS = 1000;
const RATE_PER_PROCESS = 2000;

/**
 * Time of the server's own for each request, ms: a process takes about 0.15 ms, and there are as many as such a load
 * would be given. It adds nothing to a reply that waits for services longer than that; without it, an answer that waits
 * for nothing would take no time, and a closed loop of users would run for ever without time passing.
 */
export function handlingOf({ load, handling }: Pick<TrialInput, 'load' | 'handling'>): number {
  if (handling !== undefined) return handling;
  const processes = load.model === 'closed' ? load.users / USERS_PER_PROCESS : load.rate / RATE_PER_PROCESS;
  return HANDLING_MS / Math.max(1, Math.ceil(processes));
}
