/** What programs use: the commands as functions. Nothing here prints, nothing sets globals, and every mistake is a `UserError`. */
export { UserError } from '../base/errors.js';
export type { AdviceDocument } from '../advice/document.js';
export type * from '../measurement/record.js';
export type { Block, BlockPair, Comparison, PairedRun } from '../measurement/schema/comparison.js';
export type { Scenario } from '../scenarios/scenario.js';
export type { RecordComparison } from '../verdict/records/compare.js';
export { advise, bench, capacity, simulate, type AdviseOptions, type BenchOptions, type CapacityOptions, type RunOptions } from './commands.js';
export { compare, judge, readRecord, render, type ReportFormat } from './scenario.js';
export { defineScenario, parseScenario, type ScenarioFile, type ScenarioSource } from './scenario.js';
