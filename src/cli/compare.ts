/** `compare`, `bench --compare` and `noise`: is one faster than the other, or is it noise? */
import { UserError } from '../base/errors.js';
import { checkBus } from '../events/check.js';
import { busSettings, MEMORY } from '../events/settings.js';
import { comparePaired, type PairPlan } from '../experiment/paired.js';
import { loadsOf, withHop } from '../experiment/plan.js';
import { makeRecord } from '../experiment/record.js';
import type { PairedRun } from '../measurement/schema/comparison.js';
import type { RunRecord } from '../measurement/record.js';
import { differenceLines, selfCheckLines } from '../report/comparisons.js';
import { formatLoad } from '../report/format.js';
import { openOutputs } from '../report/writer.js';
import type { Scenario } from '../scenarios/scenario.js';
import { isTarget, type Measurable } from '../scenarios/subject.js';
import { selfCheck } from '../verdict/pairs/aa.js';
import { askedDifferently } from '../verdict/records/comparability.js';
import { compareRecords } from '../verdict/records/compare.js';
import { refuseModes } from './applies.js';
import type { BenchOptions } from './prepare.js';
import { EXIT } from './exit-codes.js';
import { showOnGithub, type GithubOptions } from './github.js';
import { checkHop } from './hop.js';
import type { Io } from './io.js';
import { refuseDelays } from './delays.js';
import { refuseProcesses } from './one-process.js';
import type { Parts } from './parts.js';
import { refuseUnknownServices } from './real-services.js';
import { printReport } from './print.js';
import { printPairs } from './print-plan.js';
import { readRecord } from './report.js';
import { runHeadOf } from './run-head.js';
import { findMeasurables, findScenario, findSubjects, withInbox, withLoad } from './scenario.js';
import { abortOnSignal } from './signals.js';
import { askConsent, findScenarioWith, refuseUnmeasured } from './targets.js';

const EXIT_OF: Record<RunRecord['verdict'], number> = { pass: EXIT.passed, fail: EXIT.failed, unknown: EXIT.unknown };

/**
 * Compares two saved records.
 * @returns the exit code
 * @throws UserError when they cannot be read, or answer different questions
 */
export function compare(baseFile: string, headFile: string, options: GithubOptions & { color: boolean }, io: Io): number {
  const [base, head] = [readRecord(baseFile, io), readRecord(headFile, io)];
  const compared = compareRecords(base, head);
  if (compared.state === 'refused') {
    throw new UserError(`${baseFile} and ${headFile} cannot be compared:\n${compared.reasons.join('\n')}`);
  }
  const verdict = compared.verdict === 'inconclusive' ? 'unknown' : compared.verdict;
  const record: RunRecord = { ...head, comparisons: compared.comparisons, checks: [], verdict };
  const outputs = openOutputs(options.output ?? [], io);
  if (!outputs.ownStdout) {
    printReport(record, options, io);
    for (const line of differenceLines(compared.differences)) io.stdout.write(`${line}\n`);
  }
  showOnGithub(record, options, io);
  outputs.write(record);
  return EXIT_OF[verdict];
}

/**
 * Compares two subjects in interleaved blocks of one run.
 * @returns the exit code
 * @throws UserError for any mistake, before anything is started
 */
export async function benchPaired(name: string | undefined, options: BenchOptions, io: Io, parts: Parts): Promise<number> {
  const { scenario, base, head: other } = findSides(name, options, io);
  const loads = loadsOf(scenario.load);
  const bus = busSettings(options);
  const hop = checkHop(options, bus, [base, other]);
  refuseUnmeasured(options, [base, other]);
  refuseModes(options.asked, [base, other]);
  refuseProcesses([base, other]);
  refuseDelays([base, other], bus);
  if (scenario.load.stages.length > 0) throw new UserError('--compare measures steady blocks, and the stages of the scenario are not steady: say at how many --users, or at what --rate.');
  const plans = loads.map((load): PairPlan => ({ base, head: other, load, ...scenario.load, seed: options.seed, bus, hop }));
  const outputs = openOutputs(options.output ?? [], io);
  if (options.dryRun) {
    if (!options.quiet) printPairs(plans, io);
    return EXIT.passed;
  }
  await checkBus(bus);
  await askConsent(loads.flatMap((load) => [base, other].map((subject) => ({ subject, load }))), options, io);
  const head = runHeadOf({ scenario, plan: { trials: [], estimatedSeconds: 0 }, seed: options.seed }, io);
  if (!options.quiet) sayQuestions(base, other, io);
  const { signal, release } = abortOnSignal(io);
  try {
    const paired: PairedRun[] = [];
    for (const plan of plans) {
      if (signal.aborted) break;
      paired.push(await (parts.comparePaired ?? comparePaired)(plan, signal, sayPairs(plan, options, io)));
    }
    const record = makeRecord({ ...head, plan: withHop(head.plan, hop) }, [], { paired });
    if (!options.quiet && !outputs.ownStdout) printReport(record, options, io);
    showOnGithub(record, options, io);
    outputs.write(record);
    if (signal.aborted) return EXIT.interrupted;
    return endedEarly(paired, io) ? EXIT.couldNotRun : EXIT_OF[record.verdict];
  } finally {
    release();
  }
}

