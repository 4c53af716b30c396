/** Servers of one's own on the command line, and the consent to load what is not on this machine. */
import { UserError } from '../base/errors.js';
import { maskUrls } from '../base/urls.js';
import { formatDuration } from '../base/units.js';
import type { TrialLoad } from '../measurement/record.js';
import { formatLoad } from '../report/format.js';
import { mistakeIn } from '../scenarios/format/field.js';
import { name as nameField } from '../scenarios/format/values.js';
import { parseScenario } from '../scenarios/parse.js';
import { readTarget } from '../scenarios/read-target.js';
import type { Scenario } from '../scenarios/scenario.js';
import { isTarget, type Measurable } from '../scenarios/subject.js';
import { isLoopback, parseUrl, type Target } from '../scenarios/target.js';
import type { Io } from './io.js';
import { findScenario, silently } from './scenario.js';

/** Options about servers of one's own. */
export interface TargetOptions {
  target?: string[];
  receivedUrl?: string[];
  yes?: boolean;
  quiet?: boolean;
  commands?: boolean;
  /** What real services take alone, ms, once that was measured. */
  alone?: ReadonlyMap<string, number[]>;
}

/** What is measured when nothing is said. */
const DEFAULT_SCENARIO = 'checkout';

/**
 * The scenario of a name with the servers that the options name, which are then measured in place of what it names.
 * @param name undefined is the default, or none at all where there are such servers
 * @throws UserError when it or one of them cannot be read
 */
export function findScenarioWith(options: TargetOptions, name: string | undefined, io: Pick<Io, 'cwd' | 'stderr' | 'env' | 'given'>): Scenario {
  const targets = targetsOf(options, io);
  const reader = options.quiet ? silently(io) : io;
  const found = name === undefined && targets.length > 0 ? bareScenario() : findScenario(name ?? DEFAULT_SCENARIO, reader);
  const scenario = targets.length > 0 ? withTargets(found, targets) : found;
  if (options.commands === false) refuseCommands(scenario);
  return withAlone(scenario, options.alone);
}

/** A command is run by the shell, with all that whoever runs the bench may do. */
function refuseCommands({ targets }: Scenario): void {
  const [first] = targets.filter(({ command }) => command !== null);
  if (!first) return;
  throw new UserError(`${first.name} would start its server by a command of the scenario, and --no-commands allows none: start it yourself and leave out \`command\`, or leave out --no-commands.`);
}

function targetsOf({ target = [], receivedUrl = [] }: TargetOptions, { env }: Pick<Io, 'env'>): Target[] {
  const targets = target.map((text) => {
    const { name, url } = namedUrl(text, '--target');
    const { target: read, mistakes } = readTarget(name, { url }, { env });
    if (mistakes[0]) throw new UserError(`--target ${maskUrls(text)}: ${mistakes[0].message}.`);
    return read;
  });
  const twice = targets.find(({ name }, i) => targets.findIndex((other) => other.name === name) !== i);
  if (twice) throw new UserError(`--target ${twice.name} is given twice: a name is one server. Give each a name of its own.`);
  for (const text of receivedUrl) {
    const only = targets.length === 1 ? targets[0]?.name : undefined;
    const { name, url } = only !== undefined && parseUrl(text) ? { name: only, url: text } : namedUrl(text, '--received-url');
    const meant = targets.find((candidate) => candidate.name === name);
    if (!meant) throw new UserError(`--received-url ${maskUrls(text)}: there is no --target ${name}.`);
    if (meant.received) throw new UserError(`--received-url ${maskUrls(text)}: that of ${name} is given already.`);
    meant.received = { url };
  }
  return targets;
}

/** The scenario whose real services take what was measured of them. */
function withAlone(scenario: Scenario, alone: TargetOptions['alone']): Scenario {
  if (!alone) return scenario;
  const measured = <T extends Pick<Scenario, 'services'>>(it: T): T => ({
    ...it,
    services: it.services.map((service) => {
      const values = alone.get(service.name);
      return values ? { ...service, latency: { kind: 'values' as const, values } } : service;
    }),
  });
  return { ...measured(scenario), variants: scenario.variants.map(measured) };
}

