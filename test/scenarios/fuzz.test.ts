import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mutated } from '../../benchmarks/support/mutations.js';
import { UserError } from '../../src/base/errors.js';
import { initScenario } from '../../src/scenarios/init.js';
import { builtIn, builtInEntry, builtInNames } from '../../src/scenarios/library/library.js';
import { resolvedYaml } from '../../src/scenarios/resolved.js';
import { parse } from './support.js';
import { cases } from '../support/properties.js';

const TEXTS = [
  ...builtInNames().map((name) => builtInEntry(name)?.yaml ?? ''),
  initScenario(),
  JSON.stringify(builtIn('checkout')),
];

/** The message of a refused text; empty for one that was read. Any other exception fails the test. */
function refusal(text: string): string {
  try {
    const scenario = parse(text, { readFile: () => '12\n15\n' });
    expect(parse(resolvedYaml(scenario))).toEqual(scenario);
    return '';
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}

describe('damaged files', () => {
  it('are read, or refused with a place and nothing that a terminal would act on', () => {
    let refused = 0;
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const message = refusal(mutated(TEXTS, seed));
        if (message !== '') refused++;
        expect(message).toMatch(/^(my\.yaml:|$)/);
        expect(message).not.toMatch(/(?!\n)\p{Cc}/u);
      }),
      { numRuns: cases(400) },
    );
    expect(refused).toBeGreaterThan(200);
  });

  it('of any text at all are refused', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary', maxLength: 200 }), fc.json()), (text) => {
        expect(refusal(text)).toMatch(/^my\.yaml:/);
      }),
      { numRuns: cases(300) },
    );
  });
});
