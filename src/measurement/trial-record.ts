/** What a record holds of one trial. Times in ms, shares as ratios, moments in ms from the start of the measured window. */
import type { Cause } from '../base/causes.js';
import type { Outcome, Schedule } from '../load/load.js';
import type { HostClocks } from './clock-bounds.js';
import type { LagSeries } from './lag-record.js';
import type { Usage } from '../processes/usage.js';
import type { FaultProcess, ProcessFault } from '../scenarios/fault.js';
import type { Architecture } from '../scenarios/architectures.js';
import type { ArrivalKind, Ramp } from '../scenarios/scenario.js';
import type { TRACED, TracedTrial } from './traced.js';

/** Distribution of times, ms. Percentiles are order statistics (nearest rank) and null when `count` is 0. */
export interface Times {
  count: number;
  mean: number | null;
  min: number | null;
  p50: number | null;
  p75: number | null;
  p90: number | null;
  p95: number | null;
  p99: number | null;
  p999: number | null;
  max: number | null;
  /** Values that are only known to be at least this long (still waiting, timed out). */
  censored: number;
}

/** Requests sent in the window, each in exactly one outcome. */
export type Outcomes = { sent: number } & Record<Outcome, number>;

/** One step or consumer: the caller's counts and the service's times (measured requests only). */
export interface StepResult {
  service: string;
  /** Calls made, retries included, and how the step's runs ended. */
  calls: number;
  ok: number;
  failed: number;
  timeouts: number;
  errors: number;
  rejected: number;
  connection: number;
  shortCircuited: number;
  /** Calls refused with 429; only where there were any, as the next four. */
  limited?: number;
  /** Calls held back by the step's own rate, and for how long together, ms. */
  paced?: number;
  pacedTime?: number;
  /** Calls that waited for a connection of a pool shared with other steps, and for how long together, ms. */
  pooled?: number;
  pooledTime?: number;
  budgetExhausted: number;
  breakerOpened: number;
  /** Share of the service's workers that were busy in the window; null without a limit. */
  utilisation: number | null;
  workers: number | null;
  peakInProgress: number;
  peakConnections: number;
  /** Waiting for a worker of the service. */
  queueTime: Times;
  serviceTime: Times;
}

/** Jepsen's total-queue words, for the events of measured requests. One event stands for its worst delivery. */
export interface LedgerCounts {
  /** Publishes begun. */
  attempted: number;
  /** Publishes the bus has acknowledged. */
  acknowledged: number;
  /** Acknowledged, and done by every consumer. */
  processed: number;
  /** Acknowledged, and never processed although nothing waits any more. */
  lost: number;
  /** Processed more than once by a consumer. */
  duplicated: number;
  /** Processed, never attempted. */
  unexpected: number;
  /** Not acknowledged, yet processed. */
  recovered: number;
  /** Given up after the last delivery. */
  deadLettered: number;
  /** Started after a later event of the same subject. */
  outOfOrder: number;
  /** Still waiting or in progress when the drain ended. */
  pending: number;
  /** Whose effect took place more than once. */
  appliedTwice: number;
}

/** Events acknowledged and not yet processed. */
export interface BacklogResult {
  peak: number;
  /** At the end of the window. */
  end: number;
  /** Growth within the window, events per second (least squares). */
  slopePerSecond: number;
  /** Time from the end of the window until nothing waits: measured, or predicted from the rate of processing; null: never. */
  drainSeconds: number | null;
  /** Count at even moments, for drawing. */
  series: { at: number[]; waiting: number[] };
}

/** One consumer's own account. */
export interface ConsumerResult extends LedgerCounts {
  service: string;
  workers: number | null;
  lag: Times;
  /** How the lag went; not of simulated trials. */
  lagSeries?: LagSeries;
  backlog: BacklogResult;
  /** Messages that arrived and were processed per second, in the window. */
  arrivalRate: number;
  processingRate: number;
}

/** What publishing took of an order; what consumers reply to the server is not in it. */
export interface PublishingResult {
  messagesPerOrder: number;
  /** Of events as JSON. */
  bytesPerOrder: number;
  largestBytes: number;
  /** From the publish of an event to its acknowledgement. */
  latency: Times;
}

export interface EventsResult extends LedgerCounts {
  /** Of live trials. */
  publishing?: PublishingResult;
  /** Messages that a consumer never got although it got a later one of the same order. Of live trials. */
  gaps?: number;
  /** From publish to start of processing, of each event's last consumer to start. */
  lag: Times;
  /** From the intended start of the request to the end of its last step, wherever that ran. */
  completionTime: Times;
  /** From the reply to the end of the last step, of good answers: how long the caller could read what was true before. Of simulated trials. */
  staleness?: Times;
  backlog: BacklogResult;
  consumers: Record<string, ConsumerResult>;
  /**
   * Base64 of little-endian Float32: event lags and completion times, ms. Below 0: not started, not finished; its
   * magnitude is the age at the end of the trial.
   */
  samples?: { lag: string; completion: string };
}

/** Whether the numbers can be trusted; each problem is a sentence. */
export interface Validity {
  valid: boolean;
  problems: string[];
  /** Remarks that do not make the trial invalid. */
  notes: string[];
}

/** Where something lies. */
export interface Range {
  low: number;
  high: number;
}

/** What the model says of a trial. */
export interface Predicted {
  p50: number | null;
  p95: number | null;
  throughput: number;
  failureRate: number;
  /**
   * What each of these was between with other draws, and services up to 2 % slower: wide where small differences decide.
   * Missing in a record that is older than it; null where none of these trials had such a figure.
   */
  ranges?: Record<'p50' | 'p95' | 'throughput' | 'failureRate', Range | null>;
}

