/**
 * The record of a run, schemaVersion 1: everything needed to report and judge it again. Times in ms, shares as ratios,
 * moments in ms from the start of the trial's measured window, unless said otherwise.
 */
import type { BusName } from '../events/buses.js';
import type { PublishMode } from '../events/descriptor.js';
import type { Scenario } from '../scenarios/scenario.js';
import type { Hop } from '../services/services.js';
import type { Comparison, PairedRun } from './comparison.js';
import type { Finding } from './finding.js';
import type { Trial, TrialHead, TrialLoad } from './trial-record.js';

export type { Finding };

export type * from './trial-record.js';

export const SCHEMA_VERSION = 1;

/** One threshold and what came of it. */
export interface Check {
  expression: string;
  /** One line for each load it was judged at. */
  state: 'pass' | 'fail' | 'unknown';
  level: 'error' | 'warn';
  /** What was found, in words, with the load. */
  detail: string;
  observed: number | null;
}


export interface Environment {
  node: string;
  os: string;
  arch: string;
  cpu: string;
  cores: number;
  memoryBytes: number;
  ci: string | null;
}

/**
 * What a machine, and a bus on it, add when nothing waits for anything: measured before the first trial, and part of every
 * prediction of the run. Sorted times, ms; none where there was nothing to measure.
 */
export interface MachineTimes {
  /** To a request: from the client to the server and back, the server's own work included. */
  reply: number[];
  /** To a call: from its caller to the service and back, and what the service's timer is late. */
  call: number[];
  /** A publish, until the bus has taken the event. */
  publish: number[];
}

/** What a load must stay within to be carried. */
export type CapacityLimit = 'p95' | 'failureRate' | 'backlogGrowth' | 'throughput';

/** One load of a search, tried once. */
export interface CapacityProbe {
  load: TrialLoad;
  /** The trial of this load and subject with this round. */
  round: number;
  /** The limit that was passed; null when it was carried, or when nobody knows. */
  passed: CapacityLimit | null;
  /** Whether the trial could tell: no, when it is not valid, or has too few answers. */
  known: boolean;
  /** Why it could not tell, as a sentence; left out where it could. */
  reason?: string;
}

/** The most that a subject carries within limits. */
export interface CapacityAnswer {
  architecture: string;
  /** `closed`: users; `open`: requests per second. */
  model: TrialLoad['model'];
  /** Highest level carried; 0 when not even one was. */
  most: number;
  /** Good answers a second at that level; null when none was carried, or in a record that is older than the field. */
  perSecond?: number | null;
  /** Lowest level not carried; null when none is known. */
  beyond: number | null;
  /**
   * Why it ends there: a limit; as far as was asked; the machine, which had no time left; trials that could not tell for
   * another reason; by Ctrl-C.
   */
  end: 'limit' | 'asked' | 'machine' | 'unknown' | 'interrupted';
  /** What the trials beyond had, as a sentence, where these ended it. */
  reason?: string;
  /** The limit passed beyond. */
  limit: CapacityLimit | null;
  /** Step or consumer whose service limits it; null when it is not known. */
  step: string | null;
  /** Users from which more of them only wait longer: most good answers per second times the unloaded time of one. */
  knee: number | null;
  /** p95 with nothing waiting, ms. */
  unloaded: number;
  limits: { p95: number; failureRate: number; backlogGrowth: number };
  /** In the order tried. */
  probes: CapacityProbe[];
}

/** One subject at a rate that all subjects get: the other half of what a closed loop says. Simulated. */
export interface SameOrdersRow {
  /** Orders a second; they come independently of each other (Poisson). */
  rate: number;
  /** The closed load that the rate is taken from. */
  load: TrialLoad;
  /** What the chain of requests carried of it, or what its users would order if nothing made them wait. */
  from: 'carried' | 'users';
  architecture: string;
  /** Response times, ms; null without any. */
  p50: number | null;
  p95: number | null;
  /** Whether some timed out: then the times are at least those. */
  isLonger: boolean;
  failureRate: number;
  /** Good answers a second. */
  throughput: number;
  publishes: boolean;
  /** The backlog that grows fastest: events a second, the workers there are, and those that would keep up; null: none grows. */
  backlog: { consumer: string; slope: number; workers: number | null; workersNeeded: number | null } | null;
}

/** What the model says of a subject at one load, beside and between those that were measured. */
export interface CurvePoint {
  architecture: string;
  load: TrialLoad;
  /** Response times, ms; null without any. */
  p50: number | null;
  p95: number | null;
  failureRate: number;
  /** Requests sent a second. */
  orders: number;
}

/** One planned trial. */
export interface PlannedTrial extends TrialHead {
  warmup: number;
  duration: number;
  drain: number;
  timeout: number;
}

/** What carried the events. */
export interface BusRecord {
  name: BusName;
  publish: PublishMode;
  /** Started for the trial and removed afterwards; false: the user's own. Null where there is no broker to start. */
  private: boolean | null;
  /** The database that a relay takes the events from; without it a file, where there is a relay. */
  outbox?: BusName;
}

export type Verdict = 'pass' | 'fail' | 'unknown';

/** One run. */
export interface RunRecord {
  schemaVersion: typeof SCHEMA_VERSION;
  tool: { name: string; version: string };
  command: string[];
  startedAt: string;
  environment: Environment;
  scenario: Scenario;
  /**
   * Without `bus`, nothing that was measured publishes events. `hop`: how calls got to the simulated services; without
   * it over `http`, as in every record that is older than the field.
   */
  plan: { trials: PlannedTrial[]; estimatedSeconds: number; bus?: BusRecord; hop?: Hop };
  seed: number;
  /** Without it the predictions know no machine: nothing was measured, or the record is older than the field. */
  machine?: MachineTimes;
  /** Another program that made the load, on so many machines or processes; without it, this one did. */
  generator?: { engine: string; workers: number };
  trials: Trial[];
  comparisons: Comparison[];
  /** The predicted curve of each subject over the loads, ascending; left out where there is none. */
  curves?: CurvePoint[];
  /** All subjects at the same orders, where users made them take different numbers; left out where they did not. */
  sameOrders?: SameOrdersRow[];
  /** The blocks behind paired comparisons, to judge them again. */
  paired?: PairedRun[];
  /** What `capacity` has found; the trials are its probes. */
  capacity?: CapacityAnswer[];
  checks: Check[];
  advice: Finding[];
  verdict: Verdict;
}
