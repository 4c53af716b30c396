/** What the marks in a table mean, and what stands in the way of trusting it. */
import type { RunRecord, Trial } from '../measurement/record.js';
import { isMeasured } from '../advice/rounds.js';
import type { Hop } from '../services/services.js';
import { formatDuration } from '../base/units.js';
import { samplesNeeded } from '../measurement/times.js';
import { AT_LEAST, INVALID, TOO_FEW } from './cells.js';
import type { Column, Row } from './columns.js';
import { formatCount, formatList, formatLoad, oneLine } from './format.js';
import { chaosSentence } from './predicted.js';
import type { SideTable } from './side-table.js';

const HOP_REMARKS: Partial<Record<Hop, string>> = {
  unix:
    'The services were called over HTTP by Unix domain sockets (--services unix): what TCP over loopback costs beyond that is not in ' +
    'these numbers.',
  'in-process':
    "The services answered within the server's process (--services in-process): what HTTP hops to them cost is not in these numbers, " +
    'and they share the event loop of the server.',
};

/** Footnotes of a table, and of those beside it: one for each mark that occurs in them. */
export function footnotes(rows: readonly Row[], columns: readonly Column[], beside: readonly SideTable[] = []): string[] {
  const cells = [...rows.flatMap((row) => columns.map((column) => column.cell(row))), ...beside.flatMap((table) => table.rows.flat().map(({ text }) => text))];
  const rounds = Math.max(0, ...rows.map((row) => row.measured.length));
  return [
    ...when(rounds > 1, `Every number is the median of ${rounds} rounds.`),
    ...when(
      cells.some((cell) => cell.startsWith(TOO_FEW)),
      tooFew(),
    ),
    ...when(
      cells.some((cell) => cell.includes(AT_LEAST)),
      '>= at least: what timed out or still waits may have taken longer.',
    ),
    ...when(
      cells.some((cell) => cell.endsWith(INVALID)),
      '! not a valid measurement: see the problems.',
    ),
    ...simulated(rows),
    ...endedEarly(rows),
  ];
}

/** That nothing was measured; and how long was simulated, where that is not the same everywhere. */
function simulated(rows: readonly Row[]): string[] {
  const trials = rows.flatMap((row) => row.measured.filter(({ state }) => state === 'simulated'));
  if (trials.length === 0) return [];
  const windows = trials.map(({ window }) => Math.round(window.seconds * 1000)).toSorted((a, b) => a - b);
  const [shortest = 0, longest = 0] = [windows[0], windows.at(-1)];
  const lengths = shortest === longest ? '' : `, in windows of ${formatDuration(shortest)} to ${formatDuration(longest)}`;
  return [`Simulated, not measured${lengths}.`];
}

/** That windows were not all as long: each ended when enough was known. */
function endedEarly(rows: readonly Row[]): string[] {
  const seconds = rows.flatMap((row) => row.measured.filter(({ state, load }) => state === 'measured' && !load.ramp).map(({ window }) => window.seconds));
  const [shortest, longest] = [Math.min(...seconds), Math.max(...seconds)].map((value) => Math.round(value * 10) / 10) as [number, number];
  return when(seconds.length > 0 && longest - shortest > ALIKE, `Windows of ${shortest} to ${longest} s: each ended when it told enough.`);
}

/** Windows that differ by less are of one length, s. */
const ALIKE = 0.2;

function tooFew(): string {
  return `~ too few samples to know: p95 takes ${samplesNeeded(0.95)}, p99 ${samplesNeeded(0.99)}.`;
}

function when(holds: boolean, text: string): string[] {
  return holds ? [text] : [];
}

/** Problems of the run in sentences: trials that are missing or without numbers, and numbers that cannot be trusted. */
export function problems(record: Pick<RunRecord, 'trials' | 'plan' | 'paired'>): string[] {
  const missing = missingTrials(record);
  return [...(missing ? [missing] : []), ...problemsOfTrials(record)];
}

function problemsOfTrials(record: Pick<RunRecord, 'trials'>): string[] {
  return told(record.trials, (trial) => {
    if (!isMeasured(trial)) return [`${trial.state}: ${trial.message}`];
    return trial.validity.valid ? [] : trial.validity.problems;
  });
}

/** Remarks on the run, and on valid trials. */
export function remarks(record: Pick<RunRecord, 'trials' | 'plan'>): string[] {
  return [
    ...[HOP_REMARKS[record.plan.hop ?? 'http'] ?? []].flat(),
    ...told(record.trials, (trial) => (isMeasured(trial) ? [...trial.validity.notes, ...[trial.predicted ? (chaosSentence(trial.predicted, trial.load) ?? []) : []].flat()] : [])),
  ];
}

/** Sentences about trials; what is said of several is said once. */
function told(trials: readonly Trial[], sentencesOf: (trial: Trial) => string[]): string[] {
  const where = new Map<string, Set<string>>();
  for (const trial of trials) {
    for (const sentence of sentencesOf(trial)) {
      const place = `${oneLine(trial.architecture)} at ${formatLoad(trial.load)}`;
      where.set(oneLine(sentence), (where.get(oneLine(sentence)) ?? new Set()).add(place));
    }
  }
  return [...where].map(([sentence, places]) => `${formatList([...places])}: ${sentence}`);
}

/** How many of the planned trials there are, when some are missing. */
function missingTrials(record: Pick<RunRecord, 'trials' | 'plan' | 'paired'>): string | null {
  // A comparison in pairs plans no trials.
  if (record.paired) return null;
  const missing = record.plan.trials.length - record.trials.length;
  return missing > 0
    ? `${formatCount(missing)} of ${formatCount(record.plan.trials.length)} trials were not run.`
    : null;
}
