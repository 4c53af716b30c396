/** A saved record, read back. */
import { messageOf, UserError } from '../base/errors.js';
import { isProcessFault } from '../scenarios/fault.js';
import { DEFAULTS } from '../scenarios/defaults.js';
import { parseFault } from '../scenarios/fault-sentence.js';
import { HOPS } from '../services/services.js';
import { OUTCOMES, type Outcome } from '../load/load.js';
import { parseLongJson } from './long-json.js';
import { openRecord } from './open-record.js';
import { SCHEMA_VERSION, type FaultMark, type RunRecord, type Trial } from './record.js';

/**
 * The record in a text, or in the bytes of one that is longer than a text can be.
 * @param path of its file, for the message
 * @throws UserError when it is no record, a damaged one, or one of another schema version
 */
export function parseRecord(text: string | Buffer, path: string): RunRecord {
  const value = parseJson(text, path);
  if (!isObject(value) || value.schemaVersion === undefined) {
    throw new UserError(`${path} is not a record of sync-vs-events. ${HINT}`);
  }
  if (value.schemaVersion !== SCHEMA_VERSION) {
    throw new UserError(
      `${path} is a record of schema version ${JSON.stringify(value.schemaVersion)}, and this program reads version ` +
        `${SCHEMA_VERSION}. Use the version of sync-vs-events that wrote it, or make the record again.`,
    );
  }
  const damage = mismatch(value, RECORD, '') ?? damagedHop(value.plan as Record<string, unknown>) ?? damagedTrial(value.trials as unknown[]) ?? damagedRow(value.sameOrders);
  if (damage) throw new UserError(`${path} is a damaged record: ${damage}. Restore the file, or make the record again.`);
  completeScenario(value.scenario as Record<string, unknown>);
  for (const trial of value.trials as Trial[]) {
    completeFaults(trial);
    completeOutcomes(trial);
  }
  // It may be older than the rule that secrets stay out.
  return openRecord(value as unknown as RunRecord);
}

const HINT = 'Expected a file that was saved with `-o json=PATH`.';

function parseJson(text: string | Buffer, path: string): unknown {
  try {
    return typeof text === 'string' ? JSON.parse(text.replace(/^\uFEFF/, '')) : parseLongJson(text);
  } catch (error) {
    throw new UserError(`${path} is not JSON: ${messageOf(error)}. ${HINT}`);
  }
}

/** What a value has to be: of a type, or an object with at least these fields. */
type Shape = 'string' | 'number' | 'boolean' | 'array' | 'object' | 'object or null' | 'number or null' | { [field: string]: Shape };

const TIMES: Shape = { count: 'number', censored: 'number' };

const RECORD: Shape = {
  tool: { name: 'string', version: 'string' },
  command: 'array',
  startedAt: 'string',
  environment: 'object',
  scenario: { name: 'string', services: 'array', steps: 'array', event: 'object', load: 'object' },
  plan: { trials: 'array' },
  seed: 'number',
  trials: 'array',
  comparisons: 'array',
  checks: 'array',
  advice: 'array',
  verdict: 'string',
};

const TRIAL: Shape = { architecture: 'string', round: 'number', load: { model: 'string' }, state: 'string' };

/** By state. */
const TRIAL_STATES: Record<string, Shape> = {
  errored: { message: 'string' },
  aborted: { message: 'string' },
  measured: measuredShape(),
  simulated: measuredShape(),
};

function measuredShape(): Shape {
  return {
    window: { startedAt: 'string', seconds: 'number', warmupSeconds: 'number' },
    outcomes: { sent: 'number', ok: 'number' },
    failureRate: 'number',
    throughput: 'number',
    responseTime: TIMES,
    responseTimeOk: TIMES,
    ideal: 'object or null',
    server: { received: 'number or null', unreached: 'number' },
    orphaned: 'number',
    failedLater: 'number',
    steps: 'object',
    events: 'object or null',
    processes: 'object',
    validity: { valid: 'boolean', problems: 'array', notes: 'array' },
    samples: { start: 'string', time: 'string', outcome: 'string' },
  };
}

/** `kind` and `process` came later: a record without them has them in the sentence. */
const FAULT: Shape = { fault: 'string', at: 'number', until: 'number or null' };

const EVENTS: Shape = {
  acknowledged: 'number',
  lag: TIMES,
  completionTime: TIMES,
  backlog: { peak: 'number', end: 'number', slopePerSecond: 'number', series: { at: 'array', waiting: 'array' } },
  consumers: 'object',
};

/** The rows at the same orders, of a record that has some. */
function damagedRow(rows: unknown): string | undefined {
  if (rows === undefined) return undefined;
  if (!Array.isArray(rows)) return `sameOrders is ${JSON.stringify(rows)}, expected an array`;
  return rows.map((row, i) => mismatch(row, SAME_ORDERS_ROW, `sameOrders[${i}]`)).find((damage) => damage !== undefined);
}

