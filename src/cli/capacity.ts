/** `capacity`: the most users, or requests per second, that each subject carries within limits. */
import { UserError } from '../base/errors.js';
import type { BusName } from '../events/buses.js';
import { busSettings, MEMORY, type BusSettings } from '../events/settings.js';
import { descriptorLimit, mostConnections } from '../experiment/descriptors.js';
import { makeRecord } from '../experiment/record.js';
import { withHop, type Plan } from '../experiment/plan.js';
import { measureMachine } from '../experiment/machine.js';
import { CapacitySearch, type P95Limit, type SearchListener, type SearchParts, type SearchTerms } from '../experiment/search.js';
import { simulationThreads } from '../experiment/simulations.js';
import { runTrial, type RunTrial } from '../experiment/trial.js';
import type { CapacityAnswer, RunRecord, Trial, TrialLoad } from '../measurement/record.js';
import { capacityReport, probeLine, unloadedLine } from '../report/capacity.js';
import { openOutputs } from '../report/writer.js';
import type { Scenario } from '../scenarios/scenario.js';
import type { Measurable } from '../scenarios/subject.js';
import type { Hop } from '../services/services.js';
import { withBusTimes } from '../simulation/buses.js';
import { predict } from '../simulation/prediction.js';
import type { Simulate } from '../simulation/simulate.js';
import { capacityVerdict, decidingLevels, judgeCapacity, parseCapacityThresholds } from '../verdict/capacity.js';
import type { Threshold } from '../verdict/thresholds.js';
import { refuseDelays } from './delays.js';
import { EXIT } from './exit-codes.js';
import { refuseModes, type WithAsked } from './applies.js';
import { checkHop, type HopOptions } from './hop.js';
import type { Io } from './io.js';
import { refuseProcesses } from './one-process.js';
import type { Parts } from './parts.js';
import { refuseUnknownServices } from './real-services.js';
import { screenFor } from './print.js';
import { runHeadOf } from './run-head.js';
import { withFaults } from './faults.js';
import { findMeasurables } from './scenario.js';
import { abortOnSignal } from './signals.js';
import { simulable } from './simulating.js';
import { askConsent, findScenarioWith, refuseUnmeasured, type TargetOptions } from './targets.js';
import { canGoOn, KNOWN_TO, VIRTUAL_WITHIN } from './virtual-load.js';

/** Options of `capacity`, as commander gives them. */
export interface CapacityOptions extends TargetOptions, HopOptions, WithAsked {
  architectures?: string[];
  /** Searched for in place of users; `[from, most]` where they are said. */
  rate?: true | number[];
  simulate?: boolean;
  bus?: BusName;
  from: number;
  most?: number;
  p95: P95Limit;
  failures: number;
  duration?: number;
  think?: number;
  timeout?: number;
  threshold?: string[];
  output?: string[];
  seed: number;
  quiet?: boolean;
  progress: boolean;
}

/** As far as a search goes by itself in virtual time, where nobody has to be connected. */
const MOST_SIMULATED = 100_000;
/** Asked for when nothing is said, where the machine may open as many connections. */
const MOST = 5000;
/** Window of a probe where nothing is said, ms. */
const PROBE = 5000;
/** Width at which an answer is narrow enough. */
const PRECISION = 0.03;

/**
 * Searches for each subject in turn.
 * @returns the exit code: with thresholds what these say; without, 3 when something other than a limit ended a search
 * @throws UserError for any mistake, before anything is started
 */
export async function capacity(name: string | undefined, options: CapacityOptions, io: Io, parts: Parts): Promise<number> {
  const scenario = probedScenario(refuseUnknownServices(findScenarioWith(options, name, io), name ?? ''), options);
  const subjects = findMeasurables(scenario, options.architectures);
  const hop = checkHop(options, MEMORY, subjects);
  refuseUnmeasured(options, subjects);
  refuseModes(options.asked, subjects);
  const bus = options.simulate ? withBusTimes(busSettings({ bus: options.bus })) : MEMORY;
  refuseDelays(subjects, bus);
  if (!options.simulate) refuseProcesses(subjects);
  const model: TrialLoad['model'] = options.rate ? 'open' : 'closed';
  const thresholds = parseCapacityThresholds(options.threshold ?? [], subjects.map((subject) => subject.name), model);
  const range = rangeOf(options);
  const most: TrialLoad = options.rate ? { model: 'open', rate: range.most } : { model: 'closed', users: range.most };
  await askConsent(subjects.map((subject) => ({ subject, load: most })), options, io);
  const outputs = openOutputs(options.output ?? [], io);
  const head = runHeadOf({ scenario, plan: { trials: [], estimatedSeconds: 0 }, seed: options.seed }, io);
  const terms: SearchTerms = { model, range, p95: options.p95, failures: options.failures };
  const { answers, trials, plan, aborted, failure } = await searchAll(subjects, { scenario, terms, thresholds, hop, bus }, options, io, parts);
  // What is planned next is known only when a probe has ended.
  const record: RunRecord = { ...makeRecord({ ...head, plan }, trials), capacity: answers, ...judged(thresholds, answers) };
  if (!options.quiet && !outputs.ownStdout && answers.length > 0) io.stdout.write(capacityReport(record, answers, screenFor({ color: false }, io)));
  io.deliver?.(record);
  outputs.write(record);
  if (failure !== undefined && !aborted) throw failure;
  if (aborted) return EXIT.interrupted;
  return { pass: EXIT.passed, fail: EXIT.failed, unknown: EXIT.unknown }[record.verdict];
}

