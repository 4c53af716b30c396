/** The table of a run, said once: terminal, Markdown and HTML draw the same columns. Cells are plain ASCII. */
import { fold, groupTrials, type TrialGroup } from '../advice/rounds.js';
import { WARNING_BYTES } from '../events/envelope.js';
import { LATE_MS } from '../load/load.js';
import { splitKind, withKinds } from '../measurement/kind-trials.js';
import type { MeasuredTrial, Prediction, Times, Trial } from '../measurement/record.js';
import { knownFailureRate } from '../measurement/outcomes.js';
import { summarise, type Percentile } from '../measurement/times.js';
import { partsIn, type Figures } from '../simulation/tolerance.js';
import { compensationName } from '../scenarios/call-graph.js';
import type { Ramp } from '../scenarios/load.js';
import { completionBound, INVALID, intervalCell, lagBound, percentileCell, stateOf, type BoundOf, type TimesOf } from './cells.js';
import { ABSENT, formatBytes, formatCount, formatRate, formatShare, oneLine } from './format.js';
import { predictedCell } from './predicted.js';

/** One line of the table: one subject under one load, its rounds folded. */
export type Row = TrialGroup;

/** No publish within the process takes so long, ms. */
const DEAR_PUBLISH_MS = 0.5;

/** What a cell means; colours are made of it. */
export type Meaning = 'good' | 'bad' | 'warn' | 'plain';

/** One column. */
export interface Column {
  label: string;
  /** Label that it shares with columns that are dropped with it; its own without it. */
  shared?: string;
  /** What it tells, with its unit. */
  about: string;
  align: 'left' | 'right';
  /** `key` columns stand in every part of a split table; `reply` is the caller's side, `events` what comes after it. */
  part: 'key' | 'reply' | 'events';
  /** When the table is too wide, the highest is dropped first. */
  rank: number;
  cell(row: Row): string;
  meaning(row: Row): Meaning;
  /** Whether the column has anything to tell. */
  shown(rows: readonly Row[]): boolean;
}

/** The rows of a run's table: by load, then by subject, each kind of request behind its subject. */
export function rowsOf(trials: readonly Trial[]): Row[] {
  return groupTrials(withKinds(trials));
}

/** The columns that have something to tell about these rows. */
export function columnsOf(rows: readonly Row[]): Column[] {
  return COLUMNS.filter((column) => column.shown(rows));
}

/** Whether the subject publishes events. */
export function publishes(row: Row): boolean {
  return row.measured.some((trial) => trial.events !== null);
}

type NumberOf = (trial: MeasuredTrial) => number | null;
type Place = Pick<Column, 'label' | 'about' | 'part' | 'rank'>;

/** Where no column says otherwise: to the right, without meaning, shown in its part. */
function show(place: Place, cell: Column['cell'], change: Partial<Column> = {}): Column {
  const shown = (rows: readonly Row[]): boolean => place.part !== 'events' || rows.some(publishes);
  return { ...place, align: 'right', cell, meaning: () => 'plain', shown, ...change };
}

function percentile(place: Place, which: Percentile, timesOf: TimesOf, boundOf?: BoundOf): Column {
  return show(place, (row) => percentileCell(row, which, timesOf, boundOf));
}

function count(place: Place, pick: NumberOf, meaning: Meaning = 'plain'): Column {
  return show(place, (row) => formatCount(fold(row, pick)), {
    meaning: (row) => ((fold(row, pick) ?? 0) > 0 ? meaning : 'plain'),
  });
}

/** A count that should be zero: shown where it is not. */
function damage(place: Place, pick: NumberOf): Column {
  return { ...count(place, pick, 'bad'), shown: (rows) => rows.some((row) => (fold(row, pick) ?? 0) > 0) };
}

function responseTime(which: Percentile, rank: number, about: string): Column {
  return percentile(placed('reply', rank, which, about), which, (trial) => trial.responseTime);
}

/** What publishing cost: shown where a broker makes it worth a look, or the size of an event. */
function publishing(label: string, about: string, cell: Column['cell']): Column {
  const isDear: NumberOf = ({ events }) => {
    const { latency, largestBytes = 0 } = events?.publishing ?? {};
    return (latency?.p95 ?? 0) >= DEAR_PUBLISH_MS || largestBytes > WARNING_BYTES ? 1 : 0;
  };
  return show(placed('events', 6, label, about), cell, { shown: (rows) => rows.some((row) => (fold(row, isDear) ?? 0) > 0) });
}

