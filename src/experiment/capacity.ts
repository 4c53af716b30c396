/** The most that a subject carries: levels of load are tried in real trials, again where it is close. */
import { isMeasured, median } from '../advice/rounds.js';
import { loadSize } from '../measurement/loads.js';
import type { CapacityAnswer, CapacityLimit, CapacityProbe, MeasuredTrial, Trial, TrialLoad } from '../measurement/record.js';
import { bottleneckOf, levelsToTry, type Bracket, type CapacityLimits, type SearchRange } from '../simulation/capacity.js';
import { readProbe, verdictOf, type Doubt, type Expectation, type Reading } from './probe.js';

/** What is asked. */
export interface CapacityQuestion {
  architecture: string;
  model: TrialLoad['model'];
  range: SearchRange;
  /** p95 with nothing waiting, ms, and the mean time in which a user makes one request then. */
  unloaded: { p95: number; cycle: number };
  limits: CapacityLimits;
}

/** Runs a trial; what goes wrong is in the trial. `isExpected`: the model has said what will come of it. */
export type RunProbe = (load: TrialLoad, round: number, isExpected: boolean) => Promise<Trial>;

/** Hears of each trial. */
export type ProbeListener = (probe: CapacityProbe, trial: Trial) => void;

/** Searches, until it is found or `signal` aborts. */
export async function measureCapacity(
  question: CapacityQuestion,
  run: RunProbe,
  signal: AbortSignal,
  onProbe: ProbeListener = () => {},
): Promise<CapacityAnswer> {
  const { model, range, limits } = question;
  const readings: Reading[] = [];
  let levels = levelsToTry(range);
  let expected = range.expected ?? null;
  const bracket = { carried: 0, tooMuch: Infinity };
  let doubt: Doubt | undefined;
  let isOver = false;
  for (let next = levels.next(); !next.done && !doubt && !signal.aborted; ) {
    const level = next.value;
    const load: TrialLoad = model === 'closed' ? { model, users: level } : { model, rate: level };
    const told = await tryLevel(load, { limits, expectation: expectationOf(level, expected) }, run, signal, onProbe);
    readings.push(...told.readings);
    if (told.verdict === 'carried') bracket.carried = level;
    if (told.verdict === 'passed') bracket.tooMuch = level;
    if (told.verdict !== 'unknown') next = levels.next(told.verdict === 'carried');
    else if (expected && bracket.carried === 0 && !signal.aborted) {
      // More than the machine can tell of: what it can tell of is found from below.
      expected = null;
      levels = levelsToTry({ ...range, expected });
      next = levels.next();
    } else doubt = doubtAmong(told.readings);
    isOver = next.done === true;
  }
  if (isOver) return answerOf(question, readings, bracket, { end: endOf(bracket) });
  if (signal.aborted || !doubt) return answerOf(question, readings, bracket, { end: 'interrupted' });
  return answerOf(question, readings, bracket, { end: doubt.machine ? 'machine' : 'unknown', reason: doubt.reason });
}

/** What the model says of a level, if anything. */
function expectationOf(level: number, expected: Bracket | null): Expectation {
  if (!expected) return null;
  return level <= expected.carried ? 'carried' : level >= expected.tooMuch ? 'passed' : null;
}

/** What stood in the way of telling: the machine where it did once, else what was last in the way. */
function doubtAmong(readings: readonly Reading[]): Doubt | undefined {
  const doubts = readings.flatMap(({ doubt }) => doubt ?? []);
  return doubts.find(({ machine }) => machine) ?? doubts.at(-1);
}

/** Tries one level until its trials agree. */
async function tryLevel(
  load: TrialLoad,
  { limits, expectation }: { limits: CapacityLimits; expectation: Expectation },
  run: RunProbe,
  signal: AbortSignal,
  onProbe: ProbeListener,
): Promise<{ verdict: 'carried' | 'passed' | 'unknown'; readings: Reading[] }> {
  const readings: Reading[] = [];
  for (let round = 1; ; round++) {
    const reading = readProbe(await run(load, round, expectation !== null), limits, expectation);
    readings.push(reading);
    onProbe(probeOf(reading), reading.trial);
    const verdict = verdictOf(readings, expectation);
    if (verdict || signal.aborted) return { verdict: verdict ?? 'unknown', readings };
  }
}

function probeOf({ trial, doubt, passed }: Reading): CapacityProbe {
  const why = doubt === null ? {} : { reason: doubt.reason };
  return { load: trial.load, round: trial.round, passed, known: doubt === null, ...why };
}

function answerOf(
  { architecture, model, unloaded, limits }: CapacityQuestion,
  readings: readonly Reading[],
  { carried, tooMuch }: { carried: number; tooMuch: number },
  ending: Pick<CapacityAnswer, 'end' | 'reason'>,
): CapacityAnswer {
  const above = readings.filter(({ trial, passed }) => passed !== null && loadSize(trial.load) === tooMuch);
  const [first] = above;
  return {
    architecture,
    model,
    most: carried,
    beyond: tooMuch === Infinity ? null : tooMuch,
    ...ending,
    perSecond: answeredAt(readings, carried),
    limit: first?.passed ?? null,
    step: first && isMeasured(first.trial) ? bottleneckOf({ trial: first.trial, passed: first.passed }) : null,
    knee: model === 'closed' && isQueue(first?.passed) ? kneeOf(readings, unloaded.cycle) : null,
    unloaded: unloaded.p95,
    limits: { p95: limits.p95, failureRate: limits.failureRate, backlogGrowth: limits.backlogGrowth },
    probes: readings.map(probeOf),
  };
}

/** Good answers a second at the highest level carried, the median of its trials; null where there is none. */
function answeredAt(readings: readonly Reading[], carried: number): number | null {
  return median(readings.map(({ trial, passed }) => (isMeasured(trial) && passed === null && loadSize(trial.load) === carried ? trial.throughput : null)));
}

function endOf({ tooMuch }: { tooMuch: number }): CapacityAnswer['end'] {
  return tooMuch === Infinity ? 'asked' : 'limit';
}

/** Whether what was passed is a matter of waiting for one's turn. */
function isQueue(limit: CapacityLimit | null | undefined): boolean {
  return limit === 'p95' || limit === 'failureRate';
}

/** Little's law at the highest throughput seen: so many users are served without one waiting for another. */
function kneeOf(readings: readonly Reading[], cycle: number): number | null {
  const measured = readings.map(({ trial }) => trial).filter((trial): trial is MeasuredTrial => isMeasured(trial));
  const most = Math.max(0, ...measured.map(({ throughput }) => throughput));
  return most > 0 ? Math.floor((most * cycle) / 1000) : null;
}
