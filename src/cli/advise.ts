/** `advise`: which step to move, what it gains and what it needs, simulated step by step. */
import path from 'node:path';
import { ADVICE_VERSION, type AdviceDocument, type MeasuredBasis } from '../advice/document.js';
import { DEFAULT_GOALS, type Goal, type Goals } from '../advice/goals.js';
import { leftInReply } from '../advice/moves.js';
import { traitsOf } from '../advice/traits.js';
import { advise, type Advice, type AdviceOptions as AdviceQuestion } from '../advice/advise.js';
import { UserError } from '../base/errors.js';
import { maskUrls } from '../base/urls.js';
import type { BusName } from '../events/buses.js';
import { busSettings, MEMORY, type BusSettings } from '../events/settings.js';
import { busRecordOf, loadsOf, trialPlanner } from '../experiment/plan.js';
import type { MachineTimes, RunRecord } from '../measurement/record.js';
import { ADVICE_FORMATS, terminalAdvice } from '../report/advice/formats.js';
import { openOutputsOf } from '../report/writer.js';
import { formatFault } from '../scenarios/fault.js';
import { nounOfRequest } from '../scenarios/noun.js';
import type { Scenario } from '../scenarios/scenario.js';
import { asItIs, subjectNames, subjectOf, type Subject } from '../scenarios/subject.js';
import { withBusTimes } from '../simulation/buses.js';
import type { WithAsked } from './applies.js';
import { refuseDelays } from './delays.js';
import { EXIT } from './exit-codes.js';
import { timeOf, type Io } from './io.js';
import { packageInfo } from './package.js';
import type { Parts } from './parts.js';
import { refuseUnknownServices } from './real-services.js';
import { screenFor } from './print.js';
import { readBytes } from './files.js';
import { findScenario, withLoad, type LoadOptions } from './scenario.js';
import { startSimulating } from './simulating.js';
import { virtualLength } from './virtual-load.js';

/** Options of `advise`, as commander gives them. */
export interface AdviseOptions extends LoadOptions, WithAsked {
  baseline?: string;
  p95?: number;
  failures?: number;
  /** In place of what carried the events of a record. */
  bus?: BusName;
  within?: number;
  output?: string[];
  seed?: number;
  quiet?: boolean;
  progress: boolean;
  color: boolean;
}

/**
 * Advises on a scenario, or on the scenario and loads of a saved record.
 * @returns the exit code
 * @throws UserError for any mistake
 */
export async function adviseOn(name: string, options: AdviseOptions, io: Io, parts: Parts): Promise<number> {
  const startedAt = timeOf(io).date().toISOString();
  const record = await recordIn(name, io);
  const found = scenarioOf(record, name, options, io);
  const scenario = options.baseline === undefined ? found : { ...found, baseline: options.baseline };
  const subject = baselineOf(scenario);
  const seed = options.seed ?? record?.seed ?? 1;
  const known = knownOf(record, options);
  // As it is nothing may be published yet.
  refuseDelays([subjectOf(scenario, 'hybrid') ?? subject, subject], known.bus);
  const outputs = openOutputsOf(options.output ?? [], io, ADVICE_FORMATS);
  const loads = loadsOf(scenario.load);
  const goals = goalsOf(options);
  const question = { loads, plan: trialPlanner(scenario, goals.within, seed, known), goals, isAsked: goals.asked.length > 0 };
  const advice = await simulated(subject, question, options, io, parts);
  if (!advice) return EXIT.interrupted;
  const document: AdviceDocument = {
    adviceVersion: ADVICE_VERSION,
    state: 'simulated',
    tool: packageInfo(),
    command: io.argv.slice(2).map(maskUrls),
    startedAt,
    scenario: { name: scenario.name, title: scenario.title, noun: nounOfRequest(scenario) },
    seed,
    loads,
    goals,
    window: scenario.load.duration,
    until: scenario.load.until,
    ...(scenario.faults.length > 0 ? { faults: scenario.faults.map(formatFault) } : {}),
    ...(known.bus.times ? { bus: busRecordOf(known.bus, subject.event.publish) } : {}),
    measured: record ? basisOf(record, name) : null,
    advice,
  };
  if (!options.quiet && !outputs.ownStdout) io.stdout.write(terminalAdvice(document, screenFor(options, io)));
  io.deliver?.(document);
  outputs.write(document);
  return EXIT.passed;
}

