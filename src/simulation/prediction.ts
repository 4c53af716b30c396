/** What the model says beside what was measured, and why the two part where they do. */
import type { MachineTimes, MeasuredTrial, Predicted, Prediction, Range } from '../measurement/record.js';
import { responseTimes } from '../measurement/outcomes.js';
import { decodeSamples } from '../measurement/samples.js';
import { isKnown, neighboursOf } from '../measurement/times.js';
import { drawsOf, type Draws } from '../scenarios/draw.js';
import { isProcessFault } from '../scenarios/fault.js';
import type { Latency } from '../scenarios/scenario.js';
import { BACK_WITHIN, whyTheyDiffer } from './mismatch.js';
import { simulationInput, type Simulate, type SimulationInput } from './simulate.js';
import { errorOf, figuresOf, holds, type Figures, isNear } from './tolerance.js';
import type { TrialInput } from './trial.js';

/** How much slower services are: timers, sockets and a busy machine make them so. The last, of further draws: as they are. */
const SLOWER = [1.005, 1.01, 1.015, 1.02, 1];
/** So much shorter or longer are the times that one probe of a machine tells than those of the next (`npm run bench:prediction -- --probes 8`). */
const PROBES_APART = [0.65, 0.8, 1.25, 1.55, 1];
/** Which of these, the quickest, has the quicker half of the times alone: what disturbs a machine comes in bursts, which a probe meets and a trial may not, or the other way round. */
const CALM = 0;
/** So much sooner or later a process is back that was killed or stopped on purpose, ms. */
const BACK_APART = [-BACK_WITHIN, 0, BACK_WITHIN / 2, BACK_WITHIN, 0];
/** So many are simulated first. */
const FEW = 4;
/**
 * Where one of those is not near the prediction, so many more are simulated: the least and the largest of n + 1 hold another
 * one like them with probability (n - 1) / (n + 1), 0.9 of these.
 */
const MORE = 16;
/**
 * The same of a trial with few requests, where a percentile is that of one kind of them or of another by chance, and p95 that of three
 * which the machine held up: 0.98 of these. They take next to no time.
 */
const MORE_OF_FEW = 95;

/** What the model says of a trial. Rejects when it is no longer wanted. */
export type Predict = (plan: TrialInput) => Promise<Predicted>;

/** The same trial in virtual time, over the same draws; and how sure that is. */
export async function predict(plan: TrialInput, simulate: Simulate): Promise<Predicted> {
  const input = predictedInput(plan);
  return predictFrom(await simulate(input), input, simulate);
}

/** What the model says of a trial that has been simulated. */
export async function predictFrom(simulated: MeasuredTrial, input: SimulationInput, simulate: Simulate): Promise<Predicted> {
  const figures = figuresOf(simulated);
  return { ...figures, ranges: await rangesOf(input, simulated, simulate) };
}

/** A measured trial with what was predicted of it. */
export function withPrediction(trial: MeasuredTrial, predicted: Predicted, input: TrialInput): MeasuredTrial {
  const compared = compareWith(trial, predicted);
  if (compared.breaks === null) return { ...trial, predicted: compared };
  const why = whyTheyDiffer(trial, compared, input);
  return { ...trial, predicted: why === null ? { ...compared, unexplained: true } : { ...compared, breaks: why } };
}

/** What is simulated beside a measurement: as long as that was planned to be at least, and no longer. */
export function predictedInput(plan: TrialInput): SimulationInput {
  return { ...simulationInput(plan), until: null };
}

/** A measured trial against what was predicted of it. */
export function compareWith(trial: MeasuredTrial, predicted: Predicted): Prediction {
  const measured = knownFigures(trial);
  const errors = [
    errorOf(measured.p50, predicted.p50), errorOf(measured.p95, predicted.p95), errorOf(measured.throughput, predicted.throughput),
  ].filter((error) => error !== null);
  const errorPercent = errors.length === 0 ? null : 100 * Math.max(...errors);
  return { ...predicted, errorPercent, breaks: holds(measured, predicted) ? null : UNKNOWN };
}

/** What is not known cannot be told to be wrong. */
function knownFigures(trial: MeasuredTrial): Figures {
  const figures = figuresOf(trial);
  return isKnown(trial.responseTime, 'p95') ? figures : { ...figures, p95: null };
}

const UNKNOWN = 'Nothing in the trial tells why: a service, or the machine, did something else than the scenario says.';

/** What the figures of a trial lie between. @param simulated the trial itself, whose figures are among them */
export async function rangesOf(input: SimulationInput, simulated: MeasuredTrial, simulate: Simulate): Promise<NonNullable<Predicted['ranges']>> {
  const first = drawn(simulated);
  const another = async (number: number): Promise<Drawn> => drawn(await simulate(changed(input, number)));
  const few = await Promise.all(Array.from({ length: FEW }, (_, i) => another(i + 1)));
  const count = moreDraws(simulated.responseTime, few.every(({ figures }) => isNear(figures, first.figures)));
  const more = await Promise.all(Array.from({ length: count }, (_, i) => another(FEW + i + 1)));
  const all = [first, ...few, ...more];
  const figures = all.map((one) => one.figures);
  const throughput = withOneMore(rangeOf(figures, 'throughput'), input.duration);
  return { p50: withOneOther(rangeOf(figures, 'p50'), all, 'p50'), p95: withOneOther(rangeOf(figures, 'p95'), all, 'p95'), throughput, failureRate: rangeOf(figures, 'failureRate') };
}