/** Two servers of one's own that are asked differently may well be compared: what differs is said. */
function sayQuestions(base: Measurable, head: Measurable, io: Io): void {
  if (!isTarget(base) || !isTarget(head)) return;
  const found = askedDifferently(base, head).map(({ name, base: was, head: is }) => `${name} is ${was} and ${is}`);
  if (found.length > 0) io.stderr.write(`warning: ${base.name} and ${head.name} are not asked the same: ${found.join(', ')}.\n`);
}

/** Tells of every comparison that ended before it was decided, and whether there are any. */
function endedEarly(runs: readonly PairedRun[], io: Io): boolean {
  const messages = runs.flatMap(({ message }) => (message === undefined ? [] : [message]));
  for (const message of messages) io.stderr.write(`error: ${message}\n`);
  return messages.length > 0;
}

/** Options of `noise`. */
export type NoiseOptions = Pick<BenchOptions, 'users' | 'architectures' | 'seed' | 'quiet' | 'progress'> & { aa: number };

/**
 * Compares a subject with itself, again and again: what this machine's noise does to verdicts.
 * @returns the exit code: 1 when the false alarms are certainly more than 1 %, 3 when it was interrupted
 */
export async function noise(name: string, options: NoiseOptions, io: Io, parts: Parts): Promise<number> {
  const found = refuseUnknownServices(findScenario(name, io), name);
  const scenario = withLoad(found, oneLoad(found, options));
  const [subject] = findSubjects(scenario, options.architectures);
  if (!subject) throw new UserError(`${name} names nothing to measure.`);
  const [load] = loadsOf(scenario.load);
  if (!load) throw new UserError(`${name} names no load.`);
  const { signal, release } = abortOnSignal(io);
  const runs: PairedRun[] = [];
  try {
    while (runs.length < options.aa && !signal.aborted) {
      const seed = options.seed + runs.length;
      const plan = { base: subject, head: { ...subject }, load, ...scenario.load, seed, bus: MEMORY };
      const run = await (parts.comparePaired ?? comparePaired)(plan, signal, sayPairs(plan, options, io, `${runs.length + 1} of ${options.aa}: `));
      if (endedEarly([run], io)) return EXIT.couldNotRun;
      runs.push(run);
    }
  } finally {
    release();
  }
  const checked = selfCheck(runs);
  for (const line of selfCheckLines(checked, subject.name, load)) io.stdout.write(`${line}\n`);
  if (signal.aborted) return EXIT.interrupted;
  return checked.interval.low > 0.01 ? EXIT.failed : EXIT.passed;
}

function sayPairs(plan: PairPlan, options: { quiet?: boolean; progress: boolean }, io: Io, prefix = '') {
  const about = `${prefix}${plan.head.name} against ${plan.base.name} at ${formatLoad(plan.load)}`;
  return (pairs: number, nextLook: number): void => {
    if (options.quiet || !options.progress) return;
    io.stderr.write(`${about}: ${pairs} pairs of blocks, judged at ${nextLook}\n`);
  };
}

/** Two subjects of one scenario, or one architecture of two scenario files. */
function findSides(name: string | undefined, options: BenchOptions, io: Io): { scenario: Scenario; base: Measurable; head: Measurable } {
  const sides = options.compare ?? ['', ''];
  const files = sides.filter((side) => /\.(ya?ml|json)$/i.test(side));
  if (files.length === 1) throw new UserError('--compare takes two names of the scenario, or two scenario files.');
  const found = files.length === 2 ? files.map((file) => refuseUnknownServices(findScenario(file, io), file)) : [refuseUnknownServices(findScenarioWith(options, name, io), name ?? '')];
  const [first, second = first] = found.map((scenario) => withInbox(scenario, options.inbox));
  if (!first || !second) throw new UserError('--compare takes two names between a comma.');
  const scenario = withLoad(first, oneLoad(first, options));
  if (files.length === 2) {
    const architecture = options.architectures ?? ['sync'];
    const [base] = findSubjects(first, architecture).map((subject) => ({ ...subject, name: sides[0] }));
    const [head] = findSubjects(second, architecture).map((subject) => ({ ...subject, name: sides[1] }));
    if (base && head) return { scenario, base, head };
  }
  const [base, head = base] = findMeasurables(scenario, sides);
  if (!base || !head) throw new UserError('--compare takes two names between a comma.');
  return { scenario, base, head };
}

/** Without loads on the command line: the middle one of the scenario. A paired comparison takes its time at each. */
function oneLoad<Options extends { users?: number[]; rate?: number[] }>({ load }: Scenario, options: Options): Options {
  if (options.users || options.rate) return options;
  const middle = load.users[Math.floor((load.users.length - 1) / 2)];
  return middle === undefined ? options : { ...options, users: [middle] };
}
