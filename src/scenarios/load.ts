/** The load of a scenario: users or rates, stages in which they change, and how long all is measured. */
import { formatDuration, parseDuration } from '../base/units.js';

/** One phase of a staged load: users (closed) or rate (open) move linearly to `target` over `duration` ms. */
export interface Stage {
  duration: number;
  target: number;
}

/** A load that changes: it begins at a level, users or requests per second, and moves through the stages. */
export interface Ramp {
  from: number;
  stages: readonly Stage[];
}

/** How the requests of the open model are spaced: evenly, or with exponential gaps. */
export const ARRIVALS = ['even', 'poisson'] as const;
export type ArrivalKind = (typeof ARRIVALS)[number];

/** Ends of an attempt after which a client may send its request again. */
export const RETRIED_ENDS = ['timeout', 'http5xx', 'http4xx', 'connection', 'hangup'] as const;

/** How a client whose request has failed sends it again: a user who presses the button once more. */
export interface ClientRetries {
  /** Times it is sent at most, the first included. */
  attempts: number;
  /** Wait before the second attempt, ms; doubles with each further one. */
  backoff: number;
  /** How an attempt must have ended. */
  on: (typeof RETRIED_ENDS)[number][];
}

/** The load and its limits. Trials are made of `users` when given, else of `rates`; with `stages`, those are where they begin. */
export interface Load {
  /** Closed model: one trial for each number of users. */
  users: number[];
  /** Open model: one trial for each rate, requests per second. */
  rates: number[];
  arrivals: ArrivalKind;
  /** When there are any, they make the measured window; without users and rates it begins with no user. */
  stages: Stage[];
  /** A pause of each user between answer and next request, ms. */
  think: number;
  /** Measured window, ms. */
  duration: number;
  /** The window goes on until p95 is known to so much more or less, as a share of itself; null: not asked for. */
  until: number | null;
  /** Longest window when it goes on, ms. */
  maxDuration: number;
  /** Time before the window, not measured, ms. `auto`: long enough for the users to be let in and the queues to fill. */
  warmup: number | 'auto';
  /** Client timeout, of each attempt, ms. */
  timeout: number;
  /** The client sends a request again that has failed. Only where the file says it. */
  retries?: ClientRetries;
  /** Longest wait for the event backlog after the window, ms. */
  drain: number;
  /** Times every trial is run. */
  rounds: number;
}

/** Highest level. */
const MOST = 1_000_000;

/** The stage that a text stands for: `30s:200` moves to 200 users, or requests per second, within 30 s. Undefined when it is none. */
export function parseStage(text: string): Stage | undefined {
  const match = /^([^:]+):(\d{1,7}(?:\.\d{1,6})?)$/.exec(text.trim());
  const duration = parseDuration(match?.[1] ?? '');
  const target = Number(match?.[2]);
  return duration !== undefined && target <= MOST ? { duration, target } : undefined;
}

/** The text of a stage. */
export function formatStage({ duration, target }: Stage): string {
  return `${formatDuration(duration)}:${target}`;
}

/** The highest level of a ramp. */
export function peakOf({ from, stages }: Ramp): number {
  return Math.max(from, ...stages.map(({ target }) => target));
}

/** The level of a ramp on average over its time. */
export function meanOf({ from, stages }: Ramp): number {
  const areas = stages.map(({ duration, target }, i) => (((stages[i - 1]?.target ?? from) + target) / 2) * duration);
  return areas.reduce((sum, area) => sum + area, 0) / lengthOf(stages);
}

/** Time that stages take, ms. */
export function lengthOf(stages: readonly Stage[]): number {
  return stages.reduce((sum, { duration }) => sum + duration, 0);
}
