import { UserError } from '../../src/base/errors.js';
import { parseScenario, type ParseOptions } from '../../src/scenarios/parse.js';
import type { Scenario } from '../../src/scenarios/scenario.js';

/** The smallest scenario, with lines of its own below. */
export const SMALL = `services: { payment: 300ms, email: 400ms }
steps: [payment!, email]
`;

export function parse(text: string, options: Partial<ParseOptions> = {}): Scenario {
  return parseScenario(text, { file: 'my.yaml', ...options });
}

/** The lines of the error that a text gives; fails when it gives none, or one that is not the user's. */
export function mistakes(text: string, options: Partial<ParseOptions> = {}): string[] {
  try {
    parse(text, options);
  } catch (error) {
    if (error instanceof UserError) return error.message.split('\n');
    throw error;
  }
  throw new Error('expected mistakes, found none');
}
