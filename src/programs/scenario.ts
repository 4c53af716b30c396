/** Scenarios as programs say them. */
import { parseScenario as parseText } from '../scenarios/parse.js';
import type { Scenario } from '../scenarios/scenario.js';
import type { ScenarioFile } from './scenario-file.js';

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