function withTargets(scenario: Scenario, targets: readonly Target[]): Scenario {
  const names = targets.map(({ name }) => name);
  const others = scenario.targets.filter(({ name }) => !names.includes(name));
  return { ...scenario, targets: [...others, ...targets], subjects: names };
}

/** @throws UserError for a server that is named and not measured */
export function refuseUnmeasured({ target = [] }: TargetOptions, subjects: readonly Measurable[]): void {
  const idle = target.map((text) => namedUrl(text, '--target').name).find((name) => !subjects.some((subject) => subject.name === name));
  if (idle !== undefined) throw new UserError(`--target ${idle} is not among what is measured: name it there as well, or leave it out.`);
}

/** A scenario that holds nothing but a load. */
export function bareScenario(): Scenario {
  const written = { name: 'targets', title: 'Servers of your own', targets: { any: 'http://localhost/' } };
  return { ...parseScenario(JSON.stringify(written), { file: 'targets' }), targets: [] };
}

function namedUrl(text: string, option: string): { name: string; url: string } {
  const [, name = '', url = ''] = /^([^=:/]*)=(.*)$/s.exec(text) ?? [];
  if (mistakeIn(nameField, name) === undefined && (parseUrl(url) || url.includes('${'))) return { name, url };
  throw new UserError(
    `${option} ${maskUrls(text)}: expected NAME=URL with a URL of http or https, such as shop=http://127.0.0.1:3000/orders.`,
  );
}

/** A load of something, and how long it lasts, ms; without an end it lasts until it has told enough. */
export interface PlannedLoad {
  subject: Measurable;
  load: TrialLoad;
  duration?: number;
}

/**
 * Says what is about to be loaded where that is not this machine, and asks whether it is meant.
 * @throws UserError when nobody can be asked and `--yes` was not given, or the answer is no
 */
export async function askConsent(loads: readonly PlannedLoad[], options: TargetOptions, io: Io): Promise<void> {
  await consentTo(remoteLoads(loads), options, io);
}

/** The same of lines that say what is about to be called. */
export async function consentTo(lines: readonly string[], { yes = false }: TargetOptions, io: Io): Promise<void> {
  if (lines.length === 0) return;
  await consentOf(
    {
      heading: 'Not on this machine, and about to be loaded:',
      lines,
      question: 'Are they yours to load?',
      unasked: 'Load only servers that are yours to load: --yes says that these are.',
      refused: 'Nothing was loaded.',
    },
    yes,
    io,
  );
}

/** What somebody has to agree to, and what is said where nobody can be asked, or does not. */
export interface Consent {
  heading: string;
  lines: readonly string[];
  question: string;
  unasked: string;
  refused: string;
}

/** Asks for it. @throws UserError without it */
export async function consentOf({ heading, lines, question, unasked, refused }: Consent, yes: boolean, io: Io): Promise<void> {
  io.stderr.write(`${heading}\n${lines.map((line) => `  ${line}\n`).join('')}`);
  if (yes) return;
  if (!io.stdin?.isTTY) throw new UserError(unasked);
  const { createInterface } = await import('node:readline/promises');
  const asking = createInterface({ input: io.stdin });
  io.stderr.write(`${question} [y/N] `);
  const answer = await asking.question('').finally(() => asking.close());
  if (!/^y(es)?$/i.test(answer.trim())) throw new UserError(refused);
}

function remoteLoads(loads: readonly PlannedLoad[]): string[] {
  const lines = loads.flatMap(({ subject, load, duration }) => {
    if (!isTarget(subject) || isLoopback(subject.url)) return [];
    const time = duration === undefined ? 'until it has told enough' : `for ${formatDuration(duration)}`;
    return [`${subject.method} ${maskUrls(String(subject.url))}: ${formatLoad(load)} ${time}`];
  });
  return [...new Set(lines)].map((line) => {
    const times = lines.filter((other) => other === line).length;
    return times > 1 ? `${line}, ${times} times` : line;
  });
}