/** What was asked decides where something was asked; else whether the search found its end. */
function judged(thresholds: readonly Threshold[], answers: readonly CapacityAnswer[]): Pick<RunRecord, 'checks' | 'verdict'> {
  const checks = judgeCapacity(thresholds, answers);
  if (checks.length > 0) return { checks, verdict: capacityVerdict(checks) };
  return { checks, verdict: answers.every(({ end }) => end === 'limit' || end === 'asked') ? 'pass' : 'unknown' };
}

/** What the searches have found, subject by subject; after an abort as far as they came. */
interface Found {
  answers: CapacityAnswer[];
  trials: Trial[];
  plan: Plan;
  aborted: boolean;
  /** What ended it before its time. */
  failure?: unknown;
}

/** Searches for each subject: one after another where they share a machine, all at once in virtual time. */
async function searchAll(
  subjects: readonly Measurable[],
  { scenario, terms, thresholds, hop, bus }: { scenario: Scenario; terms: SearchTerms; thresholds: readonly Threshold[]; hop: Hop; bus: BusSettings },
  options: CapacityOptions,
  io: Io,
  parts: Parts,
): Promise<Found> {
  const { signal, release } = abortOnSignal(io);
  const simulations = (parts.simulations ?? simulationThreads)(signal);
  const { simulate } = simulations;
  const run = options.simulate ? simulatedBy(simulate) : (parts.runTrial ?? runTrial);
  const machine = options.simulate || parts.runTrial ? null : await measureMachine({ trials: subjects.map((subject) => ({ subject, bus: MEMORY })), hop }, runTrial, signal);
  const known = machine ? { machine } : {};
  const model = simulatedBy((input) => simulate({ ...input, ...known }));
  const searchParts: SearchParts = {
    runTrial: run,
    bus,
    predict: (plan) => predict({ ...plan, ...known }, simulate),
    // Where the model is asked anyway it is not asked first, nor where somebody says where to begin.
    ...(options.simulate || saysFrom(options) ? {} : { model }),
    ...(machine && { unloadedModel: model }),
  };
  const searches = subjects.map((subject) => ({
    subject,
    search: new CapacitySearch(scenario, options.seed, searchParts, signal, listenerOf(options, io), hop),
  }));
  const termsOf = ({ name }: Measurable): SearchTerms => ({ ...terms, range: { ...terms.range, decide: decidingLevels(thresholds, name) } });
  const answers: CapacityAnswer[] = [];
  // Started at once they are still awaited in order: what is reported does not depend on who was first.
  const started = options.simulate ? searches.map(({ search, subject }) => search.answer(subject, termsOf(subject))) : [];
  let failure: unknown;
  try {
    await Promise.allSettled(started);
    for (const [i, { search, subject }] of searches.entries()) {
      const answer = started[i] ?? (signal.aborted ? undefined : search.answer(subject, termsOf(subject)));
      if (answer) answers.push(await answer);
    }
  } catch (error) {
    // Interrupted, or before one user alone was known to get an answer: what was measured is recorded.
    failure = error;
  } finally {
    release();
    await simulations.end();
  }
  const plan = withHop({ trials: searches.flatMap(({ search }) => search.plans), estimatedSeconds: 0 }, hop);
  return { answers, trials: searches.flatMap(({ search }) => search.trials), plan, aborted: signal.aborted, failure };
}

/** Where the search begins, and where it ends at the latest. */
function rangeOf(options: CapacityOptions): SearchTerms['range'] {
  const [from, most] = Array.isArray(options.rate) ? options.rate : [];
  const range = { from: from ?? options.from, most: most ?? options.most ?? mostTried(options), precision: PRECISION };
  if (saysFrom(options) && range.from > range.most) throw new UserError(`--from ${range.from} is where the search begins, and --most ${range.most} the highest that it tries: give the smaller one first.`);
  return range;
}

function saysFrom({ asked, rate }: CapacityOptions): boolean {
  return asked?.given.has('from') === true || Array.isArray(rate);
}

function listenerOf({ progress, quiet }: CapacityOptions, io: Io): SearchListener {
  const say = (line: string): void => {
    if (progress && !quiet) io.stderr.write(`${line}\n`);
  };
  return {
    unloaded: (subject, p95, isPredicted) => say(unloadedLine(subject.name, p95, isPredicted)),
    probed: (subject, probe, trial) => say(probeLine(subject.name, probe, trial)),
  };
}

/** Without a limit of one's own: what the machine can connect, where it has to. */
function mostTried({ simulate }: CapacityOptions): number {
  return simulate ? MOST_SIMULATED : Math.min(MOST, mostConnections(descriptorLimit()));
}

/** The probe in virtual time. One that is repeated, because it is close, meets other draws: the same would say the same. */
function simulatedBy(simulate: Simulate): RunTrial {
  return (plan) => simulate({ ...simulable(plan), seed: plan.seed + plan.round - 1 });
}

/**
 * The scenario with a load as long as a probe, which in virtual time goes on until it is known what it says, where nobody
 * says how long; what is left over of an event backlog is of no interest.
 */
function probedScenario(scenario: Scenario, { simulate, duration, think, timeout }: CapacityOptions): Scenario {
  const load = { ...scenario.load, stages: [], until: null, rounds: 1, drain: 0, duration: duration ?? PROBE };
  // What a subject carries is a question about days on which nothing is killed.
  const calm = withFaults({ ...scenario, load }, [], MEMORY);
  const goesOn = simulate && duration === undefined && canGoOn(calm, {});
  const length = goesOn ? { until: KNOWN_TO, maxDuration: VIRTUAL_WITHIN } : {};
  return { ...calm, load: { ...load, ...length, think: think ?? load.think, timeout: timeout ?? load.timeout } };
}
