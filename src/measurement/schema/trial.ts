/** What a record holds of one trial. Times in ms, shares as ratios, moments in ms from the start of the measured window. */
import * as v from 'valibot';
import { base64, byName, bytes, count, described, flag, list, ms, object, oneOf, optional, orNull, perSecond, plainNumber, section, seconds, share, text, variants, type Holds, type Part } from '../../base/described.js';
import { ARCHITECTURES } from '../../scenarios/architectures.js';
import type { TRACED, TracedTrial } from '../traced.js';
import { hostClocks } from './clocks.js';
import { events } from './events.js';
import { faultMark } from './fault.js';
import { load, outcomes } from './load.js';
import { stepResult } from './steps.js';
import { range, times, type Times } from './times.js';

/** What is said of every trial, however it ended. */
export const HEAD = {
  subject: text("The subject's name: an architecture, a variant or a target.", 'hybrid'),
  architecture: text('The same name, as version 1 of the record has it. The arrangement behind it is `base`.', 'hybrid'),
  base: orNull(oneOf(ARCHITECTURES, 'The architecture behind the name; null for a target.')),
  round: count('Which round it belongs to, from 1: a round is every trial once.', 1),
  load: described(load, 'How it was loaded.'),
};
/** What a trial was of: subject, load, round. */
export type TrialHead = Holds<typeof HEAD>;
/** What tells a trial from the others of its run. */
export type TrialKey = Omit<TrialHead, 'subject'>;

const usage = section('Usage', 'How busy a process was within the window.', {
  eventLoop: share('Share of the time that its event loop was busy.', 0.12),
  delayP99: ms('How late it reacts to what happens at any moment, 99th percentile.', 1.8),
  cpu: ms('CPU time, user and system.', 640),
  elapsed: ms('Length of the time observed.', 10_000),
  rss: bytes('Resident memory at the end.', 98_000_000),
  throttling: optional(object('How often it had to wait for its quota of CPU; missing where it has none.', {
    periods: count('Periods of the quota, most often of 100 ms.', 100),
    throttled: count('Periods in which it was used up.', 0),
  })),
  stolen: optional(share("Share of the time of its machine's processors that a hypervisor gave to other machines; missing where it gave none.", 0.04)),
});

const cause = section('Cause', 'One reason for one kind of failure, and how often.', {
  call: oneOf(['publish', 'read', 'acknowledge', 'call', 'answer'], '`publish`, `read`, `acknowledge`: of a bus; `call`: of a service; `answer`: to a request.'),
  of: text('Type of the event that was not taken; the consumer that could not read, or not say that it was done; the step that called; the outcome of the request.', 'payment'),
  reason: text('In the words of whoever said no, without secrets.', 'connect ECONNREFUSED'),
  count: count('How often.', 3),
});

const schedule = section('Schedule', 'How the load generator kept to its schedule, for the measured requests.', {
  late: count('Requests handed to a connection more than 10 ms after their intended start.', 0),
  unsent: count('Requests that were due and for which every connection was taken: booked as `connection`, and never sent.', 0),
  lateness: object('How late requests were handed to a connection; zeros without any.', { p99: ms('99th percentile.', 0.8), max: ms('The latest.', 2.1) }),
});

const validity = section('Validity', 'Whether the numbers can be trusted.', {
  valid: flag('No problem was found.', true),
  problems: list(text('A sentence.', 'The load generator was busy 97% of the time.'), 'What makes the trial invalid, each a sentence.', []),
  notes: list(text('A sentence.', ''), 'Remarks that do not make it invalid, each a sentence.', []),
});
/** Whether a trial counts as measured, and what speaks against it. */
export type Validity = v.InferOutput<typeof validity>;

const PREDICTED = {
  p50: orNull(ms('Median response time; null without any.', 501)),
  p95: orNull(ms('95th percentile of the response times; null without any.', 503)),
  throughput: perSecond('Good answers.', 199),
  failureRate: share('Share of the requests without a good answer.', 0),
  ranges: optional(object('What each of these was between with other draws, and services up to 2 % slower: wide where small differences decide; null where none of these trials had such a figure.', {
    p50: orNull(described(range, 'Of p50, ms.')),
    p95: orNull(described(range, 'Of p95, ms.')),
    throughput: orNull(described(range, 'Of the throughput, 1/s.')),
    failureRate: orNull(described(range, 'Of the failure rate.')),
  })),
};
/** What the model says of a trial. */
export type Predicted = Holds<typeof PREDICTED>;

