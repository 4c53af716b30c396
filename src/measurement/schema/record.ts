/** The record of a run: everything needed to report and judge it again. Times in ms, shares as ratios, moments in ms from the start of the trial's measured window, unless said otherwise. */
import * as v from 'valibot';
import { byName, bytes, count, described, flag, list, ms, object, oneOf, optional, orNull, plainNumber, seconds, section, text, type Holds, type Part } from '../../base/described.js';
import { BUS_NAMES } from '../../events/buses.js';
import { PUBLISH_MODES } from '../../events/descriptor.js';
import type { BusTime } from '../../events/settings.js';
import { HOPS } from '../../services/services.js';
import { SCHEMA_VERSION } from '../record.js';
import { capacityAnswer, curvePoint, sameOrdersRow } from './capacity.js';
import { comparison, pairedRun } from './comparison.js';
import { finding } from './finding.js';
import { scenario } from './scenario.js';
import { HEAD, trial, type Trial } from './trial.js';

const check = section('Check', 'One threshold and what came of it, at one load.', {
  expression: text('The threshold, as written.', 'hybrid: p95 < 600ms'),
  state: oneOf(['pass', 'fail', 'unknown'], 'What came of it.'),
  level: oneOf(['error', 'warn'], 'Whether the verdict hangs on it.'),
  detail: text('What was found, in words, with the load.', 'at 500 users: 616 ms'),
  observed: orNull(plainNumber('The value found, in the unit of the metric; null when nobody knows.', 616)),
});
/** One threshold and what came of it. */
export type Check = v.InferOutput<typeof check>;

const environment = section('Environment', 'Where it was measured.', {
  node: text('Version of Node.', 'v20.19.5'),
  os: text('Operating system and its version.', 'Linux 6.1.0'),
  arch: text('Architecture of the processor.', 'x64'),
  cpu: text('Model of the processor.', 'Example CPU @ 2.80GHz'),
  cores: count('Processors.', 2),
  memoryBytes: bytes('Memory.', 8_589_934_592),
  ci: orNull(text('The CI service; null when it is none.', 'github-actions')),
});
export type Environment = v.InferOutput<typeof environment>;

const sorted = (about: string, example: number[]): Part<number[]> => list(ms('A time.', 0.3), `${about} Sorted; none where there was nothing to measure. ms`, example);
const TIMES_ADDED = {
  reply: sorted("To a request: from the client to the server and back, the server's own work included, and a publish within its process.", [0.41, 0.44, 0.52]),
  call: sorted("To a call: from its caller to the service and back, and what the service's timer is late.", [0.71, 0.8, 1.2]),
  publish: sorted('A publish, until the bus has taken the event.', [0.05, 0.06, 0.1]),
  delivery: optional(sorted('The way of an event: from its publish until a consumer that is free begins.', [0.6, 0.7, 1.2])),
};
const machineTimes = section('MachineTimes', 'What a machine, and a bus on it, add when nothing waits for anything: measured before the first trial, and part of every prediction of the run.', {
  ...TIMES_ADDED,
  rate: optional(plainNumber('Requests a second that these were measured at.', 150)),
  restart: optional(byName(ms('From the order to start a process that was killed until it serves.', 150), 'Of each process that a fault of the plan kills: `server`, `consumer`.')),
  slower: optional(object('The same with fewer requests a second: a trial between the two has times between them.', { rate: plainNumber('Requests a second.', 20), ...TIMES_ADDED })),
});
/** What a machine, and a bus on it, add when nothing waits for anything. */
export type MachineTimes = v.InferOutput<typeof machineTimes>;

const PLANNED = {
  ...HEAD,
  warmup: ms('Load before the window.', 2100),
  duration: ms('Length of the window.', 10_000),
  drain: ms('Longest wait for the backlog after it.', 2000),
  timeout: ms('Of a request.', 10_000),
};
const plannedTrial = section('PlannedTrial', 'One planned trial.', PLANNED);
/** One planned trial. */
export type PlannedTrial = Holds<typeof PLANNED>;

const busTime = (about: string): Part<BusTime> =>
  object(about, { min: ms('The least.', 0.9), p50: ms('The median.', 2.1), p95: ms('What 95 of 100 do not exceed.', 4.2) });
