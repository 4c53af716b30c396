/** Made-up measured trials: a run of a small queueing network, told as a record tells it. */
import { OUTCOMES } from '../../src/load/load.js';
import type {
  BacklogResult,
  ConsumerResult,
  EventsResult,
  LedgerCounts,
  MeasuredTrial,
  Outcomes,
  Samples,
  StepResult,
} from '../../src/measurement/record.js';
import { summarise } from '../../src/measurement/times.js';
import { latencyMean } from '../../src/scenarios/draw.js';
import type { Scenario } from '../../src/scenarios/scenario.js';
import { run, type Run, type Station } from './queues.js';

export interface TrialShape {
  scenario: Scenario;
  architecture: 'sync' | 'hybrid';
  users: number;
  round?: number;
  seed?: number;
}

/** A trial as the small network answers it. */
export function trialOf({ scenario, architecture, users, round = 1, seed = 1 }: TrialShape): MeasuredTrial {
  const { duration } = scenario.load;
  const chain = scenario.steps.filter((step) => architecture === 'sync' || step.critical);
  const consumers = architecture === 'hybrid' ? scenario.event.consumers : [];
  const station = (name: string): Station => {
    const service = scenario.services.find((candidate) => candidate.name === name);
    return {
      name,
      ms: latencyMean(service?.latency ?? { kind: 'constant', ms: 0 }),
      workers: Number(service?.workers),
    };
  };
  const result = run({
    users,
    chain: chain.map((step) => station(step.call)),
    consumers: consumers.map((consumer) => station(consumer.call)),
    callTimeout: 3000,
    warmup: 2100,
    duration,
    seed: seed * 31 + round,
  });
  const ideal = chain.reduce((sum, step) => sum + station(step.call).ms, 0);
  const steps = [...chain, ...consumers].map((it) => [it.name, stepOf(result, station(it.call), duration)] as const);
  return {
    architecture,
    base: architecture,
    round,
    load: { model: 'closed', users },
    state: 'measured',
    window: { startedAt: '2026-03-01T09:00:00.000Z', seconds: duration / 1000, warmupSeconds: 2.1 },
    ...answersOf(result, duration),
    ideal: { mean: ideal, p50: ideal, p95: ideal },
    orphaned: architecture === 'sync' ? [...result.seen].reduce((sum, [, seen]) => sum + seen.failed, 0) : 0,
    failedLater: 0,
    steps: Object.fromEntries(steps),
    events:
      consumers.length > 0
        ? eventsOf(
            result,
            consumers.map((it) => station(it.call)),
            duration,
          )
        : null,
    processes: Object.fromEntries(['load', 'services', 'server'].map((name) => [name, usage(users)])),
    validity: { valid: true, problems: [], notes: [] },
    samples: samplesOf(result),
  };
}

function usage(users: number): MeasuredTrial['processes'][string] {
  return {
    eventLoop: Math.min(0.9, 0.03 + users / 1500),
    delayP99: 1.2,
    cpu: 900 + users * 9,
    elapsed: 14_000,
    rss: 9e7,
  };
}

function answersOf(
  result: Run,
  duration: number,
): Pick<MeasuredTrial, 'outcomes' | 'failureRate' | 'throughput' | 'responseTime' | 'responseTimeOk' | 'server'> {
  const rows = result.start.map((start, i) => ({
    start,
    time: result.time[i] as number,
    outcome: OUTCOMES[result.outcome[i] as number] as (typeof OUTCOMES)[number],
  }));
  const measured = rows.filter(({ start }) => start >= 0);
  const good = measured.filter(({ outcome }) => outcome === 'ok');
  const within = rows.filter(
    ({ start, time, outcome }) => outcome === 'ok' && start + time >= 0 && start + time < duration,
  );
  const outcomes = { sent: measured.length } as Outcomes;
  for (const name of OUTCOMES) outcomes[name] = measured.filter(({ outcome }) => outcome === name).length;
  return {
    outcomes,
    failureRate: 1 - good.length / measured.length,
    throughput: within.length / (duration / 1000),
    responseTime: summarise(measured.map(({ time }) => time)),
    responseTimeOk: summarise(good.map(({ time }) => time)),
    server: { received: measured.length, unreached: 0 },
  };
}

