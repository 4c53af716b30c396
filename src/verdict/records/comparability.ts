/** Whether two records may be compared at all, and what else was different between them. */
import { loadKey } from '../../measurement/loads.js';
import type { PlannedTrial, RunRecord } from '../../measurement/record.js';
import type { Scenario } from '../../scenarios/scenario.js';
import type { Target } from '../../scenarios/target.js';

/** Says where a request goes, and not what it asks for. */
const WHERE = new Set(['host']);

/** Something about two records that is not the same, in words. */
export interface Difference {
  name: string;
  base: string;
  head: string;
}

/** Why two records must not be compared, as sentences; none when they may. */
export function refusals(base: RunRecord, head: RunRecord): string[] {
  return [
    ...[...differencesWithin('', modelOf(base.scenario), modelOf(head.scenario)), ...targetDifferences(base.scenario, head.scenario)].map(
      ({ name, base: was, head: is }) => `The scenarios differ: ${name} is ${was} in the base and ${is} in the head.`,
    ),
    ...loadRefusals(base, head),
    ...kindRefusals(base, head),
    ...busRefusals(base, head),
    ...hopRefusals(base, head),
  ];
}

/** What the numbers depend on. Words, limits and the choice of subjects change nothing that is measured. */
function modelOf(scenario: Scenario): unknown {
  const { title: _title, description: _description, thresholds: _thresholds, subjects: _subjects, load, targets: _targets, ...rest } = scenario;
  return {
    ...rest,
    variants: rest.variants.map(({ title: _words, ...variant }) => variant),
    think: load.think,
    retries: load.retries,
  };
}

/** Targets by their names, whatever their order. */
function targetDifferences(base: Scenario, head: Scenario): Difference[] {
  const names = [...new Set([...base.targets, ...head.targets].map(({ name }) => name))];
  return names.flatMap((name) => {
    const [was, is] = [base, head].map(({ targets }) => targets.find((target) => target.name === name));
    if (was && is) return askedDifferently(was, is, `targets.${name}`);
    return [{ name: `targets.${name}`, base: was ? 'there' : 'absent', head: is ? 'there' : 'absent' }];
  });
}

/** What two servers are asked differently, by its path below a name. */
export function askedDifferently(base: Target, head: Target, name = ''): Difference[] {
  return differencesWithin(name, ...asFarAsKnown(questionOf(base), questionOf(head)));
}

function loadRefusals(base: RunRecord, head: RunRecord): string[] {
  const common = subjectsOf(base).filter((subject) => subjectsOf(head).includes(subject));
  if (common.length === 0) return ['The records have no subject in common.'];
  return common.flatMap((subject) => {
    const [was, is] = [loadsOf(base, subject), loadsOf(head, subject)];
    return was === is ? [] : [`The loads of ${subject} differ: ${was} in the base and ${is} in the head.`];
  });
}

/** All loads of a subject with their times, once for each however many rounds. */
function loadsOf(record: RunRecord, subject: string): string {
  const planned = record.plan.trials.filter((trial) => trial.architecture === subject);
  return [...new Set(planned.map(loadText))].toSorted().join('; ');
}

function loadText({ load, warmup, duration, timeout, drain }: PlannedTrial): string {
  return `${loadKey(load)} for ${duration} ms (warm-up ${warmup} ms, timeout ${timeout} ms, drain ${drain} ms)`;
}

function kindRefusals(base: RunRecord, head: RunRecord): string[] {
  const [was, is] = [isSimulated(base), isSimulated(head)];
  if (was === is) return [];
  return [`The ${was ? 'base' : 'head'} was simulated and the ${was ? 'head' : 'base'} was measured.`];
}

/** What a publish costs and what can be lost depend on it. */
function busRefusals(base: RunRecord, head: RunRecord): string[] {
  const [was, is] = [base, head].map(({ plan: { bus } }) => bus && `${bus.name} (${[bus.publish, bus.outbox].filter(Boolean).join(' in ')})`);
  if (was === undefined || is === undefined || was === is) return [];
  return [`The buses differ: ${was} in the base and ${is} in the head.`];
}

/** A hop costs time and CPU: without one, both are smaller. */
function hopRefusals(base: RunRecord, head: RunRecord): string[] {
  const [was, is] = [base, head].map(({ plan: { hop = 'http' } }) => hop);
  return was === is ? [] : [`The hops to the services differ: ${was} in the base and ${is} in the head.`];
}

function isSimulated(record: RunRecord): boolean {
  return record.trials.some((trial) => trial.state === 'simulated');
}

/** Subjects of a record, in the order planned. */
function subjectsOf(record: RunRecord): string[] {
  return [...new Set(record.plan.trials.map((trial) => trial.architecture))];
}

/** Differences that do not forbid a comparison and that its reader should know: machine, tool, seed, rounds. */
export function environmentDifferences(base: RunRecord, head: RunRecord): Difference[] {
  const about = ({ tool, seed, environment, plan }: RunRecord) => ({
    ...environment,
    tool: `${tool.name} ${tool.version}`,
    seed,
    rounds: new Set(plan.trials.map((trial) => trial.round)).size,
  });
  return differencesWithin('', about(base), about(head));
}

/** The leaves that two plain values do not share, by their path. */
function differencesWithin(path: string, base: unknown, head: unknown): Difference[] {
  if (!isObject(base) || !isObject(head)) {
    return Object.is(base, head) ? [] : [{ name: path, base: textOf(base), head: textOf(head) }];
  }
  const keys = [...new Set([...Object.keys(base), ...Object.keys(head)])];
  return keys.flatMap((key) => differencesWithin(path === '' ? key : `${path}.${key}`, base[key], head[key]));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function textOf(value: unknown): string {
  return value === undefined ? 'absent' : JSON.stringify(value);
}

/** Plain values, as a record holds them: what is secret is a stand-in. */
interface Question {
  path: string;
  query: Record<string, string>;
  method: string;
  headers: Record<string, string>;
  body: string;
  expect: { status: readonly number[]; body: string | null };
}

function questionOf({ url, method, headers, body, expect }: Target): Question {
  const { pathname, searchParams } = new URL(String(url));
  const named = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), whatIsKnown(String(value))] as const);
  return {
    path: pathname,
    query: Object.fromEntries([...searchParams.keys()].map((key) => [key, searchParams.getAll(key).join(', ')])),
    method,
    headers: Object.fromEntries(named.filter(([name]) => !WHERE.has(name)).toSorted(([a], [b]) => a.localeCompare(b))),
    body: String(body),
    expect: { status: expect.status, body: expect.body === null ? null : String(expect.body) },
  };
}

/** A value that is kept from everybody, or where it comes from: one cannot be told from another. */
function whatIsKnown(value: string): string {
  return /^\*\*\*$|\$\{\w+\}$/.test(value) ? '***' : value;
}

/** The two, alike where one of them does not tell: older records hold no marks of headers. */
function asFarAsKnown(base: Question, head: Question): [Question, Question] {
  const veil = ({ headers, ...rest }: Question, other: Question): Question => ({
    ...rest,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, other.headers[name] === '***' ? '***' : value])),
  });
  return [veil(base, head), veil(head, base)];
}
