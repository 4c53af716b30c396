/** From the words on the command line to a scenario and the subjects to measure. */
import path from 'node:path';
import { UserError } from '../base/errors.js';
import { nearest } from '../base/units.js';
import { ARCHITECTURES } from '../scenarios/architectures.js';
import { type ArrivalKind, lengthOf, type Load, type Stage } from '../scenarios/load.js';
import type { BusinessEvent, Scenario } from '../scenarios/scenario.js';
import { builtIn, builtInEntry, builtInNames } from '../scenarios/library/library.js';
import { parseScenario } from '../scenarios/parse.js';
import { withAttempts } from '../scenarios/resolve.js';
import { isTarget, measurableOf, subjectNames, type Measurable, type Subject } from '../scenarios/subject.js';
import { MOST_DATA, readText } from './files.js';
import type { Io } from './io.js';

/**
 * The built-in scenario of that name, or the one in that file.
 * @throws UserError when there is none, or the file has mistakes
 */
export function findScenario(name: string, io: Reader): Scenario {
  return builtIn(name) ?? readScenario(fileNamed(name), io);
}

/** The text of that scenario, and its name in messages. @throws UserError when there is none */
export function findSource(name: string, io: Reader): { text: string; file: string } {
  const entry = builtInEntry(name);
  if (entry) return { text: entry.yaml, file: `${name}.yaml` };
  return { text: textOf(fileNamed(name), io), file: name };
}

/** What a scenario of this name or path says. @throws UserError when it cannot be read */
export function textOf(name: string, io: Reader): string {
  return builtInEntry(name)?.yaml ?? io.given?.get(name) ?? readText(path.resolve(io.cwd(), name), name);
}

/** Files that are scenarios by their name. */
export const SCENARIO_FILE = /\.(ya?ml|json)$/i;

/** What is written is to be found again. @throws UserError for a name that no command takes for a file */
export function mustBeScenarioFile(file: string): void {
  if (!SCENARIO_FILE.test(file)) throw new UserError(`${file}: a scenario file ends in .yaml, as in ${path.parse(file).name || 'scenario'}.yaml.`);
}

function fileNamed(name: string): string {
  if (/\.(ya?ml|json|[cm]?js)$/i.test(name) || name.includes('/')) return name;
  throw new UserError(`${unknownName('scenario', name, builtInNames())} A file is named by its path, such as ./${name}.yaml.`);
}

/** Where files are looked for, and where it is said what was understood of them; nowhere without `stderr`. */
type Reader = Pick<Io, 'cwd' | 'given'> & Partial<Pick<Io, 'stderr' | 'env'>>;

/** The same without a word about what was understood. */
export function silently(io: Pick<Io, 'cwd' | 'env' | 'given'>): Reader {
  return { cwd: () => io.cwd(), env: io.env, ...(io.given ? { given: io.given } : {}) };
}

/** The scenario in a file. @throws UserError with every mistake in it */
export function readScenario(file: string, io: Reader): Scenario {
  const base = path.resolve(io.cwd(), path.dirname(file));
  return parseScenario(textOf(file, io), {
    file,
    // What a program made has no lines that anybody could look at.
    hasLines: !io.given?.has(file),
    readFile: (data) => readText(path.resolve(base, data), data, MOST_DATA),
    ...(io.env ? { env: io.env } : {}),
    understood: (sentence) => io.stderr?.write(`${sentence}\n`),
  });
}

/** What is named, or what the scenario names itself. @throws UserError for a name that it does not have */
export function findMeasurables(scenario: Scenario, names: readonly string[] = scenario.subjects): Measurable[] {
  const wanted = names.length === 1 && names[0] === 'all' ? ARCHITECTURES : names;
  return [...new Set(wanted)].map((name) => {
    const found = measurableOf(scenario, name);
    if (found) return found;
    throw new UserError(unknownName('architecture', name, subjectNames(scenario)));
  });
}

/** The same, of simulated ones only. @throws UserError for a server of one's own as well */
export function findSubjects(scenario: Scenario, names: readonly string[] = scenario.subjects): Subject[] {
  return findMeasurables(scenario, names).map((found) => {
    if (!isTarget(found)) return found;
    throw new UserError(`${found.name} is a server of your own, and this is about simulated architectures.`);
  });
}

