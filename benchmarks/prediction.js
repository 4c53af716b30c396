// Predicted beside measured: every built-in scenario at three loads with each architecture that it names, then every fault and
// every bus on the checkout, and a reply that waits for consumers on two of them. A figure holds when p50 and p95 are within 5 %, throughput within 3 % and the failure rate within 2
// points of the prediction, or within its range; or what was seen of the machine tells why not.
// --probes 8 asks instead how far apart what one probe of the machine tells is from what the next one does.
// Usage: npm run bench:prediction [-- --only checkout,fault:duplicate,bus:nats] [--part 1/3] [--minutes 20] [--duration 3s] [--list] [--probes 8]
// (nothing else should run on the machine; all of it takes about 30 minutes. --part takes every third of those asked for, --minutes begins with no
// more once they are over; what was not run is named, and is no failure)
import os from 'node:os';
import { parseArgs } from 'node:util';
import { recordOf } from './support/bench.js';
import { HEAD, judge, row } from './support/predicted.js';
import { BUS_NAMES } from '../dist/events/buses.js';
import { builtIn, builtInNames } from '../dist/scenarios/library/library.js';

const { values } = parseArgs({
  options: { only: { type: 'string' }, duration: { type: 'string', default: '3s' }, list: { type: 'boolean', default: false }, part: { type: 'string', default: '1/1' }, probes: { type: 'string' }, minutes: { type: 'string', default: 'Infinity' } },
});

if (values.probes !== undefined) {
  const { measureProbes } = await import('./support/probes.js');
  await measureProbes(Number(values.probes));
  process.exit();
}

/** Trials that may need a reason about the machine, as a share: 10 of 156. */
const MOST_REASONS = 10 / 156;

/** Three levels from those that a scenario names: its ends and one between, or half, one and double. */
function three(levels) {
  const [low, high] = [Math.min(...levels), Math.max(...levels)];
  if (levels.length >= 3) return [low, levels.toSorted((a, b) => a - b)[Math.floor(levels.length / 2)], high];
  const all = low === high ? [low / 2, low, low * 2] : [low, Math.sqrt(low * high), high];
  return [...new Set(all.map((level) => Math.max(1, Math.round(level))))];
}

/** A scenario whose load only changes in stages is tried at the levels it passes. */
function loadArguments({ users, rates, stages }) {
  if (users.length > 0) return ['-c', three(users).join(',')];
  return rates.length > 0 ? ['-R', three(rates).join(',')] : ['-c', three(stages.map(({ target }) => target).filter((level) => level > 0)).join(',')];
}

/** Faults that a trial of the checkout meets, each by itself. */
const FAULTS = ['duplicate 10%', 'drop 10%', 'reorder 10%', 'delay 10% by 300ms', 'poison 5%', 'crash server at 1s', 'pause server at 1s', 'crash consumer at 1s', 'pause consumer at 1s', 'crash broker at 1s', 'pause broker at 1s'];

/** What a fault takes to happen: consumers in a process of their own, and a broker. */
function busFor(fault) {
  return /consumer|broker/.test(fault) ? ['--bus', 'nats'] : [];
}

/** Everything that can be asked for, by its name. */
const CASES = [
  ...builtInNames().map((name) => ({ name, args: [name, ...loadArguments(builtIn(name).load)] })),
  ...FAULTS.map((fault) => ({ name: `fault:${fault}`, args: ['checkout', '-a', 'hybrid,event-driven', '-R', '60', '--fault', fault, ...busFor(fault)] })),
  // By rate: users of event-driven, who are answered at once, would take all that the machine has.
  ...BUS_NAMES.filter((bus) => bus !== 'memory').map((bus) => ({ name: `bus:${bus}`, args: ['checkout', '-a', 'hybrid,event-driven', '-R', '20,60,150', '--bus', bus] })),
  ...['nats', 'kafka'].map((bus) => ({ name: `wait:${bus}`, args: ['publish-and-wait', '-a', 'wait', '-c', '10,20,40', '--bus', bus] })),
];

const [nth, parts] = values.part.split('/').map(Number);
if (!(nth >= 1 && nth <= parts)) throw new Error(`--part ${values.part}: expected one of several, like 1/3`);
const most = Number(values.minutes) * 60_000;
if (!(most > 0)) throw new Error(`--minutes ${values.minutes}: expected a number of minutes`);

const wanted = values.only?.split(',');
const asked = CASES.filter(({ name }) => !wanted || wanted.some((one) => name === one || (one.includes(':') && name.startsWith(one))));
const unknown = wanted?.find((one) => !asked.some(({ name }) => name.startsWith(one)));
if (unknown !== undefined) throw new Error(`Nothing is called ${unknown}: ${CASES.map(({ name }) => name).join(', ')}`);
const cases = asked.filter((_, i) => i % parts === nth - 1);
if (values.list) {
  console.log(cases.map(({ name, args }) => `${name}: bench ${args.join(' ')}`).join('\n'));
  process.exit(0);
}

/** Of all that the machine adds, the middle and what 95 of 100 stay below. */
function told({ machine }) {
  if (!machine) return '';
  const at = (times, part) => times[Math.floor(times.length * part)].toFixed(2);
  const lists = Object.entries(machine).filter(([, times]) => Array.isArray(times) && times.length > 0);
  return lists.map(([name, times]) => `${name} ${at(times, 0.5)} (p95 ${at(times, 0.95)}) ms`).join(', ');
}

console.log(`node ${process.version}, ${os.cpus().length} cores, windows of ${values.duration}; predicted / measured, times in ms\n`);
row(HEAD);
const counts = { near: 0, within: 0, flagged: 0, unexplained: 0, missing: 0 };
/** What is to be named at the end, with its state. */
const named = [];
const left = [];
for (const { name, args } of cases) {
  if (performance.now() > most) {
    left.push(name);
    continue;
  }
  try {
    const record = await recordOf(['bench', ...args, '-d', values.duration, '--drain', '1ms']);
    for (const trial of record.trials) {
      const state = judge(name, trial);
      counts[state] += 1;
      if (state !== 'near' && state !== 'within') named.push(`${state}: ${name}, ${trial.architecture}, ${trial.load.users ?? `${trial.load.rate}/s`}${trial.predicted?.breaks ? `: ${trial.predicted.breaks}` : ''}`);
    }
    row([name, 'the machine adds'], told(record));
  } catch (error) {
    row([name], `NOT RUN: ${error.message}`);
    counts.missing += 1;
  }
}
const trials = Object.values(counts).reduce((sum, count) => sum + count, 0);
const mostFlagged = Math.floor(trials * MOST_REASONS);
if (named.length > 0) console.log(`\n${named.join('\n')}`);
if (left.length > 0) console.log(`\nNot begun within ${values.minutes} minutes: ${left.join(', ')}`);
console.log(
  `\n${counts.near} of ${trials} trials are near the prediction, ${counts.within} within its range, ${counts.flagged} need a reason about the machine ` +
    `(goal: ${mostFlagged} at most), ${counts.unexplained} are unexplained (goal: 0), ${counts.missing} were not measured.`,
);
process.exitCode = counts.unexplained + counts.missing === 0 && counts.flagged <= mostFlagged ? 0 : 1;
