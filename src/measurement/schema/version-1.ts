/** Records of version 1: what had to be in one, and what those that came before a field mean without it. */
import * as v from 'valibot';
import { OUTCOMES, type Outcome } from '../../load/load.js';
import { DEFAULTS } from '../../scenarios/defaults.js';
import { isProcessFault, parseFault } from '../../scenarios/fault.js';
import { HOPS } from '../../services/services.js';
import type { FaultMark, RunRecord, Trial, TrialHead } from '../record.js';

const anything = v.record(v.string(), v.unknown());
const things = v.array(v.unknown());
const number = v.number();
const string = v.string();
const TIMES = v.object({ count: number, censored: number });

const LOAD = v.variant('model', [v.object({ model: v.literal('closed'), users: number }), v.object({ model: v.literal('open'), rate: number })]);
const HEAD = { architecture: string, round: number, load: LOAD };

/** `kind` and `process` came later: a record without them has them in the sentence. */
const FAULT = v.pipe(
  v.looseObject({ fault: string, at: number, until: v.nullable(number) }),
  v.check(({ fault, kind, process }) => (kind !== undefined && process !== undefined) || processFaultIn(fault) !== undefined, 'is no fault of a process'),
);

const EVENTS = v.object({
  acknowledged: number,
  lag: TIMES,
  completionTime: TIMES,
  backlog: v.object({ peak: number, end: number, slopePerSecond: number, series: v.object({ at: things, waiting: things }) }),
  consumers: anything,
});

const MEASURED = v.object({
  ...HEAD,
  state: v.picklist(['measured', 'simulated']),
  window: v.object({ startedAt: string, seconds: number, warmupSeconds: number }),
  outcomes: v.object({ sent: number, ok: number }),
  failureRate: number,
  throughput: number,
  responseTime: TIMES,
  responseTimeOk: TIMES,
  ideal: v.nullable(anything),
  server: v.object({ received: v.nullable(number), unreached: number }),
  faults: v.exactOptional(v.array(FAULT)),
  orphaned: number,
  failedLater: number,
  steps: anything,
  events: v.nullable(EVENTS),
  processes: anything,
  validity: v.object({ valid: v.boolean(), problems: things, notes: things }),
  samples: v.object({ start: string, time: string, outcome: string }),
});

const SAME_ORDERS_ROW = v.object({
  rate: number, load: LOAD, from: string, architecture: string, p50: v.nullable(number), p95: v.nullable(number),
  failureRate: number, throughput: number, backlog: v.nullable(anything),
});

/** What has to be in a record of version 1. */
export const firstVersion = v.object({
  tool: v.object({ name: string, version: string }),
  command: things,
  startedAt: string,
  environment: anything,
  scenario: v.object({ name: string, services: things, steps: things, event: anything, load: anything }),
  // A way of calling that is not known must not pass for the usual one.
  plan: v.object({ trials: v.array(anything), hop: v.exactOptional(v.picklist(HOPS)) }),
  seed: number,
  trials: v.array(v.variant('state', [v.object({ ...HEAD, state: v.picklist(['errored', 'aborted']), message: string }), MEASURED])),
  comparisons: things,
  sameOrders: v.exactOptional(v.array(SAME_ORDERS_ROW)),
  checks: things,
  advice: things,
  verdict: string,
});

/** The same record, with what follows from its age. It stays one of version 1: not all that version 2 asks for can be known. */
export function completed(record: RunRecord): RunRecord {
  completeScenario(record.scenario as unknown as Record<string, unknown>);
  for (const head of [...record.plan.trials, ...record.trials]) nameSubject(head);
  for (const trial of record.trials) {
    completeFaults(trial);
    completeOutcomes(trial);
  }
  return record;
}

/** What is measured had one name only. */
function nameSubject(head: TrialHead): void {
  Object.assign(head, { subject: head.architecture });
}

function processFaultIn(sentence: string): Pick<FaultMark, 'kind' | 'process'> | undefined {
  const read = parseFault(sentence);
  if (!('fault' in read) || !isProcessFault(read.fault)) return undefined;
  const { kind, process } = read.fault;
  return { kind, process };
}

/** Says what a fault did, and to which process, where the record says it in the sentence only. */
function completeFaults(trial: Trial): void {
  if (!('faults' in trial)) return;
  for (const mark of trial.faults ?? []) Object.assign(mark, { ...processFaultIn(mark.fault), ...mark });
}

/** A record that is older than a scenario's server, the time of a publish, or what a step may say was made with what is the default now. */
function completeScenario(scenario: Record<string, unknown>): void {
  const { variants } = scenario;
  const parts = Array.isArray(variants) ? (variants as Record<string, unknown>[]) : [];
  for (const it of [scenario, ...parts.filter((part) => typeof part === 'object' && part !== null)]) {
    it.server ??= { ...DEFAULTS.server };
    it.steps = withDefaults(it.steps, DEFAULTS.step);
    const event = it.event as { publish?: number; consumers?: unknown } | undefined;
    if (!event) continue;
    event.publish ??= DEFAULTS.event.publish;
    event.consumers = withDefaults(event.consumers, DEFAULTS.consumer);
  }
}

/** Each with what it does not say; what is no list of objects is left as it is. */
function withDefaults(list: unknown, defaults: object): unknown {
  return Array.isArray(list) ? list.map((one: unknown) => (typeof one === 'object' && one !== null ? { ...defaults, ...one } : one)) : list;
}

/** Outcomes that came later did not happen in a record without them. */
function completeOutcomes(trial: Trial): void {
  if (!('outcomes' in trial)) return;
  trial.outcomes = { ...(Object.fromEntries(OUTCOMES.map((outcome) => [outcome, 0])) as Record<Outcome, number>), ...trial.outcomes };
}