const busTimes = object('What the model takes for the times of a bus.', {
  publish: busTime('A publish, until the bus has taken the event.'),
  lag: busTime('From the publish until a consumer that is free begins.'),
  said: ms('What the scenario says of a publish, which is taken in its place; 0: nothing.', 0),
  measuredOn: text("Where and when the tool's defaults were measured.", '2 cores (AMD EPYC), Node v20.20.2, 2026-11-29'),
});
const busRecord = section('BusRecord', 'What carried the events; left out where nothing that was measured publishes any.', {
  name: oneOf(BUS_NAMES, 'The bus.'),
  publish: oneOf(PUBLISH_MODES, 'When a publish counts as done.'),
  private: orNull(flag("Started for the trial and removed afterwards; false: the user's own; null where there is no broker to start.", true)),
  outbox: optional(oneOf(BUS_NAMES, 'The database that a relay takes the events from; without it a file, where there is a relay.')),
  times: optional(described(busTimes, 'What the model takes for its times, which are defaults of the tool; left out where they were measured, or are none.')),
});
export type BusRecord = v.InferOutput<typeof busRecord>;

const VERDICTS = ['pass', 'fail', 'unknown'] as const;
export type Verdict = (typeof VERDICTS)[number];

const RECORD = {
  schemaVersion: described(v.literal(SCHEMA_VERSION), 'Of the record.', { example: SCHEMA_VERSION }),
  tool: object('The program that made it.', { name: text('Its name.', 'sync-vs-events'), version: text('Its version.', '0.1.0') }),
  command: list(text('One argument.', 'bench'), 'Arguments that it was called with, without secrets.', ['bench', 'checkout', '--seed', '7']),
  startedAt: text('When the run began (ISO 8601).', '2026-03-01T09:00:00.000Z'),
  environment: described(environment, 'Where it was measured.'),
  scenario: described(scenario, 'What was modelled, with every default.'),
  plan: object('What was to be done.', {
    trials: list(plannedTrial, 'The trials, in their order.'),
    estimatedSeconds: seconds('How long they were expected to take together.', 82),
    bus: optional(described(busRecord, 'What carried the events.')),
    hop: optional(oneOf(HOPS, 'How calls got to the simulated services; `http` when left out.')),
  }),
  seed: plainNumber('Of every draw.', 1),
  machine: optional(described(machineTimes, 'What the predictions know of the machine; left out where nothing was measured.')),
  generator: optional(
    object('Another program that made the load; without it, this one did.', {
      engine: text('Its name.', 'locust'),
      workers: count('Machines or processes that it ran on.', 4),
      groups: optional(list(text('One of them.', 'engine1.jtl: Thread Group'), 'Its thread groups, each with its file or host; left out where it has none.', ['engine1.jtl: Thread Group'])),
    }),
  ),
  trials: list(trial, 'What came of each trial, in their order.'),
  comparisons: list(comparison, 'What was compared, with an older record or in pairs of blocks.', []),
  curves: optional(list(curvePoint, 'The predicted curve of each subject over the loads, ascending; left out where there is none.')),
  sameOrders: optional(list(sameOrdersRow, 'All subjects at the same orders, where users made them take different numbers; left out where they did not.')),
  paired: optional(list(pairedRun, 'The blocks behind paired comparisons, to judge them again.')),
  capacity: optional(list(capacityAnswer, 'What `capacity` has found; the trials are its probes.')),
  checks: list(check, 'Every threshold at every load it was judged at.', []),
  advice: list(finding, 'What the run shows, each with its numbers.', []),
  verdict: oneOf(VERDICTS, 'Of all checks and comparisons; `unknown` when a trial was not valid, or could not tell.'),
};

/** The record of a run as this version of the program writes it. */
export const runRecord = v.pipe(v.object(RECORD), v.title('sync-vs-events record'), v.description('The record of a run: everything needed to report and judge it again.'));

/** One run. Read back, it may be of version 1, and lack what came later. */
export type RunRecord = Omit<Holds<typeof RECORD>, 'schemaVersion' | 'trials'> & { schemaVersion: 1 | typeof SCHEMA_VERSION; trials: Trial[] };
