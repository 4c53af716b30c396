/** The schema of records says all that is in them, and nothing else does. */
import * as fc from 'fast-check';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { recordTables } from '../../../scripts/record-tables.js';
import { parseRecord } from '../../../src/measurement/readRecord.js';
import type { Scenario } from '../../../src/scenarios/scenario.js';
import { builtIn, builtInNames } from '../../../src/scenarios/library/library.js';
import { parseScenario } from '../../../src/scenarios/parse.js';
import { cases } from '../../support/properties.js';
import { ajv, everyNode, findings, schema, type Node } from '../../support/record-schema.js';
import { checkout, checkoutRecord, recordOf, troubledRecord } from '../../support/record.js';
import { trialOf } from '../../support/trial.js';
import { scenarioFile } from '../../scenarios/arbitrary.js';

const top = path.resolve(import.meta.dirname, '../../..');

const simulated = (scenario: Scenario): unknown[] => {
  const trials = (['sync', 'hybrid'] as const).flatMap((architecture) => trialOf({ scenario, architecture, users: 3 }));
  return findings(recordOf(trials, { scenario }));
};

describe('the schema of records', () => {
  it('describes every field, with a unit for every number and an example that it allows', () => {
    const whole = ajv().addSchema(schema, 'record');
    const allows = (field: Node, example: unknown): boolean =>
      whole.validate(JSON.parse(JSON.stringify(field).replaceAll('"#/$defs/', '"record#/$defs/')) as Node, example);
    const odd: string[] = [];
    everyNode(schema, ({ properties = {} }) => {
      for (const [name, field] of Object.entries(properties)) {
        const about = `${name}: ${JSON.stringify(field).slice(0, 100)}`;
        if (typeof field['description'] !== 'string' || field['description'].length < 5) odd.push(`no description: ${about}`);
        if ([field['type']].flat().includes('number') && !/ Unit: .+\.$/.test(String(field['description']))) odd.push(`no unit: ${about}`);
        const [example] = (field['examples'] as unknown[] | undefined) ?? [];
        if (example === undefined && ['string', 'number', 'boolean'].some((type) => [field['type']].flat().includes(type))) odd.push(`no example: ${about}`);
        if (example !== undefined && !allows(field, example)) odd.push(`wrong example: ${about}`);
      }
    });
    expect(odd).toEqual([]);
  });

  it('is what docs/record.md was made from: npm run docs:record', () => {
    expect(readFileSync(path.join(top, 'docs/record.md'), 'utf8')).toContain(`<!-- fields -->\n${recordTables(schema)}\n<!-- /fields -->`);
  });

  it('knows every field of a record that was measured', () => {
    expect(findings(JSON.parse(readFileSync(path.join(top, 'test/golden/record-2.json'), 'utf8')))).toEqual([]);
  });

  it.each([['judged', checkoutRecord], ['troubled', troubledRecord]])('knows every field of one that is %s', (_, record) => {
    expect(findings(record())).toEqual([]);
  });

  it.each(builtInNames())('knows every field of %s, as it was resolved', (name) => {
    expect(findings(recordOf([], { scenario: builtIn(name)! }))).toEqual([]);
  });

  it('knows every field of whatever scenario can be written', () => {
    fc.assert(
      fc.property(scenarioFile, (file) => {
        expect(findings(recordOf([], { scenario: parseScenario(JSON.stringify(file), { file: 'x.yaml' }) }))).toEqual([]);
      }),
      { numRuns: cases(60) },
    );
  });

  it('knows every field of whatever was simulated, which is read back as it was saved', () => {
    const services = fc.record({ ms: fc.integer({ min: 1, max: 400 }), workers: fc.integer({ min: 1, max: 5 }), errors: fc.constantFrom(0, 0.2) });
    fc.assert(
      fc.property(services, ({ ms, workers, errors }) => {
        const scenario = checkout();
        scenario.services = scenario.services.map((service) => ({ ...service, latency: { kind: 'constant', ms }, workers, errors }));
        expect(simulated(scenario)).toEqual([]);
        const record = recordOf([trialOf({ scenario, architecture: 'hybrid', users: 3 })], { scenario });
        expect(parseRecord(JSON.stringify(record), 'run.json')).toEqual(JSON.parse(JSON.stringify(record)));
      }),
      { numRuns: cases(5) },
    );
  });

  it.each([
    ['a field that is missing', { trials: undefined }],
    ['a field of another type', { seed: 'seven' }],
    ['a field that it does not tell of, when it is closed', { weather: 'fair' }],
    ['a trial without a subject', { trials: checkoutRecord().trials.map((trial) => ({ ...trial, subject: undefined })) }],
  ])('refuses %s', (_, change) => {
    expect(findings({ ...checkoutRecord(), ...change })).not.toEqual([]);
  });

  it('leaves room for fields that come later', () => {
    expect(findings({ ...checkoutRecord(), weather: 'fair' }, ajv().compile(schema))).toEqual([]);
  });
});