/** What the model says beside what was measured. */
export interface Prediction extends Predicted {
  /** Largest of the errors of p50, p95 and throughput, measured against predicted, percent; null when unknown. */
  errorPercent: number | null;
  /** Why the model does not hold here; null when it does. */
  breaks: string | null;
  /** Set when nothing that was seen of the trial tells why. */
  unexplained?: boolean;
}

/** A fault of a process as it really happened; moments are ms from the start of the window. */
export interface FaultMark {
  /** As it was asked for: `crash server at 3s for 500ms`. */
  fault: string;
  kind: ProcessFault['kind'];
  process: FaultProcess;
  at: number;
  /** When the process was back; null when it was not. */
  until: number | null;
}

/** How a trial was loaded. With a ramp, `users` and `rate` are its highest level; arrivals are even when nothing is said. */
export type TrialLoad =
  | { model: 'closed'; users: number; ramp?: Ramp }
  | { model: 'open'; rate: number; arrivals?: ArrivalKind; ramp?: Ramp };

/** What is said of every trial, however it ended. */
export interface TrialHead {
  /** The subject's name: an architecture, a variant or a target. */
  architecture: string;
  /** The architecture behind the name; null for a target. */
  base: Architecture | null;
  round: number;
  load: TrialLoad;
}

/** Raw samples, base64 of little-endian arrays: one element per request sent, warm-up included. */
export interface Samples {
  /** Float32: intended start, ms from the start of the window; negative while warming up. */
  start: string;
  /** Float32: response time, ms. */
  time: string;
  /** Uint8: position in OUTCOMES. */
  outcome: string;
  /** Uint8: position of its kind of request, where there are several. */
  kind?: string;
}

/** What is told of one kind of request by itself. */
export type KindResult = Pick<
  MeasuredTrial,
  'outcomes' | 'failureRate' | 'throughput' | 'responseTime' | 'responseTimeOk' | 'orphaned' | 'failedLater'
> & {
  /** From the intended start to the end of the last work; null where nothing is published. */
  completionTime: Times | null;
};

/** What was seen in one stage of a load that changes. Moments are ms from the start of the window. */
export interface StageResult {
  from: number;
  to: number;
  /** Users, or requests per second, when it begins and when it ends. */
  begins: number;
  target: number;
  /** Of the requests that began within; `throughput` counts those of them that got a good answer, per second. */
  outcomes: Outcomes;
  failureRate: number;
  responseTime: Times;
  throughput: number;
  /** By the points of the trial's curve; null where nothing is published. */
  backlog: { peak: number; end: number } | null;
}

/** One request with nothing else going on, and what it should take by the draws of its services, ms. */
export interface Calibration {
  measured: number;
  ideal: number;
}

export interface MeasuredTrial extends TrialHead {
  state: 'measured' | 'simulated';
  window: { startedAt: string; seconds: number; warmupSeconds: number };
  outcomes: Outcomes;
  failureRate: number;
  /** The same of each kind of request, where there are several. */
  kinds?: Record<string, KindResult>;
  /** The same of each stage, of a load that has some; none of a trial whose samples are not kept. */
  stages?: StageResult[];
  /** Of one kind shown by itself, in no record: see `kind-trials.ts`. */
  completionTime?: Times;
  /** Good answers to the requests begun in the window, per second of it: `outcomes.ok` by its length. */
  throughput: number;
  /** All answered or timed out. */
  responseTime: Times;
  /** Good answers only. */
  responseTimeOk: Times;
  /**
   * Response time with nothing waiting, from the draws of the first 10,000 requests: the same for every run of a seed.
   * Null for a target, whose parts nobody knows.
   */
  ideal: { mean: number; p50: number; p95: number } | null;
  /** Of the first trial of a subject: null when no unloaded request got a good answer. */
  calibration?: Calibration | null;
  server: {
    /** Counted by the server itself; null when it does not tell. */
    received: number | null;
    /** Sent on no connection: no server can have seen them. */
    unreached: number;
    /** Sent to a server that was killed before it had counted them; only where one was killed. */
    uncounted?: number;
  };
  /** What went wrong with processes on purpose. */
  faults?: FaultMark[];
  /**
   * Why things failed, in all processes, the most frequent of each kind: what the bus refused in the whole trial; calls and answers
   * of measured requests. None when left out. Of live trials.
   */
  causes?: Cause[];
  /** What p95 lies within with 95 % confidence, ms; null when there are too few requests to tell. Only of live trials. */
  p95Interval?: { low: number; high: number } | null;
  /** Of a server of one's own: from the intended start to the first byte, of all that were answered. */
  timeToFirstByte?: Times;
  /** Requests that were sent again because the server had closed their connection for being idle; of a server of one's own. */
  retried?: number;
  /** How the generator kept to its schedule. */
  schedule?: Schedule;
  /** Told "failed" although a critical step had already taken effect. */
  orphaned: number;
  /** Told "ok", but promised work died or was lost. */
  failedLater: number;
  steps: Record<string, StepResult>;
  events: EventsResult | null;
  processes: Record<string, Usage>;
  /** How well clocks are known, where there were several: of a trial whose processes were on hosts of their own. */
  clocks?: HostClocks;
  validity: Validity;
  predicted?: Prediction;
  samples: Samples;
  /** For its spans; see TRACED. */
  [TRACED]?: TracedTrial;
}

export interface UnmeasuredTrial extends TrialHead {
  state: 'errored' | 'aborted';
  /** The threshold that ended it, as written; only of one that said `abort`. */
  hopeless?: string;
  message: string;
}

/** A union by state: a statistic cannot be read from a trial that failed. */
export type Trial = MeasuredTrial | UnmeasuredTrial;
