// Mutation testing, for developers: node benchmarks/mutate.js src/verdict/reading.ts [file:line ...]
// Flips one operator, constant or condition of a source file at a time and runs the tests that should notice. Sources are
// never written: the change is made while the test runner loads the file. What survives is listed; exit code 1 if any does.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { mutantsOf } from './support/mutants.js';

const TIME_LIMIT = 40_000;
const config = new URL('support/mutate.config.js', import.meta.url).pathname;

/** The test that mirrors a source, or, for a file without one, all tests of its folder. */
function testsOf(file) {
  const mirror = file.replace(/^src/, 'test').replace(/\.ts$/, '.test.ts');
  return existsSync(mirror) ? mirror : path.dirname(mirror);
}

/** Whether the tests notice. A mutant that loops for ever counts as noticed. */
function isKilled(file, mutant, tests) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', '--bail=1', '--config', config, tests], {
      env: { ...process.env, MUTANT: JSON.stringify({ file: path.resolve(file), ...mutant }) },
      stdio: 'ignore',
      // A group of its own: a mutant that never ends sits in a worker of the test runner, which a kill of the runner would leave.
      detached: true,
    });
    const timer = setTimeout(() => process.kill(-(child.pid ?? 0), 'SIGKILL'), TIME_LIMIT);
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve(code !== 0);
    });
  });
}

const files = process.argv.slice(2);
if (files.length === 0) throw new Error('Name the source files to mutate, for example src/verdict/reading.ts');
let survivors = 0;
for (const place of files) {
  const [file, onlyLine] = place.split(':');
  const source = readFileSync(file, 'utf8');
  const lineOf = ({ start }) => source.slice(0, start).split('\n').length;
  const mutants = mutantsOf(source).filter((mutant) => onlyLine === undefined || lineOf(mutant) === Number(onlyLine));
  const tests = testsOf(file);
  if (await isKilled(file, { start: 0, end: 0, text: '' }, tests)) throw new Error(`${tests} fails without any change`);
  let killed = 0;
  for (const mutant of mutants) {
    if (await isKilled(file, mutant, tests)) {
      killed++;
      continue;
    }
    survivors++;
    const line = lineOf(mutant);
    const was = source.split('\n')[line - 1].trim();
    console.log(`${file}:${line} survived: ${JSON.stringify(source.slice(mutant.start, mutant.end))} -> ${JSON.stringify(mutant.text)} in ${was}`);
  }
  console.log(`${file}: ${killed} of ${mutants.length} killed by ${tests}`);
}
process.exitCode = survivors > 0 ? 1 : 0;
