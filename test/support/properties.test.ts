import { readConfigureGlobal } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cases, propertySettings } from './properties.js';

describe('properties', () => {
  it('are tried on the same cases every time', () => {
    expect(propertySettings({})).toEqual({ seed: 1, numRuns: 100 });
    expect(cases(500, {})).toBe(500);
  });

  it('are tried on others, or on more, when the environment says so', () => {
    const env = { FC_SEED: '-77', FC_RUNS: '10' };
    expect(propertySettings(env)).toEqual({ seed: -77, numRuns: 1000 });
    expect(cases(500, env)).toBe(5000);
  });

  it.each([{ FC_SEED: 'random' }, { FC_SEED: '1.5' }, { FC_RUNS: '0' }, { FC_RUNS: 'many' }])('refuse %j', (env) => {
    expect(() => propertySettings(env)).toThrow(/FC_(SEED|RUNS): expected a whole number from -?\d+, got/);
  });

  it('have their settings in every test file that tries one', () => {
    expect(readConfigureGlobal()).toEqual(propertySettings(process.env));
  });
});
