/** What `bench` and `simulate` have in common before anything is run: all that is known of it, and every mistake refused. */
import { UserError } from '../base/errors.js';
import { busSettings, type BusChoice, type BusSettings } from '../events/settings.js';
import { planTrials, withAborts, withHop, type TrialPlan } from '../experiment/plan.js';
import type { RunHead } from '../experiment/record.js';
import type { Fault } from '../scenarios/fault.js';
import type { Scenario } from '../scenarios/scenario.js';
import { callGraphOf } from '../scenarios/architectures.js';
import { areToldApart } from '../scenarios/call-graph.js';
import { isTarget, subjectNames, type Measurable, type Subject } from '../scenarios/subject.js';
import { doubtfulLimits, parseThresholds, withKindNames, type Threshold } from '../verdict/thresholds.js';
import { refuseModes, type WithAsked } from './applies.js';
import { refuseIdleFaults, withFaults } from './faults.js';
import { checkHop, type HopOptions } from './hop.js';
import type { Io } from './io.js';
import { runHeadOf } from './run-head.js';
import { findMeasurables, withInbox, withLoad, type LoadOptions } from './scenario.js';
import { findScenarioWith, refuseUnmeasured, type TargetOptions } from './targets.js';

/** Options of `bench`, as commander gives them. */
export interface BenchOptions extends LoadOptions, TargetOptions, BusChoice, HopOptions, WithAsked {
  architectures?: string[];
  threshold?: string[];
  fault?: Fault[];
  compare?: [string, string];
  baseline?: string;
  inbox?: boolean;
  output?: string[];
  otlp?: string;
  github?: boolean;
  seed: number;
  dryRun?: boolean;
  sameOrders?: boolean;
  quiet?: boolean;
  open?: boolean;
  progress: boolean;
  color: boolean;
}

/** What is known before anything is run. @throws UserError for any mistake */
export function prepare(name: string | undefined, options: BenchOptions, io: Io, bus: BusSettings = busSettings(options)): RunHead {
  const loaded = withLoad(findScenarioWith(options, name, io), options);
  const scenario = withInbox(withFaults(loaded, options.fault, bus), options.inbox);
  const subjects = findMeasurables(scenario, options.architectures);
  const hop = checkHop(options, bus, subjects);
  refuseUnmeasured(options, subjects);
  refuseModes(options.asked, subjects);
  refuseIdleFaults(options.fault, subjects);
  const thresholds = readThresholds(scenario, subjects, options.threshold ?? []);
  if (!options.quiet) for (const doubt of doubtfulLimits(thresholds)) io.stderr.write(`warning: ${doubt}\n`);
  const trials = planTrials(scenario, subjects, options.seed, bus);
  if (!options.sameOrders) refuseUnrun(thresholds.slice(scenario.thresholds.length), scenario, trials.trials);
  const plan = withAborts(withHop(trials, hop), thresholds);
  return runHeadOf({ scenario, plan, thresholds, seed: options.seed }, io);
}

/** A threshold of the scenario on a subject that is not measured is kept, and comes out unknown: never as passed. */
function readThresholds(scenario: Scenario, subjects: readonly Measurable[], expressions: readonly string[]): Threshold[] {
  const steps = subjects.flatMap((subject) => (isTarget(subject) ? [] : stepNames(subject)));
  return [
    ...parseThresholds(scenario.thresholds, { subjects: withKindNames(subjectNames(scenario), scenario.kinds) }),
    ...parseThresholds(expressions, { subjects: withKindNames(subjects.map(({ name }) => name), scenario.kinds), steps }),
  ];
}

/** The scenario's own limits outlive a load of one's own; those given with it were meant for it. @throws UserError */
function refuseUnrun(thresholds: readonly Threshold[], { load }: Scenario, trials: readonly TrialPlan[]): void {
  const loads = [...new Set(trials.map(({ load: run }) => (run.model === 'open' ? run.rate : run.users)))];
  const unrun = load.stages.length > 0 ? undefined : thresholds.find((threshold) => threshold.load !== null && !loads.includes(threshold.load));
  if (unrun) throw new UserError(`Threshold "${unrun.expression}": ${unrun.load} is none of the loads (${loads.join(', ')}): name one of them, or ask for it with -c or -R.`);
}

/** Steps and consumers, and the events of a transaction that has several. */
function stepNames(subject: Subject): string[] {
  const { steps, event } = subject;
  const { streams } = callGraphOf({ ...subject, architecture: 'event-driven' });
  return [...steps, ...event.consumers, ...(areToldApart(streams) ? streams : [])].map(({ name }) => name);
}
