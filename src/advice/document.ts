/** Advice as a document of its own: everything that it takes to draw it again. */
import type { BusRecord, TrialLoad } from '../measurement/record.js';
import type { Goal, Goals } from './goals.js';
import type { Advice } from './advise.js';

/** 3: errors caught, and side by side beside an event; which option is `chosen`. 2: decided at the same orders, and followed. */
export const ADVICE_VERSION = 3;

/** What `advise` has found, and from what. Times in ms, shares as ratios. */
export interface AdviceDocument {
  adviceVersion: typeof ADVICE_VERSION;
  /** Nothing of it was measured. */
  state: 'simulated';
  tool: { name: string; version: string };
  command: string[];
  startedAt: string;
  /** `noun`: what a request is about. */
  scenario: { name: string; title: string; noun: string };
  seed: number;
  loads: TrialLoad[];
  /** What was asked for, and which of it by the user. */
  goals: Goals & { asked: Goal[] };
  /** Length of the window of the loads as the scenario says them. */
  window: number;
  /** What the reply gains is simulated for longer, until p95 and p99 are known to so much more or less; null: it is not. */
  until: number | null;
  /** Faults that the scenario has and that are left out, as it writes them; without it there are none. */
  faults?: string[];
  /** What carries the events, where that takes times that are defaults of the tool; without it they take none, or were measured. */
  bus?: BusRecord;
  /** How well the model holds in the record that was given; null when there was none. */
  measured: MeasuredBasis | null;
  advice: Advice;
}

/** A record beside the model. */
export interface MeasuredBasis {
  file: string;
  /** Trials that carry a prediction, and how many of them it holds for. */
  trials: number;
  holds: number;
  /** Largest error of p50, p95 or throughput, percent; null when unknown. */
  errorPercent: number | null;
}
