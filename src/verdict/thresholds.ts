/**
 * Limits as people write them:
 *
 *     [warn:|error:] SUBJECT[@LOAD]: METRIC OP VALUE              hybrid@500: failure_rate < 1%
 *     [warn:|error:] SUBJECT[KIND][@LOAD]: METRIC OP VALUE        hybrid[book]: p95 < 400ms
 *     [warn:|error:] SUBJECT/SUBJECT[@LOAD]: METRIC OP VALUE      sync/hybrid: p95 >= 1.5
 *     abort [DELAY]: SUBJECT[@LOAD]: METRIC OP VALUE              abort 5s: hybrid: failure_rate < 10%
 *
 * LOAD is users in the closed model and requests per second in the open one; without it the limit holds at every load.
 * VALUE has the metric's unit: a duration (`600ms`, `5s`), a share (`1%`, `0.01`) or a plain number; the ratio of two
 * subjects is a plain number. White space is free. `warn:` reports without failing;
 * `abort` ends the run as soon as the limit is hopeless, and no sooner than DELAY after the start of a measured window.
 */
import { UserError } from '../base/errors.js';
import { formatDuration, nearest, parseDuration } from '../base/units.js';
import { PERCENTILES, type Percentile } from '../measurement/times.js';
import { splitKind, subjectOfKind } from '../measurement/kind-trials.js';
import { type Operator, OPERATORS, readLimit } from './limits.js';
import { isByKind, describeMetrics, metricNamed, metricNames, splitStep, stepMetricNames, type Unit } from './metrics.js';

/** One limit. */
export interface Threshold {
  /** As it was written, with its white space put in order. */
  expression: string;
  level: 'error' | 'warn';
  /** Ends the run when it is hopeless, so many ms after the start of the window at the earliest; without it, never. */
  abortAfter?: number;
  subject: string;
  /** Divisor of a ratio `subject/against`. */
  against: string | null;
  /** Users or requests per second; null: every load. */
  load: number | null;
  /** Name of a metric: see `metrics.ts`. */
  metric: string;
  operator: Operator;
  /** In the metric's unit: ms, ratio, number, per second. */
  limit: number;
}

/** What thresholds can be about. */
export interface Vocabulary {
  /** Undefined: there is no such metric. */
  unitOf: (name: string) => Unit | undefined;
  /** Names to suggest from, of a step's metrics where a step is named. */
  names: (step: string | undefined) => readonly string[];
  /** All of them in words. */
  describe: () => string;
}

/** The metrics of trials. */
const TRIALS: Vocabulary = {
  unitOf: (name) => metricNamed(name)?.unit,
  names: (step) => (step === undefined ? metricNames() : stepMetricNames()),
  describe: describeMetrics,
};

/** Names that may stand in a threshold. Without `steps` any step is taken, without `metrics` those of trials. */
export interface KnownNames {
  subjects: readonly string[];
  steps?: readonly string[];
  metrics?: Vocabulary;
}

/** What `abort` can be said of: what is known of requests alone, and only gets worse as it grows. */
export function isLive(metric: string): metric is 'failure_rate' | Percentile {
  return metric === 'failure_rate' || Object.hasOwn(PERCENTILES, metric);
}

/** Reads all of them. @throws UserError with every mistake, one a line */
export function parseThresholds(texts: readonly string[], known: KnownNames): Threshold[] {
  const mistakes: string[] = [];
  const thresholds = texts.flatMap((text) => {
    try {
      return [parseThreshold(text, known)];
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      mistakes.push(error.message);
      return [];
    }
  });
  if (mistakes.length > 0) throw new UserError(mistakes.join('\n'));
  return thresholds;
}

/** Reads one. @throws UserError that says where it is wrong and what to write */
export function parseThreshold(text: string, known: KnownNames): Threshold {
  const reader: Reader = new Reader(text);
  const { level, abortAfter, from, to } = splitColons(reader);
  const who = readSubjects(reader, from, to, known.subjects);
  const { metric, operator, valueAt } = readComparison(reader, to + 1, known);
  const unit = who.against === null ? ((known.metrics ?? TRIALS).unitOf(metric) ?? 'count') : 'ratio';
  const written = text.slice(valueAt).replaceAll(/\s+/g, '');
  const limit = readLimit(written, unit);
  if (typeof limit === 'string') reader.fail(valueAt, limit);
  if (isOfKind(who)) mustBeByKind(reader, to + 1, metric, abortAfter);
  if (abortAfter !== undefined) mustBeLive(reader, to + 1, { metric, operator, against: who.against });
  const subjects = who.against === null ? who.subject : `${who.subject}/${who.against}`;
  const load = who.load === null ? '' : `@${who.load}`;
  const prefix = level === 'warn' ? 'warn: ' : prefixOf(abortAfter);
  const expression = `${prefix}${subjects}${load}: ${metric} ${operator} ${written}`;
  return { expression, level, ...(abortAfter === undefined ? {} : { abortAfter }), ...who, metric, operator, limit };
}