const prediction = section('Prediction', 'What the simulation says of the same trial.', {
  ...PREDICTED,
  errorPercent: orNull(plainNumber('Largest of the errors of p50, p95 and throughput, measured against predicted, percent; null when unknown.', 1.4)),
  breaks: orNull(text('Why the model does not hold here, as a sentence; null when it does.', 'The load generator was busy 97% of the time.')),
  unexplained: optional(flag('Set when nothing that was seen of the trial tells why.', true)),
});
/** What the simulation says of the trial, and how far the measurement is from it. */
export type Prediction = v.InferOutput<typeof prediction>;

const samples = section('Samples', 'Raw samples, base64 of little-endian arrays: one element for each request sent, in the order sent, warm-up included.', {
  start: base64('Float32: intended start, ms from the start of the window; below 0 exactly for requests of the warm-up.'),
  time: base64('Float32: response time, ms, from the intended start to the end.'),
  outcome: base64('Uint8: position of its outcome among those of `outcomes`, in the order of their list, `ok` being 0.'),
  kind: optional(base64('Uint8: position of its kind of request, where there are several.')),
});
/** The requests of a trial one by one, packed: all summaries can be made of them again. */
export type Samples = v.InferOutput<typeof samples>;

/** Figures of the requests begun in the window, or of some of them. */
const FIGURES = {
  outcomes: described(outcomes, 'How the requests begun in the window ended.'),
  failureRate: share('Requests without a good answer, by those sent; 0 without any.', 0),
  throughput: perSecond('Good answers to the requests begun in the window, by its length.', 95.2),
  responseTime: described(times, 'From the intended start to the last byte, of all that were answered or timed out.'),
  responseTimeOk: described(times, 'The same, of good answers only.'),
  orphaned: count('Told "failed" although a critical step had already taken effect (paid, but no order).', 0),
  failedLater: count('Told "ok", although promised work died or was lost.', 0),
};

/** Only where clients have sent any request again. */
const ATTEMPTS = {
  attempts: optional(count('Times that these requests were sent in all: clients sent some again. Left out where every one was sent once.', 1310)),
  repeatedEffects: optional(orNull(count('Of these requests, those for which critical steps took effect in several attempts: paid twice. Beside `attempts`; null for a target.', 12))),
};

const kindResult = section('KindResult', 'What is told of one kind of request by itself.', {
  ...FIGURES,
  completionTime: orNull(described(times, 'From the intended start to the end of the last work; null where nothing is published.')),
  ...ATTEMPTS,
});
/** One kind of request (a transaction) among those of a trial. */
export type KindResult = v.InferOutput<typeof kindResult>;

const stage = section('StageResult', 'What was seen in one stage of a load that changes.', {
  from: ms('When it begins, from the start of the window.', 0),
  to: ms('When it ends.', 10_000),
  begins: plainNumber('Users, or requests a second, when it begins.', 10),
  target: plainNumber('Users, or requests a second, when it ends.', 200),
  outcomes: described(outcomes, 'Of the requests begun within.'),
  failureRate: share('Of these, those without a good answer.', 0),
  responseTime: described(times, 'Of these.'),
  throughput: perSecond('Of these, those with a good answer, by the length of the stage.', 95.2),
  backlog: orNull(object("By the points of the trial's curve; null where nothing is published.", { peak: count('The most events waiting.', 93), end: count('Events waiting when it ends.', 93) })),
});
/** One stage of a load that moves. */
export type StageResult = v.InferOutput<typeof stage>;

const calibration = object('One request with nothing else going on; null when it got no good answer. Of the first trial of a subject.', {
  measured: ms('Its response time.', 1052),
  ideal: ms('What it should take by the draws of its services.', 1050),
});
/** One request with nothing else going on, beside what it should take: the difference is what the machine adds. */
export type Calibration = v.InferOutput<typeof calibration>;

