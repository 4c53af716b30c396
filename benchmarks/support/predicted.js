/** Predicted beside measured, trial by trial, as a table. */
import { isNear } from '../../dist/simulation/tolerance.js';

export const HEAD = ['scenario', 'architecture', 'load', 'p50', 'p95', 'ok/s', 'failed'];

const WIDTHS = [25, 20, 8, 16, 16, 16, 13];

/** Prints one line. */
export function row(cells, more = '') {
  console.log(`${cells.map((cell, i) => (i < 2 ? String(cell).padEnd(WIDTHS[i]) : String(cell).padStart(WIDTHS[i]))).join(' ')}  ${more}`);
}

const pair = (predicted, measured) => [predicted, measured].map((value) => (value === null ? '-' : value.toPrecision(4))).join(' / ');
const share = (rate) => `${(100 * rate).toFixed(1)}%`;
const range = ({ low, high }, format) => `${format(low)} to ${format(high)}`;

/** `near`: within the tolerance; `within`: in the stated range; `flagged`, with a reason; `unexplained`. */
function stateOf({ predicted, responseTime: { p50, p95 }, throughput, failureRate }) {
  if (predicted.breaks !== null) return predicted.unexplained ? 'unexplained' : 'flagged';
  return isNear({ p50, p95, throughput, failureRate }, predicted) ? 'near' : 'within';
}

function words(state, { ranges, breaks }) {
  if (state === 'near') return 'holds';
  if (state !== 'within') return `${state === 'flagged' ? 'flagged' : 'UNEXPLAINED'}: ${breaks}`;
  return `holds within p50 ${range(ranges.p50, (ms) => ms.toPrecision(4))}, p95 ${range(ranges.p95, (ms) => ms.toPrecision(4))}, failed ${range(ranges.failureRate, share)}`;
}

/** Prints a trial beside its prediction, and tells how they stand to each other. */
export function judge(name, trial) {
  const level = trial.load.model === 'closed' ? `${trial.load.users} u` : `${trial.load.rate}/s`;
  if (trial.state !== 'measured') {
    row([name, trial.architecture, level, '', '', '', ''], `NOT MEASURED: ${trial.message}`);
    return 'missing';
  }
  const { predicted, responseTime, throughput, failureRate } = trial;
  const state = stateOf(trial);
  row(
    [
      name, trial.architecture, level, pair(predicted.p50, responseTime.p50), pair(predicted.p95, responseTime.p95),
      pair(predicted.throughput, throughput), `${share(predicted.failureRate)} / ${share(failureRate)}`,
    ],
    words(state, predicted),
  );
  return state;
}
