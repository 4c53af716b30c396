/** `bench`: measure, judge, report. */
import { UserError } from '../base/errors.js';
import { checkBus } from '../events/check.js';
import { busSettings, type BusChoice } from '../events/settings.js';
import { descriptorLimit, descriptorWarning } from '../experiment/descriptors.js';
import { planTrials, withAborts, withHop } from '../experiment/plan.js';
import { baselineRefusals, makeRecord, type Against, type RunHead } from '../experiment/record.js';
import type { RunRecord } from '../measurement/record.js';
import { runPlan } from '../experiment/run.js';
import { simulationThreads } from '../experiment/simulations.js';
import { runTrial } from '../experiment/trial.js';
import type { Fault } from '../scenarios/fault.js';
import type { Scenario } from '../scenarios/scenario.js';
import { isTarget, subjectNames, type Measurable, type Subject } from '../scenarios/subject.js';
import { openOutputs, type Outputs } from '../report/writer.js';
import { parseThresholds, type Threshold } from '../verdict/thresholds.js';
import { withFaults } from './faults.js';
import { exitCodeOf, EXIT } from './exit-codes.js';
import { showOnGithub } from './github.js';
import { checkHop, type HopOptions } from './hop.js';
import { abortOnSignal, timeOf, type Io } from './io.js';
import { followRun } from './live-run.js';
import type { Parts } from './parts.js';
import { progressState, showProgress } from './progress.js';
import { printPlan, printReport } from './print.js';
import { readRecord } from './report.js';
import { runHeadOf } from './run-head.js';
import { findMeasurables, withInbox, withLoad, type LoadOptions } from './scenario.js';
import { askConsent, findScenarioWith, type TargetOptions } from './targets.js';

/** Options of `bench`, as commander gives them. */
export interface BenchOptions extends LoadOptions, TargetOptions, BusChoice, HopOptions {
  architectures?: string[];
  threshold?: string[];
  fault?: Fault[];
  compare?: [string, string];
  baseline?: string;
  inbox?: boolean;
  output?: string[];
  github?: boolean;
  seed: number;
  dryRun?: boolean;
  quiet?: boolean;
  open?: boolean;
  progress: boolean;
  color: boolean;
}

/**
 * Runs a bench.
 * @param name of the scenario; undefined is the default, or none at all where servers of one's own are named
 * @returns the exit code
 * @throws UserError for any mistake, before anything is started
 */
export async function bench(name: string | undefined, options: BenchOptions, io: Io, parts: Parts): Promise<number> {
  const head = prepare(name, options, io);
  if (options.dryRun) {
    printPlan(head.plan, io);
    return EXIT.passed;
  }
  await checkBus(busSettings(options));
  const baseline = readBaseline(head, options.baseline, io);
  // Only real connections take descriptors.
  const warning = parts.runTrial ? null : descriptorWarning(head.plan.trials, descriptorLimit());
  if (warning && !options.quiet) io.stderr.write(`warning: ${warning}\n`);
  await askConsent(head.plan.trials.map((trial) => ({ ...trial, duration: trial.warmup + trial.duration })), options, io);
  const outputs = openOutputs(options.output ?? [], io);
  const { signal, release } = abortOnSignal(io);
  const progress = showProgress(options, io);
  const live = await followRun(head, options, io);
  // Nobody is told of its progress: nothing ticks here while a window is measured.
  const simulations = (parts.simulations ?? simulationThreads)(signal);
  const { now } = timeOf(io);
  const startedAt = now();
  try {
    const trials = await runPlan(head.plan, { runTrial: parts.runTrial ?? runTrial, simulate: simulations.simulate }, signal, {
      progress: (...told) => {
        const state = progressState(head.plan, now() - startedAt, ...told);
        progress.update(state);
        live.say(state);
      },
      finished: (soFar) => {
        outputs.writeFiles(makeRecord(head, soFar));
        live.show(soFar);
      },
    });
    progress.end();
    const record = makeRecord(head, trials, baseline);
    await live.end(record);
    return tell(record, options, outputs, io);
  } finally {
    progress.end();
    await Promise.all([live.end(), simulations.end()]);
    release();
  }
}

/** Prints a run that is over, and writes what it is to be written to. Returns the exit code. */
export function tell(record: RunRecord, options: Pick<BenchOptions, 'quiet' | 'color' | 'github' | 'output'>, outputs: Outputs, io: Io): number {
  outputs.write(record);
  if (!options.quiet && !outputs.ownStdout) printReport(record, options, io);
  showOnGithub(record, options, io);
  return exitCodeOf(record);
}

/** @throws UserError before anything is run, when the baseline answers another question */
function readBaseline(head: RunHead, file: string | undefined, io: Io): Against {
  if (file === undefined) return {};
  const baseline = readRecord(file, io);
  const reasons = baselineRefusals(head, baseline);
  if (reasons.length > 0) throw new UserError(`--baseline ${file} cannot be compared with this run:\n${reasons.join('\n')}`);
  return { baseline };
}

/** What is known before anything is run. @throws UserError for any mistake */
export function prepare(name: string | undefined, options: BenchOptions, io: Io): RunHead {
  const loaded = withLoad(findScenarioWith(options, name, io), options);
  const bus = busSettings(options);
  const scenario = withInbox(withFaults(loaded, options.fault, bus), options.inbox);
  const subjects = findMeasurables(scenario, options.architectures);
  const thresholds = readThresholds(scenario, subjects, options.threshold ?? []);
  const trials = planTrials(scenario, subjects, options.seed, bus);
  const plan = withAborts(withHop(trials, checkHop(options, bus, subjects)), thresholds);
  return runHeadOf({ scenario, plan, thresholds, seed: options.seed }, io);
}

/** A threshold of the scenario on a subject that is not measured is kept, and comes out unknown: never as passed. */
function readThresholds(scenario: Scenario, subjects: readonly Measurable[], expressions: readonly string[]): Threshold[] {
  const steps = subjects.flatMap((subject) => (isTarget(subject) ? [] : stepNames(subject)));
  return [
    ...parseThresholds(scenario.thresholds, subjectNames(scenario)),
    ...parseThresholds(expressions, subjects.map(({ name }) => name), steps),
  ];
}

function stepNames({ steps, event }: Subject): string[] {
  return [...steps, ...event.consumers].map(({ name }) => name);
}
