/** Scenarios as programs say them, and what is done with a record. */
import { UserError } from '../base/errors.js';
import { rejudged } from '../experiment/record.js';
import { parseRecord } from '../measurement/readRecord.js';
import type { RunRecord } from '../measurement/record.js';
import { FORMATS, type ReportFormat } from '../report/formats.js';
import { parseScenario as parseText } from '../scenarios/parse.js';
import type { Scenario } from '../scenarios/scenario.js';
import { compareRecords, type RecordComparison } from '../verdict/records/compare.js';
import type { ScenarioFile } from './scenario-file.js';

export type { ReportFormat } from '../report/formats.js';
export type { ScenarioFile } from './scenario-file.js';

/** A scenario as it is written in a file, or the name of a built-in one, or the path of a file. */
export type ScenarioSource = ScenarioFile | string;

/** The scenario as it was given: for its types alone, in a program or in a module that `bench scenario.mjs` reads. */
export function defineScenario(scenario: ScenarioFile): ScenarioFile {
  return scenario;
}

/**
 * Reads a scenario, fills in every default and converts every unit: milliseconds, ratios and bytes.
 * @param source YAML or JSON text, or what stands in such a file as an object
 * @param options `file` is its name in errors, and the scenario's where it has none; `env` what `${NAME}` stands for
 * @throws UserError with every mistake
 */
export function parseScenario(
  source: ScenarioSource,
  { file = 'scenario', ...options }: { file?: string; env?: Record<string, string>; readFile?: (path: string) => string } = {},
): Scenario {
  if (typeof source === 'string') return parseText(source, { file, ...options });
  return parseText(JSON.stringify(source), { file, hasLines: false, ...options });
}

/**
 * The record in a text that `-o json=` wrote.
 * @param name of it in errors
 * @throws UserError when it is none, or damaged
 */
export function readRecord(text: string, name = 'record'): RunRecord {
  return parseRecord(text, name);
}

/**
 * The record judged by these thresholds in place of its own, from what was measured.
 * @param thresholds expressions such as `hybrid: p95 < 600ms`
 * @throws UserError for one that cannot be read, or is about what the record has not
 */
export function judge(record: RunRecord, thresholds: readonly string[]): RunRecord {
  return rejudged(record, thresholds);
}

/** Two records of one scenario held against each other, ratios and counts strictly, milliseconds widely. */
export function compare(base: RunRecord, head: RunRecord): RecordComparison {
  return compareRecords(base, head);
}

/** The report of a record, as `-o FORMAT=PATH` writes it. @throws UserError for a format that there is not */
export function render(record: RunRecord, format: ReportFormat): string {
  const found = FORMATS.find(({ name }) => name === format);
  if (!found) throw new UserError(`There is no format ${JSON.stringify(format)}: there are ${FORMATS.map(({ name }) => name).join(', ')}.`);
  return found.render(record);
}
