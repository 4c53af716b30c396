/** Text in, scenario out. */
import * as v from 'valibot';
import { messageOf } from '../base/errors.js';
import { draftProblems } from './check/draft.js';
import { problem, unknownName } from './check/transaction.js';
import { csvLatencies, csvRows } from './csv/latencies.js';
import { DEFAULTS } from './defaults.js';
import { readDocument } from './document.js';
import { isMapping } from './format/field.js';
import { scenarioFile, type ScenarioDraft } from './format/file.js';
import type { LatencyDraft } from './format/latency.js';
import type { RowsDraft } from './format/rows.js';
import type { ServiceChange } from './format/service.js';
import type { StepChange } from './format/step.js';
import { describe, printable, problemsError, type Path, type Problem } from './problem.js';
import { readEndpoint, readTarget } from './read-target.js';
import { resolveWhole } from './resolve-kinds.js';
import { resolveLoad } from './resolve.js';
import type { Latency, Scenario, Variant } from './scenario.js';
import type { Target } from './target.js';

export interface ParseOptions {
  /** Name of the file, for errors; the scenario's name unless the text has one. */
  file: string;
  /** Whether the text has lines that its writer knows: without them a mistake is told by its path alone. */
  hasLines?: boolean;
  /** The text of another file whose path counts from the scenario file. @throws when it cannot be read */
  readFile?: (path: string) => string;
  /** What `${NAME}` and `{ env: NAME }` stand for. */
  env?: Readonly<Record<string, string | undefined>>;
  /** Told what a CSV file was understood to hold, as a sentence. */
  understood?: (sentence: string) => void;
}

/**
 * Reads a scenario (YAML or JSON) and fills in every default.
 * @throws UserError with all mistakes, one per line: `file:line:column: path: expected ..., got ...`
 */
export function parseScenario(text: string, { file, hasLines = true, ...files }: ParseOptions): Scenario {
  const { value: written, locate } = readDocument(text, file);
  const value = withTransaction(withoutExtensions(written));
  const read = v.safeParse(scenarioFile, value);
  const problems = (read.issues ?? []).map(problemOf);
  const draft = read.success ? read.output : readableRest(value, problems);
  const targets = [...(draft?.targets ?? [])].map(([name, about]) => readTarget(name, about, files));
  if (draft) {
    problems.push(...targets.flatMap(({ target, mistakes }) => mistakes.map(({ path, message }) => problem(['targets', target.name, ...path], message))));
    problems.push(...draftProblems(draft, Object.keys((value as { services: object }).services)));
    problems.push(...readValues(draft, files), ...readEndpoints(draft, files));
  }
  if (problems.length > 0 || !draft) throw problemsError(file, problems, locate, hasLines);
  return resolveScenario(draft, targets.map(({ target }) => target), file);
}

function resolveScenario(draft: ScenarioDraft, targets: Target[], file: string): Scenario {
  const name = draft.name ?? nameOf(file);
  const server = { ...DEFAULTS.server, ...draft.server };
  const variants = [...(draft.variants ?? [])].map(([variant, change]): Variant => {
    const { architecture, title = variant } = change;
    const faults = change.faults ?? draft.faults ?? [];
    return { name: variant, architecture, title, ...resolveWhole(draft, change), server: { ...server, ...change.server }, faults };
  });
  const named = [...targets, ...variants].map((subject) => subject.name);
  return {
    name,
    title: draft.title ?? name,
    ...(draft.noun === undefined ? {} : { noun: draft.noun }),
    description: draft.description ?? '',
    ...resolveWhole(draft),
    server,
    faults: draft.faults ?? [],
    load: resolveLoad(draft.load ?? {}),
    subjects: draft.subjects ?? (named.length > 0 ? named : [...DEFAULTS.subjects]),
    ...(draft.baseline === undefined ? {} : { baseline: draft.baseline }),
    variants,
    targets,
    thresholds: draft.thresholds ?? [],
  };
}

/** Blocks named `x-...` are the writer's own, for anchors: nothing is read of them but where they are merged or named. */
function withoutExtensions(written: unknown): unknown {
  if (!isMapping(written)) return written;
  return Object.fromEntries(Object.entries(written).filter(([key]) => !key.startsWith('x-')));
}

/** Beside servers of one's own there may be no transaction: then it is an empty one. Several kinds have steps of their own. */
function withTransaction(written: unknown): unknown {
  if (isMapping(written) && 'transactions' in written && !('steps' in written)) return { ...written, steps: [] };
  if (!isMapping(written) || !isMapping(written.targets) || 'services' in written || 'steps' in written) return written;
  return { ...written, services: {}, steps: [] };
}

/** `my/order chain.yaml` -> `order-chain`. */
function nameOf(file: string): string {
  const base = file.split(/[\\/]/).at(-1)?.replace(/\.[^.]*$/, '') ?? '';
  return base.replaceAll(/[^A-Za-z0-9_-]+/g, '-').replace(/^[^A-Za-z]+/, '').slice(0, 40) || 'scenario';
}

