/** The types of the record of a run, made of its schema. */
export type { BusRecord, Check, Environment, MachineTimes, PlannedTrial, RunRecord, Verdict } from './schema/record.js';
export type { CapacityAnswer, CapacityLimit, CapacityProbe, CurvePoint, SameOrdersRow } from './schema/capacity.js';
export type { BacklogResult, ConsumerResult, EventResult, EventsResult, LagSeries, LedgerCounts, PublishingResult } from './schema/events.js';
export type { FaultMark } from './schema/fault.js';
export type { Finding } from './schema/finding.js';
export type { Outcomes, TrialLoad } from './schema/load.js';
export type { StepResult } from './schema/steps.js';
export type { Range, Times } from './schema/times.js';
export type { Calibration, KindResult, MeasuredTrial, Predicted, Prediction, Samples, StageResult, Trial, TrialHead, TrialKey, UnmeasuredTrial, Validity } from './schema/trial.js';

/** Of the records that this program writes. It reads those of version 1 as well. */
export const SCHEMA_VERSION = 2;