function stepOf(result: Run, station: Station, duration: number): StepResult {
  const seen = result.seen.get(station.name);
  const calls = seen?.serviceTimes.length ?? 0;
  const failed = seen?.failed ?? 0;
  return {
    service: station.name,
    calls,
    ok: calls - failed,
    failed,
    timeouts: failed,
    errors: 0,
    rejected: 0,
    connection: 0,
    shortCircuited: 0,
    budgetExhausted: 0,
    breakerOpened: 0,
    utilisation: Math.min(1, (seen?.busy ?? 0) / (station.workers * duration)),
    workers: station.workers,
    peakInProgress: seen?.peak ?? 0,
    peakConnections: calls,
    queueTime: summarise(seen?.queueTimes ?? []),
    serviceTime: summarise(seen?.serviceTimes ?? []),
  };
}

type Events = { publishedAt: number; startedAt: number; endedAt: number }[];

const DRAIN = 2000;

function eventsOf(result: Run, consumers: Station[], duration: number): EventsResult {
  const each = consumers.map((station) => [station, result.events.get(station.name) ?? []] as const);
  const results = Object.fromEntries(
    each.map(([station, events]) => [station.name, consumerOf(station, events, duration)]),
  );
  const last = Object.values(results).toSorted((a, b) => b.backlog.end - a.backlog.end)[0] as ConsumerResult;
  const slowest = result.events.get(last.service) ?? [];
  return {
    ...last,
    completionTime: summarise(
      cut(slowest, duration).map((it) => it.endedAt - it.publishedAt + 500),
      last.pending,
    ),
    consumers: results,
  };
}

function consumerOf(station: Station, events: Events, duration: number): ConsumerResult {
  const known = cut(events, duration);
  const pending = events.filter((event) => event.endedAt > duration + DRAIN).length;
  return {
    ...countsOf(events.length, pending),
    service: station.name,
    workers: station.workers,
    lag: summarise(
      known.map((event) => event.startedAt - event.publishedAt),
      pending,
    ),
    backlog: backlogOf(events, station, duration),
    arrivalRate: events.filter((event) => event.publishedAt < duration).length / (duration / 1000),
    processingRate: events.filter((event) => event.endedAt < duration).length / (duration / 1000),
  };
}

/** What is known when the drain ends: who still waits has waited at least until then. */
function cut(events: Events, duration: number): Events {
  const end = duration + DRAIN;
  return events.map((it) => ({
    publishedAt: it.publishedAt,
    startedAt: Math.min(it.startedAt, end),
    endedAt: Math.min(it.endedAt, end),
  }));
}

function backlogOf(events: Events, station: Station, duration: number): BacklogResult {
  const at = Array.from({ length: 120 }, (_, i) => Math.round((i * (duration + DRAIN)) / 119));
  const count = (moment: number): number =>
    events.filter((event) => event.publishedAt <= moment && event.endedAt > moment).length;
  const waiting = at.map(count);
  const end = count(duration);
  const half = count(duration / 2);
  return {
    peak: Math.max(...waiting),
    end,
    slopePerSecond: ((end - half) * 2000) / duration,
    drainSeconds: (end * station.ms) / station.workers / 1000,
    series: { at, waiting },
  };
}

export function countsOf(attempted: number, pending = 0): LedgerCounts {
  return {
    attempted,
    acknowledged: attempted,
    processed: attempted - pending,
    lost: 0,
    duplicated: 0,
    unexpected: 0,
    recovered: 0,
    deadLettered: 0,
    outOfOrder: 0,
    pending,
    appliedTwice: 0,
  };
}

function samplesOf({ start, time, outcome }: Run): Samples {
  const base64 = (array: Float32Array | Uint8Array): string => Buffer.from(array.buffer).toString('base64');
  return {
    start: base64(Float32Array.from(start)),
    time: base64(Float32Array.from(time)),
    outcome: base64(Uint8Array.from(outcome)),
  };
}
