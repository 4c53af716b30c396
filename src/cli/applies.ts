/** Which option applies to what: one table. What a command would ignore is refused with a sentence, before anything is run. */
import type { Command } from 'commander';
import { UserError } from '../base/errors.js';
import { isOwnAddress } from '../base/listening.js';
import { publishesEvents } from '../scenarios/architectures.js';
import { isTarget, type Measurable } from '../scenarios/subject.js';
import { CONTROL, ROLES } from '../roles/run-folder.js';
import { PLATFORM_NAMES } from '../deploy/platforms.js';
import { LEVEL_KNOBS } from '../simulation/sweep.js';

/** What was asked of a command: commander adds it to the options. */
export interface Asked {
  command: string;
  /** Options, and arguments, that were given and not left to their defaults; each by the name of its attribute. */
  given: ReadonlySet<string>;
  /** All values, by the same names. */
  values: Readonly<Record<string, unknown>>;
  /** How an option is written: `--max-duration`. */
  flagOf: (name: string) => string;
}

/** What commands are given beside their options. */
export interface WithAsked {
  asked?: Asked;
}

/** A way of using a command, and what has no meaning there. */
interface Mode {
  commands: readonly string[];
  /** Whether that is the way; where subjects matter, when they are known. */
  when: (asked: Asked, subjects: readonly Measurable[]) => boolean;
  /** Options by the names of their attributes, each with how the sentence about its flag goes on. */
  refused: Readonly<Record<string, string>>;
}

/** The same of several options. */
function all(names: readonly string[], sentence: string): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, sentence]));
}

const isRole = ({ values }: Asked): boolean => ROLES.some((role) => role === values['architecture']);
const isWhole = ({ values }: Asked): boolean => PLATFORM_NAMES.some((name) => name === values['to']);
const isControl = ({ values }: Asked): boolean => values['architecture'] === CONTROL;
const has = (name: string) => (asked: Asked): boolean => asked.given.has(name);
const SIDES = /\.(ya?ml|json)$/i;
const comparesFiles = ({ values }: Asked): boolean => (values['compare'] as string[] | undefined)?.every((side) => SIDES.test(side)) ?? false;
const many = (name: string) => ({ values }: Asked): boolean => ((values[name] as unknown[] | undefined)?.length ?? 0) > 1;
const sweeps = (knobs: readonly string[]) => ({ values }: Asked): boolean => knobs.some((knob) => (values['sweep'] as string | undefined)?.startsWith(`${knob}=`));

/** How events travel. */
const BUS = ['bus', 'busUrl', 'publish', 'outbox', 'inbox'];

