/**
 * Runs before every test file: properties are tried on the same cases every time, so that a rare counterexample does not
 * fail a change it has nothing to do with. Looking for such a case is what `npm run test:properties` is for.
 */
import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { propertySettings } from './support/properties.js';

const { testPath } = expect.getState();

// Only where it is used: to load fast-check costs a test file some 30 ms.
if (testPath !== undefined && readFileSync(testPath, 'utf8').includes("'fast-check'")) {
  const { default: fc } = await import('fast-check');
  fc.configureGlobal(propertySettings(process.env));
}