/** Options that change the load of a scenario. */
export interface LoadOptions {
  users?: number[];
  rate?: number[];
  arrivals?: ArrivalKind;
  stages?: Stage[];
  think?: number;
  duration?: number;
  warmup?: number | 'auto';
  until?: number;
  maxDuration?: number;
  rounds?: number;
  timeout?: number;
  attempts?: number;
  drain?: number;
  quick?: boolean;
}

const QUICK = { duration: 2000, warmup: 1000, drain: 500, rounds: 1 };

/** The scenario under the load that the options ask for. @throws UserError when they contradict each other */
export function withLoad(scenario: Scenario, options: LoadOptions): Scenario {
  if (options.users && options.rate) {
    throw new UserError('--users and --rate are two models of load: give one of them.');
  }
  const load: Load = { ...scenario.load };
  if (options.quick) Object.assign(load, QUICK, { users: ends(load.users), rates: ends(load.rates), stages: shortened(load.stages) });
  // A load of one's own takes the place of the scenario's as a whole; with stages it is where they begin.
  if (options.users ?? options.rate ?? options.stages) {
    Object.assign(load, { users: options.users ?? [], rates: options.rate ?? [], stages: options.stages ?? [] });
  }
  for (const name of ['arrivals', 'think', 'duration', 'until', 'maxDuration', 'warmup', 'rounds', 'timeout', 'drain'] as const) {
    if (options[name] !== undefined) Object.assign(load, { [name]: options[name] });
  }
  if (load.stages.length > 0) load.duration = lengthOf(load.stages);
  refuseContradictions(load, options);
  return { ...scenario, load: options.attempts === undefined ? load : withAttempts(load, options.attempts) };
}

function refuseContradictions({ rates, stages, until }: Load, { arrivals, think, duration, maxDuration }: LoadOptions): void {
  const isOpen = rates.length > 0;
  if (arrivals && !isOpen) throw new UserError('--arrivals is how the requests of a rate are spaced: give --rate as well.');
  if (think !== undefined && isOpen) throw new UserError('--think is the pause of a user, and --rate has none: give one of them.');
  if (duration !== undefined && stages.length > 0) {
    throw new UserError('--duration and stages both say how long the window is: give one of them.');
  }
  if (until !== null && stages.length > 0) throw new UserError('--until makes a window longer, and stages say how long it is: give one of them.');
  if (maxDuration !== undefined && duration !== undefined && maxDuration < duration) {
    throw new UserError('--max-duration is the longest that the window of --duration may grow to: give it as long a time, or more.');
  }
  if (maxDuration !== undefined && until === null) throw new UserError('--max-duration is the longest that --until may take: give --until as well.');
}

/** The scenario as it is; with `inbox` false, its consumers work on an event as often as it is delivered. */
export function withInbox(scenario: Scenario, inbox: boolean | undefined): Scenario {
  if (inbox !== false) return scenario;
  const ofEvents = <T extends Pick<BusinessEvent, 'inbox' | 'further'>>(it: T): T => ({ ...it, inbox, ...(it.further && { further: it.further.map((one) => ({ ...one, inbox })) }) });
  const without = <T extends Pick<Scenario, 'event' | 'kinds'>>(it: T): T => ({
    ...it, event: ofEvents(it.event), ...(it.kinds && { kinds: it.kinds.map((kind) => ({ ...kind, event: ofEvents(kind.event) })) }),
  });
  return { ...without(scenario), variants: scenario.variants.map(without) };
}

/** The same levels in a window as short as any other. */
function shortened(stages: readonly Stage[]): Stage[] {
  return stages.map(({ duration, target }) => ({ duration: (duration * QUICK.duration) / lengthOf(stages), target }));
}

/** The smallest and the largest of a list of loads. */
function ends(loads: readonly number[]): number[] {
  return loads.length < 3 ? [...loads] : [Math.min(...loads), Math.max(...loads)];
}

/** One sentence about a name that is not known, with the nearest one that is. */
export function unknownName(kind: string, name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  return `Unknown ${kind} ${JSON.stringify(name)}${near ? `: did you mean ${near}?` : '.'} Known: ${known.join(', ')}.`;
}