export const MODES: readonly Mode[] = [
  {
    commands: ['bench'],
    when: has('compare'),
    refused: {
      ...all(['duration', 'until', 'maxDuration', 'warmup', 'rounds', 'quick'], 'says how long trials are, and --compare measures pairs of blocks until they tell: give one of them.'),
      stages: 'moves the load, and --compare measures steady blocks: give one of them.',
      fault: 'happens within a trial, and --compare measures steady blocks: give one of them.',
      threshold: 'judges trials and --compare measures pairs of blocks: give one of them.',
      baseline: 'is a record of trials, and --compare measures pairs of blocks: give one of them.',
      otlp: 'posts the spans of trials, and --compare measures pairs of blocks: give one of them.',
      open: 'follows trials, and --compare measures pairs of blocks: give one of them.',
      receivedUrl: 'is held against the requests of a trial, and --compare measures pairs of blocks: give one of them.',
    },
  },
  {
    commands: ['bench'],
    when: (asked) => has('compare')(asked) && !comparesFiles(asked),
    refused: { architectures: 'names what is measured, and so does --compare: give one of them.' },
  },
  {
    commands: ['bench'],
    when: comparesFiles,
    refused: {
      scenario: 'is measured in no file but the two of --compare: leave it out.',
      target: 'is in neither of the two files of --compare: name it there, or compare two names.',
    },
  },
  {
    commands: ['bench'],
    when: (asked) => comparesFiles(asked) && many('architectures')(asked),
    refused: { architectures: 'names several, and --compare compares one of them between two files: name one.' },
  },
  {
    commands: ['bench'],
    when: has('sameOrders'),
    refused: {
      rate: 'is the same for all already, and --same-orders is about users: give one of them.',
      stages: 'move the load, and --same-orders takes the rate of a steady one: give one of them.',
      compare: 'measures pairs of blocks, and --same-orders trials: give one of them.',
    },
  },
  {
    commands: ['bench'],
    when: has('dryRun'),
    refused: { open: 'follows a run, and --dry-run runs nothing: give one of them.', otlp: 'posts the spans of a run, and --dry-run runs nothing: give one of them.' },
  },
  {
    commands: ['bench', 'capacity'],
    when: (_, subjects) => subjects.length > 0 && subjects.every(isTarget),
    refused: all([...BUS, 'fault', 'drain', 'services'], 'is about simulated architectures, and only servers of your own are measured: leave it out.'),
  },
  {
    commands: ['bench', 'simulate', 'capacity', 'serve', 'export'],
    when: (_, subjects) => subjects.some((one) => !isTarget(one)) && !subjects.some((one) => !isTarget(one) && publishesEvents(one.architecture)),
    refused: all(BUS, 'is about events, and nothing here publishes any: name hybrid or event-driven as well, or leave it out.'),
  },
  {
    commands: ['bench', 'capacity'],
    when: (_, subjects) => subjects.length > 0 && !subjects.some((one) => isTarget(one) || one.services.some(({ endpoint }) => endpoint)),
    refused: all(['yes'], 'is about servers and services of your own, and none is measured: leave it out.'),
  },
  {
    commands: ['bench', 'capacity'],
    when: (_, subjects) => subjects.length > 0 && !subjects.some(isTarget),
    refused: all(['receivedUrl'], 'is about servers of your own, and none is measured: leave it out.'),
  },
  {
    commands: ['capacity'],
    when: has('simulate'),
    refused: all(['services', 'receivedUrl', 'yes'], 'is about real calls, and --simulate makes none: give one of them.'),
  },
  {
    commands: ['capacity'],
    when: (asked) => !has('simulate')(asked),
    refused: { bus: 'is of the model here, and what is measured has the memory bus: give --simulate as well, or leave it out.' },
  },
  { commands: ['capacity'], when: has('rate'), refused: { think: 'is the pause of a user, and --rate has none: give one of them.' } },
  {
    commands: ['capacity'],
    when: ({ values }) => Array.isArray(values['rate']),
    refused: all(['from', 'most'], 'says between which rates, and so does the list of --rate: give one of them.'),
  },
  {
    commands: ['simulate'],
    when: has('sweep'),
    refused: {
      threshold: 'judges a trial, and --sweep looks at many values and judges none: leave out --threshold.',
      rounds: 'repeats trials, and a sweep has each once: leave it out.',
    },
  },
  {
    commands: ['simulate'],
    // With stages it is where they begin.
    when: (asked) => sweeps(LEVEL_KNOBS)(asked) && !has('stages')(asked),
    refused: all(['users', 'rate'], 'is a load, and so is what --sweep goes through: give one of them.'),
  },
  { commands: ['simulate'], when: sweeps(['think']), refused: all(['think', 'rate'], 'leaves nothing of --sweep think: give one of them.') },
  { commands: ['simulate'], when: sweeps(['attempts']), refused: { attempts: 'is what --sweep goes through: give one of them.' } },
  {
    commands: ['simulate'],
    when: sweeps(['rate']),
    refused: { think: 'is the pause of a user, and a rate has none: leave it out.' },
  },
  { commands: ['simulate'], when: sweeps(['users']), refused: { arrivals: 'is how the requests of a rate are spaced, and users have none: leave it out.' } },
  { commands: ['noise'], when: many('architectures'), refused: { architectures: 'names several, and one is compared with itself: name one.' } },
  { commands: ['noise'], when: many('users'), refused: { users: 'names several loads, and one is compared with itself: name one.' } },
  {
    commands: ['serve'],
    when: (asked, subjects) => subjects.length > 1 && asked.values['port'] !== 0,
    refused: { port: 'is one port, and several servers are asked for: name one architecture, or leave it out.' },
  },
  {
    commands: ['serve'],
    when: (_, subjects) => subjects.length > 1,
    refused: { keep: 'keeps one run, and several servers are asked for: name one architecture, or leave it out.' },
  },
  {
    commands: ['serve'],
    when: isRole,
    refused: all(['scenario', 'architectures', 'seed', 'services', 'dashboard', 'output', 'otlp', ...BUS], 'is said to `serve control`, and roles hear it from there: leave it out.'),
  },
  {
    commands: ['serve'],
    when: isControl,
    refused: {
      join: 'is for the roles, which join this: leave it out.',
      services: 'is about processes of one machine, and roles call each other over HTTP: leave it out.',
      ...all(['dashboard', 'output', 'otlp'], 'is for what serves on one machine: leave it out.'),
    },
  },
  {
    commands: ['serve'],
    when: (asked) => !isRole(asked) && !isControl(asked),
    refused: all(['architectures', 'join', 'token'], 'is for `serve control` and the roles that join it: leave it out.'),
  },
  {
    commands: ['serve'],
    when: ({ values }) => isOwnAddress((values['host'] as string | undefined) ?? '127.0.0.1'),
    refused: { yes: 'is about an address that other machines can reach, and this is none: leave it out, or give --host.' },
  },
  { commands: ['export'], when: isWhole, refused: { target: 'is where a server is, and a whole run has one of its own: leave it out.' } },
  {
    commands: ['export'],
    when: (asked) => !isWhole(asked),
    refused: all(['loadWorkers', 'image', 'bus', 'busUrl', 'publish'], 'is about a whole run, and this is its load alone: leave it out, or export for compose or kubernetes.'),
  },
  {
    commands: ['collect'],
    when: ({ values }) => /\.(jtl|csv)$/i.test(String(values['load'])),
    refused: { end: 'ends what served an exported load, and a JTL alone has none: name the folder of the export.' },
  },
  { commands: ['report'], when: has('other.json'), refused: { threshold: 'judges one record, and two are laid side by side here: name one.' } },
  { commands: ['init'], when: ({ values }) => values['file'] === '-', refused: { force: 'writes over a file, and - is standard output: leave it out.' } },
];

