// The chains of the gallery measured as anybody does it first, with --quick, each beside its prediction: near it, within its range, or
// what was seen of the machine says why not.
// Usage: npm run bench:gallery [-- --only login-risk,webhooks] (nothing else should run on the machine; all of it takes about 5 minutes)
import os from 'node:os';
import { parseArgs } from 'node:util';
import { builtInEntry, builtInNames } from '../dist/scenarios/library/library.js';
import { recordOf } from './support/bench.js';
import { HEAD, judge, row } from './support/predicted.js';

const { values } = parseArgs({ options: { only: { type: 'string' } } });

const chains = builtInNames().filter((name) => builtInEntry(name).group === 'chains');
const wanted = values.only?.split(',') ?? chains;
const unknown = wanted.find((name) => !chains.includes(name));
if (unknown !== undefined) throw new Error(`No chain is called ${unknown}: ${chains.join(', ')}`);

console.log(`node ${process.version}, ${os.cpus().length} cores, bench --quick; predicted / measured, times in ms\n`);
row(HEAD);
const counts = { near: 0, within: 0, flagged: 0, unexplained: 0, missing: 0 };
const parted = [];
for (const name of wanted) {
  const record = await recordOf(['bench', name, '--quick']);
  const states = record.trials.map((trial) => judge(name, trial));
  for (const state of states) counts[state] += 1;
  if (states.some((state) => state !== 'near' && state !== 'within')) parted.push(name);
}
const trials = Object.values(counts).reduce((sum, count) => sum + count, 0);
console.log(
  `\n${wanted.length - parted.length} of ${wanted.length} chains are within their prediction${parted.length > 0 ? `; not ${parted.join(', ')}` : ''}: of ${trials} trials ` +
    `${counts.near} are near it, ${counts.within} within its range, ${counts.flagged} need a reason about the machine, ${counts.unexplained} are unexplained, ${counts.missing} were not measured.`,
);
process.exitCode = parted.length === 0 ? 0 : 1;