function problemOf(issue: v.BaseIssue<unknown>): Problem {
  const path = (issue.path ?? []).map((item) => item.key as string | number);
  const at = (issue.path?.at(-1) as { origin?: string } | undefined)?.origin === 'key' ? 'key' : 'value';
  return { path, message: issue.message, at };
}

/**
 * The draft without its mistakes, so that those of meaning can be told at the same time; undefined when too much would
 * be missing to tell.
 */
function readableRest(value: unknown, problems: readonly Problem[]): ScenarioDraft | undefined {
  const rest = structuredClone(value);
  for (const { path } of problems) {
    const around = path.slice(0, -1).reduce<unknown>((node, key) => (node as Record<string, unknown>)?.[key], rest);
    if (!isMapping(around)) return undefined;
    delete around[String(path.at(-1))];
  }
  const read = v.safeParse(scenarioFile, rest);
  return read.success ? read.output : undefined;
}

/** A place of a draft at which a latency is written. */
interface WrittenLatency {
  path: Path;
  latency: LatencyDraft | undefined;
  put: (values: Latency) => void;
}

function latenciesOf({ services, steps, transactions = new Map(), variants = new Map() }: ScenarioDraft): WrittenLatency[] {
  const ofServices = (path: Path, all: Map<string, ServiceChange>): WrittenLatency[] =>
    [...all].map(([name, service]) => ({
      path: [...path, name, 'latency'], latency: service.latency, put: (latency) => void all.set(name, { ...service, latency }),
    }));
  const ofStep = (path: Path, step: StepChange): WrittenLatency => ({ path: [...path, 'own'], latency: step.own, put: (own) => Object.assign(step, { own }) });
  return [
    ...ofServices(['services'], services),
    ...steps.map((step, index) => ofStep(['steps', index], step)),
    ...[...transactions].flatMap(([kind, own]) => own.steps.map((step, index) => ofStep(['transactions', kind, 'steps', index], step))),
    ...[...variants].flatMap(([name, change]) => [
      ...ofServices(['variants', name, 'services'], change.services ?? new Map()),
      ...[...(change.steps ?? [])].map(([step, about]) => ofStep(['variants', name, 'steps', step], about)),
      ...[...(change.transactions ?? [])].flatMap(([kind, own]) =>
        [...(own.steps ?? [])].map(([step, about]) => ofStep(['variants', name, 'transactions', kind, 'steps', step], about)),
      ),
    ]),
  ];
}

/** Reads into a draft where its real services are. */
function readEndpoints({ services, variants }: ScenarioDraft, files: Omit<ParseOptions, 'file'>): Problem[] {
  return [...services].flatMap(([name, service]) => {
    const { written } = service;
    if (!written) return [];
    const { endpoint, mistakes } = readEndpoint(written, files);
    services.set(name, { ...service, endpoint });
    const changes = [...(variants ?? [])].filter(([, change]) => change.services?.has(name));
    return [
      ...mistakes.map(({ path, message }) => problem(['services', name, ...path], message)),
      ...changes.map(([variant]) => problem(['variants', variant, 'services', name], 'is a real service, of which a variant can change nothing', 'key')),
    ];
  });
}

/** Reads the measured latencies of a draft into it, and those of its rows. */
function readValues(draft: ScenarioDraft, files: Omit<ParseOptions, 'file'>): Problem[] {
  return latenciesOf(draft).flatMap(({ path, latency, put }) => {
    if (latency?.kind === 'csv') {
      const { file } = latency;
      return reading(file, [...path, 'values'], files, (text) => {
        const read = csvLatencies(text, latency);
        put({ kind: 'values', values: read.values });
        return read.understood;
      });
    }
    return latency?.kind === 'column' ? readColumn(latency.column, draft.rows, { path: [...path, 'column'], put }, files) : [];
  });
}

function readColumn(
  column: string,
  rows: RowsDraft | undefined,
  { path, put }: Pick<WrittenLatency, 'path' | 'put'>,
  files: Omit<ParseOptions, 'file'>,
): Problem[] {
  if (!rows) return [problem(path, 'expected `rows` in the scenario, of which this is a column: rows: shop.csv')];
  if ('columns' in rows) {
    const values = rows.columns.get(column);
    if (!values) return [unknownName(path, 'a column of the rows', column, [...rows.columns.keys()])];
    put({ kind: 'rows', column, values });
    return [];
  }
  return reading(rows.file, path, files, (text) => {
    const read = csvRows(text, { column, ...(rows.unit && { unit: rows.unit }) });
    put({ kind: 'rows', column, values: read.values });
    return read.understood;
  });
}

/** Has a file read; what goes wrong is a problem at a place. @param read returns what was understood */
function reading(file: string, path: Path, { readFile, understood }: Omit<ParseOptions, 'file'>, read: (text: string) => string): Problem[] {
  try {
    if (!readFile) throw new Error('there are no files here');
    const words = read(readFile(file));
    understood?.(`${printable(file)}: ${words}`);
    return [];
  } catch (error) {
    return [problem(path, `cannot use ${describe(file)}: ${printable(messageOf(error))}`)];
  }
}