/** The chain as it is. @throws UserError where nothing is known of it, or its reply waits for nothing */
function baselineOf(scenario: Scenario): Subject {
  const { name, baseline, steps } = scenario;
  const known = subjectNames(scenario);
  if (baseline !== undefined && !known.includes(baseline)) throw new UserError(`--baseline ${JSON.stringify(baseline)} is no subject of ${name}. Known: ${known.join(', ')}.`);
  const subject = asItIs(scenario);
  if (!subject) throw new UserError(`${steps.length === 0 ? `${name} has no steps` : `${baseline} is a target`}: advice is about steps, and what is inside a server of your own is not known.`);
  const { publishes, accepts } = traitsOf(subject.architecture);
  if (accepts) throw new UserError(`${subject.name} is no baseline for advice, which is about what a reply waits for: its reply says only that the ${nounOfRequest(scenario)} was accepted. Name what replies with the result (--baseline sync, parallel or hybrid).`);
  return publishes ? leftInReply(subject, scenario) : subject;
}

/** The advice; null when it was interrupted, which is then told: half of the numbers decide nothing. */
async function simulated(
  subject: Subject,
  question: Omit<AdviceQuestion, 'simulate'>,
  options: AdviseOptions,
  io: Io,
  parts: Parts,
): Promise<Advice | null> {
  const { simulate, signal, progress, end } = startSimulating(options, io, parts);
  try {
    return await advise(subject, { ...question, simulate });
  } catch (error) {
    if (!signal.aborted) throw error;
    await end();
    const { done, asked } = progress();
    const howFar = done === 0 ? 'no trial was simulated yet' : `${done} of ${asked} trials were simulated`;
    io.stderr.write(`Interrupted: ${howFar}, and there is no advice without all of them.\n`);
    return null;
  } finally {
    await end();
  }
}

/**
 * What the trials rest on: what a record has measured of its machine and bus; where another bus is asked for, or none was measured,
 * what this tool knows of it.
 */
function knownOf(record: RunRecord | null, { bus, asked }: AdviseOptions): { machine?: MachineTimes | undefined; bus: BusSettings } {
  const said = asked && !asked.given.has('bus') ? undefined : bus;
  const machine = record?.machine;
  if (said !== undefined) return { machine: machine && withoutBus(machine), bus: withBusTimes(busSettings({ bus: said })) };
  const assumed = record?.plan.bus?.times && record.plan.bus.name;
  return { machine, bus: assumed ? withBusTimes(busSettings({ bus: assumed })) : MEMORY };
}

function withoutBus({ slower, ...machine }: MachineTimes): MachineTimes {
  const none = { publish: [], delivery: [] };
  return { ...machine, ...none, ...(slower && { slower: { ...slower, ...none } }) };
}

/** Under the load that is asked for; the window of a record is said. */
function scenarioOf(record: RunRecord | null, name: string, options: AdviseOptions, io: Io): Scenario {
  if (record) return withLoad(record.scenario, options);
  const scenario = refuseUnknownServices(findScenario(name, io), name);
  return withLoad(scenario, virtualLength(name, scenario, options, io));
}

/** A saved record, when the file is one. A scenario may be written in JSON as well. */
async function recordIn(name: string, io: Io): Promise<RunRecord | null> {
  if (!/\.json$/i.test(name)) return null;
  const bytes = readBytes(path.resolve(io.cwd(), name), name);
  if (!bytes.includes('"schemaVersion"')) return null;
  const { parseRecord } = await import('../measurement/readRecord.js');
  return parseRecord(bytes, name);
}

/** What the user asks for, and what nobody said. */
function goalsOf({ p95, failures, within }: AdviseOptions): Goals & { asked: Goal[] } {
  const said = { p95, failures, within };
  const asked = (Object.keys(said) as Goal[]).filter((goal) => said[goal] !== undefined);
  return { p95: p95 ?? DEFAULT_GOALS.p95, failures: failures ?? DEFAULT_GOALS.failures, within: within ?? DEFAULT_GOALS.within, asked };
}

function basisOf({ trials }: RunRecord, file: string): MeasuredBasis | null {
  const predictions = trials.flatMap((trial) => (trial.state === 'measured' && trial.predicted ? [trial.predicted] : []));
  const errors = predictions.flatMap(({ errorPercent }) => (errorPercent === null ? [] : [errorPercent]));
  if (predictions.length === 0) return null;
  return {
    file: path.basename(file),
    trials: predictions.length,
    holds: predictions.filter(({ breaks }) => breaks === null).length,
    errorPercent: errors.length > 0 ? Math.max(...errors) : null,
  };
}
