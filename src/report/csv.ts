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
  return [...csvReportPieces(record)].join('');
}

/** The same in pieces: of a long run it is longer than a text can be. */
export function* csvReportPieces(record: RunRecord): Generator<string> {
  yield `${HEADER.join(',')}\r\n`;
  for (const trial of record.trials.filter(isMeasured)) yield* linesOf(trial);
}

/** Requests in one piece. */
const ROWS = 10_000;

function* linesOf(trial: MeasuredTrial): Generator<string> {
  const { start, time, outcome } = decodeSamples(trial.samples);
  const head = [text(trial.architecture), trial.load.model, loadSize(trial.load), trial.round].join(',');
  for (let from = 0; from < start.length; from += ROWS) {
    const lines = Array.from(start.subarray(from, from + ROWS), (at, i) => {
      const warmup = at < 0 ? 1 : 0;
      return `${head},${warmup},${number(at)},${number(time[from + i] ?? 0)},${OUTCOMES[outcome[from + i] ?? 0]}\r\n`;
    });
    yield lines.join('');
  }
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
