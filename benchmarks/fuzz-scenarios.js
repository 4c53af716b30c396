// Damaged scenario files: each must be read or refused in words, and soon. Exit code 1 when one is not.
// Usage: npm run build && npm run bench:fuzz [-- --count 100000 --seed 1] [--traces: trace files in their place]
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { UserError } from '../dist/base/errors.js';
import { initScenario } from '../dist/scenarios/init.js';
import { builtInEntry, builtInNames, builtIn } from '../dist/scenarios/library/library.js';
import { parseScenario } from '../dist/scenarios/parse.js';
import { resolvedYaml } from '../dist/scenarios/resolved.js';
import { fuzzTraces } from './fuzz-traces.js';
import { mutated } from './support/mutations.js';

const { values } = parseArgs({
  options: { count: { type: 'string', default: '100000' }, seed: { type: 'string', default: '1' }, traces: { type: 'boolean', default: false } },
});
const count = Number(values.count);
const first = Number(values.seed) * count;
if (values.traces) process.exit(fuzzTraces(count, first) ? 0 : 1);
const texts = [
  ...builtInNames().flatMap((name) => [builtInEntry(name).yaml, resolvedYaml(builtIn(name))]),
  JSON.stringify(builtIn('checkout')),
  initScenario(),
];
const readFile = () => '12\n15\n';

/** What becomes of one text: `read`, `refused`, or what went wrong. */
function outcomeOf(text) {
  try {
    const scenario = parseScenario(text, { file: 'fuzz.yaml', readFile });
    const again = parseScenario(resolvedYaml(scenario), { file: 'fuzz.yaml' });
    return isDeepStrictEqual(again, scenario) ? 'read' : 'read, and not the same when resolved';
  } catch (error) {
    if (!(error instanceof UserError)) return `crashed: ${error?.stack ?? error}`;
    return error.message.startsWith('fuzz.yaml:') ? 'refused' : `refused without a place: ${error.message}`;
  }
}

/** The 20 slowest of some texts. */
function slowestOf(timed) {
  return timed.toSorted((a, b) => b.ms - a.ms).slice(0, 20);
}

/** Shortest of five times, ms: a busy machine makes a text slow now and then, a slow text always is. */
function timeOf(text) {
  const times = Array.from({ length: 5 }, () => {
    const startedAt = performance.now();
    outcomeOf(text);
    return performance.now() - startedAt;
  });
  return Math.min(...times);
}

const outcomes = { read: 0, refused: 0 };
const failures = [];
let slow = [];
for (let i = 1; i <= count; i++) {
  const text = mutated(texts, first + i);
  const startedAt = performance.now();
  const outcome = outcomeOf(text);
  slow.push({ ms: performance.now() - startedAt, text });
  if (slow.length > 1000) slow = slowestOf(slow);
  if (outcome in outcomes) outcomes[outcome]++;
  else failures.push({ outcome, text });
  if (process.stderr.isTTY && i % 1000 === 0) process.stderr.write(`\r${i} of ${count}`);
}

console.log(`${count} damaged files, seed ${values.seed}: ${outcomes.read} read, ${outcomes.refused} refused, ${failures.length} failures`);
const [slowest] = slowestOf(slowestOf(slow).map(({ text }) => ({ text, ms: timeOf(text) })));
console.log(`slowest: ${slowest.ms.toFixed(0)} ms for ${slowest.text.length} characters`);
for (const { outcome, text } of failures.slice(0, 5)) console.log(`\n${outcome}\n${JSON.stringify(text)}`);
process.exitCode = failures.length > 0 ? 1 : 0;