/** A simulated trial: its figures, and what its percentiles would be by one request that is slower, or quicker; null where not all times are kept. */
interface Drawn {
  figures: Figures;
  byOneOther: Record<'p50' | 'p95', Range> | null;
}

function drawn(trial: MeasuredTrial): Drawn {
  const times = allTimes(trial);
  const around = neighboursOf(times);
  return { figures: figuresOf(trial), byOneOther: times.length === 0 ? null : { p50: around('p50'), p95: around('p95') } };
}

/** Response times, ms; none of a long trial, whose samples are not all kept: one request is no matter there. */
function allTimes({ samples, responseTime }: MeasuredTrial): Float32Array {
  const times = responseTimes(decodeSamples(samples)).map(Math.abs);
  return times.length < responseTime.count ? new Float32Array() : times;
}

/** A percentile that lies at the edge of a gap is on its other side by one request, with whatever is there in any of the draws. */
function withOneOther(range: Range | null, all: readonly Drawn[], name: 'p50' | 'p95'): Range | null {
  const others = all.flatMap(({ byOneOther }) => byOneOther?.[name] ?? []);
  return range && { low: Math.min(range.low, ...others.map(({ low }) => low)), high: Math.max(range.high, ...others.map(({ high }) => high)) };
}

/** How many more trials are simulated. Few requests, fewer than p99 takes to be known, never tell that a trial is steady. */
function moreDraws(times: MeasuredTrial['responseTime'], isSteady: boolean): number {
  if (!isKnown(times, 'p99')) return MORE_OF_FEW;
  return isSteady ? 0 : MORE;
}

/** A request begins just within the window or just beyond it: by one more, or one fewer, no two trials differ. @param duration of the window, ms */
function withOneMore(range: Range | null, duration: number): Range | null {
  const one = 1000 / duration;
  return range && { low: Math.max(0, range.low - one), high: range.high + one };
}

function rangeOf(all: readonly Figures[], name: keyof Figures): Range | null {
  const values = all.map((figures) => figures[name]).filter((value) => value !== null);
  return values.length === 0 ? null : { low: Math.min(...values), high: Math.max(...values) };
}

/** The trial with other draws and slower services, on a machine as it might have been measured as well. @param number which of them, from 1 */
function changed(input: SimulationInput, number: number): SimulationInput {
  const { subject, seed, machine } = input;
  const kind = (number - 1) % SLOWER.length;
  const factor = SLOWER[kind]!;
  const services = subject.services.map((service) => ({ ...service, latency: slowed(service.latency, factor) }));
  const faults = subject.faults.map((fault) => (isProcessFault(fault) ? { ...fault, for: Math.max(0, fault.for + BACK_APART[kind]!) } : fault));
  return { ...input, seed: seed + number, subject: { ...subject, services, faults }, ...(machine && { machine: measuredAgain(machine, seed + number, PROBES_APART[kind]!, kind === CALM) }) };
}

/**
 * What the machine adds as another probe would have told it: some dozens of requests, drawn anew from those that there were (the bootstrap of
 * Efron, 1979), all of them quicker or slower. @param isCalm from the quicker half of them
 */
function measuredAgain({ slower, ...machine }: MachineTimes, seed: number, factor: number, isCalm: boolean): MachineTimes {
  const again = <Times extends Omit<MachineTimes, 'slower'>>(times: Times, which: string): Times => {
    const anew = (name: string, list: number[]): number[] => drawnAnew(list, isCalm ? Math.ceil(list.length / 2) : list.length, drawsOf(seed, `machine:${which}:${name}`)).map((ms) => ms * factor);
    return Object.fromEntries(Object.entries(times).map(([name, list]) => [name, Array.isArray(list) ? anew(name, list) : list])) as Times;
  };
  return { ...again(machine, 'busiest'), ...(slower && { slower: again(slower, 'idlest') }) };
}

/** As many as there are, each of the first any number of times; sorted. */
function drawnAnew(times: readonly number[], first: number, draws: Draws): number[] {
  return times.map((_, i) => times[Math.floor(draws(i, 0, 'jitter') * first)]!).toSorted((a, b) => a - b);
}

function slowed(latency: Latency, factor: number): Latency {
  switch (latency.kind) {
    case 'constant':
      return { kind: 'constant', ms: latency.ms * factor };
    case 'lognormal':
      return { kind: 'lognormal', p50: latency.p50 * factor, p99: latency.p99 * factor };
    case 'exponential':
      return { kind: 'exponential', mean: latency.mean * factor };
    case 'uniform':
      return { kind: 'uniform', min: latency.min * factor, max: latency.max * factor };
    case 'values':
      return { kind: 'values', values: latency.values.map((ms) => ms * factor) };
    case 'rows':
      return { ...latency, values: latency.values.map((ms) => ms * factor) };
  }
}
