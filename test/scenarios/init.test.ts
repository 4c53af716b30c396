import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/base/errors.js';
import { initScenario } from '../../src/scenarios/init.js';
import { builtIn } from '../../src/scenarios/library/library.js';
import { parse } from './support.js';
import { cases } from '../support/properties.js';

function message(steps: string): string {
  try {
    initScenario({ steps });
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
  throw new Error('expected a mistake, found none');
}

describe('initScenario', () => {
  it('writes the chain of the article when told nothing', () => {
    const { steps, services } = parse(initScenario());
    const article = builtIn('checkout');
    expect(steps).toEqual(article?.steps);
    expect(services.map(({ latency }) => latency)).toEqual(article?.services.slice(0, 4).map(({ latency }) => latency));
  });

  it('writes the chain that it is told', () => {
    const { services, steps } = parse(initScenario({ steps: 'a=1.5s!, b = 20ms' }));
    expect(services).toMatchObject([{ name: 'a', latency: { ms: 1500 } }, { name: 'b', latency: { ms: 20 } }]);
    expect(steps).toMatchObject([{ name: 'a', critical: true }, { name: 'b', critical: false }]);
  });

  it.each([
    ['a=1ms!,b=2', 10, 'expected a duration from 0ms to 10m, such as 300ms or 2s, got "2"; did you mean "2s"?'],
    ['a=1ms,a=2ms', 7, 'a second step named "a"'],
    ['a', 1, 'expected a duration'],
    ['', 1, 'expected a name'],
    ['a=1ms,,', 7, 'expected a name'],
    ['a=1ms!!', 3, 'got "1ms!"'],
    ['a=1ms,toString=2ms', 7, 'expected a name'],
    [Array.from({ length: 101 }, (_, i) => `s${i}=1ms`).join(','), 791, 'more than 100 steps'],
  ])('points into %j', (steps, character, words) => {
    const [first, shown, caret] = message(steps).split('\n');
    expect(first).toContain(`--steps, character ${character}: `);
    expect(first).toContain(words);
    expect(shown).toBe(`  ${steps}`);
    expect(caret).toBe(`${' '.repeat(character + 1)}^`);
  });

  it('writes a scenario that is valid, or says what is wrong', () => {
    const word = fc.oneof(
      fc.constantFrom('a=1ms', 'b=2s!', 'c', '=', '!', ',', '1h', '\u001b[31m'),
      fc.string({ maxLength: 8 }),
    );
    const outcome = (steps: string): string => {
      try {
        parse(initScenario({ steps }));
        return 'valid';
      } catch (error) {
        if (error instanceof UserError && error.message.startsWith('--steps, character ')) return error.message;
        throw error;
      }
    };
    fc.assert(
      fc.property(fc.array(word, { maxLength: 6 }), (words) => {
        expect(outcome(words.join(','))).not.toMatch(/(?!\n)\p{Cc}/u);
      }),
      { numRuns: cases(300) },
    );
  });
});
