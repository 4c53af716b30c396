// Mutation testing, for developers: node benchmarks/mutate.js src/verdict/reading.ts [file:line ...]
// Flips one operator, constant or condition of a source file at a time and runs the tests that should notice. Sources are
// never written: the change is made while the test runner loads the file. What survives is listed; exit code 1 if any does.
import { fork } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { mutantsOf } from './support/mutants.js';

/** Of one mutant, ms. A machine with other work on it is slow, so that what is ended is also listed. */
const TIME_LIMIT = 60_000;
const runner = new URL('support/mutation-run.js', import.meta.url).pathname;

/** The tests that mirror a source, or, for a file without one, those of the files beside it that import it. */
function testsOf(file) {
  const own = mirrorsOf(file);
  const tests = own.length > 0 ? own : importersOf(file).flatMap(mirrorsOf);
  if (tests.length === 0) throw new Error(`${file}: neither it nor a file beside it that imports it has a test`);
  return tests;
}

/** The unit tests of a source, or what it has in place of them: a mutant is tried many times, and live tests take their time. */
function mirrorsOf(source) {
  const named = (...tiers) => tiers.map((tier) => source.replace(/^src/, 'test').replace(/\.ts$/, `.${tier}.ts`)).filter((test) => existsSync(test));
  const units = named('test', 'stats.test');
  return units.length > 0 ? units : named('smoke.test', 'live.test').slice(0, 1);
}

/** Files of the same folder that import a source, also through one another. */
function importersOf(file) {
  const folder = path.dirname(file);
  const sources = readdirSync(folder).filter((name) => name.endsWith('.ts'));
  const found = [path.basename(file)];
  for (const one of found) {
    const isImporter = (name) => readFileSync(path.join(folder, name), 'utf8').includes(`'./${one.replace(/ts$/, 'js')}'`);
    found.push(...sources.filter((name) => !found.includes(name) && isImporter(name)));
  }
  return found.slice(1).map((name) => path.join(folder, name));
}

/**
 * Runs the tests against the mutants in turn. The test runner is a process of its own, ended when a mutant loops for ever
 * and started again with the next one.
 * @param order positions among all mutants of the file; -1 is the source as it is
 * @param tell hears what became of each: 'killed', 'survived' or 'ended'
 */
async function runMutants(file, order, tests, tell) {
  for (const left = [...order]; left.length > 0; ) {
    await new Promise((resolve) => {
      const child = fork(runner, [file, left.join(','), ...tests]);
      let timer;
      const next = () => {
        clearTimeout(timer);
        timer = setTimeout(() => {
          tell(left.shift(), 'ended');
          child.kill('SIGKILL');
        }, TIME_LIMIT);
      };
      child.on('message', (killed) => {
        tell(left.shift(), killed ? 'killed' : 'survived');
        next();
      });
      child.on('exit', () => {
        clearTimeout(timer);
        resolve();
      });
      next();
    });
  }
}

const files = process.argv.slice(2);
if (files.length === 0) throw new Error('Name the source files to mutate, for example src/verdict/reading.ts');
for (const place of files) {
  const [file, onlyLine] = place.split(':');
  const source = readFileSync(file, 'utf8');
  const lineOf = ({ start }) => source.slice(0, start).split('\n').length;
  const mutants = mutantsOf(source);
  const chosen = [...mutants.keys()].filter((at) => onlyLine === undefined || lineOf(mutants[at]) === Number(onlyLine));
  const tests = testsOf(file);
  const counts = { killed: 0, survived: 0, ended: 0 };
  // The source as it is comes first and last: what the tests say of a mutant is worth nothing unless they pass without one.
  await runMutants(file, [-1, ...chosen, -1], tests, (at, state) => {
    if (at === -1) {
      if (state !== 'survived') throw new Error(`${tests.join(', ')} fails without any change`);
      return;
    }
    counts[state]++;
    if (state === 'killed') return;
    const { start, end, text } = mutants[at];
    const line = lineOf(mutants[at]);
    const change = `${JSON.stringify(source.slice(start, end))} -> ${JSON.stringify(text)}`;
    console.log(`${file}:${line} ${state}: ${change} in ${source.split('\n')[line - 1].trim()}`);
  });
  console.log(`${file}: ${counts.killed + counts.ended} of ${chosen.length} killed by ${tests.join(', ')}`);
  if (counts.survived > 0) process.exitCode = 1;
}
