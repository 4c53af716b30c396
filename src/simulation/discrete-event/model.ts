/** What a simulation is asked: one trial, with everything it needs. */
import type { BusSettings } from '../../events/settings.js';
import type { MachineTimes, TrialKey } from '../../measurement/record.js';
import type { ClientRetries } from '../../scenarios/load.js';
import type { Subject } from '../../scenarios/subject.js';

/** One trial to simulate; what is planned for the live run will do as it is. Times in ms. */
export interface TrialInput extends TrialKey {
  subject: Subject;
  seed: number;
  /** Time before the measured window, and its length. */
  warmup: number;
  duration: number;
  /** Longest wait for the event backlog once all requests are answered. */
  drain: number;
  /** Client timeout of one attempt. */
  timeout: number;
  /** How clients send a request again that has failed; without it they do not. */
  retries?: ClientRetries;
  /** Time over which users are let in. */
  entry: number;
  /** Pause of a user between answer and next request. */
  think: number;
  /** How events travel; without it, within the server's process. */
  bus?: BusSettings;
  /** What a machine adds to requests, calls and publishes; without it, and where it has none, that is nothing. What it adds to a publish, and to the way of an event, takes the place of `bus.times`. */
  machine?: MachineTimes;
  /** Time from the order to start a killed process until it serves, in place of `RESTART_MS`. */
  restart?: number;
  /** Time of the server's own for each request in place of that of the subject; see `handlingOf`. */
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
  /** A service that could not tell ahead is done with one: a call. */
  served: 0,
  /** The answer to a call comes to its caller: a call. */
  answer: 1,
  /** A call waits no longer for its answer. */
  callTimeout: 2,
  /** A call is tried again after its backoff. */
  retry: 3,
  /** A delivery comes to its consumer, for the first time or again after it failed: a delivery. */
  handedOver: 4,
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
  /** The rate limit of its caller lets a call go: a call. */
  paced: 12,
  /** What a consumer will do beyond the end of the window: it begins with a delivery, and ends: a delivery. */
  deliveryBegins: 13,
  deliveryEnds: 14,
  /** The bus has taken a message of a business event: a request and its task, see `FlowOrder`; or a submission: a request. */
  published: 15,
  submitted: 16,
  /** The bus has taken a message that a consumer published: the delivery that it worked on. */
  taken: 17,
  /** A delivery that was held back on purpose goes on: a delivery. */
  resumed: 18,
  /** Another delivery has started, for which one was held back; work on one ends as soon as it began; one is dropped: a delivery. */
  released: 19,
  endedAtOnce: 20,
  dropped: 21,
  /** A delivery is due, some time after its message was published: a delivery. */
  due: 22,
  /** The deadline of a request comes that waits for consumers: a request. */
  deadline: 23,
  /** The first of those that wait for a batch has waited for long enough: see `BatchWatches`. */
  batchWatch: 24,
  /** A process is stopped or killed, and goes on: position of the downtime. */
  down: 25,
  up: 26,
  /** The server goes on, and reads a request that came meanwhile: a request. */
  read: 27,
  /** Workers are up that were started; it is time to look whether there are too many: see `Scalers`. */
  workersUp: 28,
  workersLook: 29,
  /** The time of a group of steps is over: see `Quorums`. */
  groupOver: 30,
  /** A client sends a request again: a request, the row of its next attempt. */
  again: 31,
  /** The server hears from a consumer over the bus that a delivery is done which a reply waits for: a request. */
  told: 32,
  /** A delivery that comes twice on purpose is handled a second time: a delivery. */
  repeated: 33,
} as const;

/**
 * Time of the server's own for each request, ms. It adds nothing to a reply that waits for services longer than that;
 * without it, an answer that waits for nothing would take no time, and a closed loop of users would run for ever without
 * time passing.
 */
export function handlingOf({ subject, handling }: Pick<TrialInput, 'subject' | 'handling'>): number {
  return handling ?? subject.server.work;
}
