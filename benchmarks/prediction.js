// Predicted beside measured: every built-in scenario at three loads, each architecture that it names. A trial holds when p50 and
// p95 are within 5 %, throughput within 3 % and the failure rate within 2 points; or what was seen of it tells why not.
// Usage: npm run bench:prediction [-- --scenarios checkout,flash-sale --duration 3s]   (nothing else should run on the machine)
import os from 'node:os';
import { parseArgs } from 'node:util';
import { recordOf } from './support/bench.js';
import { builtIn, builtInNames } from '../dist/scenarios/library/library.js';

const { values } = parseArgs({
  options: { scenarios: { type: 'string', default: builtInNames().join(',') }, duration: { type: 'string', default: '3s' } },
});

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

const WIDTHS = [23, 20, 8, 16, 16, 16, 13];

function row(cells, more = '') {
  console.log(`${cells.map((cell, i) => (i < 2 ? String(cell).padEnd(WIDTHS[i]) : String(cell).padStart(WIDTHS[i]))).join(' ')}  ${more}`);
}

const pair = (predicted, measured) => [predicted, measured].map((value) => (value === null ? '-' : value.toPrecision(4))).join(' / ');
const share = (rate) => `${(100 * rate).toFixed(1)}%`;

function judge(name, trial) {
  const level = trial.load.model === 'closed' ? `${trial.load.users} u` : `${trial.load.rate}/s`;
  if (trial.state !== 'measured') {
    row([name, trial.architecture, level, '', '', '', ''], `NOT MEASURED: ${trial.message}`);
    return 'neither';
  }
  const { predicted, responseTime, throughput, failureRate } = trial;
  const state = predicted.breaks === null ? 'holds' : predicted.unexplained ? 'neither' : 'flagged';
  row(
    [
      name, trial.architecture, level, pair(predicted.p50, responseTime.p50), pair(predicted.p95, responseTime.p95),
      pair(predicted.throughput, throughput), `${share(predicted.failureRate)} / ${share(failureRate)}`,
    ],
    state === 'holds' ? 'holds' : `${state === 'neither' ? 'NEITHER' : 'flagged'}: ${predicted.breaks}`,
  );
  return state;
}

const names = values.scenarios.split(',');
const unknown = names.find((name) => !builtIn(name));
if (unknown !== undefined) throw new Error(`No built-in scenario is called ${unknown}: ${builtInNames().join(', ')}`);
console.log(`node ${process.version}, ${os.cpus().length} cores, windows of ${values.duration}; predicted / measured, times in ms\n`);
row(['scenario', 'architecture', 'load', 'p50', 'p95', 'ok/s', 'failed']);
const counts = { holds: 0, flagged: 0, neither: 0 };
for (const name of names) {
  const { trials } = await recordOf(['bench', name, ...loadArguments(builtIn(name).load), '-d', values.duration, '--drain', '1ms']);
  for (const trial of trials) counts[judge(name, trial)] += 1;
}
console.log(`\n${counts.holds} trials hold, ${counts.flagged} are flagged with what was seen of them, ${counts.neither} are neither.`);
process.exitCode = counts.neither === 0 ? 0 : 1;