const SAME_ORDERS_ROW: Shape = {
  rate: 'number', load: { model: 'string' }, from: 'string', architecture: 'string', p50: 'number or null', p95: 'number or null',
  failureRate: 'number', throughput: 'number', backlog: 'object or null',
};

/** A way of calling that is not known must not pass for the usual one. */
function damagedHop({ hop }: Record<string, unknown>): string | undefined {
  if (hop === undefined || HOPS.some((known) => known === hop)) return undefined;
  return `plan.hop is ${JSON.stringify(hop)}, expected one of ${HOPS.join(', ')}`;
}

function damagedTrial(trials: readonly unknown[]): string | undefined {
  return trials.map((trial, position) => trialDamage(trial, `trials[${position}]`)).find((damage) => damage !== undefined);
}

function trialDamage(trial: unknown, where: string): string | undefined {
  const damage = mismatch(trial, TRIAL, where);
  if (damage) return damage;
  const { state, load, events, faults } = trial as { state: string; load: Record<string, unknown>; events: unknown; faults?: unknown };
  const shape = Object.hasOwn(TRIAL_STATES, state) ? TRIAL_STATES[state] : undefined;
  if (!shape) return `${where}.state is ${JSON.stringify(state)}, expected one of ${Object.keys(TRIAL_STATES).join(', ')}`;
  const amount: Shape = load.model === 'closed' ? { users: 'number' } : { rate: 'number' };
  return (
    mismatch(load, amount, `${where}.load`) ??
    mismatch(trial, shape, where) ??
    (isObject(events) ? mismatch(events, EVENTS, `${where}.events`) : undefined) ??
    (faults === undefined ? undefined : faultDamage(faults, `${where}.faults`))
  );
}

function faultDamage(faults: unknown, where: string): string | undefined {
  if (!Array.isArray(faults)) return `${where} is not an array`;
  return faults
    .map((mark: unknown, position) => {
      const at = `${where}[${position}]`;
      const damage = mismatch(mark, FAULT, at);
      if (damage) return damage;
      return isComplete(mark as FaultMark) || processFaultIn((mark as FaultMark).fault) ? undefined : `${at}.fault is no fault of a process`;
    })
    .find((damage) => damage !== undefined);
}

function processFaultIn(sentence: string): Pick<FaultMark, 'kind' | 'process'> | undefined {
  const read = parseFault(sentence);
  if (!('fault' in read) || !isProcessFault(read.fault)) return undefined;
  const { kind, process } = read.fault;
  return { kind, process };
}

function isComplete({ kind, process }: Partial<FaultMark>): boolean {
  return kind !== undefined && process !== undefined;
}

/** Says what a fault did, and to which process, where the record says it in the sentence only. */
function completeFaults(trial: Trial): void {
  if (!('faults' in trial)) return;
  for (const mark of trial.faults ?? []) if (!isComplete(mark)) Object.assign(mark, processFaultIn(mark.fault));
}

/** A record that is older than a scenario's server, or the time of a publish, was made with what is the default now. */
function completeScenario(scenario: Record<string, unknown>): void {
  const { variants } = scenario;
  for (const it of [scenario, ...(Array.isArray(variants) ? (variants as unknown[]).filter(isObject) : [])]) {
    it.server ??= { ...DEFAULTS.server };
    if (isObject(it.event)) it.event.publish ??= DEFAULTS.event.publish;
  }
}

/** Outcomes that came later did not happen in a record without them. */
function completeOutcomes(trial: Trial): void {
  if (!('outcomes' in trial)) return;
  trial.outcomes = { ...(Object.fromEntries(OUTCOMES.map((outcome) => [outcome, 0])) as Record<Outcome, number>), ...trial.outcomes };
}

/** The first place where a value is not of its shape, in words. */
function mismatch(value: unknown, shape: Shape, where: string): string | undefined {
  if (typeof shape === 'string') {
    if (hasType(value, shape)) return undefined;
    return value === undefined ? `${where} is missing` : `${where} is not ${article(shape)}`;
  }
  if (!isObject(value)) return value === undefined ? `${where} is missing` : `${where} is not an object`;
  return Object.entries(shape)
    .map(([field, inner]) => mismatch(value[field], inner, where === '' ? field : `${where}.${field}`))
    .find((found) => found !== undefined);
}

function hasType(value: unknown, type: Exclude<Shape, object>): boolean {
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return isObject(value);
  if (type === 'object or null') return value === null || isObject(value);
  if (type === 'number or null') return value === null || typeof value === 'number';
  return typeof value === type;
}

function article(type: string): string {
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
