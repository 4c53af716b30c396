// Runs tests against mutants of one source, in a test runner that stays warm: a process of mutate.js. Arguments: the source,
// which of its mutants (-1 is none), the tests. Says after each whether the tests noticed.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createVitest } from 'vitest/node';
import { mutantsOf } from './mutants.js';

const [file, chosen, ...tests] = process.argv.slice(2);
const source = path.resolve(file);
const mutants = mutantsOf(readFileSync(file, 'utf8'));
const unchanged = { start: 0, end: 0, text: '' };
let mutant = unchanged;

const plugin = {
  name: 'mutant',
  enforce: 'pre',
  transform(code, id) {
    if (id.split('?')[0] !== source) return null;
    return code.slice(0, mutant.start) + mutant.text + code.slice(mutant.end);
  },
};

const vitest = await createVitest(
  'test',
  // Watching only means that the runner stays: no file is watched.
  { config: false, watch: true, bail: 1, pool: 'threads', isolate: false, reporters: [{}], testTimeout: 30_000, include: tests },
  { plugins: [plugin], server: { watch: null } },
);
await vitest.standalone();
const specifications = await vitest.globTestSpecifications();
for (const at of chosen.split(',').map(Number)) {
  mutant = mutants[at] ?? unchanged;
  vitest.invalidateFile(source);
  const { testModules, unhandledErrors } = await vitest.runTestSpecifications(specifications);
  process.send(unhandledErrors.length > 0 || testModules.length < tests.length || testModules.some((module) => !module.ok()));
}
process.exit();