function bytesCell(bytes: number | null): string {
  return bytes === null ? ABSENT : formatBytes(bytes);
}

/** A number of the prediction: shown where what was measured parts from it. */
function predicted(figure: keyof Figures, rank: number, what: string): Column {
  const parted = (row: Row): MeasuredTrial[] => row.measured.filter((trial) => partsIn(trial, figure));
  const about = `The ${what} that the model of the scenario predicts, where what was measured parts from it.`;
  return show(
    placed('reply', rank, `predicted ${what}`, about),
    (row) => (parted(row).length > 0 ? predictedCell(figure, predictionsOf(row)) : ''),
    { shown: (rows) => rows.some((row) => parted(row).length > 0) },
  );
}

/** Alike in all rounds, unless their windows differed. */
export function predictionsOf(row: Row): Prediction[] {
  return row.measured.flatMap(({ predicted: found }) => found ?? []);
}

function placed(part: Column['part'], rank: number, label: string, about: string): Place {
  return { part, rank, label, about };
}

/** A level, or those that a ramp moves through: `0-50-200`. */
function levels(level: number, ramp: Ramp | undefined, format: (level: number) => string): string {
  return ramp ? [ramp.from, ...ramp.stages.map(({ target }) => target)].map(format).join('-') : format(level);
}

/** Runs of what undoes steps, that ended so: of all kinds of request, for steps are counted together. */
function undone(how: 'ok' | 'failed'): NumberOf {
  return ({ architecture, steps }) => {
    if (splitKind(architecture).kind !== null) return null;
    return Object.keys(steps).reduce((sum, name) => sum + (steps[compensationName(name)]?.[how] ?? 0), 0);
  };
}

