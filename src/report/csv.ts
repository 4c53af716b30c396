/** Every request of a run as one line of CSV (RFC 4180), warm-up included. */
import { isMeasured, loadSize } from '../advice/rounds.js';
import { OUTCOMES } from '../load/load.js';
import type { MeasuredTrial, RunRecord } from '../measurement/record.js';
import { decodeSamples } from '../measurement/samples.js';
import { oneLine } from './format.js';

const HEADER = ['architecture', 'model', 'load', 'round', 'warmup', 'start_ms', 'response_ms', 'outcome'];

/**
 * Raw samples. `load` is users (closed) or requests per second (open); `start_ms` is the intended start, counted from
 * the start of the window.
 */
export function csvReport(record: RunRecord): string {
  const lines = record.trials.filter(isMeasured).flatMap(linesOf);
  return `${[HEADER.join(','), ...lines].join('\r\n')}\r\n`;
}

function linesOf(trial: MeasuredTrial): string[] {
  const { start, time, outcome } = decodeSamples(trial.samples);
  const head = [text(trial.architecture), trial.load.model, loadSize(trial.load), trial.round].join(',');
  return Array.from(start, (at, i) => {
    const warmup = at < 0 ? 1 : 0;
    return `${head},${warmup},${number(at)},${number(time[i] ?? 0)},${OUTCOMES[outcome[i] ?? 0]}`;
  });
}

/** Microseconds are more than the clock tells. */
function number(ms: number): string {
  return String(Number(ms.toFixed(3)));
}

/** A quoted field; a spreadsheet must not take it for a formula. */
function text(value: string): string {
  const safe = oneLine(value).replace(/^(?=[=+\-@])/, "'");
  return /[",]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
