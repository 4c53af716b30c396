/** `capacity`: the most users, or requests per second, that each subject carries within limits. */
import { UserError } from '../base/errors.js';
import { MEMORY } from '../events/settings.js';
import { descriptorLimit, mostConnections } from '../experiment/descriptors.js';
import { makeRecord } from '../experiment/record.js';
import { CapacitySearch, type P95Limit } from '../experiment/search.js';
import { runTrial, type RunTrial } from '../experiment/trial.js';
import type { CapacityAnswer, RunRecord, TrialLoad } from '../measurement/record.js';
import { capacityReport, probeLine, unloadedLine } from '../report/capacity.js';
import { openOutputs } from '../report/writer.js';
import type { Scenario } from '../scenarios/scenario.js';
import { simulateTrial } from '../simulation/trial.js';
import { EXIT } from './exit-codes.js';
import { checkHop, type HopOptions } from './hop.js';
import { abortOnSignal, type Io } from './io.js';
import type { Parts } from './parts.js';
import { runHeadOf } from './run-head.js';
import { withFaults } from './faults.js';
import { findMeasurables } from './scenario.js';
import { simulable } from './simulable.js';
import { askConsent, findScenarioWith, type TargetOptions } from './targets.js';

/** Options of `capacity`, as commander gives them. */
export interface CapacityOptions extends TargetOptions, HopOptions {
  architectures?: string[];
  rate?: boolean;
  simulate?: boolean;
  from: number;
  most?: number;
  p95: P95Limit;
  failures: number;
  duration: number;
  think?: number;
  timeout?: number;
  output?: string[];
  seed: number;
  quiet?: boolean;
  progress: boolean;
}

/** As far as a search goes by itself in virtual time, where nobody has to be connected. */
const MOST_SIMULATED = 100_000;
/** Asked for when nothing is said, where the machine may open as many connections. */
const MOST = 5000;
/** Width at which an answer is narrow enough. */
const PRECISION = 0.03;

/**
 * Searches for each subject in turn.
 * @returns the exit code: 3 when the machine, and not a limit, ended a search
 * @throws UserError for any mistake, before anything is started
 */
export async function capacity(name: string | undefined, options: CapacityOptions, io: Io, parts: Parts): Promise<number> {
  const scenario = probedScenario(findScenarioWith(options, name, io), options);
  const subjects = findMeasurables(scenario, options.architectures);
  const hop = checkHop(options, MEMORY, subjects);
  if (options.simulate && hop !== 'http') throw new UserError(`--services ${hop} is about real calls, and --simulate makes none: give one of them.`);
  const model: TrialLoad['model'] = options.rate ? 'open' : 'closed';
  const range = { from: options.from, most: options.most ?? mostTried(options), precision: PRECISION };
  const most: TrialLoad = options.rate ? { model: 'open', rate: range.most } : { model: 'closed', users: range.most };
  await askConsent(subjects.map((subject) => ({ subject, load: most })), options, io);
  const outputs = openOutputs(options.output ?? [], io);
  const head = runHeadOf({ scenario, plan: { trials: [], estimatedSeconds: 0 }, seed: options.seed }, io);
  const { signal, release } = abortOnSignal(io);
  const say = (line: string): void => {
    if (options.progress && !options.quiet) io.stderr.write(`${line}\n`);
  };
  const search = new CapacitySearch(scenario, options.seed, options.simulate ? simulated : (parts.runTrial ?? runTrial), signal, {
    unloaded: (subject, p95) => say(unloadedLine(subject.name, p95)),
    probed: (subject, probe, trial) => say(probeLine(subject.name, probe, trial)),
  }, hop);
  const answers: CapacityAnswer[] = [];
  try {
    for (const subject of subjects) {
      if (!signal.aborted) answers.push(await search.answer(subject, { model, range, p95: options.p95, failures: options.failures }));
    }
  } finally {
    release();
  }
  // What is planned next is known only when a probe has ended.
  const record: RunRecord = { ...makeRecord({ ...head, plan: search.plan }, search.trials), capacity: answers };
  outputs.write(record);
  if (!options.quiet && !outputs.ownStdout) io.stdout.write(capacityReport(record, answers));
  if (signal.aborted) return EXIT.interrupted;
  return answers.some(({ end }) => end === 'machine') ? EXIT.unknown : EXIT.passed;
}

/** Without a limit of one's own: what the machine can connect, where it has to. */
function mostTried({ simulate }: CapacityOptions): number {
  return simulate ? MOST_SIMULATED : Math.min(MOST, mostConnections(descriptorLimit()));
}

/** The probe in virtual time. One that is repeated, because it is close, meets other draws: the same would say the same. */
const simulated: RunTrial = async (plan) => simulateTrial({ ...simulable(plan), seed: plan.seed + plan.round - 1 });

/** The scenario with a load as long as a probe; what is left over of an event backlog is of no interest. */
function probedScenario(scenario: Scenario, { duration, think, timeout }: CapacityOptions): Scenario {
  const load = { ...scenario.load, stages: [], until: null, rounds: 1, drain: 0, duration };
  // What a subject carries is a question about days on which nothing is killed.
  const calm = withFaults(scenario, [], MEMORY);
  return { ...calm, load: { ...load, think: think ?? load.think, timeout: timeout ?? load.timeout } };
}