/** Options that may be given again and again: each time says more. */
const REPEATABLE = new Set(['target', 'receivedUrl', 'threshold', 'fault', 'output', 'workers']);

/** Refuses, before the action of any command, what it would ignore; and tells the command what was asked. */
export function refuseIgnored(program: Command): void {
  const times = new Map<string, number>();
  for (const command of program.commands) {
    for (const option of command.options) {
      command.on(`option:${option.name()}`, () => times.set(option.attributeName(), (times.get(option.attributeName()) ?? 0) + 1));
    }
  }
  program.hook('preAction', (_, command) => {
    const asked = askedOf(command);
    const twice = [...times].find(([name, count]) => count > 1 && !REPEATABLE.has(name));
    if (twice) throw new UserError(`${asked.flagOf(twice[0])} is given twice: one of them would be ignored.`);
    refuseModes(asked);
    command.setOptionValueWithSource('asked', asked, 'implied');
  });
}

/**
 * The same, when it is known what is measured.
 * @throws UserError for the first option that would be ignored
 */
export function refuseModes(asked: Asked | undefined, subjects: readonly Measurable[] = []): void {
  if (!asked) return;
  for (const { commands, when, refused } of MODES) {
    if (!commands.includes(asked.command) || !when(asked, subjects)) continue;
    const name = Object.keys(refused).find((candidate) => asked.given.has(candidate));
    if (name !== undefined) throw new UserError(`${asked.flagOf(name)} ${refused[name]}`);
  }
}

function askedOf(command: Command): Asked {
  const args = command.registeredArguments.map((argument, i) => [argument.name(), command.processedArgs[i] as unknown] as const);
  const given = [
    ...command.options.map((option) => option.attributeName()).filter((name) => command.getOptionValueSource(name) === 'cli'),
    ...args.filter((_, i) => command.args[i] !== undefined).map(([name]) => name),
  ];
  return {
    command: command.name(),
    given: new Set(given),
    values: { ...command.opts(), ...Object.fromEntries(args) },
    flagOf: (name) => command.options.find((option) => option.attributeName() === name)?.long ?? `<${name}>`,
  };
}