/** Whether one kind of request by itself is spoken of. */
function isOfKind({ subject, against }: Pick<Threshold, 'subject' | 'against'>): boolean {
  return [subject, against].some((name) => name !== null && splitKind(name).kind !== null);
}

function mustBeByKind(reader: Reader, at: number, metric: string, abortAfter: number | undefined): void {
  if (!isByKind(metric)) reader.fail(at, `${metric} is known of all kinds of request together: leave out the kind in brackets.`);
  if (abortAfter !== undefined) reader.fail(0, 'abort looks at all kinds of request together: leave out the kind in brackets.');
}

/** Names that a threshold may speak of: subjects, and each kind of request of them. */
export function withKindNames(subjects: readonly string[], kinds: readonly { name: string }[] = []): string[] {
  return subjects.flatMap((subject) => [subject, ...kinds.map(({ name }) => subjectOfKind(subject, name))]);
}

/** What a limit may not have been meant to say, as a sentence: `failure_rate < 1` is met by everything but failure throughout. */
export function doubtfulLimit({ expression, metric, against, operator, limit }: Threshold): string | undefined {
  const isWide = against === null && metricNamed(metric)?.unit === 'share' && operator.startsWith('<') && limit === 1;
  return isWide ? `${expression} holds for nearly anything, because 1 is 100 %: for 1 % write 1%.` : undefined;
}

/** The same of all of them. */
export function doubtfulLimits(thresholds: readonly Threshold[]): string[] {
  return thresholds.flatMap((threshold) => doubtfulLimit(threshold) ?? []);
}

/**
 * What a threshold speaks of and a scenario does not run, as a sentence: it would come out unknown.
 * @param subjects names of what is run
 * @param loads users or requests per second; where stages move the load, those it begins with
 */
export function unmeasuredBy({ subject, against, load }: Threshold, subjects: readonly string[], loads: readonly number[]): string | undefined {
  const missing = [subject, against].find((name) => name !== null && !subjects.includes(splitKind(name).subject));
  if (missing) return `${missing} is not among the subjects (${subjects.join(', ')}): this comes out unknown unless -a names it`;
  if (load === null || loads.includes(load)) return undefined;
  return `the load ${load} is not run (${loads.join(', ')}): this comes out unknown unless the command line asks for it`;
}

function prefixOf(abortAfter: number | undefined): string {
  if (abortAfter === undefined) return '';
  return abortAfter === 0 ? 'abort: ' : `abort ${formatDuration(abortAfter)}: `;
}

/** Only what is known of one trial while it runs can end it. */
function mustBeLive(reader: Reader, at: number, { metric, operator, against }: Pick<Threshold, 'metric' | 'operator' | 'against'>): void {
  if (against === null && isLive(metric) && (operator === '<' || operator === '<=')) return;
  reader.fail(at, 'abort takes an upper limit on p50 to p999 or failure_rate of one subject, as in `abort 5s: hybrid: failure_rate < 10%`.');
}

/** The text and the mistakes in it. */
class Reader {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  /** @param at offset of the mistake; columns are counted from 1 */
  fail(at: number, problem: string): never {
    throw new UserError(`Threshold ${JSON.stringify(this.text)}, column ${at + 1}: ${problem}`);
  }

  /** The text of a range without the white space around it, and where it begins. */
  trimmed(from: number, to = this.text.length): { word: string; at: number } {
    const range = this.text.slice(from, to);
    return { word: range.trim(), at: from + range.length - range.trimStart().length };
  }
}

const EXAMPLE = 'as in `hybrid: p95 < 600ms`';

/** A level is one only before a subject: in `warn: p95 < 1s` it is a subject. */
function splitColons(reader: Reader): Pick<Threshold, 'level' | 'abortAfter'> & { from: number; to: number } {
  const { text } = reader;
  const to = text.lastIndexOf(':');
  if (to === -1) reader.fail(0, `expected SUBJECT: METRIC OP VALUE, ${EXAMPLE}.`);
  const first = text.indexOf(':');
  const { word } = reader.trimmed(0, first);
  const [isAbort, delay = '0ms'] = /^abort(?:\s+(\S*))?$/.exec(word) ?? [];
  if (first !== to && isAbort !== undefined) {
    const abortAfter = parseDuration(delay);
    if (abortAfter === undefined) reader.fail(0, `expected a delay after abort, such as 5s, got ${JSON.stringify(delay)}.`);
    return { level: 'error', abortAfter, from: first + 1, to };
  }
  if (first === to || (word !== 'warn' && word !== 'error')) return { level: 'error', from: 0, to };
  return { level: word, from: first + 1, to };
}