const COLUMNS: readonly Column[] = [
  show(
    placed('key', 1, 'users', 'Users at once: each sends its next request when the last is answered.'),
    ({ load }) => (load.model === 'closed' ? levels(load.users, load.ramp, formatCount) : ABSENT),
    { shown: (rows) => rows.some(({ load }) => load.model === 'closed') },
  ),
  show(
    placed('key', 1, 'rate', 'Requests started per second, whatever the server does.'),
    ({ load }) => (load.model === 'open' ? `${levels(load.rate, load.ramp, formatRate)}/s` : ABSENT),
    { shown: (rows) => rows.some(({ load }) => load.model === 'open') },
  ),
  show(
    placed('key', 1, 'architecture', 'An architecture, a variant of the scenario, or a server of yours.'),
    (row) => oneLine(row.architecture) + (row.valid || row.measured.length === 0 ? '' : INVALID),
    { align: 'left', meaning: (row) => (row.valid ? 'plain' : 'warn') },
  ),
  responseTime('p50', 2, 'Half of the requests ended within this response time.'),
  responseTime('p95', 3, '95 of 100 requests ended within this response time.'),
  show(
    placed('reply', 8, 'p95 interval', 'The p95 of many more such requests lies within with 95 % confidence.'),
    (row) => intervalCell(row, (trial) => trial.p95Interval ?? null),
    { shown: (rows) => rows.some((row) => row.measured.some((trial) => trial.p95Interval)) },
  ),
  responseTime('p99', 6, '99 of 100 requests ended within this response time.'),
  show(
    placed('reply', 6, 'first byte p95', 'To the first byte of the answer, for 95 of 100 requests that got one; shown where answers are streamed.'),
    (row) => percentileCell(row, 'p95', firstByteOf),
    { shown: (rows) => rows.some((row) => row.measured.some(isStreamed)) },
  ),
  show(placed('reply', 5, 'ok/s', 'Throughput: good answers to the requests begun in the window, per second of it.'), (row) =>
    formatRate(fold(row, (trial) => trial.throughput)),
  ),
  show(
    placed('reply', 4, 'failed', 'Failure rate: share of requests without a good answer in time.'),
    (row) => (row.measured.length === 0 ? stateOf(row) : formatShare(failureRateOf(row))),
    { meaning: (row) => failureMeaning(failureRateOf(row)) },
  ),
  damage(
    placed('reply', 7, 'sent late', `Requests sent more than ${LATE_MS} ms after their time: the generator was late.`),
    (trial) => (trial.load.model === 'open' ? (trial.schedule?.late ?? null) : null),
  ),
  damage(
    placed('reply', 7, 'never sent', 'Requests that were due and found no connection to be sent on.'),
    (trial) => trial.schedule?.unsent ?? null,
  ),
  {
    ...count(placed('reply', 6, 'attempts', 'Times that the requests were sent in all: clients sent those again that had failed.'), (trial) => trial.attempts ?? trial.outcomes.sent),
    shown: (rows) => rows.some((row) => row.measured.some(({ attempts }) => attempts !== undefined)),
  },
  damage(
    placed('reply', 7, 'done twice', 'Orders for which critical steps took effect in more than one attempt of their client.'),
    (trial) => trial.repeatedEffects ?? null,
  ),
  damage(
    placed('reply', 7, 'orphaned', 'Orders told "failed" although a critical step had taken effect.'),
    (trial) => trial.orphaned,
  ),
  { ...count(placed('reply', 8, 'undone', 'Steps undone because their request had failed.'), undone('ok')), shown: (rows) => rows.some((row) => (fold(row, undone('ok')) ?? 0) > 0) },
  damage(placed('reply', 8, 'not undone', 'Steps that could not be undone although their request had failed: what undoes them failed as well.'), undone('failed')),
  predicted('p50', 8, 'p50'),
  predicted('p95', 9, 'p95'),
  predicted('throughput', 9, 'ok/s'),
  predicted('failureRate', 8, 'failed'),
  percentile(
    placed('events', 4, 'lag p95', 'Event lag: from the publish of an event to the start of its processing.'),
    'p95',
    (trial) => trial.events?.lag ?? null,
    lagBound,
  ),
  percentile(
    placed(
      'events',
      2,
      'completion p95',
      'From the start of a request to the end of its last step, wherever that ran.',
    ),
    'p95',
    (trial) => trial.events?.completionTime ?? null,
    completionBound,
  ),
  count(
    placed('events', 3, 'backlog', 'Events acknowledged and not yet processed when the load ended.'),
    (trial) => trial.events?.backlog.end ?? null,
  ),
  count(
    placed('events', 5, 'pending', 'Events still waiting when the drain ended: not lost, not done.'),
    (trial) => trial.events?.pending ?? null,
    'warn',
  ),
  damage(
    placed('events', 3, 'lost', 'Events acknowledged and never processed.'),
    (trial) => trial.events?.lost ?? null,
  ),
  damage(
    placed('events', 6, 'dead', 'Events given up after the last delivery (dead letters).'),
    (trial) => trial.events?.deadLettered ?? null,
  ),
  publishing('publish p95', 'From the publish of an event to its acknowledgement.', (row) =>
    percentileCell(row, 'p95', (trial) => trial.events?.publishing?.latency ?? null),
  ),
  publishing('messages', 'Messages published for each order.', (row) =>
    formatRate(fold(row, (trial) => trial.events?.publishing?.messagesPerOrder ?? null)),
  ),
  publishing('bytes', 'Bytes published for each order, as JSON.', (row) =>
    bytesCell(fold(row, (trial) => trial.events?.publishing?.bytesPerOrder ?? null)),
  ),
  damage(
    placed('events', 7, 'gaps', 'Messages that a consumer never got although it got a later one of the same order.'),
    (trial) => trial.events?.gaps ?? null,
  ),
  damage(
    placed('events', 7, 'applied twice', 'Events whose effect took place more than once.'),
    (trial) => trial.events?.appliedTwice ?? null,
  ),
  damage(
    placed('events', 4, 'failed later', 'Orders told "ok" whose work died or was lost.'),
    (trial) => trial.failedLater,
  ),
];

const NO_TIMES = summarise([]);

function firstByteOf({ timeToFirstByte }: MeasuredTrial): Times {
  return timeToFirstByte ?? NO_TIMES;
}

/** Whether answers are long under way: their first byte comes in less than nine tenths of the time. */
function isStreamed({ timeToFirstByte, responseTime: { p50 } }: MeasuredTrial): boolean {
  return timeToFirstByte?.p50 != null && p50 !== null && timeToFirstByte.p50 < 0.9 * p50;
}

function failureRateOf(row: Row): number | null {
  return fold(row, knownFailureRate);
}

/** Below one in a hundred is what the default of `capacity` allows. */
function failureMeaning(rate: number | null): Meaning {
  if (rate === null || rate === 0) return 'plain';
  return rate < 0.01 ? 'warn' : 'bad';
}