const MEASURED = {
  ...HEAD,
  state: oneOf(['measured', 'simulated'], 'Measured by real processes, or predicted in virtual time.'),
  window: object('The time that was measured.', {
    startedAt: text('When it began (ISO 8601).', '2026-03-01T09:00:02.000Z'),
    seconds: seconds('Its length.', 10),
    warmupSeconds: seconds('Time of load before it.', 2.1),
  }),
  ...FIGURES,
  kinds: optional(byName(kindResult, 'The same of each kind of request, by name, where there are several.')),
  stages: optional(list(stage, 'The same of each stage, of a load that has some.')),
  ideal: orNull(object('Response time with nothing waiting, from the draws of the first 10,000 requests: the same for every run of a seed. Null for a target, whose parts nobody knows.', {
    mean: ms('Arithmetic mean.', 1050), p50: ms('Median.', 1050), p95: ms('95th percentile.', 1050),
  })),
  calibration: optional(orNull(calibration)),
  ...ATTEMPTS,
  server: object('What the server itself counted: `received` + `unreached` + `uncounted` is `outcomes.sent`, or `attempts` where there are any, or the trial is invalid.', {
    received: orNull(count('Requests of the window that it has received, each attempt by itself; null when it does not tell.', 952)),
    unreached: count('Sent on no connection: no server can have seen them.', 0),
    uncounted: optional(count('Sent to a server that was killed before it had counted them; left out where none was killed.', 3)),
  }),
  faults: optional(list(faultMark, 'What went wrong with processes on purpose.')),
  causes: optional(list(cause, 'Why things failed, in all processes, the most frequent of each kind: what the bus refused in the whole trial; calls and answers of measured requests. Left out without any; of live trials.')),
  p95Interval: optional(orNull(object('What p95 lies within with 95 % confidence; null when there are too few requests to tell. Of live trials.', { low: ms('From.', 1054.2), high: ms('To.', 1060.8) }))),
  timeToFirstByte: optional(described(times, 'Of a target: from the intended start to the first byte, of all that were answered.')),
  retried: optional(count('Of a target: requests that were sent again because the server had closed their connection for being idle.', 0)),
  schedule: optional(described(schedule, 'How the generator kept to its schedule.')),
  steps: byName(stepResult, 'Each step and consumer, by name; none of a target.'),
  events: orNull(described(events, 'What became of the events; null where nothing is published.')),
  processes: byName(usage, 'How busy each process of the trial was: `load`, `server`, `services`, `consumers`.'),
  clocks: optional(described(hostClocks, 'How well clocks are known; of a trial whose processes were on hosts of their own.')),
  validity: described(validity, 'Whether the numbers are those of the subject, or of the machine and the bookkeeping.'),
  predicted: optional(described(prediction, 'What the simulation says beside what was measured.')),
  samples: described(samples, 'Every request, to fold any figure anew.'),
};
const measuredTrial = v.pipe(v.object(MEASURED), v.title('MeasuredTrial'), v.description('A trial with numbers.'));

/** A trial with numbers. */
export type MeasuredTrial = Holds<typeof MEASURED> & {
  /** Of one kind shown by itself, in no record: see `kind-trials.ts`. */
  completionTime?: Times;
  /** For its spans; see TRACED. */
  [TRACED]?: TracedTrial;
};

const UNMEASURED = {
  ...HEAD,
  state: oneOf(['errored', 'aborted'], 'Something broke, or it was ended or never begun.'),
  hopeless: optional(text('The threshold that ended it, as written; only of one that said `abort`.', 'sync: failure_rate < 50% abort')),
  message: text('Why there are no numbers.', 'The server process was killed by SIGKILL'),
};
const unmeasuredTrial = v.pipe(v.object(UNMEASURED), v.title('UnmeasuredTrial'), v.description('A trial without numbers.'));
/** A trial without figures: it failed, or was not reached. */
export type UnmeasuredTrial = Holds<typeof UNMEASURED>;

/** A union by state: a statistic cannot be read from a trial that failed. */
export type Trial = MeasuredTrial | UnmeasuredTrial;

export const trial: Part<Trial> = variants<Trial>('state', [measuredTrial, unmeasuredTrial]);
