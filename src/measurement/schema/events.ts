/** What a record holds of events: their account, their backlog, and when orders were really done. */
import type * as v from 'valibot';
import { base64, byName, bytes, count, described, list, ms, object, optional, orNull, perSecond, plainNumber, seconds, section, text } from '../../base/described.js';
import { times } from './times.js';

const LEDGER = {
  attempted: count('Publishes begun.', 490),
  acknowledged: count('Publishes that the bus has acknowledged: `processed` + `deadLettered` + `pending` + `lost`.', 490),
  processed: count('Acknowledged, and done by every consumer.', 411),
  lost: count('Acknowledged, and never processed although nothing waits any more.', 0),
  duplicated: count('Processed more than once by a consumer.', 0),
  unexpected: count('Processed, and never attempted.', 0),
  recovered: count('Not acknowledged, and processed all the same.', 0),
  deadLettered: count('Given up after the last delivery.', 0),
  outOfOrder: count('Started after a later event of the same subject.', 0),
  pending: count('Still waiting or in progress when the drain ended: not lost, not done.', 79),
  appliedTwice: count('Whose effect took place more than once.', 0),
};
const ledger = object("Jepsen's total-queue words, for the events of measured requests. One event stands for its worst delivery.", LEDGER);
/** What became of the events of a trial, in the words of a total queue (Jepsen): lost, duplicated, recovered and the rest. */
export type LedgerCounts = v.InferOutput<typeof ledger>;

const backlog = section('BacklogResult', 'Events acknowledged, due and not yet processed.', {
  peak: count('The most at any moment of the window.', 93),
  end: count('At the end of the window.', 93),
  slopePerSecond: perSecond('Growth within the window (least squares).', 30.3),
  drainSeconds: orNull(seconds('Time from the end of the window until nothing waits: measured, or predicted from the rate of processing; null: never.', 2.6)),
  series: object('How many waited, for drawing.', {
    at: list(ms('Moment within the window.', 0), 'Moments, ms from the start of the window.', [0, 500, 1000]),
    waiting: list(count('Events that wait.', 0), 'Events that wait at each of them.', [0, 14, 31]),
  }),
});
/** How many events waited: at most, at the end of the window, how fast that grew, and how long it took to drain. */
export type BacklogResult = v.InferOutput<typeof backlog>;

const ofStretch = orNull(ms('Lag.', 1.3));
const lagSeries = section('LagSeries', 'Lags of the events published in each stretch of the window. Of a stretch without any, nothing is known: null.', {
  at: list(ms('Middle of a stretch.', 20), 'Middles of the stretches, ms from the start of the window.', [20, 60, 100]),
  median: list(ofStretch, 'Half of the events started within it, ms; below 0: not started yet, and that old at the end of the trial.', [1.3, 1.2, null]),
  longest: list(ofStretch, 'The longest, of the same kind.', [2.9, 3.1, null]),
});
/** Event lag over the window, in sections. */
export type LagSeries = v.InferOutput<typeof lagSeries>;

const consumer = section('ConsumerResult', "One consumer's own account.", {
  ...LEDGER,
  service: text('The service called for each message; of a consumer that makes several calls its own name.', 'email'),
  workers: orNull(count('Messages worked on at once; null without a limit.', 20)),
  scaled: optional(object('Its workers, where they scale, within the window; left out where they do not.', {
    most: count('How many there were at once, those that were starting among them; `workers` is how many there may be.', 14),
    mostAt: ms('Since when there were, from the start of the window.', 3200),
    mean: plainNumber('How many there were on average.', 6.2),
    coldStarts: count('Workers that something had waited for when they had started.', 9),
  })),
  lag: described(times, 'From the publish, or the moment at which a delayed one is due, to the first start.'),
  lagSeries: optional(described(lagSeries, 'How the lag went; not of simulated trials.')),
  backlog: described(backlog, 'What waits for it.'),
  arrivalRate: perSecond('Messages that arrived in the window.', 80),
  processingRate: perSecond('Messages that it was done with in the window.', 49),
});
/** What one consumer did with its events. */
export type ConsumerResult = v.InferOutput<typeof consumer>;

const event = section('EventResult', 'The account of one event by itself, whoever hears it.', {
  type: text('CloudEvents type.', 'payment.captured'),
  ...LEDGER,
  lag: described(times, 'From publish to start of processing, by its last consumer to start.'),
  backlog: described(backlog, 'Of all its consumers.'),
});
/** What became of one of several events of a request. */
export type EventResult = v.InferOutput<typeof event>;

const publishing = section('PublishingResult', 'What publishing took of an order; what consumers reply to the server is not in it.', {
  messagesPerOrder: plainNumber('Messages published for one order, on average.', 1),
  bytesPerOrder: bytes('Length of these as JSON, on average.', 286),
  largestBytes: bytes('Length of the largest.', 286),
  latency: described(times, 'From the publish of an event to its acknowledgement.'),
});
/** What publishing took, and how often it failed. */
export type PublishingResult = v.InferOutput<typeof publishing>;

export const events = section('EventsResult', 'What became of the events of the measured requests.', {
  ...LEDGER,
  publishing: optional(described(publishing, 'What publishing took; of live trials.')),
  gaps: optional(count('Messages that a consumer never got although it got a later one of the same order; of live trials.', 0)),
  lag: described(times, "From publish to start of processing, of each event's last consumer to start."),
  completionTime: described(times, 'From the intended start of the request to the end of its last step, wherever that ran.'),
  staleness: optional(described(times, 'From the reply to the end of the last step, of good answers: how long the caller could read what was true before. Of simulated trials.')),
  backlog: described(backlog, 'Of all consumers: an event waits until the last is done.'),
  consumers: byName(consumer, 'Each consumer, by name.'),
  byEvent: optional(byName(event, 'Each event by name, those that consumers publish for each other included; where a transaction has several.')),
  samples: optional(object('Raw times: base64 of little-endian Float32, ms. Below 0: not started, not finished; its magnitude is the age at the end of the trial.', {
    lag: base64('Event lags.'),
    completion: base64('Completion times.'),
  })),
});
/** The event side of a trial: the books of its events, their lag, completion times and backlog. */
export type EventsResult = v.InferOutput<typeof events>;