function readSubjects(
  reader: Reader,
  from: number,
  to: number,
  subjects: readonly string[],
): Pick<Threshold, 'subject' | 'against' | 'load'> {
  const whole = reader.trimmed(from, to);
  if (subjects.includes(whole.word)) return { subject: whole.word, against: null, load: null };
  const at = reader.text.lastIndexOf('@', to);
  const end = at >= from ? at : to;
  const load = end === at ? readLoad(reader, at + 1, to) : null;
  const single = reader.trimmed(from, end);
  if (subjects.includes(single.word)) return { subject: single.word, against: null, load };
  const slash = slashBetween(reader, from, end, subjects);
  if (slash === -1) return { subject: knownSubject(reader, from, end, subjects), against: null, load };
  const subject = knownSubject(reader, from, slash, subjects);
  return { subject, against: knownSubject(reader, slash + 1, end, subjects), load };
}

/** The slash between two subjects: names may have slashes of their own. */
function slashBetween(reader: Reader, from: number, to: number, subjects: readonly string[]): number {
  const first = reader.text.indexOf('/', from);
  for (let at = first; at !== -1 && at < to; at = reader.text.indexOf('/', at + 1)) {
    const [left, right] = [reader.trimmed(from, at).word, reader.trimmed(at + 1, to).word];
    if (subjects.includes(left) && subjects.includes(right)) return at;
  }
  return first < to ? first : -1;
}

function readLoad(reader: Reader, from: number, to: number): number {
  const { word, at } = reader.trimmed(from, to);
  const load = /^\d{1,9}(\.\d{1,3})?$/.test(word) ? Number(word) : 0;
  if (load === 0) {
    const hint = word.includes('/') ? ': it stands once, after both subjects' : `, ${EXAMPLE.replace('hybrid', 'hybrid@500')}`;
    reader.fail(at, `expected users or a rate after @, got ${JSON.stringify(word)}${hint}.`);
  }
  return load;
}

function knownSubject(reader: Reader, from: number, to: number, subjects: readonly string[]): string {
  const { word, at } = reader.trimmed(from, to);
  if (subjects.includes(word)) return word;
  const what = word === '' ? 'a subject is missing' : `unknown subject ${JSON.stringify(word)}`;
  reader.fail(at, `${what}.${suggestion(word, subjects)} Subjects: ${subjects.join(', ')}.`);
}

function readComparison(
  reader: Reader,
  from: number,
  known: KnownNames,
): { metric: string; operator: Operator; valueAt: number } {
  const sign = /[<>=!]+/.exec(reader.text.slice(from));
  const at = sign ? from + sign.index : reader.text.length;
  const name = reader.trimmed(from, at);
  const [word = '', ...more] = name.word.split(/\s+/);
  if (!sign && more.length > 0) reader.fail(name.at + word.length + 1, `expected one of ${OPERATORS.join(' ')} after ${word}, ${EXAMPLE}.`);
  checkMetric(reader, name.word, name.at, known);
  const operator = OPERATORS.find((candidate) => candidate === sign?.[0]);
  if (!operator) {
    const got = sign ? `, got ${sign[0]}` : '';
    reader.fail(at, `expected one of ${OPERATORS.join(' ')}${got}, ${EXAMPLE}.`);
  }
  return { metric: name.word, operator, valueAt: reader.trimmed(at + operator.length).at };
}

function checkMetric(reader: Reader, name: string, at: number, { steps, metrics = TRIALS }: KnownNames): void {
  if (name === '') reader.fail(at, `a metric is missing.\n${metrics.describe()}`);
  const { step } = splitStep(name);
  const isKnownStep = step === undefined || !steps || steps.includes(step);
  if (!isKnownStep) {
    reader.fail(at, `unknown step ${JSON.stringify(step)}.${suggestion(step, steps)} Steps: ${steps.join(', ')}.`);
  }
  if (metrics.unitOf(name) !== undefined) return;
  const prefix = step === undefined ? '' : `${step}.`;
  const hint = suggestion(name, metrics.names(step).map((candidate) => prefix + candidate));
  reader.fail(at, `unknown metric ${JSON.stringify(name)}.${hint}\n${metrics.describe()}`);
}

function suggestion(name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  return near === undefined ? '' : ` Did you mean ${JSON.stringify(near)}?`;
}
