/** A pool of connections that several steps share, where their calls wait for one. */
import type { Found } from '../measurement/finding.js';
import type { MeasuredTrial } from '../measurement/record.js';
import { limitOf, type Scenario, type Step } from '../scenarios/scenario.js';
import { demandOf } from './demand.js';
import { fold, type TrialGroup } from './rounds.js';
import { workersFor } from './work.js';

/** Mean wait for a connection, as a share of the time for which a call holds it, below which nobody notices. */
const WAITING = 0.1;

/** Every pool that makes calls of a reply wait. @param steps those that the reply waits for */
export function scarcePools(group: TrialGroup, steps: readonly Step[], scenario: Scenario): Found<'pool'>[] {
  const names = new Set(steps.flatMap(({ pool }) => pool?.name ?? []));
  return [...names].flatMap((name) => scarce(group, steps.filter(({ pool }) => pool?.name === name), scenario));
}

function scarce(group: TrialGroup, sharing: readonly Step[], scenario: Scenario): Found<'pool'>[] {
  const { name = '', connections = 'unlimited' } = sharing[0]?.pool ?? {};
  const wait = fold(group, (trial) => sumOf(trial, sharing, ({ pooledTime = 0 }) => pooledTime) / sumOf(trial, sharing, ({ calls }) => calls)) ?? 0;
  // A connection is held while its call waits for a worker of the service, too.
  const hold = fold(group, (trial) => sumOf(trial, sharing, ({ queueTime, serviceTime }) => totalOf(queueTime) + totalOf(serviceTime)) / trial.outcomes.sent) ?? 0;
  if (connections === 'unlimited' || !(hold > 0) || wait < (WAITING * hold) / sharing.length) return [];
  const demand = demandOf(group, scenario);
  const numbers = { connections, wait, hold, service: hold, capacity: (limitOf(connections) * 1000) / hold, demand, needed: workersFor(demand, hold) };
  return [{ kind: 'pool', architecture: group.architecture, load: group.load, numbers, names: { pool: name, steps: sharing.map((step) => step.name).join(', ') } }];
}

type StepResult = MeasuredTrial['steps'][string];

function sumOf({ steps }: MeasuredTrial, sharing: readonly Step[], pick: (result: StepResult) => number): number {
  return sharing.reduce((sum, { name }) => sum + (steps[name] ? pick(steps[name]) : 0), 0);
}

function totalOf({ mean, count }: StepResult['queueTime']): number {
  return (mean ?? 0) * count;
}
