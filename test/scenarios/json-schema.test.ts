import { Ajv2020 } from 'ajv/dist/2020.js';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { initScenario } from '../../src/scenarios/init.js';
import { jsonSchema } from '../../src/scenarios/json-schema.js';
import { builtIn, builtInEntry, builtInNames } from '../../src/scenarios/library/library.js';
import { resolvedYaml } from '../../src/scenarios/resolved.js';
import { scenarioFile } from './arbitrary.js';
import { mistakes } from './support.js';
import { cases } from '../support/properties.js';

const options = { strict: true, strictTypes: false, strictRequired: false, allErrors: true };
const validate = new Ajv2020(options).compile(jsonSchema());

/** What a validator finds in a YAML text. */
function findings(yaml: string): unknown[] {
  validate(parseYaml(yaml));
  return validate.errors ?? [];
}

describe('jsonSchema', () => {
  it.each(builtInNames())('%s is valid, as written and resolved', (name) => {
    const scenario = builtIn(name);
    if (!scenario) throw new Error(`no ${name}`);
    expect(findings(builtInEntry(name)?.yaml ?? '')).toEqual([]);
    expect(findings(resolvedYaml(scenario))).toEqual([]);
  });

  it('allows what init writes, and nothing for a consumer', () => {
    expect(findings(initScenario())).toEqual([]);
    expect(findings('{ services: { a: 1ms }, steps: [a], event: { consumers: { a: } } }')).toEqual([]);
  });

  it('allows whatever the parser allows', () => {
    fc.assert(
      fc.property(scenarioFile, (file) => {
        expect(validate(file)).toBe(true);
      }),
      { numRuns: cases(100) },
    );
  });

  it.each([
    '{ services: { a: 300 }, steps: [a] }',
    '{ services: { a: 3 weeks }, steps: [a] }',
    '{ services: { 1a: 3ms }, steps: [a] }',
    '{ services: { a: { workers: 3 } }, steps: [a] }',
    '{ services: { a: { latency: 1ms, wrokers: 3 } }, steps: [a] }',
    '{ services: { a: { latency: 1ms, workers: 0 } }, steps: [a] }',
    '{ services: { a: { latency: 1ms, errors: 2 } }, steps: [a] }',
    '{ services: { a: { latency: { p50: 1ms } } }, steps: [a] }',
    '{ services: { a: 1ms }, steps: [] }',
    '{ services: { a: 1ms }, steps: [a!!] }',
    '{ services: { a: 1ms }, steps: [{ call: a, retries: 3 }] }',
    '{ services: { a: 1ms }, steps: [a], load: { users: [] } }',
    '{ services: { a: 1ms }, steps: [a], load: { users: 0 } }',
    '{ services: { a: 1ms }, steps: [a], variants: { v: {} } }',
    '{ services: { a: 1ms }, steps: [a], variants: { v: { architecture: asink } } }',
    '{ services: { a: 1ms }, steps: [a], event: { wait: 1 } }',
    '{ services: { a: 1ms }, steps: [a], faults: [crush server at 3s] }',
    '{ services: { a: 1ms }, steps: [a], faults: [crash: [server]] }',
    '{ steps: [a] }',
  ])('refuses what the parser refuses: %s', (yaml) => {
    expect(findings(yaml)).not.toEqual([]);
    expect(mistakes(yaml)).not.toEqual([]);
  });

  it('describes every field', () => {
    const undescribed: string[] = [];
    const walk = (node: unknown, path: string): void => {
      if (typeof node !== 'object' || node === null) return;
      for (const [key, property] of Object.entries((node as { properties?: object }).properties ?? {})) {
        if (!(property as { description?: string }).description) undescribed.push(`${path}.${key}`);
      }
      for (const [key, child] of Object.entries(node)) walk(child, `${path}/${key}`);
    };
    walk(jsonSchema(), '');
    expect(undescribed).toEqual([]);
  });
});
